import type { ExpectedUtterance } from '#lib/predictions.ts';
import { createThread } from '#lib/thread.ts';
import type { CheckedUpload, CheckOptions } from '#lib/upload-check.ts';

/** `expected` is JSON, made once per list: cloning ten thousand objects would cost as much as reading a small file. */
export type CheckTask = { expected: string; sent: Uint8Array; options: CheckOptions };

/** Far beyond what the largest file takes; uploads wait as long as their senders do. */
const limits = { limitMs: 60_000, mostMegabytes: 1024, mostWaiting: Number.POSITIVE_INFINITY };

const ask = createThread<CheckTask, CheckedUpload>('check-thread', limits);
const written = new WeakMap<readonly ExpectedUtterance[], string>();

/** `checkUpload`, beside the event loop: tens of milliseconds, and a second where somebody sends all that may be sent. */
export function checkInThread(
  expected: readonly ExpectedUtterance[],
  sent: Uint8Array,
  options: CheckOptions,
): Promise<CheckedUpload> {
  return ask({ expected: jsonOf(expected), sent, options });
}

function jsonOf(expected: readonly ExpectedUtterance[]): string {
  const known = written.get(expected);
  if (known !== undefined) return known;
  const json = JSON.stringify(expected);
  written.set(expected, json);
  return json;
}
