import { and, desc, eq, isNull, type Placeholder, type SQL, sql } from 'drizzle-orm';
import { type Competition, closeFor } from '#lib/competition.ts';
import { reasonOf, recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { type Act, getCompetitionById } from '#lib/db/competitions.ts';
import { type MailedAct, mailTeam } from '#lib/db/notices.ts';
import { teamAdjustments, teams, users } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';
import type { EventKind } from '#lib/event-kinds.ts';

/*
 * What organisers agree with one team beside the rules for all: further attempts, a later close. Agreed and taken back under the
 * team's row lock, which every upload of the team holds too, so that each upload sees the one or the other.
 */

export type Adjustment = {
  id: string;
  reason: string;
  createdAt: Date;
  createdBy: string | null;
  revokedAt: Date | null;
  /** `day` of the competition, YYYY-MM-DD; null for every day. `closesAt` excluded. */
  agreed: { kind: 'attempts'; attempts: number; day: string | null } | { kind: 'deadline'; closesAt: Date };
};

/** A team of a competition: ids that do not belong together name nothing. */
export type TeamKey = { competitionId: string; teamId: string };

/** From when on the team's files are late, and whether that is an agreement of theirs. */
export type Close = { closesAt: Date; isExtended: boolean };

/** Attempts that the team has on a day beside those of the rules, as a value within a statement. */
export function extraAttemptsOf(teamId: string | Placeholder, day: string | Placeholder): SQL<number> {
  return sql`(
    select coalesce(sum(attempts), 0)::integer from team_adjustments
    where team_id = ${teamId} and kind = 'attempts' and revoked_at is null and (day is null or day = ${day}))`;
}

export async function getClose(db: Connection, competition: Competition, teamId: string): Promise<Close> {
  const { rows } = await db.execute<{ until: string | null }>(sql`select ${agreedCloseOf(teamId)} as until`);
  return closeOf(competition, rows[0]?.until ?? null);
}

/** The latest close that was agreed with the team, or null, as a value within a statement: for `closeOf`. */
export function agreedCloseOf(teamId: string | Placeholder): SQL<string | null> {
  return sql`(
    select max(closes_at) from team_adjustments
    where team_id = ${teamId} and kind = 'deadline' and revoked_at is null)`;
}

export function closeOf(competition: Competition, agreed: string | null): Close {
  const closesAt = closeFor(competition, agreed === null ? null : new Date(agreed));
  return { closesAt, isExtended: closesAt > competition.submissionsEndAt };
}

/** All of a team, newest first, with those that were taken back. */
export async function listAdjustments(db: Connection, teamId: string): Promise<Adjustment[]> {
  const rows = await db
    .select({ adjustment: teamAdjustments, createdBy: users.name })
    .from(teamAdjustments)
    .leftJoin(users, eq(users.id, teamAdjustments.createdBy))
    .where(eq(teamAdjustments.teamId, teamId))
    .orderBy(desc(teamAdjustments.createdAt));
  return rows.map(({ adjustment, createdBy }) => ({ ...adjustment, createdBy, agreed: agreedOf(adjustment) }));
}

/** Those in force: what the team itself is shown. */
export async function listAgreements(db: Connection, teamId: string): Promise<Adjustment[]> {
  return (await listAdjustments(db, teamId)).filter(({ revokedAt }) => revokedAt === null);
}

/** Gives a team further attempts, on one day or on every one. */
export async function grantAttempts(
  db: Connection,
  team: TeamKey,
  agreed: { attempts: number; day: string | null },
  act: MailedAct,
): Promise<void> {
  await adjust(db, team, { kind: 'attempts', ...agreed }, act);
}

/** Lets a team hand in until `closesAt`. Refuses an instant that is no later than the close for all, or later than the reveal. */
export async function extendDeadline(db: Connection, team: TeamKey, closesAt: Date, act: MailedAct): Promise<void> {
  const competition = await getCompetitionById(db, team.competitionId);
  if (closesAt <= competition.submissionsEndAt || closesAt <= (await readClock(db))) {
    throw new RefusedError('extension-too-early', 422);
  }
  if (competition.revealsAt !== null && closesAt > competition.revealsAt) {
    throw new RefusedError('extension-after-reveal', 422);
  }
  await adjust(db, team, { kind: 'deadline', closesAt }, act);
}

/** Takes an agreement back from now on: what was handed in under it stays. */
export async function revokeAdjustment(
  db: Connection,
  team: TeamKey,
  adjustmentId: string,
  act: MailedAct,
): Promise<void> {
  const reason = reasonOf(act);
  await db.transaction(async (tx) => {
    await lockTeamOfCompetition(tx, team);
    const rows = await tx
      .update(teamAdjustments)
      .set({ revokedAt: sql`rostrum_now()` })
      .where(
        and(
          eq(teamAdjustments.id, adjustmentId),
          eq(teamAdjustments.teamId, team.teamId),
          isNull(teamAdjustments.revokedAt),
        ),
      )
      .returning();
    const { kind } = one(rows, 'adjustment', adjustmentId);
    await record(tx, 'adjustment-revoked', team, act, { adjustmentId, kind });
    await mailTeam(tx, team.teamId, { kind: 'adjustment-revoked', reason, site: act.site });
  });
}

type Agreed = Adjustment['agreed'];

async function adjust(db: Connection, team: TeamKey, agreed: Agreed, act: MailedAct): Promise<void> {
  const reason = reasonOf(act);
  await db.transaction(async (tx) => {
    await lockTeamOfCompetition(tx, team);
    const rows = await tx
      .insert(teamAdjustments)
      .values({ ...team, ...agreed, reason, createdBy: act.actorId })
      .returning();
    const { id: adjustmentId } = one(rows, 'adjustment', team.teamId);
    const kind = agreed.kind === 'attempts' ? 'attempts-granted' : 'deadline-extended';
    await record(tx, kind, team, act, { adjustmentId, ...agreed });
    await mailTeam(tx, team.teamId, { kind, reason, site: act.site });
  });
}

async function record(
  tx: Connection,
  kind: EventKind,
  { competitionId, teamId }: TeamKey,
  { actorId, reason }: Act,
  details: Record<string, unknown>,
): Promise<void> {
  await recordEvent(tx, { actorId, reason: reason?.trim() ?? '', competitionId, kind, subject: teamId, details });
}

async function lockTeamOfCompetition(tx: Connection, { competitionId, teamId }: TeamKey): Promise<void> {
  const own = and(eq(teams.id, teamId), eq(teams.competitionId, competitionId), eq(teams.kind, 'team'));
  const alive = and(own, isNull(teams.disbandedAt));
  one(await tx.select({ id: teams.id }).from(teams).where(alive).for('no key update'), 'team', teamId);
}

function agreedOf({ attempts, day, closesAt }: typeof teamAdjustments.$inferSelect): Agreed {
  if (closesAt !== null) return { kind: 'deadline', closesAt };
  return { kind: 'attempts', attempts: attempts ?? 0, day };
}
