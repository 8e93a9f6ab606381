import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCourse, publishCourse } from '#lib/db/courses.ts';
import { createEveningLink } from '#lib/db/evening-links.ts';
import { createInvite } from '#lib/db/invites.ts';
import { freePort } from '../../bin/start/address.ts';
import { buildPages } from '../../bin/start/build.mjs';
import {
  aCompetition,
  aDevSplit,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  aUser,
  hoursFromNow,
  tenUtterances,
} from '../builders.ts';
import { aClientMachine } from '../client-program.ts';
import { startTestCluster } from '../cluster.ts';
import { addressesIn, strays, writtenOut } from '../page-addresses.ts';
import { isHere, startProxy, type TestProxy } from '../proxies.ts';
import { sessionCookie } from '../session.ts';
import { caller, startTestSite, type TestSite } from '../site.ts';
import { aSnapshotOf, publishSnapshot } from '../snapshots.ts';
import { visibleText } from '../visible-text.ts';

/*
 * An installation below a path of its host, as others may stand beside it: nothing that it says leads out of that path.
 */

const root = join(import.meta.dirname, '../..');
const base = '/rostrum';

let host: string;
let site: TestSite;
let stopCluster: () => Promise<void>;
let seeds: string[];
let token: string;
const headersOf: Record<string, Record<string, string>> = { nobody: {} };

beforeAll(async () => {
  const port = await freePort('127.0.0.1');
  host = `http://127.0.0.1:${port}`;
  const settings = { ROSTRUM_URL: `${host}${base}`, PORT: String(port) };
  const signal = new AbortController().signal;
  const [{ cluster, stop }] = await Promise.all([
    startTestCluster(),
    // Fresh where `npm test` was here before.
    buildPages(root, { env: { ...process.env, ...settings }, signal, logFile: join(root, 'dist/pages-below.log') }),
  ]);
  stopCluster = stop;
  site = await startTestSite(cluster, settings);
  await furnish();
}, 600_000);

afterAll(async () => {
  await site?.stop();
  await stopCluster?.();
});

async function furnish(): Promise<void> {
  const { owner } = site;
  const act = { actorId: null };
  const competition = await aTestSplit(owner, await aCompetition(owner, { slug: 'open' }));
  await aDevSplit(owner, competition);
  await publishSnapshot(owner, competition.id, aSnapshotOf(5, 0));
  const { people } = await aTeam(owner, competition);
  const ended = {
    submissionsStartAt: hoursFromNow(-2),
    submissionsEndAt: hoursFromNow(-1),
    revealsAt: hoursFromNow(9),
  };
  await aTestSplit(owner, await aCompetition(owner, { slug: 'ended', ...ended }));
  const administrator = await aUser(owner, { isAdministrator: true });
  const names = { nameRu: 'Курс', nameEn: 'Course', timeZone: 'Europe/Moscow' };
  const course = await createCourse(owner, { ...names, slug: 'nn', competitionId: competition.id }, act);
  await publishCourse(owner, course, act);
  ({ token } = await caller(site, people[0]!));
  headersOf.member = await sessionCookie(site, owner, people[0]!.id);
  headersOf.administrator = await sessionCookie(site, owner, administrator.id);
  const invite = await createInvite(owner, competition.id, people[0]!.id);
  const helper = { role: 'stage', name: 'Света', expiresAt: hoursFromNow(1) } as const;
  const evening = await createEveningLink(owner, competition.id, helper, act);
  const paths = ['', '/reset', '/confirm', '/outbox', '/live/open', '/jury', '/nothing', '/api/v1/competitions'];
  seeds = [...paths, `/stage/${evening}`, `/join/${invite.token}`];
}

/** `shown`: addresses that it holds; `followed`: those of them to be visited. */
type Visit = { status: number; text: string; shown: string[]; followed: string[] };

async function visit(address: string, headers: Record<string, string>): Promise<Visit> {
  const response = await fetch(address, { headers, redirect: 'manual' });
  const type = response.headers.get('content-type') ?? '';
  const text = /html|json/.test(type) ? await response.text() : '';
  if (text === '') await response.body?.cancel();
  const location = response.headers.get('location');
  const led = [
    ...(type.includes('html') ? addressesIn(text, address) : []),
    ...(location === null ? [] : [new URL(location, address).href]),
  ];
  const written = writtenOut(text, host);
  // Documentation writes addresses for the reader to complete.
  const isGuide = address.startsWith(`${host}${base}/docs`);
  return { status: response.status, text, shown: [...led, ...written], followed: isGuide ? led : [...led, ...written] };
}

