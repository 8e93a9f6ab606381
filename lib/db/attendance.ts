import { and, eq, sql } from 'drizzle-orm';
import { reasonOf, recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import { defenceAttendance, teamMembers } from '#lib/db/schema.ts';
import { lockTeam } from '#lib/db/teams.ts';
import { RefusedError } from '#lib/errors.ts';
import type { EventKind } from '#lib/event-kinds.ts';

/*
 * Who was at the defence, person by person: nobody until somebody ticks them. An organiser may decide otherwise, with a reason, and
 * then no tick changes it until that is taken back.
 */

export type Attendance = { attended: boolean; overrideReason: string | null };

export type AttendingTeam = {
  id: string;
  name: string;
  members: (Attendance & { userId: string; name: string })[];
};

/** Every team that stands, in the order of the talks; those without a talk last, by name. */
export async function listAttendance(db: Connection, competitionId: string): Promise<AttendingTeam[]> {
  const { rows } = await db.execute<AttendingTeam>(sql`
    select t.id, t.name,
      coalesce((
        select json_agg(json_build_object('userId', m.user_id, 'name', u.name, 'attended', coalesce(a.attended, false),
          'overrideReason', a.override_reason) order by m.joined_at, m.user_id)
        from team_members m join users u on u.id = m.user_id
        left join defence_attendance a on a.user_id = m.user_id and a.competition_id = m.competition_id
        where m.team_id = t.id), '[]') as members
    from teams t left join defence_slots s on s.team_id = t.id
    where t.competition_id = ${competitionId} and t.kind = 'team' and t.disbanded_at is null
    order by s.position nulls last, t.name_key, t.id`);
  return rows;
}

/** What is recorded of one person; null where nothing is. */
export async function findAttendance(
  db: Connection,
  competitionId: string,
  userId: string,
): Promise<Attendance | null> {
  const { attended, overrideReason } = defenceAttendance;
  const rows = await db
    .select({ attended, overrideReason })
    .from(defenceAttendance)
    .where(ownOf(competitionId, userId));
  return rows[0] ?? null;
}

/** Ticks or unticks a member of a team. Refuses 'attendance-overridden'. */
export async function recordAttendance(
  db: Connection,
  competitionId: string,
  userId: string,
  attended: boolean,
  act: Act,
): Promise<void> {
  await writing(db, competitionId, userId, act, async (tx, before) => {
    if (before?.overrideReason) throw new RefusedError('attendance-overridden', 409);
    if ((before?.attended ?? false) === attended) return null;
    await write(tx, competitionId, userId, { attended, overrideReason: null }, act);
    return { kind: 'attendance-recorded', details: { attended } };
  });
}

/** Decides by a reason instead. Refuses 'no-reason'. */
export async function overrideAttendance(
  db: Connection,
  competitionId: string,
  userId: string,
  attended: boolean,
  act: Act,
): Promise<void> {
  const overrideReason = reasonOf(act);
  await writing(db, competitionId, userId, act, async (tx, before) => {
    await write(tx, competitionId, userId, { attended, overrideReason }, act);
    return {
      kind: 'attendance-overridden',
      reason: overrideReason,
      details: { attended, from: before?.attended ?? false },
    };
  });
}

/** Takes such a decision back: the person was not there until somebody ticks them. */
export async function withdrawOverride(db: Connection, competitionId: string, userId: string, act: Act): Promise<void> {
  const reason = reasonOf(act);
  await writing(db, competitionId, userId, act, async (tx, before) => {
    if (!before?.overrideReason) return null;
    await write(tx, competitionId, userId, { attended: false, overrideReason: null }, act);
    return { kind: 'attendance-override-withdrawn', reason, details: { from: before.attended } };
  });
}

type Written = { kind: EventKind; reason?: string; details: Record<string, unknown> } | null;

async function writing(
  db: Connection,
  competitionId: string,
  userId: string,
  act: Act,
  write: (tx: Connection, before: Attendance | null) => Promise<Written>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const member = and(eq(teamMembers.competitionId, competitionId), eq(teamMembers.userId, userId));
    const rows = await tx.select({ teamId: teamMembers.teamId }).from(teamMembers).where(member);
    // Two who tick at once follow each other, before there is a row of theirs to lock.
    await lockTeam(tx, one(rows, 'member', userId).teamId);
    const written = await write(tx, await findAttendance(tx, competitionId, userId));
    if (written !== null) await recordEvent(tx, { actorId: act.actorId, competitionId, subject: userId, ...written });
  });
}

async function write(tx: Connection, competitionId: string, userId: string, now: Attendance, act: Act): Promise<void> {
  const recorded = { ...now, recordedBy: act.actorId, recordedAt: await readClock(tx) };
  await tx
    .insert(defenceAttendance)
    .values({ competitionId, userId, ...recorded })
    .onConflictDoUpdate({ target: [defenceAttendance.competitionId, defenceAttendance.userId], set: recorded });
}

function ownOf(competitionId: string, userId: string) {
  return and(eq(defenceAttendance.competitionId, competitionId), eq(defenceAttendance.userId, userId));
}
