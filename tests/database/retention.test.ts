import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { createInvite } from '#lib/db/invites.ts';
import { createMailLink } from '#lib/db/mail-links.ts';
import { createMail, createMails } from '#lib/db/mails.ts';
import { chargeLimit } from '#lib/db/rate-limits.ts';
import { forgetOld } from '#lib/db/retention.ts';
import { createSession } from '#lib/db/sessions.ts';
import { createApiToken } from '#lib/db/tokens.ts';
import { mailsToAddress } from '#lib/identity/limits.ts';
import { daysKept, passing } from '#lib/retention.ts';
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
const nothing = { sessions: 0, mails: 0, links: 0, tokens: 0, invitations: 0, counters: 0 };

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
}

describe('what has outlived its period', () => {
  test('goes when it has, and not a day sooner', async () => {
    await oneOfEach();
    // The control: today nothing is old.
    expect(await forgetOld(db.web, new Date(), 30)).toEqual(nothing);
    expect(await forgetOld(db.web, inDays(0.9), 30)).toEqual(nothing);
    expect(await forgetOld(db.web, inDays(1.9), 30)).toEqual({ ...nothing, links: 1 });
    expect(await forgetOld(db.web, inDays(2.1), 30)).toEqual({ ...nothing, counters: 1 });
    expect(await forgetOld(db.web, inDays(29.9), 30)).toEqual(nothing);
    expect(await forgetOld(db.web, inDays(30.1), 30)).toEqual({ ...nothing, sessions: 1, mails: 1 });
    // Seven days after they were made both ended.
    expect(await forgetOld(db.web, inDays(36.9), 30)).toEqual(nothing);
    expect(await forgetOld(db.web, inDays(37.1), 30)).toEqual({ ...nothing, tokens: 1, invitations: 1 });
    const { rows } = await db.owner.execute<{ name: string }>(sql`select name from api_tokens`);
    expect(rows).toEqual([{ name: 'endless' }]);
  });

  test('goes sooner where the operator says so, but never before it has ended', async () => {
    await oneOfEach();
    expect(await forgetOld(db.web, inDays(3), 2)).toEqual({ ...nothing, mails: 1, links: 1, counters: 1 });
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
    expect(passing.map((kind) => daysKept(kind, 30))).toEqual([30, 30, 1, 30, 30, 2]);
  });
});
