import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { dist } from '#scoring/dist.ts';
import type { Split } from '#scoring/references.ts';
import type { Outcome, SentFile } from '#scoring/score.ts';

/*
 * Files are scored beside the event loop, so that leases are renewed meanwhile, and within bounds: a file that takes too long or too
 * much memory loses its thread, and the next one gets a new one. Nobody else feels it.
 */

/** A thread is ended `deadlineMs` after it got a file; splits are kept up to `keptCharacters` of references in a thread. */
export type ScoreLimits = { threads: number; deadlineMs: number; heapMegabytes: number; keptCharacters: number };

/** A file, and its references where the thread does not keep them under `key` yet; without a key they are never kept. */
export type ScoreRequest = SentFile & { key: string | null; references(): Promise<Split> };

/** `score` waits for its turn; when `signal` is aborted the thread is ended and the signal's reason thrown. */
export type Scorer = {
  score(request: ScoreRequest, signal: AbortSignal): Promise<Outcome>;
  close(): Promise<void>;
};

/** `references` is null where the thread has them; `forget` names those to let go first. */
export type ScoreTask = SentFile & { key: string | null; references: Split | null; forget: readonly string[] };

/** The file asked more than the platform gives to one: its fault, and no use trying again. */
export class OutOfLimitsError extends Error {
  constructor(limit: 'time' | 'memory') {
    super(`scoring took more ${limit} than a file may take`);
    this.name = 'OutOfLimitsError';
  }
}

/** `kept` are the characters of each split that the thread holds, those used last at the end. */
type Thread = { worker: Worker; kept: Map<string, number>; hasEnded: boolean };

export function startScorer(limits: ScoreLimits): Scorer {
  const threads = new Set<Thread>();
  const idle = new Set<Thread>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  const start = () => {
    const thread = startThread(limits.heapMegabytes);
    threads.add(thread);
    thread.worker.once('exit', () => {
      threads.delete(thread);
      idle.delete(thread);
    });
    return thread;
  };
  for (let i = 0; i < limits.threads; i += 1) idle.add(start());
  return {
    async score(request, signal) {
      while (busy >= limits.threads) await new Promise<void>((resolve) => waiting.push(resolve));
      busy += 1;
      const thread = choose(idle, request.key) ?? start();
      idle.delete(thread);
      try {
        const task = await taskFor(thread, request, limits.keptCharacters);
        return await ask(thread, task, limits.deadlineMs, signal);
      } finally {
        busy -= 1;
        if (!thread.hasEnded) idle.add(thread);
        waiting.shift()?.();
      }
    },
    async close() {
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(heapMegabytes: number): Thread {
  const worker = new Worker(join(dist, 'score-thread.mjs'), {
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  const thread: Thread = { worker, kept: new Map(), hasEnded: false };
  worker.once('exit', () => {
    thread.hasEnded = true;
  });
  // Whoever waits for an answer hears of it by the end of the thread; without a listener it would end the process.
  worker.on('error', () => {});
  return thread;
}

/** One that has the references already, if it can be. */
function choose(idle: ReadonlySet<Thread>, key: string | null): Thread | undefined {
  const threads = [...idle];
  return threads.find(({ kept }) => key !== null && kept.has(key)) ?? threads[0];
}

async function taskFor(thread: Thread, request: ScoreRequest, keptCharacters: number): Promise<ScoreTask> {
  const { key, sent, split, format } = request;
  const characters = key === null ? undefined : thread.kept.get(key);
  const references = characters === undefined ? await request.references() : null;
  const forget = key === null ? [] : keep(thread.kept, key, characters ?? lengthOf(references!), keptCharacters);
  return { key, sent, split, format, references, forget };
}

/** Notes a split as the one used last, and returns those that have to go for it. */
function keep(kept: Map<string, number>, key: string, characters: number, most: number): string[] {
  kept.delete(key);
  let sum = [...kept.values()].reduce((total, each) => total + each, characters);
  const forget: string[] = [];
  for (const [oldest, freed] of kept) {
    if (sum <= most) break;
    kept.delete(oldest);
    forget.push(oldest);
    sum -= freed;
  }
  kept.set(key, characters);
  return forget;
}

function lengthOf({ utterances }: Split): number {
  return utterances.flatMap(({ references }) => references).reduce((sum, text) => sum + text.length, 0);
}

function ask(thread: Thread, task: ScoreTask, deadlineMs: number, signal: AbortSignal): Promise<Outcome> {
  const { worker } = thread;
  return new Promise((resolve, reject) => {
    let cause: unknown = new Error('the scoring thread ended');
    const end = (reason: unknown) => {
      cause = reason;
      thread.hasEnded = true;
      void worker.terminate();
    };
    const timer = setTimeout(() => end(new OutOfLimitsError('time')), deadlineMs);
    const onAbort = () => end(signal.reason);
    const onError = (error: Error & { code?: string }) => {
      cause = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new OutOfLimitsError('memory') : error;
    };
    const onExit = () => settle(() => reject(cause));
    const onAnswer = (outcome: Outcome) => settle(() => resolve(outcome));
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      worker.off('error', onError).off('exit', onExit).off('message', onAnswer);
      finish();
    };
    worker.on('error', onError).on('exit', onExit).on('message', onAnswer);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    if (thread.hasEnded) onExit();
    else worker.postMessage(task);
  });
}
