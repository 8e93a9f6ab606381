import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '#lib/processes.mjs';
import { requireRoom } from './folders.mjs';
import { waitForLock } from './lock.mjs';
import { chooseUser, findPostgresBinaries } from './postgres-binaries.ts';
import { makeDataDirectory, requireKnownMajor } from './postgres-data.ts';
import { holdKeeper } from './postgres-keeper.ts';
import { findPostmaster, type PostgresProgram, type Postmaster, startPostmaster } from './postgres-server.ts';
import { Refusal } from './sentences.mjs';

export type PostgresOptions = {
  /** Holds the data directory and all that belongs to it. */
  folder: string;
  logFile: string;
  /** Of the superuser `postgres`; it becomes his when the data directory is made. */
  password: string;
  /** Added to the server's command line. */
  settings?: Record<string, string>;
  /** Gives up where the server does not run yet. */
  signal?: AbortSignal | undefined;
};

export type EmbeddedPostgres = {
  pid: number;
  port: number;
  /** It was running before we came: left behind by a killed start, or another command holds it. */
  adopted: boolean;
  /** The address of `database` for `role`. */
  urlFor(role: string, password: string, database: string): string;
  isAlive(): boolean;
  /** Lets go of the server: it stops when nobody holds it any more. Says whether it stopped within `limitMs`. */
  release(limitMs: number): Promise<boolean>;
};

// Crash recovery replays what was written since the last checkpoint, at most some hundred megabytes.
const readyLimitMs = 120_000;
// It looks every 50 ms whether the server is gone.
const keeperLimitMs = 500;

/**
 * The embedded PostgreSQL of `folder`: makes its data directory where there is none, adopts a server that already runs there,
 * else starts one. It listens on 127.0.0.1 only and wants a password from everybody. Several processes may hold it; when the
 * last of them ends, however it ends, the keeper stops the server.
 */
export async function startEmbeddedPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = findPostgresBinaries();
  mkdirSync(options.folder, { recursive: true });
  // Canonical, because a running server is recognised by the path on its command line.
  const folder = realpathSync(options.folder);
  const data = join(folder, 'data');
  requireKnownMajor(data, binaries.major, dirname(folder));
  const lock = await waitForLock(join(folder, 'starting.json'), readyLimitMs);
  if (lock.status === 'taken') throw new Refusal('already-starting', { pid: lock.holder.pid });
  try {
    requireRoom(folder);
    const program: PostgresProgram = { ...options, binaries, folder, data, user: chooseUser(binaries, folder) };
    if (!existsSync(data)) await makeDataDirectory(program);
    const keeper = holdKeeper(folder);
    const { postmaster, adopted } = await adoptOrStart(program).catch((error) => {
      keeper.release();
      throw error;
    });
    return { ...connectionsTo(postmaster), adopted, release: (limitMs) => release(postmaster, keeper, limitMs) };
  } finally {
    lock.release();
  }
}

async function adoptOrStart(program: PostgresProgram): Promise<{ postmaster: Postmaster; adopted: boolean }> {
  const deadline = Date.now() + readyLimitMs;
  let state = 'starting';
  while (Date.now() < deadline) {
    program.signal?.throwIfAborted();
    const found = findPostmaster(program.data);
    if (found?.state === 'ready') return { postmaster: found, adopted: true };
    if (found === null) {
      const outcome = await startPostmaster(program, deadline);
      if (outcome !== 'try-again') return { postmaster: outcome, adopted: false };
    } else {
      // Recovering or stopping: it becomes ready, or leaves its place.
      state = found.state;
    }
    await sleep(50);
  }
  throw new Refusal('postgres-failed', { reason: state, log: program.logFile });
}

function connectionsTo({ pid, port }: Postmaster): Omit<EmbeddedPostgres, 'adopted' | 'release'> {
  return {
    pid,
    port,
    urlFor: (role, password, database) => `postgres://${role}:${password}@127.0.0.1:${port}/${database}`,
    isAlive: () => isAlive(pid),
  };
}

async function release(
  postmaster: Postmaster,
  keeper: { release(): Promise<void> },
  limitMs: number,
): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  const keeperEnded = keeper.release();
  while (isAlive(postmaster.pid)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  await Promise.race([keeperEnded, sleep(keeperLimitMs)]);
  return true;
}
