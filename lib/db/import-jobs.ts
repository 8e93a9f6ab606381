import { and, eq, lt, or, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import type { Import } from '#lib/db/imports.ts';
import { enqueue } from '#lib/db/jobs.ts';
import { announce } from '#lib/db/live.ts';
import { imports } from '#lib/db/schema.ts';
import type { ImportReport } from '#lib/import-report.ts';
import type { Problem } from '#lib/problems.ts';

/*
 * The worker's side of an import, with claims as in scoring.ts: leased, renewed with the progress, and fenced by the attempt.
 */

const maxProblems = 500;

/** `code` is that of a refusal, 'problems' or 'internal'. */
export type ImportEnd =
  | { state: 'done'; report: ImportReport }
  | { state: 'failed'; code: string; problems: readonly Problem[] };

const leaseFrom = (seconds: number) => sql`clock_timestamp() + make_interval(secs => ${seconds})`;
const unclaimed = or(
  eq(imports.state, 'queued'),
  and(eq(imports.state, 'running'), lt(imports.leaseUntil, sql`clock_timestamp()`)),
);

/** Takes an import that nobody works on; null if somebody does, or it is over. */
export async function claimImport(db: Connection, id: string, leaseSeconds: number): Promise<Import | null> {
  const rows = await db
    .update(imports)
    .set({
      state: 'running',
      attempt: sql`${imports.attempt} + 1`,
      leaseUntil: leaseFrom(leaseSeconds),
      startedAt: sql`clock_timestamp()`,
      done: 0,
    })
    .where(and(eq(imports.id, id), unclaimed, lt(imports.attempt, imports.attemptLimit)))
    .returning();
  return rows[0] ?? null;
}

/** Keeps the claim alive and shows how far it is; false if it is another attempt's by now. */
export async function recordImportProgress(
  db: Connection,
  claim: Import,
  progress: { done: number; total: number },
  leaseSeconds: number,
): Promise<boolean> {
  const rows = await db
    .update(imports)
    .set({ ...progress, leaseUntil: leaseFrom(leaseSeconds) })
    .where(held(claim))
    .returning({ id: imports.id });
  return rows.length > 0;
}

export async function recordImportEnd(db: Connection, claim: Import, end: ImportEnd): Promise<void> {
  await db.transaction(async (tx) => {
    const problems = end.state === 'failed' ? end.problems.slice(0, maxProblems) : [];
    const failure = end.state === 'failed' ? end.code : null;
    const report = end.state === 'done' ? end.report : null;
    await tx
      .update(imports)
      .set({ state: end.state, leaseUntil: null, problems, failure, report, finishedAt: sql`clock_timestamp()` })
      .where(held(claim));
    await announce(tx, claim.competitionId);
  });
}

/** Calls again what waits without a job or with a dead worker; ends what has used up its attempts. */
export async function sweepImports(db: Connection): Promise<void> {
  const { id: key, attempt: number, attemptLimit: limit } = imports;
  const rows = await db.select({ id: key, attempt: number, attemptLimit: limit }).from(imports).where(unclaimed);
  for (const { id, attempt, attemptLimit } of rows) {
    if (attempt < attemptLimit) await enqueue(db, { kind: 'import-dataset', id });
    else {
      await db
        .update(imports)
        .set({ state: 'failed', leaseUntil: null, failure: 'internal', finishedAt: sql`clock_timestamp()` })
        .where(and(eq(imports.id, id), eq(imports.attempt, attempt), unclaimed));
    }
  }
}

function held(claim: Import) {
  return and(eq(imports.id, claim.id), eq(imports.attempt, claim.attempt), eq(imports.state, 'running'));
}
