import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { type Competition, isOpen, quotaDay, windows } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock, violatedConstraint } from '#lib/db/client.ts';
import { holdCompetition } from '#lib/db/competition-lock.ts';
import { requestBoard } from '#lib/db/live.ts';
import { carryQuota } from '#lib/db/quota.ts';
import { hasAcceptedRules } from '#lib/db/rule-acceptances.ts';
import { teamMembers, teams, users } from '#lib/db/schema.ts';
import { ForbiddenError, RefusedError } from '#lib/errors.ts';
import { checkTeamName } from '#lib/team-name.ts';

export type Team = typeof teams.$inferSelect;
/** Who was erased keeps the seat under a pseudonym, and leads no team. */
export type Member = {
  id: string;
  name: string;
  email: string;
  joinedAt: Date;
  isCaptain: boolean;
  isErased: boolean;
};

export async function findTeamOf(db: Connection, competitionId: string, userId: string): Promise<Team | null> {
  const rows = await db
    .select({ team: teams })
    .from(teamMembers)
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .where(and(eq(teamMembers.competitionId, competitionId), eq(teamMembers.userId, userId)));
  return rows[0]?.team ?? null;
}

/** The person's team, or the refusal that says they need one. */
export async function getTeamOf(db: Connection, competitionId: string, userId: string): Promise<Team> {
  const team = await findTeamOf(db, competitionId, userId);
  if (team === null) throw new ForbiddenError('team');
  return team;
}

export async function listMembers(db: Connection, team: Team): Promise<Member[]> {
  const rows = await db
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      joinedAt: teamMembers.joinedAt,
      isErased: sql<boolean>`${users.erasedAt} is not null`,
    })
    .from(teamMembers)
    .innerJoin(users, eq(users.id, teamMembers.userId))
    .where(eq(teamMembers.teamId, team.id))
    .orderBy(asc(teamMembers.joinedAt), asc(users.id));
  return rows.map((member) => ({ ...member, isCaptain: member.id === team.captainId }));
}

/** Founds a team with the person as its captain and only member. */
export async function createTeam(
  db: Connection,
  competitionId: string,
  userId: string,
  typedName: string,
): Promise<Team> {
  const { name, key } = acceptableName(typedName);
  return refusingClearly(() =>
    db.transaction(async (tx) => {
      const competition = await openForTeamChanges(tx, competitionId, userId);
      const rows = await tx.insert(teams).values({ competitionId, name, nameKey: key, captainId: userId }).returning();
      const team = one(rows, 'team', name);
      await addMember(tx, team, userId, competition);
      await recordEvent(tx, { actorId: userId, competitionId, kind: 'team-created', subject: team.id });
      return team;
    }),
  );
}

/**
 * Adds a person to a team. The table's constraints decide who is first when many press at once: at most `team_size` members
 * ('team-full'), one team per person ('already-in-team').
 */
export async function joinTeam(tx: Connection, team: Team, userId: string): Promise<void> {
  const competition = await openForTeamChanges(tx, team.competitionId, userId);
  await lockTeam(tx, team.id);
  await addMember(tx, team, userId, competition);
  await recordEvent(tx, { actorId: userId, competitionId: team.competitionId, kind: 'team-joined', subject: team.id });
  await requestBoard(tx, team.competitionId);
}

/** Turns the refusals of the tables into sentences for people. */
export async function refusingClearly<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    switch (violatedConstraint(error)) {
      case 'team_is_full':
        throw new RefusedError('team-full', 409);
      case 'one_team_per_person':
        throw new RefusedError('already-in-team', 409);
      case 'team_names_are_distinct':
        throw new RefusedError('name-taken', 409);
      default:
        throw error;
    }
  }
}

/**
 * Takes a person out of their team: themselves, or a member by the captain. The captaincy passes to whoever has been in the
 * team longest; a team that nobody is left in is disbanded and leaves the board. Attempts made stay with the people.
 */
export async function removeMember(
  db: Connection,
  competitionId: string,
  memberId: string,
  actorId: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const team = await lockTeamOf(tx, competitionId, memberId);
    if (actorId !== memberId && team.captainId !== actorId) throw new ForbiddenError('captain-only');
    await requireTeamChanges(tx, competitionId);
    await takeOut(tx, team, memberId);
    const kind = actorId === memberId ? 'team-left' : 'team-member-removed';
    await recordEvent(tx, { actorId, competitionId, kind, subject: team.id, details: { memberId } });
    await requestBoard(tx, competitionId);
  });
}