/** Follows everything that `who` is shown: what answers there, by its address, and what leads astray, by where it stands. */
async function crawl(who: string): Promise<{ visits: Map<string, Visit>; astray: string[] }> {
  const visits = new Map<string, Visit>();
  const astray: string[] = [];
  const asked = new Set<string>();
  const waiting = seeds.map((path) => `${host}${base}${path}`);
  const follow = async () => {
    for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
      const found = await visit(address, headersOf[who]!);
      visits.set(address, found);
      astray.push(...strays(found.shown, host + base).map((stray) => `${address}: ${stray}`));
      for (const next of found.followed) {
        const { origin, pathname } = new URL(next);
        // One look at each page: filters, and pages of a list, lead to the same markup.
        if (origin === host && !asked.has(pathname)) waiting.push(origin + pathname);
        asked.add(pathname);
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, follow));
  return { visits, astray };
}

test.each([
  ['nobody', 40],
  ['member', 60],
  ['administrator', 90],
])('shows %s nothing that leads out of it or nowhere', async (who, least) => {
  const { visits, astray } = await crawl(who);
  expect(astray).toEqual([]);
  const lost = [...visits].filter(([, { status }]) => status === 404).map(([address]) => address);
  // The API's document names the address that all of its own begin with, where nothing is.
  expect(lost.sort()).toEqual([`${host}${base}/api/v1`, `${host}${base}/nothing`]);
  expect(visits.size).toBeGreaterThanOrEqual(least);
});

test('(control) what leads out of it would be noticed', () => {
  const page = `${host}${base}/c/open`;
  const html = `<a href="/c/open">a</a><form action='x'></form><a href="${base}/c">b</a><a href="${base}x">c</a><img src="../../x">`;
  expect(strays(addressesIn(html, page), host + base)).toEqual([`${host}/c/open`, `${host}${base}x`, `${host}/x`]);
  expect(strays(writtenOut(`{"self":"${host}/api/v1"}`, host), host + base)).toEqual([`${host}/api/v1`]);
});

test('programs of teams work with an address that was copied from one of its pages', async () => {
  const machine = aClientMachine({ ROSTRUM_TOKEN: token });
  const login = await machine.run(['login', `${host}${base}/c/open/board`, '--json']);
  expect([login.err, JSON.parse(login.out).server]).toEqual(['', host + base]);
  const listed = await machine.run(['competitions', '--json']);
  expect(listed.out).toContain('"open"');
  machine.remove();
  expect((await fetch(`${host}${base}/toolkit/rostrum.tgz`, { method: 'HEAD' })).status).toBe(200);
});

test('they find it below a path that is called like a page', async () => {
  /** As if the installation stood below /docs, and somebody else's pages at the root. */
  const outer = createServer(async (request, response) => {
    const path = request.url?.startsWith('/docs/') ? request.url.slice('/docs'.length) : null;
    if (path === null) return response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>not here</h1>');
    const { authorization } = request.headers;
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const answer = await fetch(host + base + path, { headers });
    return response
      .writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' })
      .end(await answer.text());
  });
  await new Promise<void>((resolve) => outer.listen(0, '127.0.0.1', resolve));
  const port = (outer.address() as AddressInfo).port;
  const at = (path: string) => `http://127.0.0.1:${port}${path}`;
  const machine = aClientMachine({ ROSTRUM_TOKEN: token });
  // Without a login, and then with one.
  const listed = await machine.run(['competitions', '--server', at('/docs'), '--json']);
  expect([listed.err, listed.out]).toEqual(['', expect.stringContaining('"open"')]);
  const login = await machine.run(['login', at('/docs/c/open/board'), '--json']);
  expect([login.err, JSON.parse(login.out).server]).toEqual(['', at('/docs')]);
  // The control: what is below no such path is not found by chance.
  expect((await machine.run(['login', at('/live/open')])).code).toBe(3);
  machine.remove();
  await new Promise((resolve) => outer.close(resolve));
});

test.skipIf(spawnSync('python3', ['--version']).error !== undefined)('so does rostrum.py', () => {
  const code = 'import rostrum; print(rostrum.Server().facts()["slug"])';
  const env = { ...process.env, PYTHONPATH: join(root, 'public/toolkit'), ROSTRUM_URL: `${host}${base}/` };
  const asked = spawnSync('python3', ['-c', code], { env: { ...env, ROSTRUM_COMPETITION: 'open' }, encoding: 'utf8' });
  expect([asked.stderr, asked.stdout]).toEqual(['', 'open\n']);
});

/** The samples, below a path, as they say that it is done. */
const belowPath = {
  nginx: ['location / {', 'location /rostrum {'],
  caddy: ['\treverse_proxy ', '\t@rostrum path /rostrum /rostrum/*\n\treverse_proxy @rostrum '],
} as const;

