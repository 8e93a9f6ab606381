import { eq, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { workers } from '#lib/db/schema.ts';

/** A worker that has not been heard of for so long counts as gone. */
export const freshSeconds = 15;

/** Says that the worker lives. In real time: rehearsals move the clock of rules. */
export async function recordHeartbeat(db: Connection, worker: { id: string; process: string }): Promise<void> {
  const now = sql`clock_timestamp()`;
  await db
    .insert(workers)
    .values({ ...worker, startedAt: now, seenAt: now })
    .onConflictDoUpdate({ target: workers.id, set: { seenAt: now } });
}

export async function deleteWorker(db: Connection, id: string): Promise<void> {
  await db.delete(workers).where(eq(workers.id, id));
}

/** Removes what killed workers left behind. */
export async function deleteLostWorkers(db: Connection): Promise<void> {
  await db.delete(workers).where(sql`${workers.seenAt} < clock_timestamp() - interval '1 hour'`);
}

/** Workers heard of lately. */
export async function countFreshWorkers(db: Connection): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`
    select count(*)::integer as count from workers
    where seen_at > clock_timestamp() - make_interval(secs => ${freshSeconds})`);
  return rows[0]?.count ?? 0;
}
