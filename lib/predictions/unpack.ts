import { gunzip } from '#lib/predictions/gunzip.ts';
import type { Problem, ProblemCode } from '#lib/problems.ts';
import { type ReadLimits, uploadLimits } from './limits.ts';
import { inMebibytes } from './text.ts';

export type Unpacked =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: Problem<ProblemCode> };

/** A ratio says nothing of a few kilobytes. */
const ratioCountsFromBytes = 2 ** 20;

/**
 * The file inside what was sent: gzip is recognised by its first bytes and inflated, anything else is passed on as it is.
 * Sizes and ratio are checked while inflating, so that no more than the limit is ever held. Runs in browser and Node.
 */
export async function unpack(sent: Uint8Array, limits: ReadLimits = uploadLimits): Promise<Unpacked> {
  if (sent.length > limits.sentBytes) {
    return refused('sent-too-large', { size: inMebibytes(sent.length), limit: inMebibytes(limits.sentBytes) });
  }
  return isGzip(sent) ? inflate(sent, limits) : { ok: true, bytes: sent };
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function inflate(sent: Uint8Array, limits: ReadLimits): Promise<Unpacked> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    await gunzip(sent, (chunk) => {
      size += chunk.length;
      chunks.push(chunk);
      endPastLimits(size, sent.length, limits);
    });
    return { ok: true, bytes: joined(chunks, size) };
  } catch (error) {
    if (error instanceof PastLimit) return error.refusal;
    // Whatever zlib says of it (header, data, checksum, end), there is one thing to do: compress again.
    return refused('gzip-damaged');
  }
}

/** Ends the inflating of a file that is too large. */
class PastLimit extends Error {
  readonly refusal: Unpacked;

  constructor(refusal: Unpacked) {
    super('past a limit');
    this.refusal = refusal;
  }
}

function endPastLimits(size: number, sentSize: number, limits: ReadLimits): void {
  if (size > limits.fileBytes) throw new PastLimit(refused('gzip-too-large', { limit: inMebibytes(limits.fileBytes) }));
  const isBomb = size > ratioCountsFromBytes && size > sentSize * limits.unpackRatio;
  if (isBomb) throw new PastLimit(refused('gzip-ratio', { limit: limits.unpackRatio }));
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function refused(code: ProblemCode, values: Problem['values'] = {}): Unpacked {
  return { ok: false, problem: { line: 0, column: 0, code, values } };
}
