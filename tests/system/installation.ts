import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../bin/start/address.ts';

export const root = join(import.meta.dirname, '../..');

export type Installation = { home: string; port: number; url: string; environment: Record<string, string> };
export type Launched = {
  process: ChildProcess;
  /** All it has said so far. */
  output(): string;
  /** Resolves when it has said `text`. */
  saying(text: string | RegExp): Promise<void>;
  /** Resolves with the exit status. */
  ended: Promise<number>;
};

const homes: string[] = [];
let used: Promise<string> | undefined;

/** A home and a port of its own, without the demo: nothing is fetched, and its processes are told from all others. */
export async function anInstallation(more: Record<string, string> = {}): Promise<Installation> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-home-'));
  homes.push(home);
  const port = await freePort('127.0.0.1');
  const environment = { ROSTRUM_HOME: home, PORT: String(port), ROSTRUM_DEMO: '0', LANG: 'en_GB.UTF-8', ...more };
  return { home, port, url: `http://127.0.0.1:${port}`, environment };
}

/** One that has been started and stopped before, as a copy: a first start makes a database, and takes twice as long. */
export async function aUsedInstallation(more: Record<string, string> = {}): Promise<Installation> {
  used ??= startOnce().catch((error: unknown) => {
    // Another try begins anew.
    used = undefined;
    throw error;
  });
  const installation = await anInstallation(more);
  // Its database has written into a pipe, which cannot be copied and is made anew.
  cpSync(await used, installation.home, { recursive: true, filter: (path) => basename(path) !== 'keeper' });
  return installation;
}

async function startOnce(): Promise<string> {
  const installation = await anInstallation();
  const npm = npmStart(installation);
  await npm.saying('Rostrum is ready at');
  kill(npm.process.pid!, 'SIGTERM');
  await until(() => processesOf(installation.home).length === 0, 'the first one has stopped');
  // Kept for copies; until it stands there it is ended and removed with the others.
  homes.splice(homes.indexOf(installation.home), 1);
  return installation.home;
}

/** When all tests of a file are through. */
export async function removeUsedInstallation(): Promise<void> {
  if (used !== undefined) rmSync(await used, { recursive: true });
}

/** Ends what tests left running, and removes their homes. */
export async function removeInstallations(): Promise<void> {
  for (const home of homes.splice(0)) {
    for (const { pid } of processesOf(home)) kill(pid);
    await until(() => processesOf(home).length === 0, 'leftovers are gone');
    rmSync(home, { recursive: true, force: true });
  }
}

/** `npm start` as a person types it, in a process group of its own as a terminal makes it. */
export function npmStart({ environment }: Installation, ...args: string[]): Launched {
  return launch('npm', ['start', ...args], environment);
}

export function launch(file: string, args: readonly string[], environment: Record<string, string>): Launched {
  // Not what the test run itself was given: LC_ALL and npm's own variables would win over the test's.
  const clean = Object.entries(process.env).filter(([name]) => !/^(npm_|LC_|LANG|VITEST|NODE_ENV)/.test(name));
  const env = { ...Object.fromEntries(clean), ...environment } as unknown as NodeJS.ProcessEnv;
  const child = spawn(file, args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const ended = new Promise<number>((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1))),
  );
  return {
    process: child,
    output: () => output,
    saying: (text) =>
      until(() => output.search(text) !== -1, `it says ${text}`).catch((error: Error) => {
        throw new Error(`${error.message}. It said:\n${output}`);
      }),
    ended,
  };
}

/** Every process that was started for `home`, by what it was given; zombies and this process do not count. */
export function processesOf(home: string): { pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const command = readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
    if (command === '') return [];
    // A backend of PostgreSQL writes over its arguments and its environment, and stands in its data directory.
    const traces = [readProc(pid, 'environ'), command, folderOf(pid)];
    return traces.some((trace) => trace.includes(home)) ? [{ pid, command }] : [];
  });
}

/** The one process of `home` whose command line has `part`. */
export function processOf(home: string, part: string | RegExp): number {
  const found = processesOf(home).filter(({ command }) => command.search(part) !== -1);
  if (found.length !== 1)
    throw new Error(`${found.length} processes with ${part}: ${JSON.stringify(processesOf(home))}`);
  return found[0]!.pid;
}

/** `what` is told when it did not come true, and may say how things stand then. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string | (() => string),
  limitMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${typeof what === 'string' ? what : what()}`);
    await sleep(25);
  }
}

export async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

function folderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
