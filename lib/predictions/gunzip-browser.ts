import { Inflate } from 'pako';

/** zlib's own number for gzip alone: 15 bits of window, and 16 for the header and checksum of gzip. */
const gzipOnly = 15 + 16;

/**
 * The same as gunzip.ts, by zlib's rules in JavaScript: browsers inflate one member themselves, call a second one damage, and do not
 * tell where it begins.
 */
export async function gunzip(sent: Uint8Array, take: (chunk: Uint8Array) => void): Promise<void> {
  const inflating = new Inflate({ windowBits: gzipOnly });
  inflating.onData = take;
  inflating.push(sent);
  if (inflating.err !== 0) throw new Error(inflating.msg);
  if (!inflating.ended) throw new Error('unexpected end of file');
}
