import type { IncomingMessage, ServerResponse } from 'node:http';
import { log } from '#lib/log.ts';
import type { AskInside } from './inside.ts';
import { requestIdOf, wantsDocument } from './request.ts';

/** The page that says that there is none (app/not-found.tsx), as Next calls it. */
const missingPage = '/_not-found';

/** Of the reader's headers, those that are about how this answer travels, or about another one. */
const ofThisAnswer =
  /^(accept-encoding|connection|content-(?!security-policy).*|expect|if-.*|keep-alive|range|te|transfer-encoding|upgrade)$/;

/**
 * Where a page does not find what its address names, Next says 404 with a document that stays blank until its scripts have run. Whoever
 * asks for a document gets the page that says so instead, drawn for them, under the same status. For addresses of pages alone: what is no
 * address of ours, and what answers without Next's pages, says it by itself.
 */
export function drawMissing(request: IncomingMessage, response: ServerResponse, ask: AskInside): void {
  if (!wantsDocument(request)) return;
  const { writeHead, write, end } = response;
  // Next's compression lays itself over these, so they stay where they are and only let nothing through.
  const isBlank = () => !response.headersSent && response.statusCode === 404 && isHtml(response);
  response.writeHead = ((...args: unknown[]) =>
    isBlank() ? response : Reflect.apply(writeHead, response, args)) as typeof writeHead;
  response.write = ((...args: unknown[]) => isBlank() || Reflect.apply(write, response, args)) as typeof write;
  response.end = ((...args: unknown[]) => {
    if (!isBlank()) return Reflect.apply(end, response, args);
    void drawn(request, ask).then((body) => {
      for (const name of ['Content-Encoding', 'Link']) response.removeHeader(name);
      Reflect.apply(writeHead, response, [404, { 'Content-Length': body.length }]);
      Reflect.apply(end, response, [body]);
    });
    return response;
  }) as typeof end;
}

function isHtml(response: ServerResponse): boolean {
  return String(response.getHeader('Content-Type') ?? '').startsWith('text/html');
}

/** Empty where it cannot be drawn: that there is nothing here is true all the same. */
async function drawn(request: IncomingMessage, ask: AskInside): Promise<Buffer> {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value !== 'string' || ofThisAnswer.test(name) ? [] : [[name, value]],
  );
  try {
    return (await ask(missingPage, Object.fromEntries(headers))).body;
  } catch (error) {
    log.error({ err: error, requestId: requestIdOf(request) }, 'page for what is missing not drawn');
    return Buffer.alloc(0);
  }
}
