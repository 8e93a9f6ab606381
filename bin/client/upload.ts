import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ReceiptAnswer } from '#lib/api/answers.ts';
import { uploadLimits } from '#lib/predictions/limits.ts';
import { inMebibytes } from '#lib/predictions/text.ts';
import { isGzip } from '#lib/predictions/unpack.ts';
import { readBytes, WrongInputError } from '../commands/problems.ts';
import { pendingUpload } from './pending.ts';
import { RefusedByServerError } from './refusals.ts';
import type { Session } from './session.ts';

export type UploadChoice = { split: string; note?: string; code?: string; format?: string };

/** A file as it travels. `file` is how it is called in problems, `name` how the team sees it. */
type Packed = { file: string; name: string; bytes: Uint8Array; isEncoded: boolean };

/**
 * Sends a predictions file and returns the receipt, however often the network breaks or this is repeated. Throws WrongInputError where it
 * is too large to be sent, and RefusedByServerError with the problems that the server found.
 */
export async function upload(session: Session, path: string, choice: UploadChoice): Promise<ReceiptAnswer> {
  const packed = pack(path, await readBytes(path));
  const slug = await session.competition();
  const query = queryOf(packed, choice);
  const digest = createHash('sha256').update(packed.bytes);
  const identity = [session.server.address, slug, query, digest.copy().digest('hex')] as const;
  const pending = pendingUpload(session.environment, identity, new Date());
  const headers = {
    'Content-Type': 'application/octet-stream',
    ...(packed.isEncoded ? { 'Content-Encoding': 'gzip' } : {}),
    'Content-Digest': `sha-256=:${digest.digest('base64')}:`,
    'Idempotency-Key': pending.key,
  };
  try {
    const address = `/competitions/${encodeURIComponent(slug)}/submissions?${query}`;
    const receipt = await session.server.json<ReceiptAnswer>(address, { method: 'POST', headers, body: packed.bytes });
    pending.forget();
    return receipt;
  } catch (error) {
    if (error instanceof RefusedByServerError) {
      error.file = packed.file;
      if (isFinal(error.problem.status)) pending.forget();
    }
    throw error;
  }
}

/** Whether the server has decided: nothing of it will be stored under this key, or its rejection has been. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function pack(path: string, bytes: Uint8Array): Packed {
  const file = path;
  const name = path === '-' ? 'stdin' : basename(path);
  const isEncoded = !isGzip(bytes);
  // Texts shrink to a quarter at any level; the fastest takes a third of the usual one's time.
  const packed = { file, name, bytes: isEncoded ? gzipSync(bytes, { level: 1 }) : bytes, isEncoded };
  const { sentBytes } = uploadLimits;
  if (packed.bytes.length <= sentBytes) return packed;
  const values = { size: inMebibytes(packed.bytes.length), limit: inMebibytes(sentBytes) };
  throw new WrongInputError(file, [{ line: 0, column: 0, code: 'sent-too-large', values }]);
}

function queryOf({ name }: Packed, { split, note, code, format }: UploadChoice): string {
  const query = new URLSearchParams({ split, file: name });
  for (const [key, value] of Object.entries({ note, code, format })) if (value !== undefined) query.set(key, value);
  return query.toString();
}
