import { desc, eq, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import type { LabelVersion } from '#lib/db/label-drafts.ts';
import { labelVersions, users } from '#lib/db/schema.ts';
import { withoutLoops } from '#lib/db/without-loops.ts';
import type {
  LabelChanges,
  LabelFilter,
  LabelHistoryEntry,
  LabelText,
  ListedLabel,
  ListedVersion,
} from '#lib/label-desk.ts';

/*
 * Hidden references as an organiser reads them, at the desk of the scoring side.
 */

export type LabelQuery = { text: string; only: LabelFilter; offset: number; limit: number };

type ListedRow = Omit<ListedLabel, 'before'> & { before: LabelText; changed: boolean; total: number };

/** A page of the utterances of a version, in the order of the manifest, and how many match in all. */
export async function listLabels(
  db: Connection,
  { competitionId, version, baseVersion }: Pick<LabelVersion, 'competitionId' | 'version' | 'baseVersion'>,
  { text, only, offset, limit }: LabelQuery,
): Promise<{ total: number; labels: ListedLabel[] }> {
  const part = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const matches = sql`(${text} = '' or u.id ilike ${part} or r.reference ilike ${part}
    or array_to_string(r.alternatives, ' ') ilike ${part})`;
  const wanted = { all: sql`true`, changed: isChanged, excluded: sql`r.excluded` }[only];
  const { rows } = await withoutLoops(db, (tx) =>
    tx.execute<ListedRow>(sql`
    select id, seconds, reference, alternatives, excluded, changed, total,
      jsonb_build_object('reference', was, 'alternatives', were, 'excluded', was_excluded) as before
    from (
      select u.id, u.seconds, r.reference, r.alternatives, r.excluded, ${isChanged} as changed,
        b.reference as was, b.alternatives as were, b.excluded as was_excluded, count(*) over ()::integer as total
      from hidden.test_references r
      join utterances u on u.competition_id = r.competition_id and u.id = r.utterance_id
      left join hidden.test_references b on b.competition_id = r.competition_id and b.utterance_id = r.utterance_id
        and b.label_version = ${baseVersion ?? version}
      where r.competition_id = ${competitionId} and r.label_version = ${version} and ${matches} and ${wanted}
      order by u.position offset ${offset} limit ${limit}) page`),
  );
  const labels = rows.map(({ before, changed, total: _, ...row }) => ({ ...row, before: changed ? before : null }));
  return { total: rows[0]?.total ?? 0, labels };
}

const isChanged = sql`(r.reference, r.alternatives, r.excluded) is distinct from (b.reference, b.alternatives, b.excluded)`;

/** Of a draft against the version that it began with. */
export async function countChanges(db: Connection, draft: LabelVersion): Promise<LabelChanges> {
  const { rows } = await withoutLoops(db, (tx) =>
    tx.execute<LabelChanges>(sql`
    select
      count(*) filter (where r.reference <> b.reference)::integer as corrected,
      count(*) filter (where r.reference = b.reference and r.alternatives <> b.alternatives)::integer as alternatives,
      count(*) filter (where r.excluded and not b.excluded)::integer as excluded,
      count(*) filter (where b.excluded and not r.excluded)::integer as restored
    from hidden.test_references r
    join hidden.test_references b on b.competition_id = r.competition_id and b.utterance_id = r.utterance_id
    where r.competition_id = ${draft.competitionId} and r.label_version = ${draft.version}
      and b.label_version = ${draft.baseVersion}`),
  );
  return rows[0]!;
}

/** From the import on; drafts and discarded ones included. Empty where there is no such utterance. */
export async function listLabelHistory(
  db: Connection,
  competitionId: string,
  id: string,
): Promise<LabelHistoryEntry[]> {
  const { rows } = await db.execute<LabelHistoryEntry>(sql`
    with stages as (
      (select r.label_version, r.reference, r.alternatives, r.excluded, '' as reason, null::uuid as edited_by,
          v.created_at as edited_at, 0::bigint as turn
        from hidden.test_references r
        join hidden.label_versions v on v.competition_id = r.competition_id and v.version = r.label_version
        where r.competition_id = ${competitionId} and r.utterance_id = ${id} order by r.label_version limit 1)
      union all
      select label_version, reference, alternatives, excluded, reason, edited_by, edited_at, id
      from hidden.label_edits where competition_id = ${competitionId} and utterance_id = ${id})
    select s.label_version as "labelVersion", v.state, s.reference, s.alternatives, s.excluded, s.reason,
      u.name as "editedBy", s.edited_at as "editedAt"
    from stages s
    join hidden.label_versions v on v.competition_id = ${competitionId} and v.version = s.label_version
    left join users u on u.id = s.edited_by
    order by s.turn`);
  return rows.map((row) => ({ ...row, editedAt: new Date(row.editedAt).toISOString() }));
}

/** Newest first. */
export async function listLabelVersions(db: Connection, competitionId: string): Promise<ListedVersion[]> {
  const { version, state, reason, createdAt } = labelVersions;
  const rows = await db
    .select({
      version,
      state,
      reason,
      createdAt,
      createdBy: users.name,
      edited: sql<number>`(select count(distinct e.utterance_id)::integer from hidden.label_edits e
        where e.competition_id = ${competitionId} and e.label_version = ${version})`,
    })
    .from(labelVersions)
    .leftJoin(users, eq(users.id, labelVersions.createdBy))
    .where(eq(labelVersions.competitionId, competitionId))
    .orderBy(desc(version));
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}
