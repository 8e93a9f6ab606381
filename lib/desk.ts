import { webDatabase } from '#lib/db/web.ts';
import { findDesk } from '#lib/db/workers.ts';
import { RefusedError } from '#lib/errors.ts';
import { log } from '#lib/log.ts';

/*
 * The web's side of the desk that the scoring side keeps (scoring/desk.ts): bytes are passed on, and nothing of them is read here.
 */

const sent = [
  'accept-language',
  'content-length',
  'content-type',
  'content-encoding',
  'cookie',
  'if-none-match',
  'if-range',
  'range',
  'x-rostrum-address',
];
const answered = [
  'accept-ranges',
  'content-disposition',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'etag',
  'repr-digest',
];

/** What the desk answers under `path`, the slug first; 'desk-away' where no worker keeps one. */
export async function askDesk(request: Request, path: readonly string[]): Promise<Response> {
  const desk = await findDesk(webDatabase());
  if (desk === null) throw away();
  const url = `${desk}/${path.map(encodeURIComponent).join('/')}${new URL(request.url).search}`;
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const answer = await fetch(url, {
    method: request.method,
    headers: only(request.headers, sent),
    redirect: 'manual',
    signal: request.signal,
    ...(hasBody && request.body !== null ? { body: request.body, duplex: 'half' } : {}),
  } as RequestInit).catch((error: unknown) => {
    log.warn({ err: error }, 'desk not reached');
    throw away();
  });
  const headers = only(answer.headers, answered);
  headers.set('Cache-Control', 'private, no-store');
  return new Response(answer.body, { status: answer.status, headers });
}

function away(): RefusedError {
  return new RefusedError('desk-away', 503, {}, { 'Retry-After': '5' });
}

function only(given: Headers, names: readonly string[]): Headers {
  const kept = new Headers();
  for (const name of names) {
    const value = given.get(name);
    if (value !== null) kept.set(name, value);
  }
  return kept;
}
