import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import { type Competition, type Split, splits } from '#lib/competition.ts';
import { divideIntoFolds, type Fold, type FoldAssignment } from '#lib/datasets/folds.ts';
import type { Compared } from '#lib/datasets/overlaps.ts';
import type { DatasetUtterance } from '#lib/datasets/prepare.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, violatedConstraint } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import { recordFoldSizes } from '#lib/db/fold-sizes.ts';
import { endDraft, findDraft, nextLabelVersion } from '#lib/db/label-drafts.ts';
import {
  archives,
  competitions,
  folds,
  labelVersions,
  salts,
  submissions,
  testReferences,
  utterances,
} from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';

/*
 * Bringing a prepared dataset into the database: for the owner and for the scoring side, which alone may read schema hidden.
 */

export type NewArchive = { split: Split; sha256: Buffer; bytes: number };

/** `unchanged`: everything stood there already, byte for byte and fold for fold. */
export type DatasetOutcome = { outcome: 'recorded' | 'unchanged'; labelVersion: number };

/** An utterance of the test split has a unit and a fold, the others have none. */
type Placed = DatasetUtterance & { unit: string | null; fold: Fold | null };

const rowsPerInsert = 1000;

/** The competition's secret: made at the first import, kept for ever, so that a repeated one draws the same folds. */
export async function getSalt(db: Connection, competitionId: string): Promise<Buffer> {
  const random = sql`decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')`;
  await db.insert(salts).values({ competitionId, salt: random }).onConflictDoNothing();
  return one(await db.select().from(salts).where(eq(salts.competitionId, competitionId)), 'salt', competitionId).salt;
}

/**
 * Makes the dataset the competition's, in one transaction: each split it has replaces what stood there, splits it has not stay.
 * A new test split is divided into folds and becomes a new label version. Refuses with 'dataset-in-use', and with
 * 'dataset-id-taken' where an id stands in a split that stays.
 */
export async function recordDataset(
  db: Connection,
  competitionId: string,
  dataset: { utterances: readonly DatasetUtterance[]; archives: readonly NewArchive[] },
  act: Act,
): Promise<DatasetOutcome> {
  try {
    return await db.transaction(async (tx) => {
      const rows = await tx.select().from(competitions).where(eq(competitions.id, competitionId)).for('no key update');
      const competition = one(rows, 'competition', competitionId);
      const splits = splitsOf(dataset.utterances);
      const test = dataset.utterances.filter((utterance) => utterance.split === 'test');
      const division = divideIntoFolds(test, competition.publicFoldPercent, await getSalt(tx, competitionId));
      const placed = placeAll(dataset.utterances, division);
      const { labelVersion } = competition;
      const before = await listPlaced(tx, competitionId, splits, labelVersion);
      await replaceArchives(tx, competitionId, dataset.archives);
      const isSame = before.length === placed.length && fingerprint(before) === fingerprint(placed);
      if (isSame) return { outcome: 'unchanged', labelVersion };
      await requireReplaceable(tx, competitionId, splits);
      await deleteSplits(tx, competitionId, splits);
      await insertUtterances(tx, competitionId, placed);
      const newVersion = splits.includes('test') ? await nextLabelVersion(tx, competitionId) : labelVersion;
      if (newVersion > labelVersion) await insertLabels(tx, competitionId, newVersion, division.kind, placed, act);
      const details = Object.fromEntries(
        splits.map((split) => [split, placed.filter((u) => u.split === split).length]),
      );
      await recordEvent(tx, { ...act, competitionId, kind: 'dataset-imported', subject: competitionId, details });
      return { outcome: 'recorded', labelVersion: newVersion };
    });
  } catch (error) {
    if (violatedConstraint(error) === 'utterances_pkey') throw new RefusedError('dataset-id-taken', 409);
    throw error;
  }
}

/** The competition's splits but for those given, as they are compared with what is imported: by file, text and speaker. */
export async function listStanding(
  db: Connection,
  { id, labelVersion }: Competition,
  except: readonly Split[],
): Promise<Compared[]> {
  const rest = splits.filter((split) => !except.includes(split));
  const rows = rest.length === 0 ? [] : await listPlaced(db, id, rest, labelVersion);
  return rows.map((row) => ({
    id: row.id,
    split: row.split,
    file: row.sha256.toString('hex'),
    sound: null,
    text: row.reference,
    speaker: row.speaker,
  }));
}

function splitsOf(all: readonly DatasetUtterance[]): Split[] {
  return [...new Set(all.map((utterance) => utterance.split))];
}

function placeAll(all: readonly DatasetUtterance[], { unitOf, foldOf }: FoldAssignment): Placed[] {
  let next = 0;
  return all.map((utterance) => {
    if (utterance.split !== 'test') return { ...utterance, unit: null, fold: null };
    const place = { unit: unitOf[next]!, fold: foldOf[next]! };
    next++;
    return { ...utterance, ...place };
  });
}

type Stored = Omit<Placed, 'group'>;

