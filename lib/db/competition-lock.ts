import { eq } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { competitions } from '#lib/db/schema.ts';

/**
 * The competition under a lock on its row, before anything else of it: all who change labels, write scores, draw boards or reveal queue
 * here, and no window moves meanwhile.
 */
export async function lockCompetition(tx: Connection, id: string): Promise<Competition> {
  const rows = await tx.select().from(competitions).where(eq(competitions.id, id)).for('no key update');
  return one(rows, 'competition', id);
}

/** The competition as it stays until the transaction ends. Any number may hold it so at once; who locks it waits for them, and they for them. */
export async function holdCompetition(tx: Connection, id: string): Promise<Competition> {
  const rows = await tx.select().from(competitions).where(eq(competitions.id, id)).for('share');
  return one(rows, 'competition', id);
}
