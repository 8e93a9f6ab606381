import { sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';

/**
 * Reads with joins that go through each table once. Rows that were written a moment ago have no statistics yet, and the planner
 * takes them for one: compared in loops, ten thousand with ten thousand, they take half a minute.
 */
export async function withoutLoops<Result>(db: Connection, read: (tx: Connection) => Promise<Result>): Promise<Result> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local enable_nestloop = off`);
    const result = await read(tx);
    // The caller's transaction may go on.
    await tx.execute(sql`set local enable_nestloop = on`);
    return result;
  });
}
