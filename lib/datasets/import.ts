import { existsSync, realpathSync } from 'node:fs';
import { buildArchive } from '#lib/archives.ts';
import { type Competition, type Split, splits } from '#lib/competition.ts';
import { locateManifests } from '#lib/datasets/locate.ts';
import {
  type DatasetUtterance,
  type FileReport,
  type PrepareOptions,
  type Progress,
  prepareDataset,
} from '#lib/datasets/prepare.ts';
import type { Connection } from '#lib/db/client.ts';
import { type Act, requireLicence } from '#lib/db/competitions.ts';
import { getSalt, listStanding, type NewArchive, recordDataset } from '#lib/db/datasets.ts';
import { RefusedError } from '#lib/errors.ts';
import { isInside } from '#lib/import-path.ts';
import type { ObjectPlace } from '#lib/objects.ts';

export type ImportOptions = Omit<PrepareOptions, 'salt' | 'standingBeside'> & {
  /** A manifest or a folder with one, on this machine. */
  path: string;
  act: Act;
};

export type ImportOutcome =
  | { status: 'refused'; reports: FileReport[] }
  | {
      status: 'recorded' | 'unchanged';
      reports: FileReport[];
      labelVersion: number;
      /** Recordings that were here already, and those that were copied. */
      kept: number;
      copied: number;
      sizes: { split: Split; utterances: number; seconds: number }[];
    };

/**
 * Makes a folder's recordings and transcripts the data of a competition: read, checked, stored, archived, and then recorded in one
 * transaction, so that an import that is stopped leaves the competition as it was and can be started again. Refuses with
 * 'licence-missing', 'dataset-not-found', 'dataset-in-use', 'dataset-id-taken'; what is wrong with files comes back as reports.
 */
export async function importDataset(
  db: Connection,
  competition: Competition,
  { path, act, ...options }: ImportOptions,
): Promise<ImportOutcome> {
  requireLicence(competition);
  const files = existsSync(path) ? locateManifests(path) : [];
  if (files.length === 0) throw new RefusedError('dataset-not-found', 422, { path });
  const { within } = options;
  // A link may stand in for a manifest, too.
  if (within !== undefined && !files.every((file) => isInside(realpathSync(within), realpathSync(file.path)))) {
    throw new RefusedError('import-outside', 422);
  }
  const salt = await getSalt(db, competition.id);
  const prepared = await prepareDataset(files, {
    ...options,
    salt,
    standingBeside: (imported) => listStanding(db, competition, imported),
  });
  if (prepared.status === 'refused') return prepared;
  const { utterances, reports, kept, copied } = prepared;
  const archives = await buildArchives(utterances, options.place, options.onProgress);
  const { outcome, labelVersion } = await recordDataset(db, competition.id, { utterances, archives }, act);
  return { status: outcome, reports, labelVersion, kept, copied, sizes: sizesOf(utterances) };
}

async function buildArchives(
  utterances: readonly DatasetUtterance[],
  place: ObjectPlace,
  onProgress: (progress: Progress) => void,
): Promise<NewArchive[]> {
  const archives: NewArchive[] = [];
  let before = 0;
  for (const split of splits) {
    const ofSplit = utterances.filter((utterance) => utterance.split === split);
    if (ofSplit.length === 0) continue;
    const shown = ofSplit.map((u) => (split === 'test' ? { ...u, reference: null, alternatives: [], slices: {} } : u));
    const stored = await buildArchive(place, split, shown, (done) =>
      onProgress({ stage: 'archive', done: before + done, total: utterances.length }),
    );
    archives.push({ split, ...stored });
    before += ofSplit.length;
  }
  return archives;
}

function sizesOf(utterances: readonly DatasetUtterance[]): { split: Split; utterances: number; seconds: number }[] {
  return splits
    .map((split) => {
      const ofSplit = utterances.filter((utterance) => utterance.split === split);
      const seconds = ofSplit.reduce((sum, utterance) => sum + (utterance.seconds ?? 0), 0);
      return { split, utterances: ofSplit.length, seconds };
    })
    .filter((size) => size.utterances > 0);
}
