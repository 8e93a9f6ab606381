import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { acceptInvite, createInvite, getInvitedTeam, listInvites, revokeInvite } from '#lib/db/invites.ts';
import { acceptRules } from '#lib/db/rule-acceptances.ts';
import { events, teamInvites, teamMembers, teams } from '#lib/db/schema.ts';
import { createTeam, findTeamOf, handOverCaptaincy, listMembers, removeMember, renameTeam } from '#lib/db/teams.ts';
import { aCompetition, aTeam, aUser, hoursFromNow, type TestUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

/** Somebody who accepted the rules. */
async function aParticipant(competition: Competition, database = db): Promise<TestUser> {
  const user = await aUser(database.owner);
  await acceptRules(database.web, competition.id, user.id);
  return user;
}

function participants(competition: Competition, count: number, database = db): Promise<TestUser[]> {
  return Promise.all(Array.from({ length: count }, () => aParticipant(competition, database)));
}

/** A team of one with an open invite. */
async function anInvitingTeam(competition: Competition, database = db) {
  const captain = await aParticipant(competition, database);
  const team = await createTeam(database.web, competition.id, captain.id, `Команда ${captain.id.slice(0, 8)}`);
  const { token } = await createInvite(database.web, competition.id, captain.id);
  return { captain, team, token };
}

const codesOf = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));

describe('founding a team', () => {
  test('makes its founder captain and only member', async () => {
    const competition = await aCompetition(db.owner);
    const user = await aParticipant(competition);
    const team = await createTeam(db.web, competition.id, user.id, '  Тихий  час ');
    expect(team.name).toBe('Тихий час');
    expect(await listMembers(db.web, team)).toMatchObject([{ id: user.id, isCaptain: true }]);
    expect((await findTeamOf(db.web, competition.id, user.id))?.id).toBe(team.id);
  });

  test('needs the rules, an open window and a legal name', async () => {
    const competition = await aCompetition(db.owner);
    const stranger = await aUser(db.owner);
    await expect(createTeam(db.web, competition.id, stranger.id, 'Шёпот')).rejects.toMatchObject({ code: 'rules' });
    const user = await aParticipant(competition);
    await expect(createTeam(db.web, competition.id, user.id, 'Ш')).rejects.toMatchObject({ code: 'name-too-short' });
    const locked = await aCompetition(db.owner, { teamChangesEndAt: hoursFromNow(-1) });
    const late = await aParticipant(locked);
    await expect(createTeam(db.web, locked.id, late.id, 'Шёпот')).rejects.toMatchObject({
      code: 'team-changes-closed',
    });
    const early = await aCompetition(db.owner, { teamChangesStartAt: hoursFromNow(1) });
    const eager = await aParticipant(early);
    await expect(createTeam(db.web, early.id, eager.id, 'Шёпот')).rejects.toMatchObject({
      code: 'team-changes-closed',
    });
  });

  test('of a second team by the same person is refused, also when both are sent at once', async () => {
    const competition = await aCompetition(db.owner);
    const user = await aParticipant(competition);
    const names = ['Первая', 'Вторая', 'Третья'];
    const outcomes = await Promise.allSettled(names.map((name) => createTeam(db.web, competition.id, user.id, name)));
    expect(codesOf(outcomes)).toEqual(['already-in-team', 'already-in-team']);
    const left = await db.owner.select().from(teams).where(eq(teams.competitionId, competition.id));
    expect(left).toHaveLength(1);
  });

  test('under a name that looks like another is refused, and free again when that team is gone', async () => {
    const competition = await aCompetition(db.owner);
    const [first, second] = await participants(competition, 2);
    await createTeam(db.web, competition.id, first!.id, 'COCA');
    // Cyrillic letters.
    const twin = () => createTeam(db.web, competition.id, second!.id, 'СОСА');
    await expect(twin()).rejects.toMatchObject({ code: 'name-taken' });
    await removeMember(db.web, competition.id, first!.id, first!.id);
    expect((await twin()).name).toBe('СОСА');
  });

  test('under the same name in another competition is fine', async () => {
    for (let i = 0; i < 2; i += 1) {
      const competition = await aCompetition(db.owner);
      const user = await aParticipant(competition);
      await createTeam(db.web, competition.id, user.id, 'Общее имя');
    }
  });
});

