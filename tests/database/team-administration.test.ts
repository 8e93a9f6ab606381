import { and, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { acceptInvite, createInvite } from '#lib/db/invites.ts';
import { getQuota } from '#lib/db/quota.ts';
import { acceptRules } from '#lib/db/rule-acceptances.ts';
import { competitions, events, mails, teamMembers, teams } from '#lib/db/schema.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import {
  appointCaptain,
  dismissMember,
  getTeam,
  listTeamless,
  listTeams,
  markGuest,
  mergeTeams,
  placeMember,
  renameTeamFor,
} from '#lib/db/team-administration.ts';
import { findTeamOf, listMembers, type Team } from '#lib/db/teams.ts';
import { aCompetition, anUpload, aTeam, aUser, hoursFromNow, type TestUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
let organiser: TestUser;
beforeAll(async () => {
  db = await aDatabase();
  organiser = await aUser(db.owner);
});

const act = (reason = 'Просьба студента') => ({
  actorId: organiser.id,
  reason,
  site: 'https://rostrum.example',
});
const keyOf = (team: Team) => ({ competitionId: team.competitionId, teamId: team.id });
const codeOf = (outcome: PromiseSettledResult<unknown>) =>
  outcome.status === 'rejected' ? outcome.reason.code : 'done';

async function aTeamless(competition: Competition): Promise<TestUser> {
  const user = await aUser(db.owner);
  await acceptRules(db.web, competition.id, user.id);
  return user;
}

const membersOf = async (team: Team) => (await listMembers(db.web, team)).map(({ id }) => id);

/** Locked for everybody but organisers. */
const lockedCompetition = (given: Parameters<typeof aCompetition>[1] = {}) =>
  aCompetition(db.owner, { teamChangesEndAt: hoursFromNow(-1), ...given });

describe('placing somebody without a team', () => {
  test('works after the lock, into a team or a new one, and they leave the list of those without', async () => {
    const competition = await lockedCompetition();
    const { team } = await aTeam(db.owner, competition);
    const [one, other] = [await aTeamless(competition), await aTeamless(competition)];
    expect((await listTeamless(db.web, competition.id)).map(({ id }) => id).sort()).toEqual([one.id, other.id].sort());
    await placeMember(db.web, competition.id, one.id, { teamId: team.id }, act());
    await placeMember(db.web, competition.id, other.id, { name: 'Новички' }, act());
    expect(await listTeamless(db.web, competition.id)).toEqual([]);
    expect(await membersOf(team)).toContain(one.id);
    expect(await findTeamOf(db.web, competition.id, other.id)).toMatchObject({ name: 'Новички', captainId: other.id });
    expect(await listTeams(db.web, competition.id)).toHaveLength(2);
  });

  test('is for who registered, into teams of the competition that stand', async () => {
    const competition = await lockedCompetition();
    const { team } = await aTeam(db.owner, competition);
    const place = (id: string, teamId: string) => placeMember(db.web, competition.id, id, { teamId }, act());
    await expect(place((await aUser(db.owner)).id, team.id)).rejects.toMatchObject({ code: 'not-registered' });
    const person = await aTeamless(competition);
    const { team: elsewhere } = await aTeam(db.owner, await aCompetition(db.owner));
    const { team: baseline } = await aTeam(db.owner, competition, { kind: 'baseline' });
    const { team: gone } = await aTeam(db.owner, competition, { disbandedAt: new Date() });
    for (const { id } of [elsewhere, baseline, gone]) {
      await expect(place(person.id, id)).rejects.toMatchObject({ code: 'not-found' });
    }
    await expect(placeMember(db.web, competition.id, person.id, { teamId: team.id }, act(''))).rejects.toMatchObject({
      code: 'no-reason',
    });
    expect(await findTeamOf(db.web, competition.id, person.id)).toBeNull();
  });

  test('of ten by two organisers at once fills the team and no more', async () => {
    const competition = await lockedCompetition({ teamSize: 4 });
    const { team } = await aTeam(db.owner, competition);
    const people = await Promise.all(Array.from({ length: 10 }, () => aTeamless(competition)));
    const outcomes = await Promise.allSettled(
      people.map(({ id }) => placeMember(db.web, competition.id, id, { teamId: team.id }, act())),
    );
    expect(outcomes.map(codeOf).sort()).toEqual(['done', 'done', 'done', ...new Array(7).fill('no-room')]);
    expect(await membersOf(team)).toHaveLength(4);
  });

  test('while they join another by its invite ends in one team, whoever was first', async () => {
    for (let round = 0; round < 6; round += 1) {
      const competition = await aCompetition(db.owner);
      const [{ team }, { people: hosts }] = [await aTeam(db.owner, competition), await aTeam(db.owner, competition)];
      const { token } = await createInvite(db.web, competition.id, hosts[0]!.id);
      const person = await aTeamless(competition);
      const outcomes = await Promise.allSettled([
        placeMember(db.web, competition.id, person.id, { teamId: team.id }, act()),
        acceptInvite(db.web, token, person.id),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(['done', 'person-in-team']).toContain(codeOf(outcomes[0]!));
      const rows = await db.owner.select().from(teamMembers).where(eq(teamMembers.userId, person.id));
      expect(rows).toHaveLength(1);
    }
  });

  test('brings along the attempts that they used today', async () => {
    const competition = await aCompetition(db.owner, { dailyQuota: 3 });
    const [{ team: old, people }, { team: next }] = [
      await aTeam(db.owner, competition, { people: 2 }),
      await aTeam(db.owner, competition),
    ];
    const person = people[0]!;
    await createSubmission(db.web, anUpload(competition, person));
    await createSubmission(db.web, anUpload(competition, person));
    await dismissMember(db.web, keyOf(old), person.id, act());
    await placeMember(db.web, competition.id, person.id, { teamId: next.id }, act());
    expect((await getQuota(db.web, competition, next.id, new Date())).used).toBe(2);
  });
});

describe('an organiser', () => {
  test('appoints a captain, renames, takes out and marks as a guest; each is told and logged with its reason', async () => {
    const competition = await lockedCompetition();
    const { team, people } = await aTeam(db.owner, competition, { people: 3 });
    const [captain, second, third] = people as [TestUser, TestUser, TestUser];
    await appointCaptain(db.web, keyOf(team), second.id, act('Капитан заболел'));
    await renameTeamFor(db.web, keyOf(team), 'Тихий час', act('Неприличное название'));
    await dismissMember(db.web, keyOf(team), second.id, act('Отчислен'));
    await markGuest(db.web, keyOf(team), true, act('Команда кафедры'));
    expect(await getTeam(db.web, keyOf(team))).toMatchObject({
      name: 'Тихий час',
      captainId: captain.id,
      isGuest: true,
    });
    expect(await membersOf(team)).toEqual([captain.id, third.id]);
    const logged = await db.owner.select().from(events).where(eq(events.competitionId, competition.id));
    expect(logged.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['captain-appointed', 'Капитан заболел'],
      ['team-renamed', 'Неприличное название'],
      ['member-dismissed', 'Отчислен'],
      ['guest-marked', 'Команда кафедры'],
    ]);
    const told = async (user: TestUser) =>
      (await db.owner.select().from(mails).where(eq(mails.recipient, user.email))).map(({ bodyText }) => bodyText);
    expect(await told(captain)).toHaveLength(4);
    // Who was taken out is told of that, and of nothing after it.
    expect((await told(second)).at(-1)).toContain('Причина: Отчислен');
    expect(await told(second)).toHaveLength(3);
  });

  test('keeps to the names of others and to the members there are', async () => {
    const competition = await lockedCompetition();
    const { team } = await aTeam(db.owner, competition);
    await placeMember(db.web, competition.id, (await aTeamless(competition)).id, { name: 'Шёпот' }, act());
    await expect(renameTeamFor(db.web, keyOf(team), 'ШЁПОТ', act())).rejects.toMatchObject({ code: 'name-taken' });
    await expect(appointCaptain(db.web, keyOf(team), organiser.id, act())).rejects.toMatchObject({
      code: 'not-a-member',
    });
    await expect(dismissMember(db.web, keyOf(team), organiser.id, act())).rejects.toMatchObject({
      code: 'not-a-member',
    });
  });
});

describe('merging two teams', () => {
  test('moves the people, keeps the entries of the one and disbands the other', async () => {
    const competition = await lockedCompetition();
    const { team, people } = await aTeam(db.owner, competition, { people: 2 });
    const { team: other, people: newcomers } = await aTeam(db.owner, competition, { people: 2 });
    const { submission } = await createSubmission(db.web, anUpload(competition, newcomers[0]!));
    await mergeTeams(db.web, keyOf(team), other.id, act());
    expect((await membersOf(team)).sort()).toEqual([...people, ...newcomers].map(({ id }) => id).sort());
    const [gone] = await db.owner.select().from(teams).where(eq(teams.id, other.id));
    expect(gone).toMatchObject({ captainId: null, disbandedAt: expect.any(Date) });
    expect(submission.teamId).toBe(other.id);
    expect((await getTeam(db.web, keyOf(team))).captainId).toBe(people[0]!.id);
    expect((await getQuota(db.web, competition, team.id, new Date())).used).toBe(1);
    await expect(mergeTeams(db.web, keyOf(team), other.id, act())).rejects.toMatchObject({ code: 'not-found' });
  });

  test('never makes more people than one team may have', async () => {
    const competition = await lockedCompetition({ teamSize: 4 });
    const { team } = await aTeam(db.owner, competition, { people: 3 });
    const { team: other } = await aTeam(db.owner, competition, { people: 2 });
    await expect(mergeTeams(db.web, keyOf(team), other.id, act())).rejects.toMatchObject({
      code: 'merge-too-many-people',
      values: { people: 5, size: 4 },
    });
    await expect(mergeTeams(db.web, keyOf(team), team.id, act())).rejects.toMatchObject({ code: 'merge-with-itself' });
  });

  test('never makes more attempts than one team was allowed to date', async () => {
    const submissionsStartAt = hoursFromNow(-1 / 60);
    const competition = await lockedCompetition({ dailyQuota: 2, submissionsStartAt, timeZone: 'Etc/GMT-3' });
    const [one, other] = [await aTeam(db.owner, competition), await aTeam(db.owner, competition)];
    const send = (author: TestUser) => createSubmission(db.web, anUpload(competition, author));
    await send(one.people[0]!);
    await send(one.people[0]!);
    await send(other.people[0]!);
    const merge = () => mergeTeams(db.web, keyOf(one.team), other.team.id, act());
    await expect(merge()).rejects.toMatchObject({ code: 'merge-too-many-attempts', values: { used: 3, allowed: 2 } });
    expect(await membersOf(other.team)).toHaveLength(1);
    // The control: a day more of the same rules, and both fit.
    const yesterday = { submissionsStartAt: hoursFromNow(-24) };
    await db.owner.update(competitions).set(yesterday).where(eq(competitions.id, competition.id));
    await merge();
    await expect(send(other.people[0]!)).rejects.toMatchObject({ code: 'quota' });
  });

  test('both ways at once leaves one team with everybody, and nobody waiting for the other', async () => {
    for (let round = 0; round < 5; round += 1) {
      const competition = await lockedCompetition();
      const [one, other] = [await aTeam(db.owner, competition), await aTeam(db.owner, competition)];
      const outcomes = await Promise.allSettled([
        mergeTeams(db.web, keyOf(one.team), other.team.id, act()),
        mergeTeams(db.web, keyOf(other.team), one.team.id, act()),
      ]);
      expect(outcomes.map(codeOf).sort()).toEqual(['done', 'not-found']);
      const [left] = await listTeams(db.web, competition.id);
      expect(left!.members).toHaveLength(2);
      expect(await listTeams(db.web, competition.id)).toHaveLength(1);
    }
  });

  test('while somebody joins the one never overfills it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const competition = await aCompetition(db.owner, { teamSize: 3 });
      const [one, other] = [await aTeam(db.owner, competition), await aTeam(db.owner, competition, { people: 2 })];
      const { token } = await createInvite(db.web, competition.id, one.people[0]!.id);
      const person = await aTeamless(competition);
      await Promise.allSettled([
        mergeTeams(db.web, keyOf(one.team), other.team.id, act()),
        acceptInvite(db.web, token, person.id),
      ]);
      const rows = await db.owner
        .select()
        .from(teamMembers)
        .where(and(eq(teamMembers.teamId, one.team.id), eq(teamMembers.competitionId, competition.id)));
      const isMerged = (await listTeams(db.web, competition.id)).length === 1;
      expect(rows).toHaveLength(isMerged ? 3 : 2);
    }
  });
});
