import { sql } from 'drizzle-orm';
import { type BaselineFile, insertBaselineFile } from '#lib/db/baseline.ts';
import type { BaselineRun } from '#lib/db/baseline-runs.ts';
import type { Connection } from '#lib/db/client.ts';
import { announce } from '#lib/db/live.ts';
import { baselineRuns, type SkippedRung } from '#lib/db/schema.ts';
import { claimed, failed, isFree, isHeld, leaseFrom } from '#lib/db/work-claims.ts';

/*
 * The worker's side of a baseline run, claimed as work-claims.ts says and renewed with the progress.
 */

/** Takes a run that nobody works on; null if somebody does, or it is over. */
export async function claimBaselineRun(db: Connection, id: string, leaseSeconds: number): Promise<BaselineRun | null> {
  const rows = await db
    .update(baselineRuns)
    .set({ ...claimed(baselineRuns, leaseSeconds), done: 0 })
    .where(isFree(baselineRuns, id))
    .returning();
  return rows[0] ?? null;
}

export type RunProgress = Pick<BaselineRun, 'done' | 'total' | 'decoding' | 'backend' | 'device'> & {
  skipped: SkippedRung[];
};

/** Keeps the claim alive and shows how far it is; false if it is another attempt's by now. */
export async function recordRunProgress(
  db: Connection,
  claim: BaselineRun,
  progress: RunProgress,
  leaseSeconds: number,
): Promise<boolean> {
  const rows = await db
    .update(baselineRuns)
    .set({ ...progress, leaseUntil: leaseFrom(leaseSeconds) })
    .where(isHeld(baselineRuns, claim))
    .returning({ id: baselineRuns.id });
  return rows.length > 0;
}

/** Pins the file and ends the run, both or neither; nothing where the run is another attempt's by now. */
export async function recordRunDone(
  db: Connection,
  claim: BaselineRun,
  file: Omit<BaselineFile, 'name' | 'split'>,
): Promise<void> {
  const { competitionId, teamId, split, requestedBy: actorId } = claim;
  await db.transaction(async (tx) => {
    const rows = await tx
      .select({ id: baselineRuns.id })
      .from(baselineRuns)
      .where(isHeld(baselineRuns, claim))
      .for('update');
    if (rows.length === 0) return;
    const act = { actorId, reason: 'baseline run' };
    const { id: submissionId } = await insertBaselineFile(tx, { competitionId, teamId }, { ...file, split }, act);
    await tx
      .update(baselineRuns)
      .set({ state: 'done', submissionId, leaseUntil: null, finishedAt: sql`clock_timestamp()` })
      .where(isHeld(baselineRuns, claim));
    await announce(tx, competitionId);
  });
}

/** `failure` is a code with a sentence: `organise.baseline-failure-…`. */
export async function recordRunFailed(db: Connection, claim: BaselineRun, failure: string): Promise<void> {
  await db.update(baselineRuns).set(failed(failure)).where(isHeld(baselineRuns, claim));
}
