import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Competition } from '#lib/competition.ts';
import { type Competitions, followCompetitions } from '../bin/server/competitions.ts';
import { createEventHub, type EventHub, eventLimits } from '../bin/server/events.ts';
import { createHandler, type Parts } from '../bin/server/handle.ts';
import type { TestDatabase } from './db.ts';

/**
 * Our server over real HTTP. In Next's place stands a handler that renders as Next does as far as the server sees it: scripts with
 * the nonce that the request names, and `text`.
 */
export type TestServer = {
  origin: string;
  competitions: Competitions;
  events: EventHub;
  /** What Next was asked for. */
  asked: IncomingMessage[];
  text: string;
  close(): Promise<void>;
};

export const metricsToken = 'what only Prometheus and this test know';

export async function aServer(db: TestDatabase, changed: Partial<Parts> = {}): Promise<TestServer> {
  const events = createEventHub({ ...eventLimits, heartbeatMs: 200 });
  const competitions = await followCompetitions(db.web, db.webUrl, {
    onNews: events.tellNews,
    onPhase: events.tellPhase,
  });
  const page: RequestListener = (request, response) => {
    test.asked.push(request);
    const nonce = /'nonce-([^']+)'/.exec(String(request.headers['content-security-policy']))?.[1];
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    const scripts = `<script nonce="${nonce}">start()</script><script src="/a.js" nonce="${nonce}"></script>`;
    response.end(`<html lang="ru">${scripts}${test.text}</html>`);
  };
  const handler = createHandler({
    root: join(import.meta.dirname, '..'),
    site: {
      origin: 'http://127.0.0.1',
      basePath: '',
      isProduction: false,
      isDevelopment: false,
    },
    hasDemo: true,
    securityContacts: ['mailto:security@example.org'],
    figuresFor: { token: metricsToken },
    isStopping: () => false,
    trustedProxies: ['127.0.0.1'],
    db: db.web,
    competitions,
    events,
    next: page,
    ...changed,
  });
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const test: TestServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    competitions,
    events,
    asked: [],
    text: 'the board',
    async close() {
      events.close();
      server.close();
      server.closeAllConnections();
      await competitions.close();
    },
  };
  return test;
}

export type Event = { name: string; id: string; data: string; at: number };
export type Reader = {
  events: Event[];
  comments: number;
  response: IncomingMessage;
  isEnded(): boolean;
  close(): void;
};

/** Reads a competition's stream of events as a browser does. */
export function follow(
  origin: string,
  competition: Competition,
  headers: Record<string, string> = {},
  query = '',
): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const request = get(`${origin}/api/v1/competitions/${competition.slug}/events${query}`, { headers, agent: false });
    request.once('error', reject);
    request.on('response', (response) => {
      request.off('error', reject).on('error', () => {});
      resolve(readEvents(response, () => request.destroy()));
    });
  });
}

function readEvents(response: IncomingMessage, close: () => void): Reader {
  let ended = false;
  let text = '';
  const reader: Reader = { events: [], comments: 0, response, isEnded: () => ended, close };
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) reader.comments += 1;
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      const event = { name: field('event'), id: field('id'), data: field('data'), at: performance.now() };
      if (event.name !== '') reader.events.push(event);
    }
  });
  response.on('error', () => {});
  response.on('close', () => {
    ended = true;
  });
  return reader;
}
