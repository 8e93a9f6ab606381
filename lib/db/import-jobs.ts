import { sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import type { Import } from '#lib/db/imports.ts';
import { announce } from '#lib/db/live.ts';
import { imports } from '#lib/db/schema.ts';
import { claimed, isFree, isHeld, leaseFrom } from '#lib/db/work-claims.ts';
import type { ImportReport } from '#lib/import-report.ts';
import type { Problem } from '#lib/problems.ts';

/*
 * The worker's side of an import, claimed as work-claims.ts says and renewed with the progress.
 */

const maxProblems = 500;

/** `code` is that of a refusal, 'problems' or 'internal'. */
export type ImportEnd =
  | { state: 'done'; report: ImportReport }
  | { state: 'failed'; code: string; problems: readonly Problem[] };

/** Takes an import that nobody works on; null if somebody does, or it is over. */
export async function claimImport(db: Connection, id: string, leaseSeconds: number): Promise<Import | null> {
  const rows = await db
    .update(imports)
    .set({ ...claimed(imports, leaseSeconds), done: 0 })
    .where(isFree(imports, id))
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
    .where(isHeld(imports, claim))
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
      .where(isHeld(imports, claim));
    await announce(tx, claim.competitionId);
  });
}
