import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { type Competition, quotaDay } from '#lib/competition.ts';
import { reasonOf, recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { requestBoard } from '#lib/db/live.ts';
import { type MailedAct, mailTeam, type TeamNews } from '#lib/db/notices.ts';
import { carryQuota, countAttemptsToDate } from '#lib/db/quota.ts';
import { findAcceptance } from '#lib/db/rule-acceptances.ts';
import { teamMembers, teams, users } from '#lib/db/schema.ts';
import {
  acceptableName,
  addMember,
  disband,
  listMembers,
  lockTeam,
  refusingClearly,
  type Team,
  takeOut,
} from '#lib/db/teams.ts';
import { ForbiddenError, NotFoundError, RefusedError } from '#lib/errors.ts';

/*
 * What organisers do with teams, at any time and with a reason that its people are told. The tables' limits hold for them too:
 * so many members, one team per person, attempts that follow people.
 */

/** Somebody who accepted the rules and is in no team. */
export type Teamless = { id: string; name: string; email: string };

/** A team that stands, with its people; of the teams list. */
export type ListedTeam = {
  id: string;
  name: string;
  isGuest: boolean;
  isDemo: boolean;
  members: string[];
  adjustments: number;
  /** Files for test that were taken, and those that came to nothing, of any split. */
  accepted: number;
  rejected: number;
  failed: number;
  lastAt: Date | null;
};

type Key = { competitionId: string; teamId: string };

export async function listTeamless(db: Connection, competitionId: string): Promise<Teamless[]> {
  const { rows } = await db.execute<Teamless>(sql`
    select u.id, u.name, u.email from users u
    where u.erased_at is null
      and exists (select from rule_acceptances a where a.user_id = u.id and a.competition_id = ${competitionId})
      and not exists (select from team_members m where m.user_id = u.id and m.competition_id = ${competitionId})
    order by u.name, u.id`);
  return rows;
}

export async function listTeams(db: Connection, competitionId: string): Promise<ListedTeam[]> {
  const { rows } = await db.execute<Omit<ListedTeam, 'lastAt'> & { lastAt: string | null }>(sql`
    select t.id, t.name, t.is_guest as "isGuest", t.is_demo as "isDemo",
      coalesce((
        select array_agg(u.name order by m.joined_at, u.id) from team_members m join users u on u.id = m.user_id
        where m.team_id = t.id), '{}') as members,
      (select count(*)::integer from team_adjustments a where a.team_id = t.id and a.revoked_at is null) as adjustments,
      coalesce(sent.accepted, 0) as accepted, coalesce(sent.rejected, 0) as rejected, coalesce(sent.failed, 0) as failed,
      sent.last_at as "lastAt"
    from teams t left join (
      select team_id,
        count(*) filter (where split = 'test' and state not in ('rejected', 'failed'))::integer as accepted,
        count(*) filter (where state = 'rejected')::integer as rejected,
        count(*) filter (where state = 'failed')::integer as failed,
        max(received_at) as last_at
      from submissions where competition_id = ${competitionId} group by team_id) sent on sent.team_id = t.id
    where t.competition_id = ${competitionId} and t.kind = 'team' and t.disbanded_at is null
    order by t.name, t.id`);
  return rows.map((row) => ({ ...row, lastAt: row.lastAt === null ? null : new Date(row.lastAt) }));
}

export async function getTeam(db: Connection, { competitionId, teamId }: Key): Promise<Team> {
  // The column is a uuid: any other text names nothing.
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(teamId)) throw new NotFoundError('team', teamId);
  const own = and(eq(teams.id, teamId), eq(teams.competitionId, competitionId), eq(teams.kind, 'team'));
  const rows = await db
    .select()
    .from(teams)
    .where(and(own, isNull(teams.disbandedAt)));
  return one(rows, 'team', teamId);
}

/**
 * Puts somebody who accepted the rules and has no team into one, or founds one with them as its captain. Refuses 'no-room' where
 * the team is full and 'person-in-team' where the person is in one by now, whoever was first.
 */
