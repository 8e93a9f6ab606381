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
