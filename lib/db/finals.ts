import { and, eq, sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { getClose } from '#lib/db/adjustments.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { holdCompetition } from '#lib/db/competition-lock.ts';
import { finalPicks, submissions } from '#lib/db/schema.ts';
import { lockTeamOf } from '#lib/db/teams.ts';
import { ForbiddenError, NotFoundError, RefusedError } from '#lib/errors.ts';
import { chooseFinals, type FinalCandidate, type Finals, mostFinals } from '#lib/finals.ts';

/*
 * Which entries of a team count in the end. Members pick them until the submissions of their team close; what of that counts is
 * said by lib/finals.ts, by public numbers alone.
 */

export type Candidate = FinalCandidate & { teamId: string; fileName: string };

/** A team's finals as its members see them. `closesAt` is the team's own close, excluded. */
export type TeamFinals = Finals<Candidate> & {
  candidates: readonly Candidate[];
  closesAt: Date;
  isOpen: boolean;
};

export async function getFinals(db: Connection, competition: Competition, teamId: string): Promise<TeamFinals> {
  const candidates = await listCandidates(db, competition.id, teamId);
  const { closesAt } = await getClose(db, competition, teamId);
  return { ...chooseFinals(candidates), candidates, closesAt, isOpen: (await readClock(db)) < closesAt };
}

/** Of all teams that still are, or of one. */
async function listCandidates(db: Connection, competitionId: string, teamId?: string): Promise<Candidate[]> {
  const chosen = teamId === undefined ? sql`true` : sql`s.team_id = ${teamId}`;
  const { rows } = await db.execute<Omit<Candidate, 'receivedAt'> & { receivedAt: string }>(sql`
    select s.id as "submissionId", s.team_id as "teamId", s.file_name as "fileName", s.received_at as "receivedAt",
      f.submission_id is not null as "isPicked", p.wer_permille as "werPermille"
    from submissions s
    join teams t on t.id = s.team_id and t.disbanded_at is null
    left join final_picks f on f.submission_id = s.id
    left join published_scores p on p.submission_id = s.id
    where s.competition_id = ${competitionId} and s.split = 'test' and s.state = 'scored' and not s.late
      and s.voided_at is null and ${chosen}
    order by s.received_at, s.id`);
  return rows.map((row) => ({ ...row, receivedAt: new Date(row.receivedAt) }));
}

/** The same of all teams, by the team. */
export async function listCandidatesByTeam(db: Connection, competitionId: string): Promise<Map<string, Candidate[]>> {
  const byTeam = new Map<string, Candidate[]>();
  for (const candidate of await listCandidates(db, competitionId)) {
    const known = byTeam.get(candidate.teamId);
    if (known === undefined) byTeam.set(candidate.teamId, [candidate]);
    else known.push(candidate);
  }
  return byTeam;
}

/**
 * Makes an entry of the person's own team one of its finals, or no longer one. Under the locks that a moved close and a new member
 * wait for. Refuses with 'finals-closed' once the team's submissions are, with 'finals-full' beyond two, and with 'not-final' what
 * cannot count.
 */
export async function pickFinal(
  db: Connection,
  competitionId: string,
  userId: string,
  { submissionId, isPicked }: { submissionId: string; isPicked: boolean },
): Promise<void> {
  await db.transaction(async (tx) => {
    const competition = await holdCompetition(tx, competitionId);
    const team = await lockTeamOf(tx, competitionId, userId);
    await requireOwn(tx, submissionId, team.id);
    const { candidates, closesAt, isOpen } = await getFinals(tx, competition, team.id);
    if (!isOpen) throw new ForbiddenError('finals-closed', { end: closesAt.toISOString() });
    const isKnown = candidates.some((candidate) => candidate.submissionId === submissionId);
    const picked = candidates.filter((candidate) => candidate.isPicked && candidate.submissionId !== submissionId);
    if (isPicked && !isKnown) throw new RefusedError('not-final', 409);
    if (isPicked && picked.length >= mostFinals) throw new RefusedError('finals-full', 409, { most: mostFinals });
    const changed = isPicked
      ? await tx
          .insert(finalPicks)
          .values(await pickOf(tx, submissionId, userId))
          .onConflictDoNothing()
          .returning()
      : await tx.delete(finalPicks).where(eq(finalPicks.submissionId, submissionId)).returning();
    if (changed.length === 0) return;
    const kind = isPicked ? 'final-picked' : 'final-unpicked';
    await recordEvent(tx, {
      actorId: userId,
      competitionId,
      kind,
      subject: submissionId,
      details: { teamId: team.id },
    });
  });
}

async function pickOf(tx: Connection, submissionId: string, pickedBy: string) {
  return { submissionId, pickedBy, pickedAt: await readClock(tx) };
}

async function requireOwn(tx: Connection, submissionId: string, teamId: string): Promise<void> {
  const rows = await tx
    .select({ id: submissions.id })
    .from(submissions)
    .where(and(eq(submissions.id, submissionId), eq(submissions.teamId, teamId)));
  if (rows.length === 0) throw new NotFoundError('submission', submissionId);
}
