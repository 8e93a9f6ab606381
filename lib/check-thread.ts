import type { CheckTask } from '#lib/check-in-thread.ts';
import type { ExpectedUtterance } from '#lib/predictions.ts';
import { answerTasks } from '#lib/thread.ts';
import { type CheckedUpload, checkUpload } from '#lib/upload-check.ts';

/* What runs in the thread of lib/check-in-thread.ts, bundled as dist/check-thread.mjs. */

answerTasks<CheckTask, CheckedUpload>(({ expected, sent, options }) => checkUpload(listOf(expected), sent, options));

let last: { json: string; expected: ExpectedUtterance[] } | null = null;

/** Most uploads are for the list of the one before. */
function listOf(json: string): ExpectedUtterance[] {
  if (last?.json !== json) last = { json, expected: JSON.parse(json) };
  return last.expected;
}
