import { connect } from 'node:net';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Route, type RouteName, routeNames, routes } from '#lib/api/routes.ts';
import { checkAnswer } from '../../api-answers.ts';
import { aPredictionsFile, aUser } from '../../builders.ts';
import { anonymous, caller, sending, type TestSite } from '../../site.ts';
import { eventually } from '../../workers.ts';
import { aContest, type Contest } from './contest.ts';

/** What every route does alike: conditions, methods, limits, refusals. */
export function testConduct(site: () => TestSite): void {
  let contest: Contest;
  let places: Record<string, string>;
  beforeAll(async () => {
    contest = await aContest(site(), { mapping: [{ from: 'окей', to: 'ок' }] });
    const { id } = await (await contest.upload(aPredictionsFile())).json();
    const { slug } = contest.competition;
    places = { slug, id, file: 'sample_submission.csv' };
    // Until nothing changes by itself any more: the board is drawn, and the log, whose head is told, is chained.
    await eventually(30, async () => {
      const { rows: board } = await (await contest.call(`/competitions/${slug}/leaderboard`)).json();
      const chain = contest.competition.id;
      const { rows: left } = await site().owner.execute(sql`select from unchained_events where chain = ${chain}`);
      return board.length > 0 && left.length === 0;
    });
  });

  const filled = (name: RouteName) => routes[name].path.replaceAll(/\{(\w+)\}/g, (_, key: string) => places[key]!);
  // A recording's file is not there in this contest; its conditions are tested with the data.
  const kept = routeNames.filter(
    (name) => name !== 'getRecording' && (routes[name] as Route).answers.some(({ status }) => status === 304),
  );

  test('every answer that may be kept is asked for again by its tag', () => expect(kept).toHaveLength(10));

  test.each(kept)('%s is not sent to who holds it, and HEAD tells of it', async (name) => {
    const path = filled(name);
    const whole = await contest.call(path);
    const etag = whole.headers.get('ETag')!;
    expect([whole.status, (await whole.arrayBuffer()).byteLength > 0]).toEqual([200, true]);
    const again = await contest.call(path, { headers: { 'If-None-Match': `"other", ${etag}` } });
    expect([again.status, again.headers.get('ETag')]).toEqual([304, etag]);
    const other = await contest.call(path, { headers: { 'If-None-Match': '"other"' } });
    expect(other.status).toBe(200);
    const head = await contest.call(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('ETag')]).toEqual([200, etag]);
  });

  test('the tag of a competition changes with it and not with the clock', async () => {
    const path = `/competitions/${places.slug}`;
    const tag = async (init?: RequestInit) => (await contest.call(path, init)).headers.get('ETag');
    const first = await tag();
    expect(await tag()).toBe(first);
    expect(await tag({ headers: { 'Accept-Language': 'ru' } })).not.toBe(first);
  });

  describe('what a path does not have', () => {
    test.each([
      ['PUT', '/competitions'],
      ['DELETE', '/openapi.json'],
      ['POST', '/openapi.json'],
      ['HEAD', '/competitions/{slug}/events'],
    ])('%s of %s is refused with what it has', async (method, path) => {
      const response = await contest.call(path.replace('{slug}', places.slug!), { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('Allow')).toMatch(/^GET(, HEAD)?, OPTIONS$/);
      if (method !== 'HEAD') expect(await response.json()).toMatchObject({ code: 'method-not-allowed', method });
    });

    test('OPTIONS names its methods', async () => {
      const response = await contest.call(`/competitions/${places.slug}/submissions`, { method: 'OPTIONS' });
      expect([response.status, response.headers.get('Allow')]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
    });

    test('a slash at the end changes nothing', async () => {
      expect((await contest.call('/competitions/')).status).toBe(200);
      expect((await contest.call(`/competitions/${places.slug}/?language=ru`)).status).toBe(200);
    });
  });

  describe('what cannot be read is told as a problem, too', () => {
    const raw = async (text: string) => {
      const { hostname, port } = new URL(site().origin);
      const answer = await new Promise<string>((resolve, reject) => {
        let heard = '';
        const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(text));
        socket.setEncoding('utf8').on('data', (chunk: string) => {
          heard += chunk;
        });
        socket.on('end', () => resolve(heard)).on('error', reject);
      });
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      const [first = '', ...lines] = head.split('\r\n');
      const headers = new Headers(lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
      const status = Number(first.split(' ')[1]);
      checkAnswer('GET', `${site().origin}/api/v1/competitions`, { status, headers, body: Buffer.from(body) });
      return [status, JSON.parse(body).code];
    };

    test('no HTTP', async () => expect(await raw('hello\r\n\r\n')).toEqual([400, 'malformed-request']));
    test('headers without end', async () => {
      const line = `GET /api/v1/competitions HTTP/1.1\r\nHost: a\r\nX-Much: ${'x'.repeat(20_000)}\r\n\r\n`;
      expect(await raw(line)).toEqual([431, 'header-too-large']);
    });
    test('an address that is not UTF-8', async () => {
      const response = await anonymous(site())('/competitions/%ff');
      expect([response.status, (await response.json()).code]).toEqual([400, 'malformed-address']);
    });
  });

  describe('a token', () => {
    const refused = async (path: string, token: string, init: RequestInit = {}) => {
      const response = await anonymous(site())(path, { ...init, headers: { Authorization: `Bearer ${token}` } });
      return [response.status, (await response.json()).code, response.headers.get('WWW-Authenticate')];
    };

    test('that is wrong opens nothing, not even what is open', async () => {
      const told = [401, 'unauthenticated', 'Bearer error="invalid_token"'];
      expect(await refused(`/competitions/${places.slug}`, 'rst_wrong')).toEqual(told);
      const nobody = await anonymous(site())(`/competitions/${places.slug}/submissions`);
      expect([nobody.status, nobody.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
    });

    test('without a scope is told which', async () => {
      const person = await aUser(site().owner);
      const [reading, sending_] = [await caller(site(), person, ['read']), await caller(site(), person, ['submit'])];
      const told = (scope: string) => [403, 'scope', `Bearer error="insufficient_scope", scope="${scope}"`];
      const path = `/competitions/${places.slug}/submissions`;
      expect(await refused(path, sending_.token)).toEqual(told('read'));
      expect(await refused(`${path}?split=test`, reading.token, { method: 'POST' })).toEqual(told('submit'));
    });

    test('is told what it has left, beside others of the same person', async () => {
      const person = await aUser(site().owner);
      const [one, other] = [await caller(site(), person), await caller(site(), person)];
      const left = async (call: typeof one) => (await call(`/competitions/${places.slug}`)).headers.get('RateLimit');
      expect([await left(one), await left(one), await left(other)]).toEqual([
        expect.stringMatching(/^"read";r=599;t=\d+$/),
        expect.stringMatching(/^"read";r=598;t=\d+$/),
        expect.stringMatching(/^"read";r=599;t=\d+$/),
      ]);
    });

    test('is stopped for a while where it asks too much, with all of its person’s, and reads on', async () => {
      const person = await aUser(site().owner);
      const [one, other] = [await caller(site(), person), await caller(site(), person)];
      const path = `/competitions/${places.slug}/submissions?split=none`;
      const send = async (call: typeof one) => (await call(path, sending('x'))).status;
      const statuses = await Promise.all(Array.from({ length: 301 }, () => send(one)));
      expect(statuses.filter((status) => status === 400)).toHaveLength(300);
      const stopped = await other(path, sending('x'));
      expect([stopped.status, (await stopped.json()).code]).toEqual([429, 'rate-limited']);
      expect(Number(stopped.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect((await one(`/competitions/${places.slug}`)).status).toBe(200);
    });
  });
}
