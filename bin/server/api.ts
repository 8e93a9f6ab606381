import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ProblemCode, problemCodes } from '#lib/api/problem-codes.ts';
import { apiRoot, methodsAt } from '#lib/api/routes.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import { problemResponse } from '#lib/http.ts';
import { chooseLanguage } from '#lib/messages/language.ts';
import { answerBare } from './hear-out.ts';
import { cookieOf, requestIdOf } from './request.ts';

/*
 * What is said under /api/v1 before any route is asked, in the words of the API: requests that cannot be read, addresses under
 * which nothing stands, methods that an address does not have.
 */

/** What Next's router says when it asks for pages. */
const routers = /^(rsc$|next-)/;

/** Answers what no route would; false where there is one that does. An address may end in a slash. */
export async function answerForApi(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  if (!isApi(path)) return false;
  const trimmed = path.replace(/(?<=.)\/$/, '');
  if (trimmed !== path) request.url = [trimmed, ...query].join('?');
  // With them Next takes a program for its own router, and sends it elsewhere.
  for (const name of Object.keys(request.headers)) if (routers.test(name)) delete request.headers[name];
  const method = request.method ?? 'GET';
  const allowed = methodsAt(trimmed.slice(apiRoot.length));
  if (allowed.length === 0) await refuse(request, response, new NotFoundError('address', trimmed));
  else if (method === 'OPTIONS') response.writeHead(204, { Allow: allowed.join(', ') }).end();
  else if (allowed.includes(method)) return false;
  else {
    const headers = { Allow: allowed.join(', ') };
    await refuse(request, response, new RefusedError('method-not-allowed', 405, { method }, headers));
  }
  return true;
}

export function isApi(path: string): boolean {
  return path === apiRoot || path.startsWith(`${apiRoot}/`);
}

/** Sends the problem document of a refusal. */
export async function refuse(request: IncomingMessage, response: ServerResponse, refusal: RefusedError): Promise<void> {
  const asked = /[?&]language=(ru|en)(?:&|$)/.exec(request.url ?? '')?.[1];
  const chosen = asked ?? cookieOf(request, 'rostrum-language');
  const requestId = requestIdOf(request);
  const problem = problemResponse(refusal, chooseLanguage(chosen, request.headers['accept-language']), requestId);
  const body = Buffer.from(await problem.arrayBuffer());
  response.writeHead(refusal.status, {
    ...Object.fromEntries(problem.headers),
    'Content-Length': body.length,
    'Cache-Control': 'private, no-store',
    'X-Request-Id': requestId,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** `Expect` with anything but 100-continue, which Node sees to. */
export function answerExpectation(request: IncomingMessage, response: ServerResponse): Promise<void> {
  return refuse(request, response, new RefusedError('expectation-failed', problemCodes['expectation-failed'].status));
}

type Broken = Error & { code?: string };
/** Node keeps on the socket what is being answered on it. */
type Connection = Socket & { _httpMessage?: ServerResponse | null };

/** Where Node could not read a request it has a connection and no answer to write to; its own words would be empty. */
export async function answerBroken(error: Broken, socket: Connection): Promise<void> {
  if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent) {
    socket.destroy();
    return;
  }
  await answerBare(socket, wordsFor(refusalOf(error)));
}

/** A whole answer, head and body. */
async function wordsFor(refusal: RefusedError): Promise<string> {
  const requestId = randomUUID();
  const problem = problemResponse(refusal, chooseLanguage(undefined, undefined), requestId);
  const body = await problem.text();
  const head = [
    `HTTP/1.1 ${refusal.status} ${JSON.parse(body).title}`,
    ...[...problem.headers].map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Cache-Control: private, no-store',
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function refusalOf({ code }: Broken): RefusedError {
  const told: ProblemCode =
    code === 'HPE_HEADER_OVERFLOW'
      ? 'header-too-large'
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request-timeout'
        : 'malformed-request';
  return new RefusedError(told, problemCodes[told].status);
}
