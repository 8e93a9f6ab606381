import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { formatDigest } from '#lib/content-digest.ts';
import { RefusedError } from '#lib/errors.ts';
import { isUnchanged } from '#lib/http.ts';
import { parseRange } from '#lib/range.ts';

/** A file on disk whose content its SHA-256 names: it never changes under that name. */
export type Download = { path: string; bytes: number; sha256: Buffer; mediaType: string; fileName: string };

/** Read in pieces of this size: at most two of them are in memory per download. */
const chunkBytes = 256 * 1024;

/**
 * Streams a file, or the range that was asked for (206, 416; If-Range and If-None-Match by the strong ETag). A file on disk that
 * is missing or of another length is our fault: it throws.
 */
export async function serveDownload(request: Request, file: Download): Promise<Response> {
  const etag = `"${file.sha256.toString('hex')}"`;
  const headers = new Headers({
    'Accept-Ranges': 'bytes',
    // May be kept, by the caller alone, and has to be asked for again: the right to it can end. Length and digest are the file's, so
    // that nobody may pack it on the way.
    'Cache-Control': 'private, no-cache, no-transform',
    ETag: etag,
  });
  if (isUnchanged(request, etag)) return new Response(null, { status: 304, headers });
  headers.set('Content-Type', file.mediaType);
  headers.set('Content-Disposition', attachment(file.fileName));
  headers.set('Repr-Digest', formatDigest('sha-256', file.sha256));
  const range = parseRange(askedRange(request, etag), file.bytes);
  if (range === 'unsatisfiable') {
    throw new RefusedError(
      'range-unsatisfiable',
      416,
      { bytes: file.bytes },
      { 'Content-Range': `bytes */${file.bytes}` },
    );
  }
  const { start, end } = range === 'whole' ? { start: 0, end: file.bytes - 1 } : range;
  if (range !== 'whole') headers.set('Content-Range', `bytes ${start}-${end}/${file.bytes}`);
  headers.set('Content-Length', String(end - start + 1));
  const body = request.method === 'HEAD' ? null : await streamOf(file, start, end);
  return new Response(body, { status: range === 'whole' ? 200 : 206, headers });
}

/** RFC 6266: the plain name for old clients, the exact one beside it. */
export function attachment(fileName: string): string {
  const plain = fileName.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${percentEncoded(fileName)}`;
}

/** What RFC 8187 wants encoded beyond encodeURIComponent. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A range counts only for GET, and under If-Range only for the file as the caller knows it (RFC 9110 §13.1.5). */
function askedRange(request: Request, etag: string): string | null {
  if (request.method !== 'GET') return null;
  const condition = request.headers.get('if-range');
  return condition === null || condition.trim() === etag ? request.headers.get('range') : null;
}

async function streamOf(file: Download, start: number, end: number): Promise<ReadableStream<Uint8Array>> {
  const handle = await open(file.path);
  await requireLength(handle, file);
  const stream = handle.createReadStream({ start, end, highWaterMark: chunkBytes });
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

async function requireLength(handle: FileHandle, file: Download): Promise<void> {
  const { size } = await handle.stat();
  if (size === file.bytes) return;
  await handle.close();
  throw new Error(`${file.path} has ${size} bytes where ${file.bytes} were stored`);
}
