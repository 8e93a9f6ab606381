import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '#lib/settings.ts';
import { killGroup } from './commands.mjs';
import { type LogFile, openLogFile } from './log-file.ts';

export type ProcessPlan = {
  name: string;
  /** A module that sends 'ready' to its parent, ends when the parent is gone, and closes on SIGTERM. */
  file: string;
  cwd: string;
  /** Asked at each start: an address may have changed. */
  environment(): Environment;
  logFile: string;
  /** Done before each start, when the process before is dead. What goes wrong is the next one's to notice. */
  prepare?(): Promise<void>;
} & MemoryPlan;

export type MemoryPlan = {
  /** Where Node begins to collect in earnest: left alone, it lets a process that could do with 200 MB grow past a gigabyte. */
  heapMegabytes: number;
  /** Half of the room for what was just made; Node's own 16 costs three times that as soon as there is much to do. */
  youngMegabytes?: number;
  /** How far the heap may grow beyond what lives in it until it is collected; left alone, V8 lets it grow by half and more. */
  growthPercent?: number;
};

export type SuperviseEvents = {
  restarting(name: string, reason: string, seconds: number, logFile: string): void;
  runningAgain(name: string): void;
};

export type SupervisedProcess = {
  /** Resolves at the first 'ready'; rejects where the process ends several times before. */
  ready: Promise<void>;
  /** Ends it and starts it anew, at once. */
  restart(): void;
  /** Asks it to close, and after `graceMs` kills it with all that it has started. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
};

export class NeverReadyError extends Error {
  readonly plan: ProcessPlan;

  constructor(plan: ProcessPlan, reason: string) {
    super(`${plan.name} ended before it was ready: ${reason}`);
    this.name = 'NeverReadyError';
    this.plan = plan;
  }
}

type Run = { child: ChildProcess; ended: Promise<string> };

const firstPauseMs = 250;
const longestPauseMs = 10_000;
// Whoever has run this long did not fail by starting, so the next pause is short again.
const steadyMs = 30_000;
// Before the first 'ready' there is nothing to keep up: a mistake should be seen, not repeated for ever.
const triesToStart = 3;
const restartGraceMs = 3_000;

/** Starts `plan` and keeps it running, with growing pauses, until `stop`. */
export function supervise(plan: ProcessPlan, events: SuperviseEvents): SupervisedProcess {
  const log = openLogFile(plan.logFile);
  const stopping = new AbortController();
  const aborted = once(stopping.signal, 'abort');
  let run: Run | undefined;
  let restarts = 0;
  let endReady: (error?: Error) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    endReady = (error) => (error === undefined ? resolve() : reject(error));
  });
  const ended = keepRunning().finally(() => log.close());

  async function keepRunning(): Promise<void> {
    let failures = 0;
    let wasReady = false;
    for (;;) {
      // A database that does not answer is nothing to wait for at the end.
      if (plan.prepare !== undefined) await Promise.race([plan.prepare().catch(() => {}), aborted]);
      if (stopping.signal.aborted) return;
      const begun = Date.now();
      const restartsBefore = restarts;
      run = startProcess(plan, log, () => {
        if (failures > 0 && wasReady) events.runningAgain(plan.name);
        wasReady = true;
        endReady();
      });
      const reason = await run.ended;
      if (stopping.signal.aborted || restarts > restartsBefore) continue;
      failures = Date.now() - begun > steadyMs ? 1 : failures + 1;
      if (!wasReady && failures === triesToStart) return endReady(new NeverReadyError(plan, reason));
      const pauseMs = Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs);
      events.restarting(plan.name, reason, pauseMs / 1000, plan.logFile);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  return {
    ready,
    restart() {
      restarts += 1;
      if (run !== undefined) close(run, restartGraceMs);
    },
    async stop(graceMs) {
      stopping.abort();
      if (run !== undefined) await close(run, graceMs);
      await ended;
    },
  };
}

/** What Node is told of the room that a process has. */
export function memoryFlags({ heapMegabytes, youngMegabytes, growthPercent }: MemoryPlan): string[] {
  return [
    `--max-old-space-size=${heapMegabytes}`,
    ...(youngMegabytes === undefined ? [] : [`--max-semi-space-size=${youngMegabytes}`]),
    ...(growthPercent === undefined ? [] : [`--heap-growing-percent=${growthPercent}`]),
  ];
}

function startProcess(plan: ProcessPlan, log: LogFile, onReady: () => void): Run {
  const child = fork(plan.file, [], {
    cwd: plan.cwd,
    env: { ...plan.environment() } as NodeJS.ProcessEnv,
    // A group of its own: Ctrl-C in the terminal is for us to pass on, and what it starts ends with it.
    detached: true,
    execArgv: memoryFlags(plan),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => log.write(chunk));
  child.on('message', (message) => {
    if (message === 'ready') onReady();
  });
  // What it had started may hold its pipes open, and must not outlive it.
  child.on('exit', () => killGroup(child.pid, 'SIGKILL'));
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  return { child, ended };
}

async function close({ child, ended }: Run, graceMs: number): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}
