import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Database } from '#lib/db/client.ts';
import { NotFoundError } from '#lib/errors.ts';
import { handler } from '#lib/http.ts';
import { log } from '#lib/log.ts';
import type { ObjectPlace } from '#lib/objects.ts';
import { routes } from '#scoring/desk/routes.ts';

/*
 * What organisers see of hidden labels is served here, by the one side that may read them. The web passes the bytes on and the
 * cookie along; who asks is found out here, by the session's row.
 */

export type DeskSettings = ObjectPlace & {
  db: Database;
  /** What session cookies are sealed with. */
  secret: string;
  /** What people type into the browser: it decides the cookie's name. */
  origin: string;
  /** Answers for competitions alone that the owner opened; the web, broken into, could write any session. */
  opensOnRequest: boolean;
  /** Where the web reaches this desk; null: a free port of this machine alone. */
  url: string | null;
};

export type Desk = { url: string; close(): Promise<void> };

export async function openDesk(settings: DeskSettings): Promise<Desk> {
  const server = createServer((incoming, outgoing) => {
    respond(settings, incoming, outgoing).catch((error: unknown) => {
      log.warn({ err: error, path: pathOf(incoming) }, 'desk: answer broken off');
      outgoing.destroy();
    });
  });
  const { hostname, port } = new URL(settings.url ?? 'http://127.0.0.1:0');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(Number(port || 80), hostname.replace(/^\[|\]$/g, ''), resolve);
  });
  return {
    url: settings.url ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(settings: DeskSettings, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const ended = new AbortController();
  outgoing.on('close', () => ended.abort());
  const response = await answer(settings, requestOf(incoming, ended.signal));
  // Whatever a handler says of caches: nothing of this is kept by anybody.
  response.headers.set('Cache-Control', 'private, no-store');
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing);
}

/** `/{slug}/…` of what routes.ts lists; anything else does not exist. */
function answer(settings: DeskSettings, request: Request): Promise<Response> {
  const [slug = '', ...rest] = new URL(request.url).pathname.slice(1).split('/');
  const route = routes[`${request.method} ${rest.join('/')}`];
  const act = handler(async (call) => {
    if (route === undefined) throw new NotFoundError('page', rest.join('/'));
    return route({ ...call, ...settings, slug });
  });
  return act(request, { params: Promise.resolve({}) });
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', headers } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(`http://desk${incoming.url ?? '/'}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, [value ?? ''].flat().join(', ')]),
    signal,
    ...(hasBody ? { body: Readable.toWeb(incoming) as BodyInit, duplex: 'half' } : {}),
  });
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?')[0]!;
}
