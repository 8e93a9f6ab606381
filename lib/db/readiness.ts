import { eq, sql } from 'drizzle-orm';
import { readSnapshot } from '#lib/board.ts';
import { getBoard } from '#lib/db/boards.ts';
import type { Connection } from '#lib/db/client.ts';
import { competitions } from '#lib/db/schema.ts';
import { countFreshWorkers } from '#lib/db/workers.ts';

export type Readiness = {
  migrations: readonly string[];
  workers: number;
  /** Rows with a score on the fullest board of a demo competition. */
  demoRows: number;
};

export type Load = { workers: number; waiting: number; oldestSeconds: number };

export async function readReadiness(db: Connection): Promise<Readiness> {
  const applied = await db.execute<{ name: string }>(sql`select name from rostrum_migrations`);
  const demos = await db.select().from(competitions).where(eq(competitions.isDemo, true));
  const scored = await Promise.all(
    demos.map(
      async (demo) => readSnapshot((await getBoard(db, demo)).body).rows.filter((row) => row.wer !== null).length,
    ),
  );
  return {
    migrations: applied.rows.map(({ name }) => name),
    workers: await countFreshWorkers(db),
    demoRows: Math.max(0, ...scored),
  };
}

/** How much there is to score, for those who watch over an installation. */
export async function readLoad(db: Connection): Promise<Load> {
  const { rows } = await db.execute<{ waiting: number; oldestSeconds: number }>(sql`
    select count(*)::integer as waiting,
      coalesce(extract(epoch from rostrum_now() - min(s.received_at)), 0)::float8 as "oldestSeconds"
    from scoring_queue q join submissions s on s.id = q.id`);
  const { waiting = 0, oldestSeconds = 0 } = rows[0] ?? {};
  return { workers: await countFreshWorkers(db), waiting, oldestSeconds };
}
