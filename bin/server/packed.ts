import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { encodingFor } from './request.ts';

/** An answer's body in every encoding that it is worth, made once and given out many times. */
export type Packed = { type: string; etag: string; identity: Buffer; br: Buffer | null; gzip: Buffer | null };

const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) };

export async function pack(type: string, identity: Buffer): Promise<Packed> {
  const etag = `W/"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`;
  if (!/^(text\/|application\/(javascript|json|manifest)|image\/svg)/.test(type)) {
    return { type, etag, identity, br: null, gzip: null };
  }
  const [br, gzipped] = await Promise.all([
    compress.br(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
    compress.gzip(identity),
  ]);
  return { type, etag, identity, br, gzip: gzipped };
}

/** In the encoding that the client takes; 304 where it holds the same. Headers that are set already stay. */
export function sendPacked(request: IncomingMessage, response: ServerResponse, packed: Packed): void {
  response.setHeader('ETag', packed.etag);
  const held = request.headers['if-none-match'] ?? '';
  if (held.split(',').some((tag) => tag.trim() === packed.etag)) {
    response.writeHead(304).end();
    return;
  }
  const encoding = encodingFor(request);
  const encoded = packed[encoding];
  if (encoded !== null && encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
  const body = encoded ?? packed.identity;
  response.writeHead(200, { 'Content-Type': packed.type, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