export async function placeMember(
  db: Connection,
  competitionId: string,
  personId: string,
  into: { teamId: string } | { name: string },
  act: MailedAct,
): Promise<Team> {
  const reason = reasonOf(act);
  const competition = await getCompetitionById(db, competitionId);
  if ((await findAcceptance(db, competitionId, personId)) === null) throw new ForbiddenError('not-registered');
  return refusingForOrganisers(() =>
    db.transaction(async (tx) => {
      const team =
        'teamId' in into
          ? await lockOwn(tx, { competitionId, teamId: into.teamId })
          : await foundTeam(tx, competitionId, personId, into.name);
      await addMember(tx, team, personId, competition);
      if (team.captainId === null) await tx.update(teams).set({ captainId: personId }).where(eq(teams.id, team.id));
      const person = await nameOfPerson(tx, personId);
      await conclude(tx, team, 'member-placed', { act, reason, details: { memberId: personId }, person });
      return team;
    }),
  );
}

/** Takes a member out; the captaincy passes on and an empty team is disbanded as when they leave. */
export async function dismissMember(db: Connection, key: Key, memberId: string, act: MailedAct): Promise<void> {
  const reason = reasonOf(act);
  await db.transaction(async (tx) => {
    const team = await lockOwn(tx, key);
    await requireMember(tx, team, memberId);
    await takeOut(tx, team, memberId);
    const person = await nameOfPerson(tx, memberId);
    const details = { memberId };
    await conclude(tx, team, 'member-dismissed', { act, reason, details, person, also: [memberId] });
  });
}

export async function appointCaptain(db: Connection, key: Key, memberId: string, act: MailedAct): Promise<void> {
  const reason = reasonOf(act);
  await db.transaction(async (tx) => {
    const team = await lockOwn(tx, key);
    await requireMember(tx, team, memberId);
    await tx.update(teams).set({ captainId: memberId }).where(eq(teams.id, team.id));
    const person = await nameOfPerson(tx, memberId);
    const details = { memberId, from: team.captainId };
    await conclude(tx, team, 'captain-appointed', { act, reason, details, person });
  });
}

export async function renameTeamFor(db: Connection, key: Key, typedName: string, act: MailedAct): Promise<void> {
  const reason = reasonOf(act);
  const { name, key: nameKey } = acceptableName(typedName);
  await refusingForOrganisers(() =>
    db.transaction(async (tx) => {
      const team = await lockOwn(tx, key);
      await tx.update(teams).set({ name, nameKey }).where(eq(teams.id, team.id));
      await conclude(tx, team, 'team-renamed', { act, reason, details: { from: team.name, to: name } });
    }),
  );
}

/** A guest stands on the board without a place, and takes none from others. */
export async function markGuest(db: Connection, key: Key, isGuest: boolean, act: MailedAct): Promise<void> {
  const reason = reasonOf(act);
  await db.transaction(async (tx) => {
    const team = await lockOwn(tx, key);
    if (team.isGuest === isGuest) return;
    await tx.update(teams).set({ isGuest }).where(eq(teams.id, team.id));
    await conclude(tx, team, isGuest ? 'guest-marked' : 'guest-unmarked', { act, reason, details: {} });
  });
}

/**
 * Moves everybody of `from` into the team `key`, which keeps its name, captain, entries and agreements; `from` is disbanded and
 * its entries count for nobody. Refuses 'merge-too-many-people', and 'merge-too-many-attempts' where the people of both have
 * used more attempts than one team was allowed to date.
 */
