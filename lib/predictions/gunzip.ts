import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/**
 * What is inside a gzip file, of all its members one after the other (RFC 1952, 2.2). Node's own DecompressionStream takes one member alone
 * from version 24 on, as browsers do. Breaks with zlib's error.
 */
export function gunzip(sent: Uint8Array): ReadableStream<Uint8Array> {
  const inflating = createGunzip({ chunkSize: 2 ** 16 });
  inflating.end(sent);
  return Readable.toWeb(inflating) as ReadableStream<Uint8Array>;
}
