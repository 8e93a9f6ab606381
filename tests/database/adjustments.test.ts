import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Competition, quotaDay } from '#lib/competition.ts';
import {
  extendDeadline,
  grantAttempts,
  listAdjustments,
  listAgreements,
  revokeAdjustment,
} from '#lib/db/adjustments.ts';
import { getQuota } from '#lib/db/quota.ts';
import { competitions, events, mails } from '#lib/db/schema.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import type { Team } from '#lib/db/teams.ts';
import { aCompetition, anUpload, aTeam, aUser, hoursFromNow, type TestUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
let organiser: TestUser;
beforeAll(async () => {
  db = await aDatabase();
  organiser = await aUser(db.owner);
});

const act = (reason = 'Болезнь') => ({ actorId: organiser.id, reason, site: 'https://rostrum.example' });
const keyOf = (team: Team) => ({ competitionId: team.competitionId, teamId: team.id });
const send = (competition: Competition, author: TestUser, receivedAt = new Date()) =>
  createSubmission(db.web, anUpload(competition, author, { receivedAt }));

async function aTeamThatCloses(hours: number, given: Parameters<typeof aCompetition>[1] = {}) {
  const submissionsStartAt = hoursFromNow(-48);
  const competition = await aCompetition(db.owner, {
    submissionsStartAt,
    submissionsEndAt: hoursFromNow(hours),
    ...given,
  });
  const { team, people } = await aTeam(db.owner, competition, { people: 2 });
  return { competition, team, author: people[0]!, other: people[1]! };
}

describe('further attempts', () => {
  test('count on their day alone, or on every day, and end when they are taken back', async () => {
    const { competition, team, author } = await aTeamThatCloses(48, { dailyQuota: 1 });
    const now = new Date();
    const limit = async (at = now) => (await getQuota(db.web, competition, team.id, at)).limit;
    await grantAttempts(db.web, keyOf(team), { attempts: 1, day: quotaDay(competition, now) }, act());
    await grantAttempts(db.web, keyOf(team), { attempts: 1, day: null }, act());
    expect(await limit()).toBe(3);
    expect(await limit(hoursFromNow(24))).toBe(2);
    for (const used of [1, 2, 3]) expect((await send(competition, author)).quota).toMatchObject({ used, limit: 3 });
    await expect(send(competition, author)).rejects.toMatchObject({ code: 'quota', values: { limit: 3 } });
    const forGood = (await listAgreements(db.web, team.id)).find(
      ({ agreed }) => agreed.kind === 'attempts' && agreed.day === null,
    )!;
    await revokeAdjustment(db.web, keyOf(team), forGood.id, act('Поправились'));
    expect(await limit()).toBe(2);
    expect((await listAdjustments(db.web, team.id)).map(({ revokedAt }) => revokedAt !== null).sort()).toEqual([
      false,
      true,
    ]);
    await expect(revokeAdjustment(db.web, keyOf(team), forGood.id, act())).rejects.toMatchObject({ code: 'not-found' });
  });

  test('are those of one team: others keep the limit of the rules', async () => {
    const { competition, team } = await aTeamThatCloses(48, { dailyQuota: 1 });
    const { team: rival } = await aTeam(db.owner, competition);
    await grantAttempts(db.web, keyOf(team), { attempts: 5, day: null }, act());
    expect((await getQuota(db.web, competition, rival.id, new Date())).limit).toBe(1);
    const elsewhere = { competitionId: (await aCompetition(db.owner)).id, teamId: team.id };
    await expect(grantAttempts(db.web, elsewhere, { attempts: 5, day: null }, act())).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('are never overspent, however many are sent at once', async () => {
    const { competition, team, author } = await aTeamThatCloses(48, { dailyQuota: 2 });
    await grantAttempts(db.web, keyOf(team), { attempts: 3, day: null }, act());
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => send(competition, author)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });
});

describe('a later close', () => {
  test('keeps what comes until then in time, at the usual price; from its instant on files are late', async () => {
    const { competition, team, author } = await aTeamThatCloses(-1);
    const { people: rivals } = await aTeam(db.owner, competition);
    const until = hoursFromNow(2);
    await extendDeadline(db.web, keyOf(team), until, act());
    const inTime = await send(competition, author);
    expect(inTime.submission).toMatchObject({ late: false, state: 'queued' });
    expect(inTime.quota).toMatchObject({ used: 1 });
    expect((await send(competition, author, new Date(until.getTime() - 1))).submission.late).toBe(false);
    expect((await send(competition, author, until)).submission.late).toBe(true);
    // The control: for everybody else the close stands.
    expect((await send(competition, rivals[0]!)).submission.late).toBe(true);
  });

  test('ends with its being taken back, and what was in time stays so', async () => {
    const { competition, team, author } = await aTeamThatCloses(-1);
    await extendDeadline(db.web, keyOf(team), hoursFromNow(2), act());
    const { submission } = await send(competition, author);
    const [agreement] = await listAgreements(db.web, team.id);
    await revokeAdjustment(db.web, keyOf(team), agreement!.id, act());
    expect((await send(competition, author)).submission.late).toBe(true);
    expect(submission.late).toBe(false);
  });

  test('is later than for all, ahead of now and no later than the reveal, even where the reveal moves', async () => {
    const { competition, team, author } = await aTeamThatCloses(-2, { revealsAt: hoursFromNow(3) });
    const extend = (hours: number) => extendDeadline(db.web, keyOf(team), hoursFromNow(hours), act());
    await expect(extend(-3)).rejects.toMatchObject({ code: 'extension-too-early' });
    await expect(extend(-1)).rejects.toMatchObject({ code: 'extension-too-early' });
    await expect(extend(4)).rejects.toMatchObject({ code: 'extension-after-reveal' });
    await extend(3 - 1 / 3600);
    await db.owner
      .update(competitions)
      .set({ revealsAt: hoursFromNow(-1) })
      .where(eq(competitions.id, competition.id));
    expect((await send(competition, author)).submission.late).toBe(true);
  });
});

test('an agreement has a reason, which the log and every member of the team are told', async () => {
  const { competition, team, author, other } = await aTeamThatCloses(24);
  await expect(grantAttempts(db.web, keyOf(team), { attempts: 1, day: null }, act(' '))).rejects.toMatchObject({
    code: 'no-reason',
  });
  await grantAttempts(db.web, keyOf(team), { attempts: 1, day: null }, act('Сбой сети'));
  const logged = await db.owner.select().from(events).where(eq(events.competitionId, competition.id));
  expect(logged).toMatchObject([
    { kind: 'attempts-granted', actorId: organiser.id, subject: team.id, reason: 'Сбой сети' },
  ]);
  const written = await db.owner.select().from(mails);
  for (const { email } of [author, other]) {
    expect(written.find(({ recipient }) => recipient === email)?.bodyText).toContain('Причина: Сбой сети');
  }
});
