import { and, desc, eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { extendDeadline } from '#lib/db/adjustments.ts';
import { getFinals, pickFinal } from '#lib/db/finals.ts';
import { sendDueReminders } from '#lib/db/finals-reminders.ts';
import { saveCard } from '#lib/db/method-cards.ts';
import { events, mails, submissions, users } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';
import { aTeam, aUser, hoursFromNow } from '../builders.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const site = 'https://rostrum.example.org';
const aCard = { model: 'm', data: 'd', externalServices: 'none', codeLink: 'https://x.org/', codeCommit: 'abcdef0' };

/** Scored one after another; ids in that order. */
async function sendScored(contest: Contest, ...wrong: number[]): Promise<string[]> {
  const ids: string[] = [];
  for (const each of wrong) ids.push((await send(db, contest, each)).id);
  await scoreAll(db);
  return ids;
}

const pick = ({ competition, author }: Contest, submissionId: string, isPicked = true) =>
  pickFinal(db.web, competition.id, author.id, { submissionId, isPicked });

const countedOf = async ({ competition, team }: Contest) => {
  const { reason, counted } = await getFinals(db.web, competition, team.id);
  return [reason, counted.map(({ submissionId }) => submissionId)];
};

async function closeNow({ competition }: Contest): Promise<void> {
  await db.owner.execute(
    sql`update competitions set submissions_end_at = rostrum_now() - interval '1 second' where id = ${competition.id}`,
  );
}

describe('the finals of a team', () => {
  test('are its best public file until a member picks, and follow every change of mind into the log', async () => {
    const contest = await aContest(db);
    const [worst, best, middle] = await sendScored(contest, 9, 3, 6);
    expect(await countedOf(contest)).toEqual(['best-public', [best]]);
    await pick(contest, worst!);
    await pick(contest, middle!);
    await pick(contest, middle!);
    expect(await countedOf(contest)).toEqual(['picked', [worst, middle]]);
    await expect(pick(contest, best!)).rejects.toMatchObject({ code: 'finals-full' });
    await pick(contest, worst!, false);
    await pick(contest, best!);
    expect(await countedOf(contest)).toEqual(['picked', [best, middle]]);
    const log = await db.owner
      .select({ kind: events.kind, subject: events.subject })
      .from(events)
      .where(and(eq(events.competitionId, contest.competition.id), eq(events.actorId, contest.author.id)))
      .orderBy(events.id);
    expect(log.filter(({ kind }) => kind.startsWith('final-'))).toEqual([
      { kind: 'final-picked', subject: worst },
      { kind: 'final-picked', subject: middle },
      { kind: 'final-unpicked', subject: worst },
      { kind: 'final-picked', subject: best },
    ]);
  });

  test('are never three, however many press at once', async () => {
    const contest = await aContest(db);
    const ids = await sendScored(contest, 1, 2, 3, 4, 5);
    const outcomes = await Promise.allSettled(ids.map((id) => pick(contest, id)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });

  test('drop out when they are voided, and only what is scored, in time and their own can be picked', async () => {
    const contest = await aContest(db);
    const [voided, good] = await sendScored(contest, 2, 5);
    await pick(contest, voided!);
    await db.owner.update(submissions).set({ voidedAt: new Date() }).where(eq(submissions.id, voided!));
    expect(await countedOf(contest)).toEqual(['best-public', [good]]);
    await expect(pick(contest, voided!)).rejects.toMatchObject({ code: 'not-final' });
    const queued = await send(db, contest, 1);
    await expect(pick(contest, queued.id)).rejects.toMatchObject({ code: 'not-final' });
    const rival = (await aTeam(db.owner, contest.competition)).people[0]!;
    await expect(pick({ ...contest, author: rival }, good!)).rejects.toMatchObject({ status: 404 });
    const nobody = await aUser(db.owner);
    await expect(pick({ ...contest, author: nobody }, good!)).rejects.toMatchObject({ code: 'team' });
  });

  test('stand still from the close on, by the clock of the database, and later for a team whose close was moved', async () => {
    const contest = await aContest(db);
    const { team, people } = await aTeam(db.owner, contest.competition);
    const other = { ...contest, team, author: people[0]! };
    const [mine] = await sendScored(contest, 3);
    const [theirs] = await sendScored(other, 4);
    const key = { competitionId: contest.competition.id, teamId: team.id };
    await extendDeadline(db.web, key, hoursFromNow(7 * 24 + 1), { actorId: null, reason: 'ill', site });
    await closeNow(contest);
    await expect(pick(contest, mine!)).rejects.toMatchObject({ code: 'finals-closed', status: 403 });
    await pick(other, theirs!);
    expect(await countedOf(other)).toEqual(['picked', [theirs]]);
  });
});

describe('reminders', () => {
  const endingIn = (hours: number) => ({ submissionsEndAt: hoursFromNow(hours) });

  async function mailsTo(author: { email: string }): Promise<string[]> {
    const rows = await db.owner.select().from(mails).where(eq(mails.recipient, author.email)).orderBy(desc(mails.id));
    return rows.map(({ bodyText }) => bodyText);
  }

  async function closeIn({ competition }: Contest, hours: number): Promise<void> {
    await db.owner.execute(
      sql`update competitions set submissions_end_at = rostrum_now() + make_interval(mins => ${hours * 60}) where id = ${competition.id}`,
    );
  }

  test('go to a team without a pick once, whoever sweeps and how often', async () => {
    const contest = await aContest(db, endingIn(20));
    await sendScored(contest, 3);
    await Promise.all(Array.from({ length: 4 }, () => sendDueReminders(db.scorer, site)));
    await sendDueReminders(db.scorer, site);
    const [mail, ...others] = await mailsTo(contest.author);
    expect(others).toEqual([]);
    expect(mail).toContain(`${site}/c/${contest.competition.slug}/submissions`);
    expect(mail).toContain('predictions.csv');
  });

  test('come again two hours before, and for a close that was moved', async () => {
    const contest = await aContest(db, endingIn(20));
    await sendScored(contest, 3);
    await sendDueReminders(db.scorer, site);
    await closeIn(contest, 48);
    await sendDueReminders(db.scorer, site);
    expect(await mailsTo(contest.author)).toHaveLength(1);
    await closeIn(contest, 1.5);
    await sendDueReminders(db.scorer, site);
    await sendDueReminders(db.scorer, site);
    expect(await mailsTo(contest.author)).toHaveLength(2);
  });

  test('say what is missing, in the language of who reads, and nothing to a team that is through', async () => {
    const contest = await aContest(db, endingIn(20));
    const [first] = await sendScored(contest, 3);
    await db.owner.update(users).set({ language: 'en' }).where(eq(users.id, contest.author.id));
    await pick(contest, first!);
    const through = { ...contest, ...(await aTeam(db.owner, contest.competition)) };
    const author = through.people[0]!;
    const [theirs] = await sendScored({ ...contest, author }, 4);
    await pickFinal(db.web, contest.competition.id, author.id, { submissionId: theirs!, isPicked: true });
    await saveCard(db.web, contest.competition.id, author.id, aCard);
    await sendDueReminders(db.scorer, site);
    const [mail] = await mailsTo(contest.author);
    expect(mail).toContain('method card is not complete');
    expect(mail).not.toContain('/submissions');
    expect(await mailsTo(author)).toEqual([]);
  });

  test('are of no concern before their time, after the close and to who has sent nothing', async () => {
    const early = await aContest(db, endingIn(30));
    const closed = await aContest(db, endingIn(20));
    const silent = await aContest(db, endingIn(20));
    await sendScored(early, 3);
    await sendScored(closed, 3);
    await closeNow(closed);
    await sendDueReminders(db.scorer, site);
    for (const { author } of [early, closed, silent]) expect(await mailsTo(author)).toEqual([]);
  });
});
