import { and, asc, between, desc, eq, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { baselineRuns, competitions, utterances } from '#lib/db/schema.ts';

/*
 * What the microphone page needs to know: recordings to begin with, and which model listens.
 */

/** A recording of the open dev split, with the words that are said in it. */
export type Clip = Pick<
  typeof utterances.$inferSelect,
  'id' | 'seconds' | 'reference' | 'sha256' | 'bytes' | 'fileName' | 'mediaType'
>;

/** Long enough for a few words and short enough for an audience. */
const clipSeconds = { least: 1.5, most: 7 };

/** The same few of dev each time, in no order that says anything about them; in a dev split with none of that length, none. */
export async function listClips(db: Connection, competitionId: string, most: number): Promise<Clip[]> {
  const { id, seconds, reference, sha256, bytes, fileName, mediaType } = utterances;
  return db
    .select({ id, seconds, reference, sha256, bytes, fileName, mediaType })
    .from(utterances)
    .where(
      and(
        eq(utterances.competitionId, competitionId),
        eq(utterances.split, 'dev'),
        between(seconds, clipSeconds.least, clipSeconds.most),
      ),
    )
    .orderBy(sql`md5(${id})`, asc(id))
    .limit(most);
}

/** The model that last transcribed a split of the competition, as `listBaselineModels` names it; null where none did. */
export async function findModelAtWork(db: Connection, competitionId: string): Promise<string | null> {
  const rows = await db
    .select({ model: baselineRuns.model })
    .from(baselineRuns)
    .where(and(eq(baselineRuns.competitionId, competitionId), eq(baselineRuns.state, 'done')))
    .orderBy(desc(baselineRuns.finishedAt))
    .limit(1);
  return rows[0]?.model ?? null;
}

/** Whether the model made the baseline of a competition that everybody may know of: whoever is to beat it may have it. */
export async function isModelAtWork(db: Connection, model: string): Promise<boolean> {
  const rows = await db
    .select({ id: baselineRuns.id })
    .from(baselineRuns)
    .innerJoin(competitions, eq(competitions.id, baselineRuns.competitionId))
    .where(
      and(
        eq(baselineRuns.model, model),
        eq(baselineRuns.state, 'done'),
        sql`${competitions.publishedAt} <= rostrum_now()`,
      ),
    )
    .limit(1);
  return rows.length > 0;
}
