import { parentPort } from 'node:worker_threads';
import { type PreparedSplit, prepareSplit, scoreSent } from '#scoring/score.ts';
import type { ScoreTask } from '#scoring/score-in-thread.ts';

/*
 * What runs in the threads of scoring/score-in-thread.ts, bundled as dist/score-thread.mjs. It gets one file at a time; which
 * splits it keeps is decided there.
 */

const kept = new Map<string, PreparedSplit>();

parentPort?.on('message', async ({ key, references, forget, ...file }: ScoreTask) => {
  for (const old of forget) {
    kept.get(old)?.references.release();
    kept.delete(old);
  }
  const known = key === null ? undefined : kept.get(key);
  const prepared = references === null ? known : prepareSplit(references);
  if (prepared === undefined) throw new Error(`references ${key} are not here`);
  if (key !== null) kept.set(key, prepared);
  const outcome = await scoreSent(prepared, file);
  if (key === null) prepared.references.release();
  parentPort?.postMessage(outcome);
});
