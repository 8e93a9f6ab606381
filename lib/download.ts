import { Readable } from 'node:stream';
import { formatDigest } from '#lib/content-digest.ts';
import { RefusedError } from '#lib/errors.ts';
import { isUnchanged } from '#lib/http.ts';
import { type ByteRange, type ObjectKind, type ObjectPlace, objectStore, type StoredFile } from '#lib/objects.ts';
import { parseRange } from '#lib/range.ts';

/** A file whose content its SHA-256 names: it never changes under that name. `open` throws where it is missing or of another length. */
export type Download = StoredFile & {
  open: (range?: ByteRange) => Promise<Readable>;
  mediaType: string;
  fileName: string;
};

/** Streams an object as `serveDownload` does. Who asks went through the rules before; nothing of the store is told to them. */
export function serveObject(
  request: Request,
  place: ObjectPlace,
  kind: ObjectKind,
  file: Omit<Download, 'open'>,
): Promise<Response> {
  const open = (range?: ByteRange) => objectStore(place).open(kind, file, range);
  return serveDownload(request, { ...file, open });
}

/**
 * Streams a file, or the range that was asked for (206, 416; If-Range and If-None-Match by the strong ETag). A file that
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
  const body = request.method === 'HEAD' ? null : await streamOf(file, range === 'whole' ? undefined : range);
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

async function streamOf(file: Download, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
  return Readable.toWeb(await file.open(range)) as ReadableStream<Uint8Array>;
}
