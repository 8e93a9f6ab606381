import { parentPort } from 'node:worker_threads';
import type { CheckAnswer, CheckTask } from '#lib/check-in-thread.ts';
import { checkUpload } from '#lib/upload-check.ts';

/*
 * What runs in the thread of lib/check-in-thread.ts, bundled as dist/check-thread.mjs. One file after another, so that only one of
 * them lies unpacked in memory.
 */

let turn = Promise.resolve();

parentPort?.on('message', ({ id, expected, sent, options }: CheckTask) => {
  turn = turn.then(async () => {
    const answer: CheckAnswer = { id, checked: await checkUpload(JSON.parse(expected), sent, options) };
    parentPort?.postMessage(answer);
  });
});