export async function mergeTeams(db: Connection, key: Key, from: string, act: MailedAct): Promise<void> {
  const reason = reasonOf(act);
  if (from === key.teamId) throw new RefusedError('merge-with-itself', 422);
  const competition = await getCompetitionById(db, key.competitionId);
  await refusingForOrganisers(() =>
    db.transaction(async (tx) => {
      const [team, other] = await lockBoth(tx, key, from);
      const newcomers = await listMembers(tx, other);
      await requireRoom(tx, competition, team, newcomers.length);
      await requireAttempts(tx, competition, team.id, other.id);
      await tx.delete(teamMembers).where(eq(teamMembers.teamId, other.id));
      const { competitionId, teamId } = key;
      await tx.insert(teamMembers).values(newcomers.map(({ id }) => ({ teamId, userId: id, competitionId })));
      await carryQuota(tx, team.id, quotaDay(competition, await readClock(tx)));
      await disband(tx, other.id);
      const memberIds = newcomers.map(({ id }) => id);
      await conclude(tx, team, 'teams-merged', { act, reason, details: { from: other.id, memberIds } });
    }),
  );
}

/** In the order of their ids, so that two merges at once never wait for each other. */
async function lockBoth(tx: Connection, { competitionId, teamId }: Key, from: string): Promise<[Team, Team]> {
  const locked = new Map<string, Team>();
  for (const id of [teamId, from].sort()) locked.set(id, await lockOwn(tx, { competitionId, teamId: id }));
  return [one([locked.get(teamId)!], 'team', teamId), one([locked.get(from)!], 'team', from)];
}

async function requireRoom(tx: Connection, competition: Competition, team: Team, newcomers: number): Promise<void> {
  const people = (await listMembers(tx, team)).length + newcomers;
  if (people > competition.teamSize) {
    throw new RefusedError('merge-too-many-people', 409, { people, size: competition.teamSize });
  }
}

async function requireAttempts(tx: Connection, competition: Competition, kept: string, other: string): Promise<void> {
  const { used, allowed } = await countAttemptsToDate(tx, competition, kept, other, await readClock(tx));
  if (used > allowed) throw new RefusedError('merge-too-many-attempts', 409, { used, allowed });
}

async function foundTeam(tx: Connection, competitionId: string, captainId: string, typedName: string): Promise<Team> {
  const { name, key } = acceptableName(typedName);
  const rows = await tx.insert(teams).values({ competitionId, name, nameKey: key, captainId }).returning();
  return one(rows, 'team', name);
}

async function lockOwn(tx: Connection, { competitionId, teamId }: Key): Promise<Team> {
  const team = await lockTeam(tx, teamId);
  if (team.competitionId !== competitionId || team.kind !== 'team') throw new NotFoundError('team', teamId);
  return team;
}

async function requireMember(tx: Connection, team: Team, memberId: string): Promise<void> {
  const isMember = (await listMembers(tx, team)).some(({ id }) => id === memberId);
  if (!isMember) throw new ForbiddenError('not-a-member');
}

async function nameOfPerson(tx: Connection, id: string): Promise<string> {
  const rows = await tx.select({ name: users.name }).from(users).where(eq(users.id, id)).orderBy(asc(users.id));
  return one(rows, 'user', id).name;
}

type Conclusion = {
  act: MailedAct;
  reason: string;
  details: Record<string, unknown>;
  person?: string;
  also?: readonly string[];
};

/** What every act ends with: the log, the mails and the board. */
async function conclude(tx: Connection, team: Team, kind: TeamNews, c: Conclusion): Promise<void> {
  const { act, reason, details, ...told } = c;
  const { competitionId } = team;
  await recordEvent(tx, { actorId: act.actorId, competitionId, kind, subject: team.id, reason, details });
  await mailTeam(tx, team.id, { kind, reason, site: act.site, ...told });
  await requestBoard(tx, competitionId);
}

/** The tables' refusals in words for who acts on others, not on themselves. */
async function refusingForOrganisers<T>(act: () => Promise<T>): Promise<T> {
  const codes: Record<string, string> = { 'team-full': 'no-room', 'already-in-team': 'person-in-team' };
  try {
    return await refusingClearly(act);
  } catch (error) {
    const code = error instanceof RefusedError ? codes[error.code] : undefined;
    throw code === undefined ? error : new RefusedError(code, 409);
  }
}
