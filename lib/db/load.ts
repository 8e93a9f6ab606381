import { sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { lastBackup } from '#lib/db/installation.ts';
import { getMailState } from '#lib/db/mails.ts';
import type { WorkerFigures } from '#lib/db/schema.ts';
import { freshSeconds } from '#lib/db/workers.ts';

/** How much there is to do, and who does it: for those who watch over an installation. Seconds are of the true clock. */
export type Load = {
  workers: {
    /** As the worker calls itself: machine and process. */
    process: string;
    silentSeconds: number;
    /** Counts as alive. */
    isFresh: boolean;
    freeBytes: number | null;
    bytes: number | null;
    figures: WorkerFigures | null;
  }[];
  /** Files that are not scored yet, and how long the oldest of them waits; 0 where none does. */
  waiting: number;
  oldestSeconds: number;
  mailsWaiting: number;
  oldestMailSeconds: number;
  mailsGivenUp: number;
  databaseBytes: number;
  /** Seconds since 1970; null where there was none. */
  lastBackupAt: number | null;
};

export async function readLoad(db: Connection): Promise<Load> {
  type Row = Pick<Load, 'waiting' | 'oldestSeconds' | 'databaseBytes' | 'lastBackupAt'> & { now: number };
  const { rows } = await db.execute<Row>(sql`
    select count(*)::integer as waiting,
      coalesce(extract(epoch from rostrum_now() - min(s.received_at)), 0)::float8 as "oldestSeconds",
      pg_database_size(current_database())::float8 as "databaseBytes",
      extract(epoch from (${sql.raw(lastBackup)}))::float8 as "lastBackupAt",
      extract(epoch from clock_timestamp())::float8 as now
    from scoring_queue q join submissions s on s.id = q.id`);
  const { now, ...load } = rows[0]!;
  const mail = await getMailState(db);
  return {
    ...load,
    workers: await listHeard(db),
    mailsWaiting: mail.waiting,
    oldestMailSeconds: mail.oldestAt === null ? 0 : now - mail.oldestAt.getTime() / 1000,
    mailsGivenUp: mail.failed,
  };
}

/** Workers that were heard of in the last hour; who stopped in order is forgotten at once. */
async function listHeard(db: Connection): Promise<Load['workers']> {
  const { rows } = await db.execute<Load['workers'][number]>(sql`
    select process, silent as "silentSeconds", silent < ${freshSeconds} as "isFresh", disk_free_bytes::float8 as "freeBytes",
      disk_bytes::float8 as bytes, case when silent < ${freshSeconds} then figures end as figures
    from (select *, extract(epoch from clock_timestamp() - seen_at)::float8 as silent from workers) heard
    where silent < 3600
    order by started_at`);
  return rows;
}
