import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeDueMails } from '#lib/db/due-mails.ts';
import { createInvite } from '#lib/db/invites.ts';
import { createMailLink } from '#lib/db/mail-links.ts';
import { createMail, createMails } from '#lib/db/mails.ts';
import { chargeLimit } from '#lib/db/rate-limits.ts';
import { forgetOld } from '#lib/db/retention.ts';
import { createRoleInvite } from '#lib/db/role-invites.ts';
import { mails } from '#lib/db/schema.ts';
import { createSession } from '#lib/db/sessions.ts';
import { createApiToken } from '#lib/db/tokens.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { mailsToAddress } from '#lib/identity/limits.ts';
import { daysKept, passing } from '#lib/retention.ts';
import { hoursFromNow } from '../builders.ts';
import { aContest, type Contest } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
let contest: Contest;
beforeAll(async () => {
  db = await aDatabase();
  contest = await aContest(db);
});

const letter = { recipient: 'anna@example.org', language: 'ru', subject: 'Письмо', text: 'т', html: 'т' } as const;
const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000);
const nothing = Object.fromEntries(passing.map((kind) => [kind, 0]));
const site = 'https://rostrum.example.org';

/** One of everything that passes, and a token that never ends. */
async function oneOfEach(): Promise<void> {
  const { author, competition } = contest;
  await createSession(db.web, { userId: author.id, userAgent: 'test', network: '10.0.0.1' });
  await createMail(db.web, letter);
  await createMailLink(db.web, { purpose: 'sign-in', email: author.email, userId: author.id, language: 'ru' });
  await createApiToken(db.web, author.id, { name: 'a week', scopes: ['read'], days: 7 });
  await createApiToken(db.web, author.id, { name: 'endless', scopes: ['read'], days: null });
  await createInvite(db.web, competition.id, author.id);
  await chargeLimit(db.web, { limit: mailsToAddress, subject: author.email });
  const asked = { address: parseEmailAddress('helper@example.org')!, role: 'assistant', language: 'ru' } as const;
  await db.owner.transaction((tx) => createRoleInvite(tx, competition, asked, { actorId: null, site }));
}

describe('what has outlived its period', () => {
  test('goes when it has, and not a day sooner', async () => {
    await oneOfEach();
    // The control: today nothing is old.
    expect(await forgetOld(db.web, new Date(), 30)).toEqual(nothing);
    expect(await forgetOld(db.web, inDays(0.9), 30)).toEqual(nothing);
    expect(await forgetOld(db.web, inDays(1.9), 30)).toEqual({ ...nothing, links: 1 });
    expect(await forgetOld(db.web, inDays(2.1), 30)).toEqual({ ...nothing, counters: 2 });
    expect(await forgetOld(db.web, inDays(29.9), 30)).toEqual(nothing);
    expect(await forgetOld(db.web, inDays(30.1), 30)).toEqual({ ...nothing, sessions: 1, mails: 2, offers: 1 });
    // Seven days after they were made both ended.
    expect(await forgetOld(db.web, inDays(36.9), 30)).toEqual(nothing);
    expect(await forgetOld(db.web, inDays(37.1), 30)).toEqual({ ...nothing, tokens: 1, invitations: 1 });
    const { rows } = await db.owner.execute<{ name: string }>(sql`select name from api_tokens`);
    expect(rows).toEqual([{ name: 'endless' }]);
  });

  test('goes sooner where the operator says so, but never before it has ended', async () => {
    await oneOfEach();
    expect(await forgetOld(db.web, inDays(3), 2)).toEqual({ ...nothing, mails: 2, links: 1, counters: 2 });
    expect(await forgetOld(db.web, inDays(7.1), 2)).toEqual({ ...nothing, sessions: 1 });
    expect(await forgetOld(db.web, inDays(9.1), 2)).toEqual({ ...nothing, tokens: 1, invitations: 1 });
  });

  test('goes once, thousands of rows at a time, whoever else is at it or holds a row of it', async () => {
    await createMails(db.web, Array(2500).fill(letter));
    const gone = await db.owner.transaction(async (tx) => {
      await tx.execute(sql`select from mails order by id limit 1 for update`);
      return Promise.all([forgetOld(db.web, inDays(31), 30), forgetOld(db.web, inDays(31), 30)]);
    });
    expect(gone.reduce((sum, { mails }) => sum + mails, 0)).toBe(2499);
    expect((await forgetOld(db.web, inDays(31), 30)).mails).toBe(1);
  });

  test('is all that has a period', () => {
    expect(passing.map((kind) => daysKept(kind, 30))).toEqual([30, 30, 1, 30, 30, 2, 30, 30, 30, 30]);
    expect(passing.map((kind) => daysKept(kind, 1))).toEqual([1, 1, 1, 1, 1, 2, 30, 7, 7, 1]);
  });
});

