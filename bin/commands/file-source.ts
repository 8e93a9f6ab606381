import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { FileSource } from '#lib/predictions/source.ts';

/**
 * A regular file as it is now; null for what can be read only once, such as a pipe, which is not opened. Throws what the file
 * system says, here and when it is read.
 */
export function fileSource(path: string): FileSource | null {
  const status = statSync(path);
  return status.isFile() ? { size: status.size, readInto: (target) => readAll(path, target) } : null;
}

/** Throws where the file has become shorter. */
function readAll(path: string, target: Uint8Array): void {
  const descriptor = openSync(path, 'r');
  try {
    for (let at = 0; at < target.length; ) {
      const read = readSync(descriptor, target, at, Math.min(target.length - at, mostAtOnce), at);
      if (read === 0) throw new Error(`the file ends at ${at} instead of ${target.length}`);
      at += read;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** One call reads no more than 2 GiB. */
const mostAtOnce = 2 ** 30;
