import { join } from 'node:path';
import { parentPort, Worker } from 'node:worker_threads';
import { RefusedError } from '#lib/errors.ts';
import { log } from '#lib/log.ts';

/*
 * Work that takes longer than an answer may wait for. A whole hall waits for its events meanwhile, so it is done in a thread beside
 * the one that answers them.
 */

type Asked<Task> = { id: number; task: Task };
type Answered<Answer> = { id: number; answer: Answer };
type Waiting<Answer> = { resolve(answer: Answer): void; reject(error: unknown): void; timer: NodeJS.Timeout };
type Thread<Answer> = { worker: Worker; waiting: Map<number, Waiting<Answer>> };

/** A thread that is silent for `limitMs` is given up; beyond `mostWaiting` tasks no more are taken. */
export type ThreadLimits = { limitMs: number; mostMegabytes: number; mostWaiting: number };

/**
 * A thread that runs `dist/<bundle>.mjs`, started when it is first asked and again after it died. Refuses with `unavailable` where
 * it did not survive its work or too much waits for it.
 */
export function createThread<Task, Answer>(bundle: string, limits: ThreadLimits): (task: Task) => Promise<Answer> {
  let thread: Thread<Answer> | null = null;
  let lastId = 0;
  const start = () => {
    const started = startThread<Answer>(bundle, limits, () => {
      if (thread === started) thread = null;
    });
    return started;
  };
  return (task) => {
    thread ??= start();
    const { worker, waiting } = thread;
    if (waiting.size >= limits.mostWaiting) return Promise.reject(unavailable());
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => worker.terminate(), limits.limitMs);
      waiting.set(id, { resolve, reject, timer });
      worker.postMessage({ id, task } satisfies Asked<Task>);
    });
  };
}

/** The other side, in the thread: one task after another, so that only one of them lies unpacked in memory. */
export function answerTasks<Task, Answer>(answer: (task: Task) => Answer | Promise<Answer>): void {
  let turn = Promise.resolve();
  parentPort?.on('message', ({ id, task }: Asked<Task>) => {
    turn = turn.then(async () => {
      parentPort?.postMessage({ id, answer: await answer(task) } satisfies Answered<Answer>);
    });
  });
}

function startThread<Answer>(bundle: string, limits: ThreadLimits, onEnd: () => void): Thread<Answer> {
  const file = join(/* turbopackIgnore: true */ process.cwd(), 'dist', `${bundle}.mjs`);
  const worker = new Worker(/* turbopackIgnore: true */ file, {
    resourceLimits: { maxOldGenerationSizeMb: limits.mostMegabytes },
  });
  const waiting: Thread<Answer>['waiting'] = new Map();
  worker.on('message', ({ id, answer }: Answered<Answer>) => {
    const task = waiting.get(id);
    clearTimeout(task?.timer);
    waiting.delete(id);
    task?.resolve(answer);
  });
  worker.on('error', (error) => log.error({ err: error, bundle }, 'thread'));
  worker.on('exit', () => {
    onEnd();
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(unavailable());
    }
  });
  // Waits for work without keeping the process alive.
  worker.unref();
  return { worker, waiting };
}

function unavailable(): RefusedError {
  return new RefusedError('unavailable', 503, {}, { 'Retry-After': '5' });
}
