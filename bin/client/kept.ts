import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '#lib/processes.mjs';
import { UnwritableFileError } from '../commands/problems.ts';
import type { ClientEnvironment } from './environment.mjs';

/*
 * What the client keeps between its runs, in files that only the person themselves can read: tokens in the configuration, keys of
 * uploads that have no answer yet in the state, names for completion in the cache.
 */

export type KeptServer = { token: string; person: string; competition?: string };

/** `server` is the one that commands mean where none is named; `servers` are by address. */
export type Configuration = { server?: string; servers: Readonly<Record<string, KeptServer>> };

/** Without a file, or with one that is damaged, nobody is signed in anywhere. */
export function readConfiguration({ configFolder }: ClientEnvironment): Configuration {
  const kept = readKept<Partial<Configuration>>(configurationPath(configFolder)) ?? {};
  return { ...kept, servers: kept.servers ?? {} };
}

export function writeConfiguration({ configFolder }: ClientEnvironment, configuration: Configuration): void {
  writeKept(configurationPath(configFolder), configuration);
}

function configurationPath(configFolder: string): string {
  return join(configFolder, 'config.json');
}

/** Null where there is no such file, or none that can be understood. */
export function readKept<Kept>(path: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof kept === 'object' && kept !== null ? (kept as Kept) : null;
  } catch {
    return null;
  }
}

/** Whole or not at all, for this person's eyes alone. Throws UnwritableFileError. */
export function writeKept(path: string, kept: object): void {
  const next = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    dropUnfinished(path);
    writeFileSync(next, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    throw new UnwritableFileError(path, error);
  }
}

export function dropKept(path: string): void {
  rmSync(path, { force: true });
  dropUnfinished(path);
}

/** What processes that were killed amid `writeKept` left beside it. */
function dropUnfinished(path: string): void {
  const folder = dirname(path);
  const beginning = `${basename(path)}.`;
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const pid = name.startsWith(beginning) ? name.slice(beginning.length) : '';
    if (/^\d+$/.test(pid) && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}
