import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { recordHeartbeat } from '#lib/db/workers.ts';
import { log } from '#lib/log.ts';
import { aTeam, hoursFromNow, type TestUser } from '../builders.ts';
import { aContest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aServer, type TestServer } from '../server.ts';
import { eventually } from '../workers.ts';

let db: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  server = await aServer(db);
});
beforeEach(() => {
  server.asked = [];
  server.text = 'the board';
});
afterAll(() => server.close());

async function sendAndScore(competition: Competition, author: TestUser, wrong: number): Promise<void> {
  await send(db, { competition, author }, wrong);
  await scoreAll(db);
}

describe('a page for everybody', () => {
  const boardOf = (competition: Competition) => `${server.origin}/c/${competition.slug}/board`;

  test('is drawn once per language, theme and board, and its scripts are allowed by hash alone', async () => {
    const { competition, author } = await aContest(db);
    const first = await fetch(boardOf(competition));
    const policy = first.headers.get('content-security-policy')!;
    expect(await first.text()).toBe(
      '<html lang="ru"><script>start()</script><script src="/a.js"></script>the board</html>',
    );
    expect(policy).toContain("script-src 'self' 'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00='");
    expect(policy).not.toMatch(/unsafe|nonce/);
    await fetch(boardOf(competition), { headers: { cookie: 'rostrum-session=x' } });
    expect(server.asked.length).toBe(1);
    await fetch(boardOf(competition), { headers: { cookie: 'rostrum-theme=dark' } });
    await fetch(boardOf(competition), { headers: { 'accept-language': 'en' } });
    expect(server.asked.length).toBe(3);
    await sendAndScore(competition, author, 5);
    await eventually(5, async () => {
      await fetch(boardOf(competition));
      return server.asked.length === 4;
    });
  });

  test('is asked for without the reader’s cookies, and marked as everybody’s', async () => {
    const { competition } = await aContest(db);
    await fetch(boardOf(competition), { headers: { cookie: 'rostrum-session=secret; rostrum-language=en' } });
    expect(server.asked[0]?.headers).toMatchObject({
      cookie: 'rostrum-language=en; rostrum-theme=auto',
      'x-rostrum-shared': '1',
    });
  });

  test('does not run a script that somebody smuggled into its text', async () => {
    const { competition } = await aContest(db);
    server.text = '<script>steal()</script><script nonce="guess">steal()</script>';
    const policy = (await fetch(boardOf(competition))).headers.get('content-security-policy')!;
    expect(policy.match(/sha256-/g)).toHaveLength(1);
  });

  test('is not sent again to who has it, and compressed to who takes that', async () => {
    const { competition } = await aContest(db);
    server.text = 'row '.repeat(1000);
    const first = await fetch(boardOf(competition), { headers: { 'accept-encoding': 'br' } });
    expect(first.headers.get('content-encoding')).toBe('br');
    expect(await first.text()).toContain(server.text);
    const etag = first.headers.get('etag')!;
    expect((await fetch(boardOf(competition), { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect(server.asked.length).toBe(1);
  });

  test('is drawn once for three hundred who come at the same moment', async () => {
    const { competition } = await aContest(db);
    await Promise.all(Array.from({ length: 300 }, () => fetch(boardOf(competition)).then((answer) => answer.text())));
    expect(server.asked.length).toBe(1);
  });

  test('is drawn anew when a window closes', async () => {
    const { competition } = await aContest(db, { submissionsEndAt: hoursFromNow(1 / 3600) });
    await fetch(boardOf(competition));
    await sleep(1200);
    await fetch(boardOf(competition));
    expect(server.asked.length).toBe(2);
  });

  test('is not what the router asks for under the same path, nor what an organiser sees of a draft', async () => {
    const { competition } = await aContest(db);
    const { competition: draft } = await aContest(db, { publishedAt: null });
    await fetch(boardOf(competition), { headers: { rsc: '1' } });
    await fetch(boardOf(draft), { headers: { cookie: 'rostrum-session=x' } });
    expect(server.asked.map(({ headers }) => headers['x-rostrum-shared'])).toEqual([undefined, undefined]);
    expect(server.asked[1]?.headers.cookie).toBe('rostrum-session=x');
  });
});

describe('any answer', () => {
  test('has a policy with a nonce of its own where it is a page, and none where it is data', async () => {
    const policies = await Promise.all(
      ['/account', '/account', '/api/v1/competitions'].map(async (path) =>
        (await fetch(server.origin + path)).headers.get('content-security-policy'),
      ),
    );
    expect(policies[0]).toMatch(/script-src 'self' 'nonce-[\w+/]{24}';/);
    expect(policies[0]).not.toBe(policies[1]);
    expect(policies[0]).toMatch(/; form-action 'self'$/);
    expect(policies[2]).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
  });

  test('is to a request whose inner headers are ours, whatever was sent', async () => {
    await fetch(`${server.origin}/account?tab=1`, {
      headers: {
        'x-rostrum-address': '6.6.6.6',
        'x-rostrum-shared': '1',
        'x-middleware-subrequest': 'proxy',
        'x-forwarded-host': 'evil.example',
        'next-resume': '1',
        'content-security-policy': "script-src 'nonce-known'",
        'x-forwarded-for': '9.9.9.9, 203.0.113.7',
      },
    });
    const { headers } = server.asked[0]!;
    expect(headers).toMatchObject({ 'x-rostrum-address': '203.0.113.7', 'x-rostrum-path': '/account?tab=1' });
    const dropped = ['x-rostrum-shared', 'x-middleware-subrequest', 'x-forwarded-host', 'next-resume'];
    expect(dropped.filter((name) => name in headers)).toEqual([]);
    expect(headers['content-security-policy']).not.toContain('known');
  });
});

test('readiness waits for a worker and for three scored rows of the demo', async () => {
  const ready = async () => {
    const answer = await fetch(`${server.origin}/readyz`);
    return { status: answer.status, ...((await answer.json()) as object) };
  };
  expect(await ready()).toEqual({
    status: 503,
    ready: false,
    missing: ['no scoring worker has been heard of lately', 'the demo has 0 of 3 scored rows'],
  });
  await recordHeartbeat(db.scorer, {
    id: '00000000-0000-4000-8000-000000000001',
    process: 'test',
    deskUrl: null,
    disk: null,
  });
  const { competition, author } = await aContest(db, { isDemo: true });
  await sendAndScore(competition, author, 3);
  for (const wrong of [4, 5]) await sendAndScore(competition, (await aTeam(db.owner, competition)).people[0]!, wrong);
  expect(await ready()).toEqual({ status: 200, ready: true, missing: [] });
  expect(await (await fetch(`${server.origin}/healthz`)).text()).toBe('ok\n');
  const stopping = await aServer(db, { isStopping: () => true });
  const told = await fetch(`${stopping.origin}/readyz`);
  expect([told.status, await told.json()]).toEqual([503, { ready: false, missing: ['this process stops'] }]);
  await stopping.close();
});