describe('an invite', () => {
  test('lets everybody in who has it, until the team is full', async () => {
    const competition = await aCompetition(db.owner, { teamSize: 3 });
    const { team, token } = await anInvitingTeam(competition);
    const [second, third, fourth] = await participants(competition, 3);
    for (const user of [second!, third!]) await acceptInvite(db.web, token, user.id);
    await expect(acceptInvite(db.web, token, fourth!.id)).rejects.toMatchObject({ code: 'team-full', status: 409 });
    expect(await listMembers(db.web, team)).toHaveLength(3);
  });

  test('is kept as a hash only, and its token cannot be guessed from another', async () => {
    const competition = await aCompetition(db.owner);
    const { captain, team, token } = await anInvitingTeam(competition);
    expect(Buffer.from(token, 'base64url')).toHaveLength(16);
    const { token: other } = await createInvite(db.web, competition.id, captain.id);
    expect(other).not.toBe(token);
    const rows = await db.owner.select().from(teamInvites).where(eq(teamInvites.teamId, team.id));
    expect(JSON.stringify(rows)).not.toContain(token);
    const guess = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    await expect(getInvitedTeam(db.web, guess)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('that was revoked opens nothing and says so', async () => {
    const competition = await aCompetition(db.owner);
    const { captain, team, token } = await anInvitingTeam(competition);
    const [invite] = await listInvites(db.web, team.id);
    await revokeInvite(db.web, competition.id, captain.id, invite!.id);
    const user = await aParticipant(competition);
    await expect(acceptInvite(db.web, token, user.id)).rejects.toMatchObject({
      code: 'invite-revoked',
      values: { team: team.name },
    });
    expect(await listInvites(db.web, team.id)).toEqual([]);
    await expect(revokeInvite(db.web, competition.id, captain.id, invite!.id)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('expires after seven days, at that instant', async () => {
    const competition = await aCompetition(db.owner);
    const { team, token } = await anInvitingTeam(competition);
    const age = (interval: string) =>
      db.owner.execute(sql`
        update team_invites set expires_at = rostrum_now() + ${interval}::interval where team_id = ${team.id}`);
    const [invite] = await listInvites(db.web, team.id);
    const days = (invite!.expiresAt.getTime() - invite!.createdAt.getTime()) / (24 * 3600 * 1000);
    expect(days).toBeCloseTo(7, 3);
    const user = await aParticipant(competition);
    await age('0 seconds');
    await expect(acceptInvite(db.web, token, user.id)).rejects.toMatchObject({ code: 'invite-expired' });
    expect(await listInvites(db.web, team.id)).toEqual([]);
    await age('1 minute');
    expect((await acceptInvite(db.web, token, user.id)).id).toBe(team.id);
  });

  test('of a disbanded team leads nowhere', async () => {
    const competition = await aCompetition(db.owner);
    const { captain, token } = await anInvitingTeam(competition);
    await removeMember(db.web, competition.id, captain.id, captain.id);
    const user = await aParticipant(competition);
    await expect(acceptInvite(db.web, token, user.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('does not bring in who has a team, has not accepted the rules, or comes after the lock', async () => {
    const competition = await aCompetition(db.owner);
    const { token } = await anInvitingTeam(competition);
    const { captain: other } = await anInvitingTeam(competition);
    await expect(acceptInvite(db.web, token, other.id)).rejects.toMatchObject({ code: 'already-in-team' });
    const stranger = await aUser(db.owner);
    await expect(acceptInvite(db.web, token, stranger.id)).rejects.toMatchObject({ code: 'rules' });
    const user = await aParticipant(competition);
    await db.owner.execute(
      sql`update competitions set team_changes_end_at = rostrum_now() where id = ${competition.id}`,
    );
    await expect(acceptInvite(db.web, token, user.id)).rejects.toMatchObject({ code: 'team-changes-closed' });
  });

  test('is the captain’s to make and to revoke', async () => {
    const competition = await aCompetition(db.owner);
    const { team, token } = await anInvitingTeam(competition);
    const member = await aParticipant(competition);
    await acceptInvite(db.web, token, member.id);
    const [invite] = await listInvites(db.web, team.id);
    await expect(createInvite(db.web, competition.id, member.id)).rejects.toMatchObject({ code: 'captain-only' });
    await expect(revokeInvite(db.web, competition.id, member.id, invite!.id)).rejects.toMatchObject({
      code: 'captain-only',
    });
    const { captain: stranger } = await anInvitingTeam(competition);
    await expect(revokeInvite(db.web, competition.id, stranger.id, invite!.id)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

/** Ten people press "join" at once; how many members the team has then. */
async function joinAtOnce(database: TestDatabase): Promise<{ members: number; codes: string[] }> {
  const competition = await aCompetition(database.owner, { teamSize: 4 });
  const { team, token } = await anInvitingTeam(competition, database);
  const people = await participants(competition, 10, database);
  const outcomes = await Promise.allSettled(people.map((user) => acceptInvite(database.web, token, user.id)));
  const members = await database.owner.select().from(teamMembers).where(eq(teamMembers.teamId, team.id));
  return { members: members.length, codes: codesOf(outcomes) };
}

describe('ten people who press join at once', () => {
  test('find room for three beside the captain, ten times over', async () => {
    for (let round = 0; round < 10; round += 1) {
      expect(await joinAtOnce(db)).toEqual({ members: 4, codes: new Array(7).fill('team-full') });
    }
  });

  test('would overfill the team if the database did not hold the limit', async () => {
    const unguarded = await aDatabase();
    await unguarded.owner.execute(sql`drop trigger team_size_is_kept on team_members`);
    expect((await joinAtOnce(unguarded)).members).toBeGreaterThan(4);
  });
});

describe('leaving a team', () => {
  test('passes the captaincy to who has been there longest', async () => {
    const competition = await aCompetition(db.owner);
    const { captain, team, token } = await anInvitingTeam(competition);
    const [second, third] = await participants(competition, 2);
    await acceptInvite(db.web, token, second!.id);
    await acceptInvite(db.web, token, third!.id);
    await removeMember(db.web, competition.id, captain.id, captain.id);
    const now = await findTeamOf(db.web, competition.id, third!.id);
    expect(now).toMatchObject({ id: team.id, captainId: second!.id });
    expect(await findTeamOf(db.web, competition.id, captain.id)).toBeNull();
  });

  test('as the last disbands it', async () => {
    const competition = await aCompetition(db.owner);
    const { captain, team } = await anInvitingTeam(competition);
    await removeMember(db.web, competition.id, captain.id, captain.id);
    const [row] = await db.owner.select().from(teams).where(eq(teams.id, team.id));
    expect(row).toMatchObject({ captainId: null, disbandedAt: expect.any(Date) });
  });

  test('is over after the lock', async () => {
    const competition = await aCompetition(db.owner, { teamChangesEndAt: hoursFromNow(-1) });
    const { people } = await aTeam(db.owner, competition, { people: 2 });
    const leave = (who: TestUser, actor: TestUser) => removeMember(db.web, competition.id, who.id, actor.id);
    await expect(leave(people[1]!, people[1]!)).rejects.toMatchObject({ code: 'team-changes-closed' });
    await expect(leave(people[1]!, people[0]!)).rejects.toMatchObject({ code: 'team-changes-closed' });
  });

  test('of everybody at once leaves no team with a captain who is gone', async () => {
    const competition = await aCompetition(db.owner);
    const { team, people } = await aTeam(db.owner, competition, { people: 4 });
    await Promise.all(people.map(({ id }) => removeMember(db.web, competition.id, id, id)));
    const [row] = await db.owner.select().from(teams).where(eq(teams.id, team.id));
    expect(row).toMatchObject({ captainId: null, disbandedAt: expect.any(Date) });
  });
});

describe('only the captain', () => {
  test('removes others, renames and hands over', async () => {
    const competition = await aCompetition(db.owner);
    const { team, people } = await aTeam(db.owner, competition, { people: 3 });
    const [captain, second, third] = people as [TestUser, TestUser, TestUser];
    const refused = { code: 'captain-only', status: 403 };
    await expect(removeMember(db.web, competition.id, third.id, second.id)).rejects.toMatchObject(refused);
    await expect(renameTeam(db.web, competition.id, second.id, 'Новое имя')).rejects.toMatchObject(refused);
    await expect(handOverCaptaincy(db.web, competition.id, second.id, third.id)).rejects.toMatchObject(refused);
    await renameTeam(db.web, competition.id, captain.id, 'Новое имя');
    await handOverCaptaincy(db.web, competition.id, captain.id, second.id);
    expect(await findTeamOf(db.web, competition.id, captain.id)).toMatchObject({
      name: 'Новое имя',
      captainId: second.id,
    });
    await removeMember(db.web, competition.id, captain.id, second.id);
    expect((await listMembers(db.web, team)).map(({ id }) => id)).toEqual([second.id, third.id]);
  });

  test('of that very team: captains of others are strangers', async () => {
    const competition = await aCompetition(db.owner);
    const { people } = await aTeam(db.owner, competition, { people: 2 });
    const { captain: stranger } = await anInvitingTeam(competition);
    await expect(removeMember(db.web, competition.id, people[1]!.id, stranger.id)).rejects.toMatchObject({
      code: 'captain-only',
    });
    await expect(handOverCaptaincy(db.web, competition.id, stranger.id, people[1]!.id)).rejects.toMatchObject({
      code: 'not-a-member',
    });
  });
});

test('a team keeps its own name, and may change how it is written', async () => {
  const competition = await aCompetition(db.owner);
  const user = await aParticipant(competition);
  await createTeam(db.web, competition.id, user.id, 'шёпот');
  await renameTeam(db.web, competition.id, user.id, 'ШЁПОТ');
  expect((await findTeamOf(db.web, competition.id, user.id))?.name).toBe('ШЁПОТ');
});

test('what happens to a team is in the log, by ids alone', async () => {
  const competition = await aCompetition(db.owner);
  const { captain, token } = await anInvitingTeam(competition);
  const member = await aParticipant(competition);
  await acceptInvite(db.web, token, member.id);
  await removeMember(db.web, competition.id, member.id, captain.id);
  const logged = await db.owner
    .select()
    .from(events)
    .where(eq(events.competitionId, competition.id))
    .orderBy(events.id);
  expect(logged.map(({ kind, actorId }) => [kind, actorId])).toEqual([
    ['rules-accepted', captain.id],
    ['team-created', captain.id],
    ['invite-created', captain.id],
    ['rules-accepted', member.id],
    ['team-joined', member.id],
    ['team-member-removed', captain.id],
  ]);
  expect(JSON.stringify(logged)).not.toContain(member.email);
});
