import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '#lib/datasets/byte-source.ts';

/** Opens `path` for the time of `use`. */
export function withFile<Result>(path: string, use: (source: ByteSource) => Result): Result {
  // A named pipe would otherwise wait for somebody to write into it.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return use({
      size: fstatSync(descriptor).size,
      read(offset, length) {
        const buffer = new Uint8Array(length);
        return buffer.subarray(0, readSync(descriptor, buffer, 0, length, offset));
      },
    });
  } finally {
    closeSync(descriptor);
  }
}
