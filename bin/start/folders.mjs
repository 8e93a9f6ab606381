// The folders Rostrum writes into: are they writable, and is there room?
import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs';
import { Refusal } from './sentences.mjs';

// initdb writes 40 MB, a build 60 MB; below this PostgreSQL would stop in the middle of the event.
const neededMegabytes = 200;

/**
 * Makes the home with its logs, readable by its owner only: it holds passwords, references and people's files.
 * @param {string} home
 */
export function prepareHome(home) {
  try {
    mkdirSync(`${home}/logs`, { recursive: true, mode: 0o700 });
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    accessSync(`${home}/logs`, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOSPC') throw diskFull(home);
    throw new Refusal('home-unusable', { home, reason: code ?? String(error) }, { cause: error });
  }
}

/** @param {string} folder */
export function requireRoom(folder) {
  if (freeMegabytes(folder) < neededMegabytes) throw diskFull(folder);
}

/** @param {string} path */
export function diskFull(path) {
  return new Refusal('disk-full', { path, free: freeMegabytes(path), needed: neededMegabytes });
}

/** @param {string} folder */
export function freeMegabytes(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return Math.floor((bavail * bsize) / 2 ** 20);
  } catch {
    return 0;
  }
}