describe('what was told', () => {
  const subjects = async () => (await db.owner.select().from(mails)).map(({ subject }) => subject);
  const opensIn = (competitionId: string, hours: number) =>
    db.owner.execute(
      sql`update competitions set submissions_start_at = ${hoursFromNow(hours)} where id = ${competitionId}`,
    );

  async function sweepIn(hours: number): Promise<void> {
    await db.owner.execute(sql`update installation set clock_offset = make_interval(secs => ${hours * 3600})`);
    await writeDueMails(db.web, site);
    await db.owner.execute(sql`update installation set clock_offset = interval '0'`);
  }

  test('is remembered until all of the competition is over, so that nothing is told twice', async () => {
    const { competition } = await aContest(db, { submissionsStartAt: hoursFromNow(2), submissionsEndAt: inDays(40) });
    await sweepIn(2.1);
    expect(await subjects()).toHaveLength(1);
    // The mail itself is forgotten, and that it was sent is not.
    expect(await forgetOld(db.web, inDays(39.9), 1)).toMatchObject({ mails: 1, tellings: 0 });
    await opensIn(competition.id, 3);
    await sweepIn(3.1);
    expect(await subjects()).toEqual([]);
    expect((await forgetOld(db.web, inDays(46.9), 1)).tellings).toBe(0);
    expect((await forgetOld(db.web, inDays(47.1), 1)).tellings).toBeGreaterThan(0);
    // The control: what was forgotten too early would be told anew.
    await opensIn(competition.id, 4);
    await sweepIn(4.1);
    expect(await subjects()).toHaveLength(1);
  });

  test('goes by the clock of rules, in whatever year a demonstration plays', async () => {
    await db.owner.execute(sql`delete from mailed_events`);
    await db.owner.execute(sql`update installation set clock_offset = interval '-1 year'`);
    await db.owner.execute(
      sql`insert into mailed_events (subject, kind, at) values (gen_random_uuid(), 'closed', rostrum_now())`,
    );
    // The control: by the clock on the wall it is a year old.
    expect((await forgetOld(db.web, inDays(6.9), 1)).tellings).toBe(0);
    expect((await forgetOld(db.web, inDays(7.1), 1)).tellings).toBe(1);
    await db.owner.execute(sql`update installation set clock_offset = interval '0'`);
  });

  test('of a close is forgotten once that has passed, and not before', async () => {
    const { team } = await aContest(db);
    await db.owner.execute(sql`
      insert into team_reminders (team_id, hours_before, closes_at, sent_at) values (${team.id}, 24, ${inDays(20)}, ${inDays(-90)})`);
    expect((await forgetOld(db.web, inDays(49.9), 30)).reminders).toBe(0);
    expect((await forgetOld(db.web, inDays(50.1), 30)).reminders).toBe(1);
  });
});

describe('checks of the log', () => {
  const chain = '11111111-1111-4111-8111-111111111111';
  /** Outcomes of one day each, from the oldest on: what is well, or the fault that was found. */
  const checked = (...outcomes: (string | null)[]) =>
    db.owner.execute(sql`
      insert into log_checks (chain, checked_at, position, hash, problem)
      select ${chain}, clock_timestamp() - make_interval(days => ${outcomes.length} - n::integer), n, '\\x00', problem
      from unnest(${sql.param(outcomes)}::text[]) with ordinality checks (problem, n)`);
  const left = async () => {
    const { rows } = await db.owner.execute<{ position: string }>(
      sql`select position from log_checks where chain = ${chain} order by checked_at`,
    );
    return rows.map(({ position }) => Number(position));
  };

  test('go where the ones before and after came to the same; every fault stays, and the heads around it', async () => {
    await checked(null, null, null, null, 'f', 'f', 'f', 'g', null, null, null, null, null);
    expect((await forgetOld(db.web, new Date(), 30)).checks).toBe(0);
    expect((await forgetOld(db.web, new Date(), 2)).checks).toBe(5);
    expect(await left()).toEqual([1, 4, 5, 7, 8, 9, 12, 13]);
    expect((await forgetOld(db.web, inDays(400), 1)).checks).toBe(1);
    expect(await left()).toEqual([1, 4, 5, 7, 8, 9, 13]);
  });

  test('cannot be deleted otherwise by whoever forgets them, nor before they are a day old', async () => {
    await expect(db.web.execute(sql`delete from log_checks`)).rejects.toMatchObject({ cause: { code: '42501' } });
    await db.owner.execute(sql`delete from log_checks where chain = ${chain}`);
    await db.owner.execute(sql`
      insert into log_checks (chain, checked_at, position, hash)
      select ${chain}, clock_timestamp() - make_interval(hours => 24 - n), n, '\\x00' from generate_series(1, 5) n`);
    expect((await forgetOld(db.web, inDays(400), 1)).checks).toBe(0);
  });
});
