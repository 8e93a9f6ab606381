import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { FileSource } from '#lib/predictions/source.ts';

/** A regular file as it is now; null for what has no size, such as a pipe. Throws what the file system says, here and when it is read. */
export function fileSource(path: string): FileSource | null {
  return whileOpen(path, (descriptor) => {
    const status = fstatSync(descriptor);
    if (!status.isFile()) return null;
    const readInto = (target: Uint8Array) => whileOpen(path, (opened) => readAll(opened, target));
    return { size: status.size, readInto };
  });
}

/** Throws where the file has become shorter. */
function readAll(descriptor: number, target: Uint8Array): void {
  for (let at = 0; at < target.length; ) {
    const read = readSync(descriptor, target, at, Math.min(target.length - at, mostAtOnce), at);
    if (read === 0) throw new Error(`the file ends at ${at} instead of ${target.length}`);
    at += read;
  }
}

/** One call reads no more than 2 GiB. */
const mostAtOnce = 2 ** 30;

function whileOpen<Result>(path: string, act: (descriptor: number) => Result): Result {
  const descriptor = openSync(path, 'r');
  try {
    return act(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
