import { Agent, request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { createApiToken, type Scope } from '#lib/db/tokens.ts';
import type { Environment } from '#lib/settings.ts';
import { type ApiAnswer, checkAnswer, checkedFetch } from './api-answers.ts';
import type { TestCluster } from './cluster.ts';
import { sessionCookie } from './session.ts';
import { startTestStack, type TestStack } from './stack.ts';

/** The built product on a database of its own, and the owner's way into that database. */
export type TestSite = TestStack & { owner: Database };

export async function startTestSite(cluster: TestCluster, settings: Environment = {}): Promise<TestSite> {
  const stack = await startTestStack(cluster, settings);
  const owner = openDatabase(stack.urls.ownerUrl, { name: 'test-owner' });
  return {
    ...stack,
    owner,
    async stop() {
      await owner.$client.end();
      await stack.stop();
    },
  };
}

/** A call as a program makes it. `path` begins after /api/v1. Whatever is answered has to be as the document of the API says. */
export type Call = (path: string, init?: RequestInit) => Promise<Response>;

export function anonymous(site: TestSite): Call {
  return (path, init = {}) => {
    const headers = new Headers({ 'Accept-Language': 'en' });
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    return checkedFetch(`${site.origin}/api/v1${path}`, { ...init, headers });
  };
}

/** With a token of the person's own. */
export async function caller(
  site: TestSite,
  user: { id: string },
  scopes: readonly Scope[] = ['read', 'submit'],
): Promise<Call & { token: string }> {
  const token = await createApiToken(site.owner, user.id, { name: 'test', scopes, days: null });
  const call: Call = (path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return anonymous(site)(path, { ...init, headers });
  };
  return Object.assign(call, { token });
}

/** In the browser of somebody who is signed in: with their cookie, and whatever else the browser says in `headers`. */
export async function browser(
  site: TestSite,
  user: { id: string },
  browserSays: Record<string, string>,
): Promise<Call> {
  const cookie = await sessionCookie(site, site.owner, user.id);
  return (path, init = {}) => {
    const headers = new Headers({ ...browserSays, ...cookie });
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    return anonymous(site)(path, { ...init, headers });
  };
}

/** A file as it is sent. */
export function sending(body: Uint8Array | string, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body: body as BodyInit, headers: { 'Content-Type': 'text/csv', ...headers } };
}

function fetched({ status, headers, body }: RawAnswer): ApiAnswer {
  return { status, headers: new Headers(headers as Record<string, string>), body: Buffer.from(body) };
}

export type RawAnswer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

/** A request whose body is sent chunk by chunk, with whatever headers; `hangUp` ends the connection after the chunks. */
export function rawRequest(
  url: string,
  headers: Record<string, string | number>,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { method = 'POST', hangUp = false } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    // As tools do it: a server that is told to close after its answer may cut off who is still sending.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const request = httpRequest(url, { method, headers, agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => {
        request.destroy();
        const answer = { status: response.statusCode ?? 0, headers: response.headers, body };
        try {
          if (url.includes('/api/v1/')) checkAnswer(method, url, fetched(answer));
          resolve(answer);
        } catch (error) {
          reject(error);
        }
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.flushHeaders();
    if (hangUp) {
      const source = Readable.from(chunks);
      source.on('data', (chunk) => request.write(chunk));
      source.on('end', () => setTimeout(() => request.destroy(new Error('hung up')), 300));
    } else {
      Readable.from(chunks).pipe(request);
    }
  });
}
