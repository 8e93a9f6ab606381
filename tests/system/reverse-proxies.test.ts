import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect } from 'node:http2';
import { type RequestOptions, request as startRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../bin/start/address.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, tenUtterances } from '../builders.ts';
import { startTestCluster } from '../cluster.ts';
import { isHere, startProxy, type TestProxy } from '../proxies.ts';
import { caller, startTestSite, type TestSite } from '../site.ts';
import { metricsToken } from '../stack.ts';
import { eventually } from '../workers.ts';

/*
 * Rostrum in production behind nginx and Caddy, with the samples of deploy/ as they are.
 */

const name = 'rostrum.example.org';
const events = '/api/v1/competitions/open/events';
const uploads = '/api/v1/competitions/open/submissions?split=test';

let site: TestSite;
let webPort: number;
let authorization: string;
let round = 0;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const { cluster, stop } = await startTestCluster();
  closing.push(stop);
  webPort = await freePort('127.0.0.1');
  site = await startTestSite(cluster, {
    PORT: String(webPort),
    ROSTRUM_URL: `https://${name}`,
    // Production; web and worker do not get it.
    DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing',
    TRUSTED_PROXIES: '127.0.0.1',
  });
  closing.push(site.stop);
  const competition = await aTestSplit(site.owner, await aCompetition(site.owner, { slug: 'open', dailyQuota: 100 }));
  const { people } = await aTeam(site.owner, competition);
  authorization = `Bearer ${(await caller(site, people[0]!)).token}`;
});

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

type Answer = { status: number; headers: IncomingMessage['headers']; body: string };

/** Through the proxy, from 127.0.0.2 unless said: whoever comes from there is no proxy. */
function begin({ port }: TestProxy, path: string, given: RequestOptions = {}): ClientRequest {
  const { headers, ...rest } = given;
  return startRequest({
    host: '127.0.0.1',
    port,
    path,
    servername: name,
    localAddress: '127.0.0.2',
    rejectUnauthorized: false,
    agent: false,
    headers: { Host: name, ...headers },
    ...rest,
  });
}

function answerTo(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
  });
}

function get(proxy: TestProxy, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const request = begin(proxy, path, { headers });
  request.end();
  return answerTo(request);
}

/** An upload whose headers are sent and whose body is not. */
function beginUpload(proxy: TestProxy, bytes: number): ClientRequest {
  const headers = { Authorization: authorization, 'Content-Type': 'text/csv', 'Content-Length': bytes };
  const request = begin(proxy, uploads, { method: 'POST', headers });
  request.flushHeaders();
  return request;
}

async function upload(proxy: TestProxy, body: Buffer): Promise<Answer> {
  const request = beginUpload(proxy, body.length);
  request.end(body);
  return answerTo(request);
}

/** A file that nobody sent before. */
function aFile(): Buffer {
  round += 1;
  return Buffer.concat([aPredictionsFile(tenUtterances, round % 9), Buffer.from('\n'.repeat(round))]);
}

/** What has come of a stream of events so far; it is read until it ends. */
async function follow(proxy: TestProxy): Promise<{ text(): string; ended: Promise<void>; close(): void }> {
  const request = begin(proxy, events);
  request.end();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  expect(response.statusCode).toBe(200);
  let text = '';
  response.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const ended = new Promise<void>((resolve) => response.on('close', resolve));
  request.on('error', () => {});
  response.on('error', () => {});
  return { text: () => text, ended, close: () => request.destroy() };
}

/** A file whose end is sent two seconds after its headers: how long after the beginning of its end it is said to have come, in ms. */
async function lateBy(proxy: TestProxy): Promise<number> {
  const body = aFile();
  const request = beginUpload(proxy, body.length);
  const answered = answerTo(request);
  request.write(body.subarray(0, 10));
  await sleep(2_000);
  const endBegan = Date.now();
  request.end(body.subarray(10));
  const { status, body: receipt } = await answered;
  expect(status, receipt).toBe(201);
  return Date.parse(JSON.parse(receipt).receivedAt) - endBegan;
}

const countSubmissions = async () => {
  const { rows } = await site.owner.execute(sql`select count(*)::int as count from submissions`);
  return rows[0]!.count as number;
};

