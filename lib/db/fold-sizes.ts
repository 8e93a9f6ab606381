import { eq, sql } from 'drizzle-orm';
import type { Fold } from '#lib/datasets/folds.ts';
import type { Connection } from '#lib/db/client.ts';
import { foldSizes } from '#lib/db/schema.ts';

/*
 * How large the folds of test are. Counted where labels may be read; sizes alone are seen by organisers.
 */

/** `words` are those of the references as they were given, by spaces; what is excluded from scoring is in no count. */
export type FoldSize = { fold: Fold; utterances: number; units: number; words: number };

/** Counts the folds under the label version in force: part of the transaction that put it there. */
export async function recordFoldSizes(tx: Connection, competitionId: string): Promise<void> {
  await tx.delete(foldSizes).where(eq(foldSizes.competitionId, competitionId));
  await tx.execute(sql`
    insert into fold_sizes
    select f.competition_id, f.fold, count(*), count(distinct f.unit),
      sum((select count(*) from regexp_matches(r.reference, '\\S+', 'g')))
    from hidden.folds f
    join competitions c on c.id = f.competition_id
    join hidden.test_references r
      on r.competition_id = f.competition_id and r.utterance_id = f.utterance_id and r.label_version = c.label_version
    where f.competition_id = ${competitionId} and not r.excluded
    group by f.competition_id, f.fold`);
}

/** The public fold first; none where no test split is imported. */
export async function listFoldSizes(db: Connection, competitionId: string): Promise<FoldSize[]> {
  const rows = await db
    .select({ fold: foldSizes.fold, utterances: foldSizes.utterances, units: foldSizes.units, words: foldSizes.words })
    .from(foldSizes)
    .where(eq(foldSizes.competitionId, competitionId));
  return rows.sort((a, b) => Number(a.fold === 'private') - Number(b.fold === 'private'));
}

/** The published error rate of the baseline that was handed in last, a ratio; null until one is scored. */
export async function findBaselineRate(db: Connection, competitionId: string): Promise<number | null> {
  const { rows } = await db.execute<{ permille: number }>(sql`
    select p.wer_permille as permille
    from published_scores p
    join submissions s on s.id = p.submission_id
    join teams t on t.id = s.team_id and t.kind = 'baseline'
    where s.competition_id = ${competitionId} and s.voided_at is null and p.wer_permille is not null
    order by s.received_at desc, s.id desc
    limit 1`);
  return rows[0] === undefined ? null : rows[0].permille / 1000;
}
