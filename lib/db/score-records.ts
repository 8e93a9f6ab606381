import { or, sql } from 'drizzle-orm';
import { type Competition, isFrozen } from '#lib/competition.ts';
import { createSnapshot, type FindTies } from '#lib/db/boards.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { lockCompetition } from '#lib/db/competition-lock.ts';
import { isPublishedOtherwise, publishScores } from '#lib/db/publishing.ts';
import { counts, publishedScores, submissions, utteranceErrors } from '#lib/db/schema.ts';
import { type Claim, held, releaseClaim, type Score, type ScoringTask, type TestScore } from '#lib/db/scoring.ts';

/*
 * What scoring came to, written where it belongs: counts, published scores and the board that follows from them, all in one transaction
 * under the lock of the competition.
 */

/** A claimed submission and what it came to. */
export type Scored = { claim: Claim; score: Score };

/**
 * Writes results of one competition together: counts, states, published scores, one board and the news of it. Nothing at all is written
 * of those whose row is no longer their attempt's, or whose references have changed meanwhile. Says of each whether it was written.
 */
export async function recordScores(
  db: Connection,
  competitionId: string,
  scored: readonly Scored[],
  findTies: FindTies,
): Promise<boolean[]> {
  return db.transaction(async (tx) => {
    const competition = await lockCompetition(tx, competitionId);
    const isCurrent = ({ claim, score }: Scored) =>
      score.split === 'dev' || competition.labelVersion === claim.labelVersion;
    for (const { claim } of scored.filter((each) => !isCurrent(each))) await releaseClaim(tx, claim, 0);
    const now = await readClock(tx);
    const finished = await finishHeld(tx, scored.filter(isCurrent), now);
    await insertDevScores(tx, finished.filter(isOfDev), now);
    const tested = finished.filter(isOfTest);
    if (tested.length > 0) await publishTested(tx, competition, tested, now, findTies);
    return scored.map(({ claim }) => finished.some((each) => each.claim === claim));
  });
}

/** Publishes a competition's scores anew where they are shown by another policy than its own, and draws its board. */
export async function republishScores(tx: Connection, competitionId: string, findTies: FindTies): Promise<void> {
  const competition = await lockCompetition(tx, competitionId);
  if (isFrozen(competition, await readClock(tx))) await createSnapshot(tx, competitionId, findTies);
  if (await isPublishedOtherwise(tx, competition)) await publishScores(tx, competitionId);
  await createSnapshot(tx, competitionId, findTies);
}

/** Changes whenever the labels of any competition do. */
export async function readLabelVersions(db: Connection): Promise<string> {
  const { rows } = await db.execute<{ versions: string | null }>(
    sql`select string_agg(id || ' ' || label_version, ',' order by id) as versions from competitions`,
  );
  return rows[0]!.versions ?? '';
}

/** Submissions whose score under the labels in force is from before every utterance was kept, the oldest first. */
export async function listUnmeasured(db: Connection, limit: number): Promise<ScoringTask[]> {
  const { rows } = await db.execute<ScoringTask>(sql`
    select s.id as "submissionId", s.competition_id as "competitionId", s.split, s.format, c.profile, c.mapping,
      c.label_version as "labelVersion"
    from submissions s join competitions c on c.id = s.competition_id
    where s.split = 'test' and s.state = 'scored' and not exists (
      select from hidden.utterance_errors e where e.submission_id = s.id and e.label_version = c.label_version)
    order by s.sequence limit ${limit}`);
  return rows;
}

/** Adds what was not kept of a score; its number and the board change only where they are made of it. */
export async function recordMeasured(
  db: Connection,
  task: ScoringTask,
  score: Extract<Score, { split: 'test' }>,
  findTies: FindTies,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { labelVersion } = await lockCompetition(tx, task.competitionId);
    if (labelVersion !== task.labelVersion) return;
    await insertCounts(tx, [{ task, score }], await readClock(tx));
    await republishScores(tx, task.competitionId, findTies);
  });
}

/** A result whose row was still its attempt's, and has become scored by it. */
type Finished = Scored & { teamId: string; late: boolean };
type FinishedOn<Split extends Score['split']> = Finished & { score: Extract<Score, { split: Split }> };

function isOfDev(finished: Finished): finished is FinishedOn<'dev'> {
  return finished.score.split === 'dev';
}

function isOfTest(finished: Finished): finished is FinishedOn<'test'> {
  return finished.score.split === 'test';
}

async function finishHeld(tx: Connection, scored: readonly Scored[], now: Date): Promise<Finished[]> {
  if (scored.length === 0) return [];
  const { id, attempt, late, teamId } = submissions;
  const rows = await tx
    .update(submissions)
    .set({ state: 'scored', leaseUntil: null, finishedAt: now })
    .where(or(...scored.map(({ claim }) => held(claim))))
    .returning({ id, attempt, late, teamId });
  return scored.flatMap((each) => {
    const row = rows.find(({ id, attempt }) => id === each.claim.submissionId && attempt === each.claim.attempt);
    return row === undefined ? [] : [{ ...each, teamId: row.teamId, late: row.late }];
  });
}

async function publishTested(
  tx: Connection,
  competition: Competition,
  tested: readonly FinishedOn<'test'>[],
  now: Date,
  findTies: FindTies,
): Promise<void> {
  // On a ladder another file's number may go: the board that stands still is the one from before.
  if (isFrozen(competition, now)) await createSnapshot(tx, competition.id, findTies);
  await insertCounts(
    tx,
    tested.map(({ claim, score }) => ({ task: claim, score })),
    now,
  );
  const teamsOf = (some: readonly Finished[]) => [...new Set(some.map(({ teamId }) => teamId))];
  await publishScores(tx, competition.id, teamsOf(tested));
  const counted = tested.filter(({ late }) => !late);
  if (counted.length === 0) return;
  // On a ladder the score of a baseline changes those of all.
  const changed = competition.policy === 'open' ? teamsOf(counted) : undefined;
  await createSnapshot(tx, competition.id, findTies, changed);
}

type Rules = { scorerVersion: string; profileHash: string };

function stampOf({ submissionId, labelVersion, profile }: ScoringTask, { scorerVersion, profileHash }: Rules) {
  return { submissionId, labelVersion, profile, profileHash, scorerVersion };
}

async function insertDevScores(
  tx: Connection,
  finished: readonly FinishedOn<'dev'>[],
  publishedAt: Date,
): Promise<void> {
  if (finished.length === 0) return;
  await tx
    .insert(publishedScores)
    .values(finished.map(({ claim, score }) => ({ ...stampOf(claim, score), dev: score.dev, publishedAt })))
    .onConflictDoNothing();
}

type Counted = { task: ScoringTask; score: Rules & TestScore };

async function insertCounts(tx: Connection, counted: readonly Counted[], scoredAt: Date): Promise<void> {
  await tx
    .insert(counts)
    .values(
      counted.flatMap(({ task, score }) =>
        (['public', 'private'] as const).map((fold) => {
          const { counts: exact, standardError } = score[fold];
          return { ...stampOf(task, score), fold, ...exact, standardError, scoredAt };
        }),
      ),
    )
    .onConflictDoNothing();
  await tx
    .insert(utteranceErrors)
    .values(
      counted.map(({ task, score: { utterances, ...rules } }) => ({
        ...stampOf(task, rules),
        errors: [...utterances.errors],
        referenceWords: [...utterances.referenceWords],
      })),
    )
    .onConflictDoNothing();
}
