import { asc, eq, sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import type { Connection } from '#lib/db/client.ts';
import { getSalt } from '#lib/db/datasets.ts';
import { announce } from '#lib/db/live.ts';
import { labelCommitments } from '#lib/db/schema.ts';
import { withoutLoops } from '#lib/db/without-loops.ts';
import { digestOfLabelFile, type FileLabel, writeLabelFile } from '#lib/label-file.ts';

export type Commitment = typeof labelCommitments.$inferSelect;

/** Of every label version that counted, the first one first. */
export async function listCommitments(db: Connection, competitionId: string): Promise<Commitment[]> {
  return db
    .select()
    .from(labelCommitments)
    .where(eq(labelCommitments.competitionId, competitionId))
    .orderBy(asc(labelCommitments.labelVersion));
}

/** Published competitions whose labels in force have not been promised yet. */
export async function listUncommitted(db: Connection): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select c.id from competitions c
    where c.label_version > 0 and c.published_at <= rostrum_now() and not exists (
      select from label_commitments l where l.competition_id = c.id and l.label_version = c.label_version)`);
  return rows.map(({ id }) => id);
}

/** Publishes the SHA-256 of the labels in force; nothing where that was done. For the scoring side and the owner. */
export async function recordCommitment(tx: Connection, competition: Competition): Promise<void> {
  const { id: competitionId, labelVersion } = competition;
  const sha256 = digestOfLabelFile(await readLabelFile(tx, competition, labelVersion));
  const recorded = await tx
    .insert(labelCommitments)
    .values({ competitionId, labelVersion, sha256, committedAt: sql`rostrum_now()` })
    .onConflictDoNothing()
    .returning();
  if (recorded.length === 0) return;
  const details = { labelVersion, sha256: sha256.toString('hex') };
  await recordEvent(tx, { actorId: null, competitionId, kind: 'labels-committed', subject: competitionId, details });
  await announce(tx, competitionId);
}

/** The bytes that were promised. They tell every label: only the scoring side and the owner can call this. */
export async function readLabelFile(db: Connection, competition: Competition, labelVersion: number): Promise<Buffer> {
  const { id, slug } = competition;
  const salt = await getSalt(db, id);
  const { rows } = await withoutLoops(db, (tx) =>
    tx.execute<FileLabel>(sql`
    select u.id, f.fold, f.unit, r.excluded, r.reference || r.alternatives as references
    from hidden.test_references r
    join utterances u on u.competition_id = r.competition_id and u.id = r.utterance_id
    join hidden.folds f on f.competition_id = r.competition_id and f.utterance_id = r.utterance_id
    where r.competition_id = ${id} and r.label_version = ${labelVersion}
    order by u.position`),
  );
  return writeLabelFile({ competition: slug, labelVersion, salt, labels: rows });
}
