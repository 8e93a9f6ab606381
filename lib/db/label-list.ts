import { desc, eq, type SQL, sql } from 'drizzle-orm';
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

type ListedRow = Omit<ListedLabel, 'before'> & { before: LabelText; changed: boolean };
type Version = Pick<LabelVersion, 'competitionId' | 'version' | 'baseVersion'>;

/** A page of the utterances of a version, in the order of the manifest, and how many match in all. */
export async function listLabels(
  db: Connection,
  version: Version,
  query: LabelQuery,
): Promise<{ total: number; labels: ListedLabel[] }> {
  const { total, ids } = await findMatching(db, version, query);
  const labels = await readPage(db, version, ids);
  return { total, labels: labels.map(({ before, changed, ...row }) => ({ ...row, before: changed ? before : null })) };
}

/** Ids of the page. No more is joined than has to be: splits are large, and what was edited or is asked for is little. */
async function findMatching(db: Connection, version: Version, { text, only, offset, limit }: LabelQuery) {
  const test = sql`u.competition_id = ${version.competitionId} and u.split = 'test'`;
  const page = sql`order by u.position offset ${offset} limit ${limit}`;
  // Every recording of test has a label in every version.
  const found =
    only === 'all' && text === ''
      ? sql`
        select (select count(*)::integer from utterances u where ${test}) as total,
          array(select u.id from utterances u where ${test} ${page}) as ids`
      : sql`
        with matching as materialized (select r.utterance_id as id from ${labelsThat(version, only)} and ${says(text)})
        select (select count(*)::integer from matching) as total,
          array(select u.id from utterances u join matching m on m.id = u.id where ${test} ${page}) as ids`;
  const { rows } = await withoutLoops(db, (tx) => tx.execute<{ total: number; ids: string[] }>(found));
  return rows[0]!;
}

function labelsThat(version: Version, only: LabelFilter) {
  const { competitionId, version: number, baseVersion } = version;
  if (only === 'changed') {
    return sql`(${editedIn(competitionId, number)}) e
      cross join ${labelOf(competitionId, number, sql`e.id`)} r
      cross join ${labelOf(competitionId, baseVersion ?? number, sql`e.id`)} b where ${isChanged}`;
  }
  const whole = sql`hidden.test_references r where r.competition_id = ${competitionId} and r.label_version = ${number}`;
  return only === 'excluded' ? sql`${whole} and r.excluded` : whole;
}

function says(text: string) {
  if (text === '') return sql`true`;
  const part = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql`(r.utterance_id ilike ${part} or r.reference ilike ${part}
    or (cardinality(r.alternatives) > 0 and array_to_string(r.alternatives, ' ') ilike ${part}))`;
}

async function readPage(
  db: Connection,
  { competitionId, version, baseVersion }: Version,
  ids: readonly string[],
): Promise<ListedRow[]> {
  const { rows } = await db.execute<ListedRow>(sql`
    select u.id, u.seconds, r.reference, r.alternatives, r.excluded, ${isChanged} as changed,
      jsonb_build_object('reference', b.reference, 'alternatives', b.alternatives, 'excluded', b.excluded) as before
    from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) with ordinality as page (id, place)
    cross join lateral (
      select * from utterances v where v.competition_id = ${competitionId} and v.id = page.id limit 1) u
    cross join ${labelOf(competitionId, version, sql`page.id`)} r
    cross join ${labelOf(competitionId, baseVersion ?? version, sql`page.id`)} b
    order by page.place`);
  return rows;
}

/** The limit has it looked up by its key, whatever the planner thinks of tables that were filled a moment ago. */
function labelOf(competitionId: string, labelVersion: number, id: SQL) {
  return sql`lateral (
    select * from hidden.test_references l
    where l.competition_id = ${competitionId} and l.label_version = ${labelVersion} and l.utterance_id = ${id} limit 1)`;
}

const isChanged = sql`(r.reference, r.alternatives, r.excluded) is distinct from (b.reference, b.alternatives, b.excluded)`;

/** Every change of a version has an edit, which a later one may have undone. */
function editedIn(competitionId: string, version: number) {
  return sql`select distinct e.utterance_id as id from hidden.label_edits e
    where e.competition_id = ${competitionId} and e.label_version = ${version}`;
}

/** Of a draft against the version that it began with. */
export async function countChanges(db: Connection, draft: LabelVersion): Promise<LabelChanges> {
  const { competitionId, version, baseVersion } = draft;
  const { rows } = await db.execute<LabelChanges>(sql`
    select
      count(*) filter (where r.reference <> b.reference)::integer as corrected,
      count(*) filter (where r.reference = b.reference and r.alternatives <> b.alternatives)::integer as alternatives,
      count(*) filter (where r.excluded and not b.excluded)::integer as excluded,
      count(*) filter (where b.excluded and not r.excluded)::integer as restored
    from (${editedIn(competitionId, version)}) e
    cross join ${labelOf(competitionId, version, sql`e.id`)} r
    cross join ${labelOf(competitionId, baseVersion ?? version, sql`e.id`)} b`);
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
