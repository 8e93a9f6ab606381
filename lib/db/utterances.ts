import { and, asc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { Split } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import { archives, utterances } from '#lib/db/schema.ts';
import { NotFoundError } from '#lib/errors.ts';

/** One recording as its row stands. `reference`, `speaker` and `slices` of test are hidden elsewhere, and empty here. */
export type UtteranceRow = typeof utterances.$inferSelect;
export type ArchiveRow = typeof archives.$inferSelect;

export type SplitSummary = { split: Split; utterances: number; seconds: number; bytes: number };

/** In the order of the manifest. */
export async function listUtterances(db: Connection, competitionId: string, split: Split): Promise<UtteranceRow[]> {
  return db
    .select()
    .from(utterances)
    .where(and(eq(utterances.competitionId, competitionId), eq(utterances.split, split)))
    .orderBy(asc(utterances.position));
}

/** A part of the split's list, in the order of the manifest. */
export async function listUtterancePage(
  db: Connection,
  competitionId: string,
  split: Split,
  page: { offset: number; limit: number },
): Promise<UtteranceRow[]> {
  return db
    .select()
    .from(utterances)
    .where(and(eq(utterances.competitionId, competitionId), eq(utterances.split, split)))
    .orderBy(asc(utterances.position))
    .limit(page.limit)
    .offset(page.offset);
}

/** What a predictions file for the split has to name: ids in order, with the seconds that bound a hypothesis. */
export async function listUtteranceIds(
  db: Connection,
  competitionId: string,
  split: Split,
): Promise<{ id: string; seconds: number | null }[]> {
  return db
    .select({ id: utterances.id, seconds: utterances.seconds })
    .from(utterances)
    .where(and(eq(utterances.competitionId, competitionId), eq(utterances.split, split)))
    .orderBy(asc(utterances.position));
}

/** Revisions of a competition's lists, by split. One changes as soon as `listUtteranceIds` would say anything else. */
export type ListRevisions = Partial<Record<Split, string>>;

export async function getListRevisions(db: Connection, competitionId: string): Promise<ListRevisions> {
  const of = listRevisionsOf(sql`${competitionId}::uuid`);
  const { rows } = await db.execute<{ revisions: ListRevisions }>(sql`select ${of} as revisions`);
  return rows[0]!.revisions;
}

/** A column of a query; `competitionId` may be another. */
export function listRevisionsOf(competitionId: SQL): SQL<ListRevisions> {
  return sql<ListRevisions>`(
    select coalesce(jsonb_object_agg(l.split, l.revision), '{}') from utterance_lists l where l.competition_id = ${competitionId})`;
}

/** What a download of each recording is known by, split by split, in the order of the manifests. */
export async function listRecordings(
  db: Connection,
  competitionId: string,
  released: readonly Split[],
): Promise<Pick<UtteranceRow, 'id' | 'split' | 'fileName' | 'seconds' | 'bytes' | 'sha256'>[]> {
  const { id, split, fileName, seconds, bytes, sha256 } = utterances;
  return db
    .select({ id, split, fileName, seconds, bytes, sha256 })
    .from(utterances)
    .where(and(eq(utterances.competitionId, competitionId), inArray(utterances.split, [...released])))
    .orderBy(sql`array_position(array['train', 'dev', 'test'], ${utterances.split})`, asc(utterances.position));
}

/** The recording of a split by its utterance's id, else by its file's name. */
export async function getUtterance(
  db: Connection,
  competitionId: string,
  split: Split,
  idOrFileName: string,
): Promise<UtteranceRow> {
  const rows = await db
    .select()
    .from(utterances)
    .where(
      and(
        eq(utterances.competitionId, competitionId),
        eq(utterances.split, split),
        or(eq(utterances.id, idOrFileName), eq(utterances.fileName, idOrFileName)),
      ),
    );
  const utterance = rows.find((row) => row.id === idOrFileName) ?? (rows.length === 1 ? rows[0] : undefined);
  if (utterance === undefined) throw new NotFoundError('recording', idOrFileName);
  return utterance;
}

/** Sizes of the splits that have recordings. */
export async function sumSplits(db: Connection, competitionId: string): Promise<SplitSummary[]> {
  const rows = await db
    .select({
      split: utterances.split,
      utterances: sql<number>`count(*)::integer`,
      seconds: sql<number>`coalesce(sum(${utterances.seconds}), 0)`,
      bytes: sql<number>`sum(${utterances.bytes})::double precision`,
    })
    .from(utterances)
    .where(eq(utterances.competitionId, competitionId))
    .groupBy(utterances.split);
  const order: readonly Split[] = ['train', 'dev', 'test'];
  return rows.sort((a, b) => order.indexOf(a.split) - order.indexOf(b.split));
}

export async function listArchives(db: Connection, competitionId: string): Promise<ArchiveRow[]> {
  return db.select().from(archives).where(eq(archives.competitionId, competitionId)).orderBy(asc(archives.split));
}

export async function getArchive(db: Connection, competitionId: string, split: Split): Promise<ArchiveRow> {
  const rows = await db
    .select()
    .from(archives)
    .where(and(eq(archives.competitionId, competitionId), eq(archives.split, split)));
  if (rows[0] === undefined) throw new NotFoundError('archive', `${split}.zip`);
  return rows[0];
}
