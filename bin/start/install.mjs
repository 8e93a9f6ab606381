// Packages, as the lock file names them. npm keeps its own account of what it installed, so an `npm ci` by hand counts as well.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './commands.mjs';
import { diskFull, requireRoom } from './folders.mjs';
import { Refusal } from './sentences.mjs';

/**
 * @param {string} root
 * @param {{ withDevelopment: boolean }} options whether what only checks need is needed
 */
export function isInstalled(root, { withDevelopment }) {
  const account = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(account)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const have = JSON.parse(readFileSync(account, 'utf8')).packages;
  return Object.entries(wanted).every(([place, { version, optional, peer, dev }]) => {
    if (place === '' || optional || peer || (dev && !withDevelopment)) return true;
    return have[place]?.version === version && existsSync(join(root, place));
  });
}

/**
 * @param {string} root
 * @param {{ env: Readonly<Record<string, string | undefined>>, logFile: string, signal: AbortSignal }} options
 */
export async function install(root, { env, logFile, signal }) {
  requireRoom(root);
  // Without scripts: no package of ours needs one, and the bundle has a step of its own with a message of its own.
  const npm = (/** @type {string[]} */ ...args) =>
    runNpm([...args, '--ignore-scripts', '--include=dev', '--include=optional'], { cwd: root, env, logFile, signal });
  const strict = await npm('ci');
  if (strict.code === 0) return;
  // A registry without binaries for foreign platforms makes npm think that lock file and package.json differ.
  const fallback = strict.output.includes('EUSAGE') ? await npm('install', '--no-save') : strict;
  if (fallback.code !== 0) throw explain(fallback.output, root, logFile);
}

/**
 * The npm that started us, else the one on the path.
 * @param {string[]} args
 * @param {Parameters<typeof runCommand>[2]} options
 */
export async function runNpm(args, options) {
  const script = options.env.npm_execpath;
  const [file, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  try {
    return await runCommand(file, [...first, ...args], options);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') throw new Refusal('no-npm');
    throw error;
  }
}

/**
 * @param {string} output
 * @param {string} root
 * @param {string} log
 */
function explain(output, root, log) {
  if (output.includes('ENOSPC')) return diskFull(root);
  if (isNetworkTrouble(output)) return new Refusal('no-network');
  return new Refusal('install-failed', { reason: npmReason(output), log });
}

/** @param {string} output of npm, or of what it ran */
export function isNetworkTrouble(output) {
  return /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/.test(
    output,
  );
}

/** @param {string} output of npm */
export function npmReason(output) {
  return output.match(/npm error (?!code|path|command|errno|syscall|A complete log)(.+)/)?.[1] ?? '';
}
