import { and, eq, type SQL, sql } from 'drizzle-orm';
import { type Connection, one } from '#lib/db/client.ts';
import { listTestReferences } from '#lib/db/labels.ts';
import { labelVersions } from '#lib/db/schema.ts';

/*
 * What went wrong in every utterance of test, for paired comparisons. It stands in schema hidden: only the scoring side can call
 * this.
 */

/** In the order of the split under a label version: S + D + I, and the words of the wording that counts. */
export type UtteranceErrors = { readonly errors: readonly number[]; readonly referenceWords: readonly number[] };

/** Which utterances of the split are on a fold, by place, and the unit of each, numbered from 0 on. */
export type Fold = {
  readonly places: readonly number[];
  readonly unitOf: Int32Array;
  readonly utterances: number;
};

/** A fold as scores under the label version see it. What is made of the private one is shown from the reveal on (scoring/results.ts). */
export async function getFold(
  tx: Connection,
  competitionId: string,
  labelVersion: number,
  fold: 'public' | 'private',
): Promise<Fold> {
  const rows = await listTestReferences(tx, competitionId, labelVersion);
  const places = [...rows.keys()].filter((i) => rows[i]!.fold === fold);
  const numbers = new Map<string, number>();
  const unitOf = Int32Array.from(places, (place) => {
    const { unit } = rows[place]!;
    const number = numbers.get(unit) ?? numbers.size;
    numbers.set(unit, number);
    return number;
  });
  return { places, unitOf, utterances: rows.length };
}

/** Rises with every edit of a draft; labels in force no longer change. */
export async function findLabelRevision(tx: Connection, competitionId: string, version: number): Promise<number> {
  const rows = await tx
    .select({ revision: labelVersions.revision })
    .from(labelVersions)
    .where(and(eq(labelVersions.competitionId, competitionId), eq(labelVersions.version, version)));
  return one(rows, 'labels', String(version)).revision;
}

/** The newest scorer that kept every utterance of each of these submissions; those that were last scored before are missing. */
export async function listScorers(
  tx: Connection,
  { utterances }: Fold,
  labelVersion: number,
  submissionIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await tx.execute<{ id: string; scorer: string }>(
    newest(sql`e.submission_id as id, e.scorer_version as scorer`, utterances, labelVersion, submissionIds),
  );
  return new Map(rows.map(({ id, scorer }) => [id, scorer]));
}

function newest(columns: SQL, utterances: number, labelVersion: number, submissionIds: readonly string[]): SQL {
  return sql`
    select distinct on (e.submission_id) ${columns}
    from hidden.utterance_errors e
    join hidden.counts c on c.submission_id = e.submission_id and c.fold = 'public'
      and c.label_version = e.label_version and c.scorer_version = e.scorer_version
    where e.label_version = ${labelVersion} and e.submission_id = any(${sql.param([...submissionIds])}::uuid[])
      and cardinality(e.errors) = ${utterances}
    order by e.submission_id, c.scored_at desc, c.scorer_version desc`;
}

/**
 * Of each of these submissions what it got wrong on the fold's utterances, by the newest scorer that counted it. Those that were
 * last scored when only totals were kept are missing.
 */
export async function findErrorsOnFold(
  tx: Connection,
  { places, utterances }: Fold,
  labelVersion: number,
  submissionIds: readonly string[],
): Promise<Map<string, UtteranceErrors>> {
  const { rows } = await tx.execute<{ id: string; errors: string; words: string }>(
    newest(
      sql`e.submission_id as id, e.errors::text, e.reference_words::text as words`,
      utterances,
      labelVersion,
      submissionIds,
    ),
  );
  // Words are the same for nearly all: those of the labels, but where a wording of another length was nearer.
  const wordsOf = new Map<string, readonly number[]>();
  const onFold = (array: string): readonly number[] => {
    const numbers = numbersOf(array);
    return places.map((i) => numbers[i]!);
  };
  return new Map(
    rows.map((row) => {
      const referenceWords = wordsOf.get(row.words) ?? onFold(row.words);
      wordsOf.set(row.words, referenceWords);
      return [row.id, { errors: onFold(row.errors), referenceWords }];
    }),
  );
}

/** PostgreSQL writes an array as {1,2}, and that many times faster than as JSON. */
function numbersOf(array: string): number[] {
  return JSON.parse(`[${array.slice(1, -1)}]`);
}
