import { eq, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { type WorkerFigures, type WorkerRuntime, workers } from '#lib/db/schema.ts';
import type { DiskSpace } from '#lib/disk-space.ts';

/** A worker that has not been heard of for so long counts as gone. */
export const freshSeconds = 15;

/**
 * `deskUrl`: where organisers' labels are read (scoring/desk.ts); null where the worker keeps no desk. `disk`: what it writes
 * recordings to; null where it cannot tell. `figures`: what it counted so far.
 */
export type HeartbeatOf = {
  id: string;
  process: string;
  deskUrl: string | null;
  disk: DiskSpace | null;
  figures?: WorkerFigures;
};

/** Says that the worker lives. In real time: rehearsals move the clock of rules. */
export async function recordHeartbeat(db: Connection, { disk, figures, ...worker }: HeartbeatOf): Promise<void> {
  const now = sql`clock_timestamp()`;
  const said = { diskFreeBytes: disk?.freeBytes ?? null, diskBytes: disk?.bytes ?? null, figures: figures ?? null };
  await db
    .insert(workers)
    .values({ ...worker, ...said, startedAt: now, seenAt: now })
    .onConflictDoUpdate({ target: workers.id, set: { ...said, seenAt: now } });
}

export async function deleteWorker(db: Connection, id: string): Promise<void> {
  await db.delete(workers).where(eq(workers.id, id));
}

/** Removes what killed workers left behind. */
export async function deleteLostWorkers(db: Connection): Promise<void> {
  await db.delete(workers).where(sql`${workers.seenAt} < clock_timestamp() - interval '1 hour'`);
}

/** The desk of the worker that began last, of those heard of lately; null where none keeps one. */
export async function findDesk(db: Connection): Promise<string | null> {
  const { rows } = await db.execute<{ url: string }>(sql`
    select desk_url as url from workers
    where desk_url is not null and seen_at > clock_timestamp() - make_interval(secs => ${freshSeconds})
    order by started_at desc limit 1`);
  return rows[0]?.url ?? null;
}

/** What a worker found that it can compute on. Nothing happens where the worker is gone. */
export async function recordRuntime(db: Connection, id: string, runtime: WorkerRuntime): Promise<void> {
  await db.update(workers).set({ runtime }).where(eq(workers.id, id));
}

/** What the workers heard of lately compute on, the longest-lived first; null for one that has not looked yet. */
export async function listRuntimes(db: Connection): Promise<{ process: string; runtime: WorkerRuntime | null }[]> {
  return db
    .select({ process: workers.process, runtime: workers.runtime })
    .from(workers)
    .where(sql`${workers.seenAt} > clock_timestamp() - make_interval(secs => ${freshSeconds})`)
    .orderBy(workers.startedAt);
}

/** Workers heard of lately. */
export async function countFreshWorkers(db: Connection): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`
    select count(*)::integer as count from workers
    where seen_at > clock_timestamp() - make_interval(secs => ${freshSeconds})`);
  return rows[0]?.count ?? 0;
}
