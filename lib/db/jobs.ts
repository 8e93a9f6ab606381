import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import { type Connection, openDatabase } from '#lib/db/client.ts';

/** Each kind of job, and the table whose rows it reminds of. */
const tables = {
  'score-submission': 'submissions',
  'import-dataset': 'imports',
  'run-baseline': 'baseline_runs',
  rescore: 'hidden.rescores',
  'audit-labels': 'hidden.label_audits',
  'compare-teams': 'hidden.team_comparisons',
} as const;
export type JobKind = keyof typeof tables;
export const jobKinds = Object.keys(tables) as JobKind[];
/** A reminder to look at a row. The row is the truth. */
export type Job = { kind: JobKind; id: string };

/**
 * Puts a job into the caller's transaction: it exists if and only if that commits. A second job for the same attempt at the
 * same row is dropped, so whoever sweeps may ask as often as they like.
 */
export async function enqueue(tx: Connection, job: Job): Promise<void> {
  await tx.execute(sql`select ${enqueueing(job)}`);
}

/** What a statement selects to do the same. */
export function enqueueing({ kind, id }: { kind: JobKind; id: string | Placeholder }): SQL {
  return sql`enqueue_job(${kind}, ${id})`;
}

/**
 * Ends all leases, for whoever knows that every worker is dead: the next one need not wait for them. Attempts stay spent, since the work
 * itself may have ended its worker.
 */
export async function endAllLeases(ownerUrl: string): Promise<void> {
  const db = openDatabase(ownerUrl, { name: 'rostrum-start', connections: 1 });
  try {
    for (const kind of jobKinds) {
      // Written out, so that the index of unfinished submissions is seen to hold them.
      const held = kind === 'score-submission' ? sql`'scoring'` : sql`'running'`;
      await db.execute(sql`update ${sql.raw(tables[kind])} set lease_until = clock_timestamp() where state = ${held}`);
    }
  } finally {
    await db.$client.end();
  }
}

/** Gives work back that ends without its own fault: the attempt costs nothing, and another worker may begin at once. */
export async function giveBackJob(db: Connection, { kind, id }: Job, attempt: number): Promise<void> {
  await db.transaction(async (tx) => {
    const { rowCount } = await tx.execute(sql`
      update ${sql.raw(tables[kind])} set state = 'queued', lease_until = null, attempt_limit = attempt_limit + 1
      where id = ${id} and attempt = ${attempt} and state = 'running'`);
    if (rowCount === 1) await enqueue(tx, { kind, id });
  });
}

/**
 * Makes enqueue_job(kind, id) over the queue's own statements of insertion ($1: its array of jobs as JSON). It runs as the
 * owner, so that the web puts jobs in without a right on any table of the queue; the scorer gets those it works with.
 */
export async function installQueueFunctions(
  ownerUrl: string,
  queueSchema: string,
  insertStatements: Record<JobKind, string>,
): Promise<void> {
  const db = openDatabase(ownerUrl, { name: 'rostrum-migrate', connections: 1 });
  try {
    await db.transaction(async (tx) => {
      for (const kind of jobKinds) {
        const name = insertFunction(queueSchema, kind);
        await tx.execute(
          sql.raw(`create or replace function ${name}(text) returns setof uuid language sql as $body$
            ${insertStatements[kind]} $body$`),
        );
        await tx.execute(sql.raw(`revoke all on function ${name} from public`));
      }
      await tx.execute(sql.raw(enqueueFunction(queueSchema)));
      await tx.execute(sql`revoke all on function enqueue_job from public`);
      await tx.execute(sql`grant execute on function enqueue_job to rostrum_web, rostrum_scorer`);
      const all = sql.raw(`in schema ${queueSchema} to rostrum_scorer`);
      await tx.execute(sql`grant usage on schema ${sql.identifier(queueSchema)} to rostrum_scorer`);
      await tx.execute(sql`grant select, insert, update, delete on all tables ${all}`);
      await tx.execute(sql`grant usage, select on all sequences ${all}`);
    });
  } finally {
    await db.$client.end();
  }
}

function insertFunction(queueSchema: string, kind: JobKind): string {
  return `${queueSchema}.insert_${kind.replaceAll('-', '_')}`;
}

/** The key holds the attempt: once a worker has claimed a row and died, the next attempt gets a job of its own at once. */
function enqueueFunction(queueSchema: string): string {
  const whenEach = (statement: (kind: JobKind) => string) =>
    jobKinds.map((kind) => `when '${kind}' then ${statement(kind)};`).join('\n        ');
  return `
    create or replace function enqueue_job(kind text, id uuid) returns void
      language plpgsql security definer set search_path = public, pg_temp as $body$
    declare
      attempt integer;
      jobs text;
    begin
      case kind
        ${whenEach((kind) => `select r.attempt into attempt from ${tables[kind]} r where r.id = enqueue_job.id`)}
      end case;
      if attempt is null then
        raise exception 'no row % for a job of kind %', id, kind using errcode = 'foreign_key_violation';
      end if;
      jobs := json_build_array(json_build_object('data', json_build_object('id', id), 'singletonKey', id || ':' || attempt));
      case kind
        ${whenEach((kind) => `perform ${insertFunction(queueSchema, kind)}(jobs)`)}
      end case;
    end $body$`;
}
