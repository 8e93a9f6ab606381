import { createGunzip } from 'node:zlib';

/**
 * Hands over what is inside a gzip file, of all its members one after the other (RFC 1952, 2.2), in pieces of up to 64 KiB. Node's own
 * DecompressionStream takes one member alone from version 24 on, as browsers do. Zeros that pad the end are no damage, nor is what
 * comes after them. Breaks with zlib's error, or with what `take` throws to have no more.
 */
export async function gunzip(sent: Uint8Array, take: (chunk: Uint8Array) => void): Promise<void> {
  const inflating = createGunzip({ chunkSize: 2 ** 16 });
  inflating.end(sent);
  for await (const chunk of inflating) take(chunk);
}
