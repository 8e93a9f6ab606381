import { and, asc, eq, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { folds, testReferences, utterances } from '#lib/db/schema.ts';
import { withoutLoops } from '#lib/db/without-loops.ts';

/*
 * References with what scoring needs beside them. Those of test stand in schema hidden: only the scoring side can call this.
 */

export type LabelledUtterance = {
  id: string;
  seconds: number | null;
  /** What was said, then other wordings that are as good. */
  references: readonly [string, ...string[]];
  speaker: string | null;
};
export type TestUtterance = LabelledUtterance & {
  /** Where its errors count; null where it is excluded from scoring. */
  fold: 'public' | 'private' | null;
  unit: string;
  slices: Record<string, string>;
};

/** The test split under one label version, in the order of the manifest. */
export async function listTestReferences(
  db: Connection,
  competitionId: string,
  labelVersion: number,
): Promise<TestUtterance[]> {
  const rows = await withoutLoops(db, (tx) =>
    tx
      .select({
        id: utterances.id,
        seconds: utterances.seconds,
        reference: testReferences.reference,
        alternatives: testReferences.alternatives,
        speaker: testReferences.speaker,
        slices: testReferences.slices,
        fold: sql<TestUtterance['fold']>`case when not ${testReferences.excluded} then ${folds.fold} end`,
        unit: folds.unit,
      })
      .from(testReferences)
      .innerJoin(
        utterances,
        and(eq(utterances.competitionId, testReferences.competitionId), eq(utterances.id, testReferences.utteranceId)),
      )
      .innerJoin(
        folds,
        and(eq(folds.competitionId, testReferences.competitionId), eq(folds.utteranceId, testReferences.utteranceId)),
      )
      .where(and(eq(testReferences.competitionId, competitionId), eq(testReferences.labelVersion, labelVersion)))
      .orderBy(asc(utterances.position)),
  );
  return rows.map(({ reference, alternatives, ...row }) => ({ ...row, references: [reference, ...alternatives] }));
}

/** The open dev split, in the order of the manifest. */
export async function listDevReferences(db: Connection, competitionId: string): Promise<LabelledUtterance[]> {
  const rows = await db
    .select()
    .from(utterances)
    .where(and(eq(utterances.competitionId, competitionId), eq(utterances.split, 'dev')))
    .orderBy(asc(utterances.position));
  return rows.map(({ id, seconds, reference, alternatives, speaker }) => ({
    id,
    seconds,
    references: [reference ?? '', ...alternatives],
    speaker,
  }));
}
