import { desc, eq } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { revealedResults } from '#lib/db/schema.ts';
import type { Results } from '#lib/finals.ts';

/*
 * A competition's result as everybody sees it. The database gives it out from the reveal on, by its own clock.
 */

export type RevealedResults = Results & { version: number };

/** The newest; null before the reveal, and for the moment that it takes to be made. */
export async function findResults(db: Connection, competitionId: string): Promise<RevealedResults | null> {
  const rows = await db
    .select()
    .from(revealedResults)
    .where(eq(revealedResults.competitionId, competitionId))
    .orderBy(desc(revealedResults.version))
    .limit(1);
  const row = rows[0];
  if (row === undefined) return null;
  const results: Results = JSON.parse(row.body);
  return { ...results, version: row.version };
}
