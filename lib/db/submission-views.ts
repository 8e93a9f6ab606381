import { desc, eq, getTableColumns, type SQL } from 'drizzle-orm';
import { frozenSince } from '#lib/competition.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { findRole } from '#lib/db/competitions.ts';
import { findWholeScore } from '#lib/db/revealed-counts.ts';
import { competitions, publishedScores, scoringQueue, submissions, users } from '#lib/db/schema.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { NotFoundError } from '#lib/errors.ts';
import type { Problem } from '#lib/problems.ts';
import type { DevScore, PublicScore, Verdict, WholeScore } from '#lib/scores.ts';

/*
 * Submissions as people see them. A team sees its own published scores at all times; organisers see what the public may see, so
 * nothing published since the freeze; private results are on no path from here.
 */

export type Viewer = { id: string; isAdministrator: boolean };

export type SubmissionStatus =
  /** `position` in the queue, 1 is next; null for what is not in it, which waits for the reveal, or for labels that a restore left out. */
  | { state: 'queued' | 'scoring'; position: number | null; waitsFor: 'reveal' | 'labels' | null }
  /** Neither score: not for this viewer now, not on this rung of the ladder (`verdict`), or (test) no rate exists. */
  | { state: 'scored'; finishedAt: Date; test: PublicScore | null; dev: DevScore | null; verdict: Verdict | null }
  | { state: 'rejected'; problems: readonly Problem[]; problemCount: number }
  /** `reason` is a code; its sentence is the message `upload.failure-${reason}`. */
  | { state: 'failed'; finishedAt: Date; reason: string };

export type SubmissionView = {
  id: string;
  competitionId: string;
  /** Of the competition. */
  slug: string;
  teamId: string;
  author: { id: string; name: string } | null;
  split: 'dev' | 'test';
  receivedAt: Date;
  late: boolean;
  /** Whether it cost an attempt that was not given back. */
  charged: boolean;
  voidedAt: Date | null;
  fileName: string;
  note: string;
  codeLink: string | null;
  format: string | null;
  bytes: number;
  /** Lower-case hexadecimal. */
  sha256: string;
  warnings: readonly Problem[];
  status: SubmissionStatus;
  /** Of a file for test, from the end of the reveal on; null before, and in lists. */
  whole: WholeScore | null;
  /** What a score was made by; null before there is one to be seen. */
  scoredBy: { scorerVersion: string; profile: string; profileHash: string | null } | null;
};

/** The team's submissions, newest first, as its members see them. */
export async function listSubmissionsOf(db: Connection, teamId: string): Promise<SubmissionView[]> {
  const rows = await selectViews(db, eq(submissions.teamId, teamId));
  return rows.map((row) => viewOf(row, () => true));
}

/** One submission for who may see it: members of its team, organisers and administrators. To others it does not exist. */
export async function getSubmissionFor(db: Connection, id: string, viewer: Viewer): Promise<SubmissionView> {
  // The column is a uuid: any other text names nothing.
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new NotFoundError('submission', id);
  const row = one(await selectViews(db, eq(submissions.id, id)), 'submission', id);
  const view = await viewFor(db, row, viewer);
  const whole = view.status.state === 'scored' ? await findWholeScore(db, id) : null;
  return { ...view, whole };
}

async function viewFor(db: Connection, row: Row, viewer: Viewer): Promise<SubmissionView> {
  const team = await findTeamOf(db, row.competitionId, viewer.id);
  if (team?.id === row.teamId) return viewOf(row, () => true);
  const organises = viewer.isAdministrator || (await findRole(db, row.competitionId, viewer.id)) === 'organiser';
  if (!organises) throw new NotFoundError('submission', row.id);
  const competition = one(
    await db.select().from(competitions).where(eq(competitions.id, row.competitionId)),
    'competition',
    row.competitionId,
  );
  const since = frozenSince(competition, await readClock(db));
  return viewOf(row, (publishedAt) => since === null || publishedAt < since);
}

type Row = Awaited<ReturnType<typeof selectViews>>[number];

async function selectViews(db: Connection, which: SQL) {
  return db
    .select({
      ...getTableColumns(submissions),
      slug: competitions.slug,
      authorName: users.name,
      score: getTableColumns(publishedScores),
      place: scoringQueue.place,
    })
    .from(submissions)
    .innerJoin(competitions, eq(competitions.id, submissions.competitionId))
    .leftJoin(users, eq(users.id, submissions.authorId))
    .leftJoin(scoringQueue, eq(scoringQueue.id, submissions.id))
    .leftJoin(publishedScores, eq(publishedScores.submissionId, submissions.id))
    .where(which)
    .orderBy(desc(submissions.sequence));
}

function viewOf(row: Row, maySee: Sight): SubmissionView {
  return {
    id: row.id,
    competitionId: row.competitionId,
    slug: row.slug,
    teamId: row.teamId,
    author: row.authorId !== null && row.authorName !== null ? { id: row.authorId, name: row.authorName } : null,
    split: row.split,
    receivedAt: row.receivedAt,
    late: row.late,
    charged: row.quotaDay !== null,
    voidedAt: row.voidedAt,
    fileName: row.fileName,
    note: row.note,
    codeLink: row.codeLink,
    format: row.format,
    bytes: row.bytes,
    sha256: row.sha256.toString('hex'),
    warnings: row.warnings,
    status: statusOf(row, maySee),
    whole: null,
    scoredBy: stampOf(seenScore(row, maySee)),
  };
}

type Sight = (publishedAt: Date) => boolean;

function seenScore({ state, score }: Row, maySee: Sight): Row['score'] {
  return state === 'scored' && score !== null && maySee(score.publishedAt) ? score : null;
}

function statusOf(row: Row, maySee: Sight): SubmissionStatus {
  const { state } = row;
  const finishedAt = row.finishedAt ?? row.receivedAt;
  switch (state) {
    case 'queued':
    case 'scoring':
      return { state, position: row.place, waitsFor: waitsFor(row) };
    case 'rejected':
      return { state, problems: row.problems, problemCount: row.problemCount };
    case 'failed':
      return { state, finishedAt, reason: row.failure ?? '' };
    case 'scored': {
      const score = seenScore(row, maySee);
      return {
        state,
        finishedAt,
        test: score && testScore(score),
        dev: score?.dev ?? null,
        verdict: score?.verdict ?? null,
      };
    }
  }
}

/** Null where it has its place in the queue, or is voided and never comes to have one. */
function waitsFor({ place, late, voidedAt }: Row): 'reveal' | 'labels' | null {
  if (place !== null || voidedAt !== null) return null;
  return late ? 'reveal' : 'labels';
}

function stampOf(score: Row['score']): SubmissionView['scoredBy'] {
  return score && { scorerVersion: score.scorerVersion, profile: score.profile, profileHash: score.profileHash };
}

function testScore(score: NonNullable<Row['score']>): PublicScore | null {
  const { werPermille, intervalLowPermille: low, intervalHighPermille: high } = score;
  if (werPermille === null) return null;
  return { werPermille, intervalPermille: low === null || high === null ? null : [low, high] };
}
