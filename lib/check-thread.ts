import type { CheckTask } from '#lib/check-in-thread.ts';
import { answerTasks } from '#lib/thread.ts';
import { type CheckedUpload, checkUpload } from '#lib/upload-check.ts';

/* What runs in the thread of lib/check-in-thread.ts, bundled as dist/check-thread.mjs. */

answerTasks<CheckTask, CheckedUpload>(({ expected, sent, options }) =>
  checkUpload(JSON.parse(expected), sent, options),
);
