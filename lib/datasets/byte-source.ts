/** Bytes that are looked at in a few places only: of a file, without reading it whole, or in memory. */
export type ByteSource = {
  readonly size: number;
  /** At most `length` bytes from `offset`; fewer where the source ends. */
  read(offset: number, length: number): Uint8Array;
};

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}
