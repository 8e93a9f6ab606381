import { and, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { lockBaselineTeam } from '#lib/db/baseline.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { enqueue } from '#lib/db/jobs.ts';
import { baselineRuns } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';

export type BaselineRun = typeof baselineRuns.$inferSelect;

/** `name` is the entry's on the board, `model` one of `listBaselineModels`. */
export type WantedRun = Pick<BaselineRun, 'competitionId' | 'split' | 'model' | 'decoding'> & { name: string };

/** Asks the worker to transcribe a split. Once at a time: 'baseline-running' while another run of the split is under way. */
export async function createBaselineRun(db: Connection, wanted: WantedRun, actorId: string): Promise<BaselineRun> {
  const { name, ...run } = wanted;
  const { competitionId, split, model, decoding } = run;
  return db.transaction(async (tx) => {
    // Its lock makes those who ask at the same moment wait for each other.
    const team = await lockBaselineTeam(tx, competitionId, name);
    const underWay = await tx
      .select({ id: baselineRuns.id })
      .from(baselineRuns)
      .where(
        and(
          eq(baselineRuns.competitionId, competitionId),
          eq(baselineRuns.split, split),
          inArray(baselineRuns.state, ['queued', 'running']),
        ),
      );
    if (underWay.length > 0) throw new RefusedError('baseline-running', 409);
    const rows = await tx
      .insert(baselineRuns)
      .values({ ...run, teamId: team.id, requestedBy: actorId })
      .returning();
    const created = one(rows, 'baseline run', model);
    await enqueue(tx, { kind: 'run-baseline', id: created.id });
    const details = { model, split, decoding };
    await recordEvent(tx, { actorId, competitionId, kind: 'baseline-run-requested', subject: created.id, details });
    return created;
  });
}

/** `seconds`: since it started, in real time as the worker's; null before. */
export type BaselineRunView = BaselineRun & { seconds: number | null };

const end = sql`coalesce(${baselineRuns.finishedAt}, clock_timestamp())`;
const columns = {
  ...getTableColumns(baselineRuns),
  seconds: sql<number | null>`extract(epoch from ${end} - ${baselineRuns.startedAt})::double precision`,
};

/** The last ones, newest first. */
export async function listBaselineRuns(db: Connection, competitionId: string): Promise<BaselineRunView[]> {
  return db
    .select(columns)
    .from(baselineRuns)
    .where(eq(baselineRuns.competitionId, competitionId))
    .orderBy(desc(baselineRuns.createdAt))
    .limit(5);
}

/** The run that wrote this file, the last one where several wrote the same; null where nobody's model did. */
export async function findRunOf(db: Connection, submissionId: string): Promise<BaselineRunView | null> {
  const rows = await db
    .select(columns)
    .from(baselineRuns)
    .where(eq(baselineRuns.submissionId, submissionId))
    .orderBy(desc(baselineRuns.finishedAt))
    .limit(1);
  return rows[0] ?? null;
}
