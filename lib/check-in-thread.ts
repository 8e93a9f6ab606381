import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { RefusedError } from '#lib/errors.ts';
import { log } from '#lib/log.ts';
import type { ExpectedUtterance } from '#lib/predictions.ts';
import type { CheckedUpload, CheckOptions } from '#lib/upload-check.ts';

/*
 * Reading an upload takes tens of milliseconds, and a second where somebody sends all that may be sent. Meanwhile a whole hall waits
 * for its events, so it is done in a thread beside the one that answers them.
 */

/** `expected` is JSON, made once per list: cloning ten thousand objects would cost as much as reading a small file. */
export type CheckTask = { id: number; expected: string; sent: Uint8Array; options: CheckOptions };
export type CheckAnswer = { id: number; checked: CheckedUpload };

type Waiting = { resolve(checked: CheckedUpload): void; reject(error: unknown): void; timer: NodeJS.Timeout };
type Thread = { worker: Worker; waiting: Map<number, Waiting> };

/** Far beyond what the largest file takes; a thread that is silent for so long is given up. */
const limitMs = 60_000;
const mostMegabytes = 1024;

let thread: Thread | null = null;
let lastId = 0;
const written = new WeakMap<readonly ExpectedUtterance[], string>();

/** `checkUpload`, beside the event loop. Refuses with `unavailable` where the thread did not survive its work. */
export function checkInThread(
  expected: readonly ExpectedUtterance[],
  sent: Uint8Array,
  options: CheckOptions,
): Promise<CheckedUpload> {
  thread ??= startThread();
  const { worker, waiting } = thread;
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => worker.terminate(), limitMs);
    waiting.set(id, { resolve, reject, timer });
    worker.postMessage({ id, expected: jsonOf(expected), sent, options } satisfies CheckTask);
  });
}

function startThread(): Thread {
  const file = join(/* turbopackIgnore: true */ process.cwd(), 'dist', 'check-thread.mjs');
  const worker = new Worker(/* turbopackIgnore: true */ file, {
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  });
  const waiting: Thread['waiting'] = new Map();
  worker.on('message', ({ id, checked }: CheckAnswer) => {
    const task = waiting.get(id);
    clearTimeout(task?.timer);
    waiting.delete(id);
    task?.resolve(checked);
  });
  worker.on('error', (error) => log.error({ err: error }, 'check thread'));
  worker.on('exit', () => {
    if (thread?.worker === worker) thread = null;
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new RefusedError('unavailable', 503, {}, { 'Retry-After': '5' }));
    }
  });
  // Waits for work without keeping the process alive.
  worker.unref();
  return { worker, waiting };
}

function jsonOf(expected: readonly ExpectedUtterance[]): string {
  const known = written.get(expected);
  if (known !== undefined) return known;
  const json = JSON.stringify(expected);
  written.set(expected, json);
  return json;
}
