import { randomBytes, webcrypto } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { pressReveal } from '#lib/db/reveals.ts';
import { events } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';
import type { RevealStep } from '#lib/reveal.ts';
import type { NextStep, RehearsedSteps, ShownCodes } from '#lib/reveal-desk.ts';
import type { Desk } from '#scoring/desk.ts';
import { recordDueResults } from '#scoring/results.ts';
import type { Sealed } from '#scoring/reveal-file.ts';
import { aPredictionsFile, aTeam, aUser, hoursFromNow, type TestUser, tenUtterances } from '../builders.ts';
import { aContest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aDesk } from '../desks.ts';
import { sessionCookie } from '../session.ts';

const secret = randomBytes(32).toString('hex');
let db: TestDatabase;
let desk: Desk;
let organiser: TestUser;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  desk = await aDesk(db.scorer, secret);
  organiser = await aUser(db.owner);
});
afterAll(() => desk?.close());

/** Two teams, closed a moment ago; the reveal is to come. */
async function aClosedContest(): Promise<Competition> {
  const contest = await aContest(db, { revealsAt: hoursFromNow(8 * 24) });
  const { competition } = contest;
  await grantRole(db.owner, competition.id, organiser.id, 'organiser', { actorId: null });
  const { people } = await aTeam(db.owner, competition, { name: 'Other </script> & co' });
  await send(db, contest, 0, { bytes: aPredictionsFile(tenUtterances, 26) });
  await send(db, { competition, author: people[0]! }, 0, { bytes: aPredictionsFile(tenUtterances, 30) });
  await scoreAll(db);
  await db.owner.execute(sql`
    update competitions set submissions_end_at = rostrum_now() - interval '2 seconds' where id = ${competition.id}`);
  return competition;
}

async function comeToReveal({ id }: Competition): Promise<void> {
  await db.owner.execute(sql`
    update competitions set reveal_mode = 'staged', reveals_at = rostrum_now() - interval '1 second' where id = ${id}`);
  await recordDueResults(db.scorer);
}

async function post({ slug }: Competition, path: string, body: unknown, user = organiser): Promise<Response> {
  const cookie = await sessionCookie({ secret }, db.owner, user.id);
  const headers = { 'Content-Type': 'application/json', 'X-Rostrum-Address': '127.0.0.1', ...cookie };
  return fetch(`${desk.url}/${slug}/reveal/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function logged({ id }: Competition): Promise<string[]> {
  const rows = await db.owner.select().from(events).where(eq(events.competitionId, id));
  return rows.filter(({ kind }) => /^re(veal|sults)-/.test(kind)).map(({ kind, reason }) => `${kind} ${reason}`.trim());
}

describe('before the reveal', () => {
  test('the real result is rehearsed with a reason, by an organiser, and the log says so', async () => {
    const competition = await aClosedContest();
    expect((await post(competition, 'rehearse', { reason: ' ' })).status).toBe(422);
    expect((await post(competition, 'rehearse', { reason: 'sound' }, await aUser(db.owner))).status).toBe(404);
    const { steps } = (await (await post(competition, 'rehearse', { reason: 'sound' })).json()) as RehearsedSteps;
    expect(steps.map(({ kind }) => kind)).toEqual(['standing', 'place', 'place', 'shake-up', 'gaps', 'end']);
    expect(await logged(competition)).toEqual(['results-rehearsed sound']);
  });

  test('no step is previewed, and a code is shown with a reason alone', async () => {
    const competition = await aClosedContest();
    expect(await (await post(competition, 'preview', {})).json()).toEqual({ step: null } satisfies NextStep);
    expect((await post(competition, 'file', {})).status).toBe(200);
    expect((await post(competition, 'codes', {})).status).toBe(422);
    expect((await post(competition, 'codes', { reason: 'no network in the hall' })).status).toBe(200);
    expect(await logged(competition)).toEqual(['reveal-file-made', 'reveal-code-shown no network in the hall']);
  });
});

describe('from the reveal on', () => {
  test('the step to come is previewed without being opened', async () => {
    const competition = await aClosedContest();
    await comeToReveal(competition);
    const preview = async () => ((await (await post(competition, 'preview', {})).json()) as NextStep).step?.kind;
    expect(await preview()).toBe('standing');
    await pressReveal(db.web, competition.id, { move: 'next', expected: 0 }, { actorId: null });
    expect(await preview()).toBe('place');
    const { rows } = await db.web.execute(sql`select from revealed_steps where competition_id = ${competition.id}`);
    expect(rows).toHaveLength(1);
  });

  test('the code that is shown opens the file, and no other does', async () => {
    const competition = await aClosedContest();
    const [file, other] = [await post(competition, 'file', {}), await post(competition, 'file', {})];
    expect(file.headers.get('content-disposition')).toMatch(/reveal-[0-9A-F]{4}\.html/);
    const html = await file.text();
    await other.text();
    await comeToReveal(competition);
    const { codes } = (await (await post(competition, 'codes', {})).json()) as ShownCodes;
    expect(codes).toHaveLength(2);
    expect(html).not.toContain(codes[0]!.code);
    expect(html).not.toContain('Other');
    const { sealed } = JSON.parse(/id="data">(.*?)<\/script>/s.exec(html)![1]!) as { sealed: Sealed };
    const steps = await open(sealed, codes[0]!.code);
    expect(steps.at(-1)).toEqual({ kind: 'end' });
    expect(JSON.stringify(steps)).toContain('Other </script>');
    await expect(open(sealed, codes[1]!.code)).rejects.toThrow();
  });
});

async function open({ iterations, salt, nonce, data }: Sealed, code: string): Promise<RevealStep[]> {
  const { subtle } = webcrypto;
  const bytes = (base64: string) => Buffer.from(base64, 'base64');
  const base = await subtle.importKey('raw', Buffer.from(code.replaceAll('-', '')), 'PBKDF2', false, ['deriveKey']);
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(salt), iterations };
  const key = await subtle.deriveKey(derivation, base, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
  const text = await subtle.decrypt({ name: 'AES-GCM', iv: bytes(nonce) }, key, bytes(data));
  return JSON.parse(Buffer.from(text).toString());
}
