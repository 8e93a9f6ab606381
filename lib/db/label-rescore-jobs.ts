import { and, eq, sql } from 'drizzle-orm';
import type { BoardDifference } from '#lib/board-difference.ts';
import type { Connection } from '#lib/db/client.ts';
import type { Rescore } from '#lib/db/label-rescores.ts';
import { competitions, counts, labelVersions, rescores, submissions, utteranceErrors } from '#lib/db/schema.ts';
import type { ScoringTask, TestScore } from '#lib/db/scoring.ts';
import { claimed, failed, isFree, isHeld, leaseFrom } from '#lib/db/work-claims.ts';

/*
 * The worker's side of a rescore, claimed as work-claims.ts says and renewed with the progress. What an
 * attempt that died has counted is counted again.
 */

type Rules = { scorerVersion: string; profileHash: string };

/** Takes a rescore that nobody works on; null if somebody does, or it is over. */
export async function claimRescore(db: Connection, id: string, leaseSeconds: number): Promise<Rescore | null> {
  const rows = await db
    .update(rescores)
    .set({ ...claimed(rescores, leaseSeconds), done: 0 })
    .where(isFree(rescores, id))
    .returning();
  return rows[0] ?? null;
}

/** Keeps the claim alive and shows how far it is; false if it is another attempt's by now. */
export async function recordRescoreProgress(
  db: Connection,
  claim: Rescore,
  progress: { done: number; total: number },
  leaseSeconds: number,
): Promise<boolean> {
  const rows = await db
    .update(rescores)
    .set({ ...progress, leaseUntil: leaseFrom(leaseSeconds) })
    .where(isHeld(rescores, claim))
    .returning({ id: rescores.id });
  return rows.length > 0;
}

/**
 * Keeps what a file comes to under the draft, beside what it came to before; false, and nothing is written, where the rescore is
 * another attempt's by now or the draft is no longer as it was.
 */
export async function recordRescored(
  db: Connection,
  claim: Rescore,
  task: ScoringTask,
  score: Rules & TestScore,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    // Nothing is promised before the rescore itself is done, and its end reaches the disk after all that was written before it.
    await tx.execute(sql`set local synchronous_commit = off`);
    if (!(await holdsRescore(tx, claim))) return false;
    const { submissionId, labelVersion, profile } = task;
    const { scorerVersion, profileHash } = score;
    const stamp = { submissionId, labelVersion, scorerVersion };
    for (const fold of ['public', 'private'] as const) {
      const { counts: exact, standardError } = score[fold];
      const { hits, substitutions, deletions, insertions } = exact;
      const set = { profile, profileHash, hits, substitutions, deletions, insertions, standardError };
      await tx
        .insert(counts)
        .values({ ...stamp, fold, ...set, scoredAt: sql`rostrum_now()` })
        .onConflictDoUpdate({
          target: [counts.submissionId, counts.fold, counts.labelVersion, counts.scorerVersion],
          set: { ...set, scoredAt: sql`rostrum_now()` },
        });
    }
    const set = { errors: [...score.utterances.errors], referenceWords: [...score.utterances.referenceWords] };
    await tx
      .insert(utteranceErrors)
      .values({ ...stamp, ...set })
      .onConflictDoUpdate({
        target: [utteranceErrors.submissionId, utteranceErrors.labelVersion, utteranceErrors.scorerVersion],
        set,
      });
    return true;
  });
}

/** Whether what is counted now is still what was asked for: by this attempt, and by the draft as it stood. */
async function holdsRescore(tx: Connection, claim: Rescore): Promise<boolean> {
  const rows = await tx.select({ id: rescores.id }).from(rescores).where(isHeld(rescores, claim)).for('share');
  const drafts = await tx
    .select({ revision: labelVersions.revision })
    .from(labelVersions)
    .where(
      and(
        eq(labelVersions.competitionId, claim.competitionId),
        eq(labelVersions.version, claim.labelVersion),
        eq(labelVersions.state, 'draft'),
      ),
    );
  return rows.length > 0 && drafts[0]?.revision === claim.revision;
}

/** Ends the rescore with what it found; nothing where it is another attempt's by now. */
export async function recordRescoreDone(db: Connection, claim: Rescore, difference: BoardDifference): Promise<void> {
  await db
    .update(rescores)
    .set({ state: 'done', difference, leaseUntil: null, finishedAt: sql`clock_timestamp()` })
    .where(isHeld(rescores, claim));
}

/** `failure` is a code with a sentence: `labels.failure-…`. */
export async function recordRescoreFailed(db: Connection, claim: Rescore, failure: string): Promise<void> {
  await db.update(rescores).set(failed(failure)).where(isHeld(rescores, claim));
}

/** All files of test that have a score, late and voided ones too: those may come to count. In the order of arrival. */
export async function listRescoreTasks(db: Connection, claim: Rescore): Promise<ScoringTask[]> {
  const { id: submissionId, competitionId, split, format } = submissions;
  const { profile, mapping } = competitions;
  const rows = await db
    .select({ submissionId, competitionId, split, format, profile, mapping })
    .from(submissions)
    .innerJoin(competitions, eq(competitions.id, submissions.competitionId))
    .where(and(eq(competitionId, claim.competitionId), eq(split, 'test'), eq(submissions.state, 'scored')))
    .orderBy(submissions.sequence);
  return rows.map((row) => ({ ...row, labelVersion: claim.labelVersion }));
}