/** Under the team's lock. */
export async function takeOut(tx: Connection, team: Team, memberId: string): Promise<void> {
  await tx.delete(teamMembers).where(and(eq(teamMembers.teamId, team.id), eq(teamMembers.userId, memberId)));
  if ((await listMembers(tx, team)).length === 0) await disband(tx, team.id);
  else if (team.captainId === memberId) await passCaptaincy(tx, team);
}

/** To whoever has been in the team longest beside its captain; to nobody where there is nobody. Under the team's lock. */
export async function passCaptaincy(tx: Connection, team: Team): Promise<string | null> {
  const others = (await listMembers(tx, team)).filter(({ id, isErased }) => id !== team.captainId && !isErased);
  const captainId = others[0]?.id ?? null;
  await tx.update(teams).set({ captainId }).where(eq(teams.id, team.id));
  return captainId;
}

/** Its entries stay where they are, and it leaves the board. */
export async function disband(tx: Connection, teamId: string): Promise<void> {
  await tx.update(teams).set({ captainId: null, disbandedAt: sql`rostrum_now()` }).where(eq(teams.id, teamId));
}

export async function handOverCaptaincy(
  db: Connection,
  competitionId: string,
  captainId: string,
  memberId: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const team = await lockTeamOf(tx, competitionId, captainId);
    if (team.captainId !== captainId) throw new ForbiddenError('captain-only');
    const members = await listMembers(tx, team);
    if (!members.some((member) => member.id === memberId)) throw new ForbiddenError('not-a-member');
    await tx.update(teams).set({ captainId: memberId }).where(eq(teams.id, team.id));
    await recordEvent(tx, {
      actorId: captainId,
      competitionId,
      kind: 'captain-changed',
      subject: team.id,
      details: { memberId },
    });
  });
}

export async function renameTeam(
  db: Connection,
  competitionId: string,
  captainId: string,
  typedName: string,
): Promise<void> {
  const { name, key } = acceptableName(typedName);
  await refusingClearly(() =>
    db.transaction(async (tx) => {
      const team = await lockTeamOf(tx, competitionId, captainId);
      if (team.captainId !== captainId) throw new ForbiddenError('captain-only');
      await requireTeamChanges(tx, competitionId);
      await tx.update(teams).set({ name, nameKey: key }).where(eq(teams.id, team.id));
      const details = { from: team.name, to: name };
      await recordEvent(tx, { actorId: captainId, competitionId, kind: 'team-renamed', subject: team.id, details });
      await requestBoard(tx, competitionId);
    }),
  );
}

/** The row lock under which a team's members, name and quota change; throws 'team' for a person without a team. */
export async function lockTeamOf(tx: Connection, competitionId: string, userId: string): Promise<Team> {
  return lockTeam(tx, (await getTeamOf(tx, competitionId, userId)).id);
}

/** The same by the team's id; a team that was disbanded is not found. */
export async function lockTeam(tx: Connection, teamId: string): Promise<Team> {
  const rows = await tx
    .select()
    .from(teams)
    .where(and(eq(teams.id, teamId), isNull(teams.disbandedAt)))
    .for('no key update');
  return one(rows, 'team', teamId);
}

/** Under the team's lock; the people bring along what they have used of the day. */
export async function addMember(tx: Connection, team: Team, userId: string, competition: Competition): Promise<void> {
  await tx.insert(teamMembers).values({ teamId: team.id, userId, competitionId: team.competitionId });
  await carryQuota(tx, team.id, quotaDay(competition, await readClock(tx)));
}

async function openForTeamChanges(tx: Connection, competitionId: string, userId: string): Promise<Competition> {
  const competition = await requireTeamChanges(tx, competitionId);
  if (!(await hasAcceptedRules(tx, competition, userId))) throw new ForbiddenError('rules');
  return competition;
}

async function requireTeamChanges(tx: Connection, competitionId: string): Promise<Competition> {
  const competition = await holdCompetition(tx, competitionId);
  const { start, end } = windows(competition).teamChanges;
  if (!isOpen({ start, end }, await readClock(tx))) {
    throw new ForbiddenError('team-changes-closed', { end: end?.toISOString() ?? '' });
  }
  return competition;
}

export function acceptableName(typed: string): { name: string; key: string } {
  const checked = checkTeamName(typed);
  if (!checked.ok) throw new RefusedError(`name-${checked.problem}`, 422);
  return checked;
}
