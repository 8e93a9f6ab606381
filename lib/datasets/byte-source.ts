import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes that are looked at in a few places only: of a file, without reading it whole, or in memory. */
export type ByteSource = {
  readonly size: number;
  /** At most `length` bytes from `offset`; fewer where the source ends. */
  read(offset: number, length: number): Uint8Array;
};

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

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
