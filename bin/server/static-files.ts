import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AskInside } from './inside.ts';
import { type Packed, pack, sendPacked } from './packed.ts';
import { filePolicy } from './policy.ts';

/** All of a build's scripts, styles and fonts, in three encodings. */
const maxBytes = 64 * 2 ** 20;

/**
 * The build's own files: compressed once, not for every phone in the hall. Their names carry the hash of what is in them, so
 * they are kept for good, here and by browsers.
 */
export function keepStaticFiles(ask: AskInside) {
  const kept = new Map<string, Promise<Packed | null>>();
  let bytes = 0;

  const fetchFile = async (path: string): Promise<Packed | null> => {
    const { status, headers, body } = await ask(path, { host: 'localhost' });
    const type = headers['content-type'];
    if (status !== 200 || type === undefined || bytes + body.length > maxBytes) return null;
    const packed = await pack(type, body);
    bytes += body.length + (packed.br?.length ?? 0) + (packed.gzip?.length ?? 0);
    return packed;
  };

  /** Answers if the request is for such a file; false leaves it to others. */
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const { url = '', method, headers } = request;
    const isAsset = /^\/_next\/static\/[^?]+$/.test(url) && (method === 'GET' || method === 'HEAD');
    if (!isAsset || headers.range !== undefined) return false;
    const file = kept.get(url) ?? fetchFile(url);
    kept.set(url, file);
    const packed = await file.catch(() => null);
    if (packed === null) {
      kept.delete(url);
      return false;
    }
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    response.setHeader('Content-Security-Policy', filePolicy);
    response.setHeader('Vary', 'Accept-Encoding');
    sendPacked(request, response, packed);
    return true;
  };
}
