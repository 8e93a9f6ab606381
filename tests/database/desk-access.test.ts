import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantRole } from '#lib/db/competitions.ts';
import { createSession, freshHours, revokeSession } from '#lib/db/sessions.ts';
import { createApiToken } from '#lib/db/tokens.ts';
import { log } from '#lib/log.ts';
import { routes } from '#scoring/desk/routes.ts';
import type { Desk } from '#scoring/desk.ts';
import { aCompetition, aUser, type TestUser } from '../builders.ts';
import { aContest, type Contest } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aDesk } from '../desks.ts';
import { sealed } from '../session.ts';

/*
 * Who the desk of hidden labels answers: an organiser of the competition who signed in a short while ago, by way of the web, and
 * nobody else. Every route that it has is asked by every caller, so a new route is guarded or fails here.
 */

const secret = randomBytes(32).toString('hex');
let db: TestDatabase;
let desk: Desk;
let contest: Contest;
let organiser: TestUser;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  desk = await aDesk(db.scorer, secret, { home: '/nowhere' });
  contest = await aContest(db);
  organiser = await aColleague('organiser');
});

afterAll(() => desk?.close());

/** Labels are promised by their SHA-256, and are everybody's once they are revealed. */
const everybodys = ['GET labels/published'];
const guarded = Object.keys(routes).filter((route) => !everybodys.includes(route));

async function aColleague(role: 'organiser' | 'assistant', competition = contest.competition): Promise<TestUser> {
  const user = await aUser(db.owner);
  await grantRole(db.owner, competition.id, user.id, role, { actorId: null });
  return user;
}

type Headers = Record<string, string>;
const cookieOf = async (sessionId: string, key = secret): Promise<Headers> => ({
  Cookie: `rostrum-session=${await sealed(sessionId, key)}`,
});

/** A session of the person; `ago` moves instants of its row into the past, by hours. */
async function aSession(
  user: TestUser,
  ago: Partial<Record<'created_at' | 'last_seen_at' | 'expires_at', number>> = {},
) {
  const id = await createSession(db.owner, { userId: user.id, userAgent: 'test', network: '127.0.0.1' });
  for (const [column, hours] of Object.entries(ago)) {
    const at = sql.identifier(column);
    await db.owner.execute(
      sql`update sessions set ${at} = ${at} - make_interval(mins => ${60 * hours}) where id = ${id}`,
    );
  }
  return id;
}

const signedIn = async (user: TestUser, ago = {}) => cookieOf(await aSession(user, ago));

/** Status and code of every guarded route, for a call without a body. */
async function ask(headers: Headers): Promise<Record<string, string>> {
  const answers = guarded.map(async (route) => {
    const [method = '', path] = route.split(' ');
    const response = await fetch(`${desk.url}/${contest.competition.slug}/${path}`, {
      method,
      headers: { 'X-Rostrum-Address': '203.0.113.9', ...headers },
    });
    const text = await response.text();
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
    return [route, `${response.status} ${isProblem ? JSON.parse(text).code : 'answered'}`] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

const refusals: readonly [string, string, () => Promise<Headers>][] = [
  ['a call without a cookie', '401 unauthenticated', async () => ({})],
  ['a cookie that is none of ours', '401 unauthenticated', async () => ({ Cookie: 'rostrum-session=nonsense' })],
  [
    'a cookie sealed with another secret',
    '401 unauthenticated',
    async () => cookieOf(await aSession(organiser), 'a'.repeat(64)),
  ],
  ['a session that never was', '401 unauthenticated', async () => cookieOf('00000000-0000-4000-8000-000000000000')],
  [
    'the cookie of a session that was signed out of',
    '401 unauthenticated',
    async () => {
      const id = await aSession(organiser);
      const cookie = await cookieOf(id);
      expect(Object.values(await ask(cookie))).not.toContain('401 unauthenticated');
      await revokeSession(db.web, organiser.id, id);
      return cookie;
    },
  ],
  ['a session that has expired', '401 unauthenticated', () => signedIn(organiser, { expires_at: 7 * 24 })],
  ['a session that nobody used all day', '401 unauthenticated', () => signedIn(organiser, { last_seen_at: 8 })],
  [
    'a token of the API',
    '401 unauthenticated',
    async () => {
      const wish = { name: 'all', scopes: ['read', 'submit'] as const, days: null };
      return { Authorization: `Bearer ${await createApiToken(db.owner, organiser.id, wish)}` };
    },
  ],
  [
    'an organiser of the demo from another machine',
    '401 unauthenticated',
    async () => {
      const user = await aUser(db.owner, { isDemo: true });
      await grantRole(db.owner, contest.competition.id, user.id, 'organiser', { actorId: null });
      return signedIn(user);
    },
  ],
  ['a member of a team', '404 not-found', () => signedIn(contest.author)],
  ['an assistant', '404 not-found', async () => signedIn(await aColleague('assistant'))],
  [
    'an organiser of another competition',
    '404 not-found',
    async () => signedIn(await aColleague('organiser', await aCompetition(db.owner))),
  ],
  [
    'an organiser of another competition with an old session',
    '404 not-found',
    async () => signedIn(await aColleague('organiser', await aCompetition(db.owner)), { created_at: freshHours }),
  ],
  [
    'an organiser who signed in too long ago',
    '401 confirm-yourself',
    () => signedIn(organiser, { created_at: freshHours }),
  ],
  [
    'a page of another site in the organiser’s browser',
    '403 cross-origin',
    async () => ({ ...(await signedIn(organiser)), Origin: 'https://elsewhere.example' }),
  ],
  [
    'a page of this machine in the organiser’s browser, past the web',
    '403 cross-origin',
    async () => ({ ...(await signedIn(organiser)), 'Sec-Fetch-Site': 'same-site' }),
  ],
];

describe('the desk refuses, whatever it is asked,', () => {
  test.each(refusals)('%s: %s', async (_who, refusal, headers) => {
    expect(await ask(await headers())).toEqual(Object.fromEntries(guarded.map((route) => [route, refusal])));
  });
});

test.each([
  ['whose session is new', 0],
  ['until its last minute', freshHours - 1 / 60],
])('(control) an organiser %s is asked what they want', async (_, hours) => {
  const answers = Object.values(await ask(await signedIn(organiser, { created_at: hours })));
  expect(answers.filter((answer) => /unauthenticated|confirm-yourself|cross-origin/.test(answer))).toEqual([]);
  expect(answers).toContain('200 answered');
});

test('a session is fresh again for who proves who they are, and only the new one', async () => {
  const old = await aSession(organiser, { created_at: freshHours });
  expect(Object.values(await ask(await cookieOf(old)))).toContain('401 confirm-yourself');
  // What signing in does: the session from before is ended.
  await revokeSession(db.web, organiser.id, old);
  expect(Object.values(await ask(await signedIn(organiser)))).toContain('200 answered');
  expect(Object.values(await ask(await cookieOf(old)))).toContain('401 unauthenticated');
});
