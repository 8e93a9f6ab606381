import { and, eq, lt, or, sql } from 'drizzle-orm';
import { type BaselineFile, insertBaselineFile } from '#lib/db/baseline.ts';
import type { BaselineRun } from '#lib/db/baseline-runs.ts';
import type { Connection } from '#lib/db/client.ts';
import { enqueue } from '#lib/db/jobs.ts';
import { announce } from '#lib/db/live.ts';
import { baselineRuns, type SkippedRung } from '#lib/db/schema.ts';

/*
 * The worker's side of a baseline run, with claims as in import-jobs.ts: leased, renewed with the progress, fenced by the attempt.
 */

const leaseFrom = (seconds: number) => sql`clock_timestamp() + make_interval(secs => ${seconds})`;
const unclaimed = or(
  eq(baselineRuns.state, 'queued'),
  and(eq(baselineRuns.state, 'running'), lt(baselineRuns.leaseUntil, sql`clock_timestamp()`)),
);

/** Takes a run that nobody works on; null if somebody does, or it is over. */
export async function claimBaselineRun(db: Connection, id: string, leaseSeconds: number): Promise<BaselineRun | null> {
  const rows = await db
    .update(baselineRuns)
    .set({
      state: 'running',
      attempt: sql`${baselineRuns.attempt} + 1`,
      leaseUntil: leaseFrom(leaseSeconds),
      startedAt: sql`clock_timestamp()`,
      done: 0,
    })
    .where(and(eq(baselineRuns.id, id), unclaimed, lt(baselineRuns.attempt, baselineRuns.attemptLimit)))
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
    .where(held(claim))
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
    const rows = await tx.select({ id: baselineRuns.id }).from(baselineRuns).where(held(claim)).for('update');
    if (rows.length === 0) return;
    const act = { actorId, reason: 'baseline run' };
    const { id: submissionId } = await insertBaselineFile(tx, { competitionId, teamId }, { ...file, split }, act);
    await tx
      .update(baselineRuns)
      .set({ state: 'done', submissionId, leaseUntil: null, finishedAt: sql`clock_timestamp()` })
      .where(held(claim));
    await announce(tx, competitionId);
  });
}

/** `failure` is a code with a sentence: `organise.baseline-failure-…`. */
export async function recordRunFailed(db: Connection, claim: BaselineRun, failure: string): Promise<void> {
  await db.update(baselineRuns).set(failed(failure)).where(held(claim));
}

/** Calls again what waits without a job or with a dead worker; ends what has used up its attempts. */
export async function sweepBaselineRuns(db: Connection): Promise<void> {
  const { id, attempt, attemptLimit } = baselineRuns;
  for (const row of await db.select({ id, attempt, attemptLimit }).from(baselineRuns).where(unclaimed)) {
    if (row.attempt < row.attemptLimit) await enqueue(db, { kind: 'run-baseline', id: row.id });
    else {
      await db
        .update(baselineRuns)
        .set(failed('internal'))
        .where(and(eq(id, row.id), eq(attempt, row.attempt), unclaimed));
    }
  }
}

function failed(failure: string) {
  return { state: 'failed', failure, leaseUntil: null, finishedAt: sql`clock_timestamp()` } as const;
}

function held(claim: BaselineRun) {
  return and(eq(baselineRuns.id, claim.id), eq(baselineRuns.attempt, claim.attempt), eq(baselineRuns.state, 'running'));
}