/** What stands in the database of these splits, the test split under its newest labels. */
async function listPlaced(
  tx: Connection,
  competitionId: string,
  splits: readonly Split[],
  labelVersion: number,
): Promise<Stored[]> {
  const rows = await tx
    .select({ utterance: utterances, label: testReferences, fold: folds.fold, unit: folds.unit })
    .from(utterances)
    .leftJoin(
      testReferences,
      and(
        eq(testReferences.competitionId, utterances.competitionId),
        eq(testReferences.utteranceId, utterances.id),
        eq(testReferences.labelVersion, labelVersion),
      ),
    )
    .leftJoin(folds, and(eq(folds.competitionId, utterances.competitionId), eq(folds.utteranceId, utterances.id)))
    .where(and(eq(utterances.competitionId, competitionId), inArray(utterances.split, [...splits])));
  return rows.map(({ utterance, label, fold, unit }) => ({
    ...utterance,
    mediaType: utterance.mediaType as DatasetUtterance['mediaType'],
    reference: label?.reference ?? utterance.reference ?? '',
    alternatives: label?.alternatives ?? utterance.alternatives,
    speaker: label?.speaker ?? utterance.speaker,
    slices: label?.slices ?? utterance.slices,
    unit,
    fold,
  }));
}

/** Equal where two lists of utterances are, whatever their order. */
function fingerprint(all: readonly Stored[]): string {
  const rows = all.map((u) => {
    const slices = Object.entries(u.slices).sort(([a], [b]) => (a < b ? -1 : 1));
    const { id, split, position, seconds, fileName, mediaType, reference, alternatives, speaker, unit, fold } = u;
    const sha256 = u.sha256.toString('hex');
    return JSON.stringify([
      id,
      split,
      position,
      seconds,
      sha256,
      fileName,
      mediaType,
      reference,
      alternatives,
      speaker,
      slices,
      unit,
      fold,
    ]);
  });
  return rows.sort().join('\n');
}

/** What a team was scored against stays: train may change at any time, dev and test until the first submission. */
async function requireReplaceable(db: Connection, competitionId: string, splits: readonly Split[]): Promise<void> {
  const scored = splits.filter((split) => split !== 'train');
  if (scored.length === 0) return;
  const found = await db
    .select({ split: submissions.split })
    .from(submissions)
    .where(
      and(
        eq(submissions.competitionId, competitionId),
        inArray(submissions.split, scored),
        ne(submissions.state, 'rejected'),
      ),
    )
    .limit(1);
  if (found[0] !== undefined) throw new RefusedError('dataset-in-use', 409, { split: found[0].split });
}

async function replaceArchives(tx: Connection, competitionId: string, built: readonly NewArchive[]): Promise<void> {
  for (const archive of built) {
    await tx
      .insert(archives)
      .values({ competitionId, ...archive })
      .onConflictDoUpdate({
        target: [archives.competitionId, archives.split],
        set: { sha256: archive.sha256, bytes: archive.bytes, builtAt: sql`rostrum_now()` },
        setWhere: ne(archives.sha256, archive.sha256),
      });
  }
}

async function deleteSplits(tx: Connection, competitionId: string, splits: readonly Split[]): Promise<void> {
  if (splits.includes('test')) {
    // What was corrected of recordings that are replaced has nothing to correct.
    const draft = await findDraft(tx, competitionId);
    if (draft !== null) await endDraft(tx, draft, 'discarded', 'import');
    await tx.delete(testReferences).where(eq(testReferences.competitionId, competitionId));
    await tx.delete(folds).where(eq(folds.competitionId, competitionId));
  }
  await tx
    .delete(utterances)
    .where(and(eq(utterances.competitionId, competitionId), inArray(utterances.split, [...splits])));
}

async function insertUtterances(tx: Connection, competitionId: string, placed: readonly Placed[]): Promise<void> {
  for (const part of chunks(placed)) {
    await tx.insert(utterances).values(
      part.map((u) => {
        const { id, split, position, seconds, bytes, sha256, fileName, mediaType } = u;
        const { reference, speaker, slices } = u;
        const open = split === 'test' ? {} : { reference, alternatives: [...u.alternatives], speaker, slices };
        return { competitionId, id, split, position, seconds, bytes, sha256, fileName, mediaType, ...open };
      }),
    );
  }
}

async function insertLabels(
  tx: Connection,
  competitionId: string,
  version: number,
  unit: FoldAssignment['kind'],
  placed: readonly Placed[],
  act: Act,
): Promise<void> {
  const reason = act.reason ?? 'import';
  await tx.insert(labelVersions).values({ competitionId, version, reason, createdBy: act.actorId });
  for (const part of chunks(placed.filter((utterance) => utterance.split === 'test'))) {
    await tx.insert(testReferences).values(
      part.map(({ id, reference, alternatives, speaker, slices }) => ({
        competitionId,
        labelVersion: version,
        utteranceId: id,
        reference,
        alternatives: [...alternatives],
        speaker,
        slices,
      })),
    );
    await tx.insert(folds).values(
      part.map((utterance) => ({
        competitionId,
        utteranceId: utterance.id,
        fold: utterance.fold!,
        unit: utterance.unit!,
      })),
    );
  }
  await tx.update(competitions).set({ labelVersion: version, unit }).where(eq(competitions.id, competitionId));
  await recordFoldSizes(tx, competitionId);
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / rowsPerInsert);
  return Array.from({ length: count }, (_, i) => items.slice(i * rowsPerInsert, (i + 1) * rowsPerInsert));
}
