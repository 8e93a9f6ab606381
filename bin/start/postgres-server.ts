import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, isAlive } from '#lib/processes.mjs';
import { freePort, tryPort } from './address.ts';
import { diskFull } from './folders.mjs';
import type { PostgresBinaries, RunAs } from './postgres-binaries.ts';
import { Refusal } from './sentences.mjs';

export type PostgresProgram = {
  binaries: PostgresBinaries;
  user: RunAs;
  folder: string;
  /** The data directory, inside `folder`. */
  data: string;
  logFile: string;
  password: string;
  settings?: Record<string, string>;
  signal?: AbortSignal | undefined;
};

export type Postmaster = { pid: number; port: number; state: string };

/** The server that runs on `data`, by the file that it keeps there. */
export function findPostmaster(data: string): Postmaster | null {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  // pid, data directory, start, port, socket folder, address, shared memory, state: one a line, written one after another.
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!isAlive(pid)) return null;
  const command = commandOf(pid);
  if (command.includes(data)) return { pid, port: Number(lines[3]), state: lines[7]?.trim() || 'starting' };
  // The number went to another program after a crash, and PostgreSQL would take that one for a server.
  if (!command.includes('postgres')) rmSync(file, { force: true });
  return null;
}

/** A new server on `program.data`, ready for connections; 'try-again' where something was in the way that passes. */
export async function startPostmaster(program: PostgresProgram, deadline: number): Promise<Postmaster | 'try-again'> {
  const portFile = join(program.folder, 'port');
  const port = await choosePort(portFile);
  const server = runProgram(program.binaries.postgres, postgresArguments(program, port), program);
  let running = true;
  server.ended.then(() => {
    running = false;
  });
  while (running && Date.now() < deadline) {
    program.signal?.throwIfAborted();
    const found = findPostmaster(program.data);
    if (found?.state === 'ready' && found.port === port) {
      server.child.unref();
      return found;
    }
    await sleep(20);
  }
  const output = server.output();
  // Backends of a killed server hold its memory until they notice; a port can be taken between the look and the start.
  if (/pre-existing shared memory|lock file .* already exists/.test(output)) return 'try-again';
  if (/could not bind|Address already in use/.test(output)) {
    rmSync(portFile, { force: true });
    return 'try-again';
  }
  throw explainFailure(program, output);
}

/** In a session of its own: Ctrl-C goes to every process of a terminal, and the database must be the last to stop. */
export function runProgram(file: string, args: readonly string[], { user, logFile }: PostgresProgram) {
  const [command, ...rest] = [...user.prefix, file, ...args];
  const log = openSync(logFile, 'a');
  const loggedFrom = statSync(logFile).size;
  const child = spawn(command!, rest, { cwd: '/', detached: true, stdio: ['ignore', log, log], ...user.spawnAs });
  closeSync(log);
  return {
    child,
    ended: new Promise<number>((resolve) => {
      child.on('error', () => resolve(127));
      child.on('exit', (code) => resolve(code ?? 1));
    }),
    output: () => readFileSync(logFile).subarray(loggedFrom).toString('utf8'),
  };
}

/** What the programs wrote, as the one sentence that helps. */
export function explainFailure({ folder, logFile }: PostgresProgram, output: string): Refusal {
  if (output.includes('No space left on device')) return diskFull(folder);
  const lines = output.split('\n').filter((line) => /FATAL|PANIC|error:|cannot|not found/i.test(line));
  const reason = (lines.at(-1) ?? output.trim().split('\n').at(-1) ?? '').replace(/^.*?(FATAL|PANIC|error):\s*/, '');
  return new Refusal('postgres-failed', { reason: reason.replace(/\.$/, ''), log: logFile });
}

function postgresArguments({ data, settings }: PostgresProgram, port: number): string[] {
  const options: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // Else details quote the row that broke a rule, with whatever people wrote in it.
    log_error_verbosity: 'terse',
    cluster_name: 'rostrum',
    ...settings,
  };
  return ['-D', data, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** The port of the last time where it is still free, so that an address written down elsewhere goes on working. */
async function choosePort(file: string): Promise<number> {
  const remembered = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const isFree = remembered > 0 && typeof (await tryPort('127.0.0.1', remembered)) === 'number';
  const port = isFree ? remembered : await freePort('127.0.0.1');
  writeFileSync(file, `${port}\n`);
  return port;
}
