import { createHash } from 'node:crypto';
import { type DigestAlgorithm, parseContentDigest } from '#lib/content-digest.ts';
import { RefusedError } from '#lib/errors.ts';

export type UploadBody = { bytes: Buffer; sha256: Buffer };

export type UploadLimits = {
  maxBytes: number;
  /** The body has to be in by then; counted by this process' own monotonic clock from the call on. */
  maxSeconds: number;
};

/** A predictions file's body has to be in so long after its headers, whose arrival decides the window and the day. */
export const bodySeconds = 120;

/** What people's tools say of a text file, and of one compressed. curl's --data-binary calls any file a form. */
const mediaTypes =
  /^(text\/[\w.+-]+|application\/(octet-stream|gzip|x-gzip|json|jsonl|x-jsonlines|ndjson|x-ndjson|csv|x-www-form-urlencoded))$/;

const mostDropped = 32 * 2 ** 20;

/**
 * Reads a request's body as the file it is, never holding more than `maxBytes`. Refuses with 415 (a form's parts, an encoding but
 * gzip), 413, 408, and 400 where the bytes are not those that Content-Length and Content-Digest announced: what is stored is what
 * was sent, or nothing is.
 */
export async function readUpload(request: Request, limits: UploadLimits): Promise<UploadBody> {
  requireFile(request.headers);
  const announced = announcedBytes(request.headers);
  if (announced !== null && announced > limits.maxBytes) throw tooLarge(limits.maxBytes);
  const digests = announcedDigests(request.headers);
  const chunks = await readChunks(request.body, limits);
  const bytes = Buffer.concat(chunks);
  if (announced !== null && announced !== bytes.length) {
    throw new RefusedError('body-incomplete', 400);
  }
  const sha256 = digestOf('sha-256', bytes);
  for (const [algorithm, digest] of digests) {
    const actual = algorithm === 'sha-256' ? sha256 : digestOf(algorithm, bytes);
    if (!actual.equals(digest)) throw new RefusedError('digest-mismatch', 400, { algorithm });
  }
  return { bytes, sha256 };
}

function requireFile(headers: Headers): void {
  const type = (headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== '' && !mediaTypes.test(type)) {
    const accepted = {
      'Accept-Post': 'text/csv, text/tab-separated-values, application/jsonl, text/plain, application/gzip',
    };
    throw new RefusedError('unsupported-media-type', 415, { type: type.slice(0, 100) }, accepted);
  }
  const encoding = (headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && !isGzipEncoding(encoding)) {
    throw new RefusedError(
      'unsupported-encoding',
      415,
      { encoding: encoding.slice(0, 100) },
      { 'Accept-Encoding': 'gzip' },
    );
  }
}

/** `x-gzip` means gzip (RFC 9110 §8.4.1.3). */
export function isGzipEncoding(encoding: string | null): boolean {
  return /^(x-)?gzip$/i.test((encoding ?? '').trim());
}

function announcedBytes(headers: Headers): number | null {
  const length = headers.get('content-length');
  return length === null ? null : Number(length);
}

function announcedDigests(headers: Headers): Map<DigestAlgorithm, Buffer> {
  const field = headers.get('content-digest');
  const digests = field === null ? new Map<DigestAlgorithm, Buffer>() : parseContentDigest(field);
  if (digests === null) throw new RefusedError('digest-invalid', 400);
  return digests;
}

async function readChunks(body: ReadableStream<Uint8Array> | null, limits: UploadLimits): Promise<Uint8Array[]> {
  if (body === null) return [];
  const reader = body.getReader();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const refusal = new RefusedError('body-timeout', 408, { seconds: limits.maxSeconds });
    timer = setTimeout(() => reject(refusal), limits.maxSeconds * 1000);
  });
  const chunks: Uint8Array[] = [];
  try {
    for (let received = 0; ; ) {
      const { done, value } = await Promise.race([reader.read(), tooLate]);
      if (done) return chunks;
      received += value.length;
      if (received > limits.maxBytes) throw tooLarge(limits.maxBytes);
      chunks.push(value);
    }
  } catch (error) {
    drop(reader).catch(() => {});
    throw error instanceof RefusedError ? error : new RefusedError('body-incomplete', 400);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads on without keeping anything: to give up the rest is to close the connection, and who is still sending then would see it
 * broken instead of our answer. Only so much, though.
 */
async function drop(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let dropped = 0; dropped < mostDropped; ) {
    const { done, value } = await reader.read();
    if (done) return;
    dropped += value.length;
  }
  await reader.cancel();
}

function tooLarge(maxBytes: number): RefusedError {
  return new RefusedError('too-large', 413, { maxBytes });
}

function digestOf(algorithm: DigestAlgorithm, bytes: Buffer): Buffer {
  return createHash(algorithm.replace('-', '')).update(bytes).digest();
}
