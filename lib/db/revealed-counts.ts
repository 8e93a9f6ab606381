import { eq } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { revealedCounts } from '#lib/db/schema.ts';
import { type FoldCounts, type WholeScore, wholeScore } from '#lib/scores.ts';

/** What a file came to on both folds under the labels in force; null before the end of the reveal, by the database's clock. */
export async function findWholeScore(db: Connection, submissionId: string): Promise<WholeScore | null> {
  const rows = await db.select().from(revealedCounts).where(eq(revealedCounts.submissionId, submissionId));
  const of = (fold: 'public' | 'private'): FoldCounts | null => {
    const row = rows.find((each) => each.fold === fold);
    if (row === undefined) return null;
    const { hits, substitutions, deletions, insertions, standardError } = row;
    return { counts: { hits, substitutions, deletions, insertions }, standardError };
  };
  const [shown, hidden] = [of('public'), of('private')];
  return shown && hidden && wholeScore({ public: shown, private: hidden });
}
