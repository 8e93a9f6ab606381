import { and, eq, lt, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Connection } from '#lib/db/client.ts';
import { enqueue, type JobKind } from '#lib/db/jobs.ts';
import { baselineRuns, imports, labelAudits, rescores, teamComparisons } from '#lib/db/schema.ts';

/*
 * Claims on work of minutes (jobColumns in schema/columns.ts): leased for some seconds, renewed meanwhile, and fenced by the attempt,
 * so that whoever lost a claim writes nothing more. Leases run on real time, whatever the clock of rules says. Submissions are claimed
 * by themselves (scoring.ts): they give attempts back, and are far more.
 */

type WorkTable = PgTable & Record<'id' | 'state' | 'attempt' | 'attemptLimit' | 'leaseUntil', PgColumn>;
type WorkKind = Exclude<JobKind, 'score-submission'>;

const tables = {
  'import-dataset': imports,
  'run-baseline': baselineRuns,
  rescore: rescores,
  'audit-labels': labelAudits,
  'compare-teams': teamComparisons,
} as const satisfies Record<WorkKind, WorkTable>;
const kinds = Object.keys(tables) as WorkKind[];

const realNow = sql`clock_timestamp()`;

/** Until when a claim lasts that is made or renewed now. */
export function leaseFrom(seconds: number): SQL {
  return sql`${realNow} + make_interval(secs => ${seconds})`;
}

/** The row may be claimed: nobody works on it, and it has attempts left. */
export function isFree(table: WorkTable, id: string): SQL | undefined {
  return and(eq(table.id, id), unclaimed(table), lt(table.attempt, table.attemptLimit));
}

/** What a row is set to by whoever claims it. */
export function claimed(table: WorkTable, leaseSeconds: number) {
  const next = { attempt: sql`${table.attempt} + 1`, leaseUntil: leaseFrom(leaseSeconds), startedAt: realNow };
  return { state: 'running', ...next } as const;
}

/** The row is still this attempt's. */
export function isHeld(table: WorkTable, claim: { id: string; attempt: number }): SQL | undefined {
  return and(eq(table.id, claim.id), eq(table.attempt, claim.attempt), eq(table.state, 'running'));
}

/** What a row is set to that ends without a result; `failure` is a code with a sentence in the messages of its pages. */
export function failed(failure: string) {
  return { state: 'failed', failure, leaseUntil: null, finishedAt: realNow } as const;
}

/** Calls again what waits without a job or with a dead worker; ends what has used up its attempts. */
export async function sweepWork(db: Connection): Promise<void> {
  for (const kind of kinds) {
    const table: WorkTable = tables[kind];
    const { rows } = await db.execute<{ id: string; attempt: number; mayBeTried: boolean }>(sql`
      select id, attempt, attempt < attempt_limit as "mayBeTried" from ${table} where ${unclaimed(table)}`);
    for (const { id, attempt, mayBeTried } of rows) {
      if (mayBeTried) await enqueue(db, { kind, id });
      else {
        await db.execute(sql`
          update ${table} set state = 'failed', failure = 'internal', lease_until = null, finished_at = ${realNow}
          where id = ${id} and attempt = ${attempt} and ${unclaimed(table)}`);
      }
    }
  }
}

function unclaimed({ state, leaseUntil }: WorkTable): SQL | undefined {
  return or(eq(state, 'queued'), and(eq(state, 'running'), lt(leaseUntil, realNow)));
}