describe.each(['nginx', 'caddy'] as const)('behind %s', (program) => {
  describe.skipIf(!isHere(program))('as its sample says', () => {
    let proxy: TestProxy;
    beforeAll(async () => {
      proxy = await startProxy(program, Number(new URL(host).port), [belowPath[program]]);
    });
    afterAll(() => proxy?.stop());

    /** Until the whole answer came, or the first of it. */
    const ask = (path: string, { method = 'GET', headers = {}, body = '' } = {}) =>
      new Promise<{ status: number | undefined; isOurs: boolean; text: string }>((resolve, reject) => {
        const to = { host: '127.0.0.1', port: proxy.port, path, method, rejectUnauthorized: false, agent: false };
        const request = httpsRequest(
          { ...to, servername: 'rostrum.example.org', headers: { Host: 'rostrum.example.org', ...headers } },
          (answer) => {
            const isOurs = answer.headers['x-content-type-options'] === 'nosniff';
            const end = (text = '') => resolve({ status: answer.statusCode, isOurs, text });
            answer.setEncoding('utf8').once('data', (text: string) => {
              end(text);
              request.destroy();
            });
            answer.once('end', end);
          },
        );
        request.on('error', reject);
        request.end(body);
      });

    test('pages and health are found below the path, and what is beside it is not ours', async () => {
      for (const path of [`${base}/c/open`, `${base}/healthz`]) {
        expect(await ask(path), path).toMatchObject({ status: 200, isOurs: true });
      }
      expect((await ask('/c/open')).isOurs).toBe(false);
    });

    test('events come and files arrive', async () => {
      const events = await ask(`${base}/api/v1/competitions/open/events`);
      expect(events).toMatchObject({ status: 200, text: expect.stringMatching(/^(retry|event|id|data|:)/) });
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' };
      const body = aPredictionsFile(tenUtterances, program.length).toString();
      const path = `${base}/api/v1/competitions/open/submissions?split=test`;
      const sent = await ask(path, { method: 'POST', headers, body });
      expect([sent.status, JSON.parse(sent.text).links.self]).toEqual([
        201,
        expect.stringContaining(`${base}/api/v1/`),
      ]);
    });
  });
});

test('gives organisers a reveal as a file that asks nobody for anything, and the code for it', async () => {
  const post = (path: string, body: object) =>
    fetch(`${host}${base}/organise/ended/desk/reveal/${path}`, {
      method: 'POST',
      headers: {
        ...headersOf.administrator,
        Origin: host,
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(body),
    });
  const made = await post('file?language=en', {});
  const html = await made.text();
  expect([made.status, made.headers.get('content-disposition')]).toEqual([
    200,
    expect.stringContaining('ended-reveal-'),
  ]);
  expect(html).toContain("default-src 'none'");
  expect([...addressesIn(html, `${host}${base}/x`), ...writtenOut(html, host)]).toEqual([]);
  const codes = await (await post('codes', { reason: 'a rehearsal' })).json();
  expect(codes).toMatchObject({ codes: [{ file: expect.any(String), code: expect.stringMatching(/^\w{4}-/) }] });
});

test('leaves the rest of its host to others, but for the health that a balancer asks for', async () => {
  const statusOf = async (path: string) => (await fetch(host + path, { redirect: 'manual' })).status;
  for (const path of ['/c/open', '/api/v1/competitions', `${base}x`]) expect(await statusOf(path), path).toBe(404);
  for (const path of ['/healthz', `${base}/healthz`]) expect(await statusOf(path), path).toBe(200);
  const front = await fetch(host, { redirect: 'manual' });
  expect([front.status, front.headers.get('location')]).toEqual([307, base]);
});

test('keeps its cookies to itself and comes back to where a form stood', async () => {
  const page = `${host}${base}/c/open/board`;
  const answer = await fetch(`${host}${base}/preferences`, {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': 'same-origin', Referer: `${page}?at=now` },
    body: new URLSearchParams({ language: 'en', back: '/c/open/board' }),
    redirect: 'manual',
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `${base}/c/open/board?at=now`]);
  expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^rostrum-language=en; Path=\/rostrum;/)]);
});

test('says of a page that finds nothing that there is none, with a way on that stays below the path', async () => {
  const page = `${host}${base}/c/nothing`;
  const response = await fetch(page, { headers: { 'Accept-Language': 'en' } });
  const html = await response.text();
  expect(response.status).toBe(404);
  expect(visibleText(html)).toContain('There is no such page');
  expect(strays(addressesIn(html, page), `${host}${base}`)).toEqual([]);
});

test('sends who is not signed in to its own door, and from there back', async () => {
  const answer = await fetch(`${host}${base}/account`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([307, `${base}/sign-in?next=%2Faccount`]);
});