describe.each(['nginx', 'caddy'] as const)('behind %s', (program) => {
  describe.skipIf(!isHere(program))('as it is installed here', () => {
    let proxy: TestProxy;
    let watched: Awaited<ReturnType<typeof follow>>;

    beforeAll(async () => {
      proxy = await startProxy(program, webPort);
      watched = await follow(proxy);
    });

    afterAll(async () => {
      watched?.close();
      await proxy?.stop();
    });

    test('events come while the stream is open', async () => {
      await eventually(20, async () => /^event: clock$/m.test(watched.text()));
      const before = watched.text().length;
      expect((await upload(proxy, aFile())).status).toBe(201);
      await eventually(20, async () => /^event: board$/m.test(watched.text().slice(before)));
    });

    test('a file of 8 MiB passes, and a larger one is refused in our words', async () => {
      const most = await upload(proxy, Buffer.alloc(8 * 2 ** 20, 'a,b\n'));
      expect([most.status, most.headers['content-type']]).toEqual([422, 'application/problem+json; charset=utf-8']);
      const larger = await upload(proxy, Buffer.alloc(8 * 2 ** 20 + 1, 'a,b\n'));
      expect([larger.status, larger.headers['content-type']]).toEqual([413, 'application/problem+json; charset=utf-8']);
    });

    test('an upload has come when its headers came, however slow the rest is', async () => {
      expect(await lateBy(proxy)).toBeLessThanOrEqual(0);
    });

    test('an upload that breaks off leaves nothing behind', async () => {
      const before = await countSubmissions();
      const request = beginUpload(proxy, 1000);
      request.on('error', () => {});
      request.write('id,text\n');
      await eventually(20, async () => (await openRequests()) > 0);
      request.destroy();
      await eventually(20, async () => (await openRequests()) === 0);
      expect(await countSubmissions()).toBe(before);
      expect((await upload(proxy, aFile())).status).toBe(201);
    });

    test('a download goes on where it broke off', async () => {
      const whole = await get(proxy, '/toolkit/rostrum.py', { 'Accept-Encoding': 'identity' });
      const rest = await get(proxy, '/toolkit/rostrum.py', { Range: 'bytes=1000-', 'Accept-Encoding': 'identity' });
      expect([rest.status, rest.body]).toEqual([206, whole.body.slice(1000)]);
    });

    test('limits count the address of the client, whatever it says of itself', async () => {
      const headers = { Authorization: 'Bearer wrong', 'X-Forwarded-For': '198.51.100.7' };
      expect((await get(proxy, '/api/v1/competitions/open/submissions', headers)).status).toBe(401);
      const { rows } = await site.owner.execute(sql`select key from rate_limits where key like 'token-network:%'`);
      expect(rows.map(({ key }) => key)).toEqual(['token-network:127.0.0.2']);
    });

    test('browsers are asked to stay with https, over HTTP/2', async () => {
      const session = connect(`https://127.0.0.1:${proxy.port}`, { rejectUnauthorized: false, servername: name });
      const request = session.request({ ':path': '/healthz', ':authority': name });
      const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
        request.on('response', resolve);
        request.on('error', reject);
        session.on('error', reject);
      });
      session.destroy();
      expect([headers[':status'], headers['strict-transport-security']]).toEqual([200, 'max-age=15552000']);
    });

    test('what is under way survives that the proxy reads its file again', async () => {
      const body = aFile();
      const request = beginUpload(proxy, body.length);
      const answered = answerTo(request);
      request.write(body.subarray(0, 10));
      await eventually(20, async () => (await openRequests()) > 0);
      proxy.reload();
      const after = await eventually(20, () => get(proxy, '/healthz').catch(() => null));
      expect(after.status).toBe(200);
      request.end(body.subarray(10));
      expect((await answered).status).toBe(201);
    });

    test('a web process that starts anew is found again, and streams end so that viewers come back', async () => {
      const viewer = await follow(proxy);
      const begun = await figure('process_start_time_seconds');
      site.web.restart();
      await viewer.ended;
      // What goes away may still answer.
      await eventually(30, async () => (await figure('process_start_time_seconds').catch(() => begun)) > begun);
      const again = await follow(proxy);
      await eventually(20, async () => /^event: board$/m.test(again.text()));
      again.close();
      expect((await upload(proxy, aFile())).status).toBe(201);
    });
  });
});

test.skipIf(!isHere('nginx'))('(control) an upload comes late where a proxy holds it back', async () => {
  const holding = await startProxy('nginx', webPort, [['proxy_request_buffering off;', 'proxy_request_buffering on;']]);
  closing.push(holding.stop);
  expect(await lateBy(holding)).toBeGreaterThan(0);
});

/** Uploads of which the web has read the headers and waits for the rest. */
const openRequests = () => figure('rostrum_http_requests_in_progress');

/** As the web process itself says, past the proxy. */
async function figure(name: string): Promise<number> {
  const headers = { Authorization: `Bearer ${metricsToken}` };
  const text = await (await fetch(`http://127.0.0.1:${webPort}/metrics`, { headers })).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}
