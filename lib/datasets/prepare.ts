import type { Split } from '#lib/competition.ts';
import { type CheckedUtterance, checkRecordings } from '#lib/datasets/check-recordings.ts';
import type { ManifestOptions } from '#lib/datasets/dataset.ts';
import { withFile } from '#lib/datasets/file-source.ts';
import type { ManifestFile } from '#lib/datasets/locate.ts';
import type { ManifestFormat } from '#lib/datasets/manifest.ts';
import { type ManifestRead, readManifestFile } from '#lib/datasets/manifest-file.ts';
import { type Compared, findOverlaps } from '#lib/datasets/overlaps.ts';
import type { Recording } from '#lib/datasets/recording.ts';
import { splitByText } from '#lib/datasets/split.ts';
import { cutWav } from '#lib/datasets/wav.ts';
import { type KeptObject, type ObjectPlace, objectStore } from '#lib/objects.ts';
import { createReport, type ProblemReport, type Report, shown, type Warning } from '#lib/predictions/report.ts';

/** An utterance whose recording is in the store, ready for the database and the archives. */
export type DatasetUtterance = {
  id: string;
  split: Split;
  /** Its place within the split, from 0, in the order of the manifests. */
  position: number;
  seconds: number | null;
  bytes: number;
  sha256: Buffer;
  fileName: string;
  mediaType: Recording['mediaType'];
  reference: string;
  /** Other wordings that are as good. */
  alternatives: readonly string[];
  speaker: string | null;
  group: string | null;
  slices: Readonly<Record<string, string>>;
};

/** After as many, something is wrong with the manifest as a whole. */
const mostProblems = 100_000;

export type Progress = { stage: 'check' | 'store' | 'archive'; done: number; total: number };

export type PrepareOptions = ManifestOptions & {
  /** Where recordings and archives are kept. */
  place: ObjectPlace;
  format?: ManifestFormat | undefined;
  /** The folder that recordings' paths are relative to, where it is not the manifest's own. */
  audioFolder?: string | undefined;
  /** Recordings are taken from under this folder alone, for people who may not read everything on this machine. */
  within?: string | undefined;
  /** Divides a manifest that names no splits. */
  salt: Uint8Array;
  /** What stands in the competition outside of these splits, to be compared with what comes. */
  standingBeside?: (splits: readonly Split[]) => Promise<Compared[]>;
  onProgress: (progress: Progress) => void;
};

export type FileReport = { file: string; problems: ProblemReport; warnings: readonly Warning[] };

export type PreparedDataset =
  /** `kept` recordings were here already, `copied` ones are new. */
  | { status: 'ready'; utterances: DatasetUtterance[]; reports: FileReport[]; kept: number; copied: number }
  | { status: 'refused'; reports: FileReport[] };

/**
 * Everything of an import but the database: reads the manifests, looks at all recordings, and either refuses with all problems
 * of all files, or keeps the recordings. Can be stopped at any moment and started again.
 */
export async function prepareDataset(
  files: readonly ManifestFile[],
  options: PrepareOptions,
): Promise<PreparedDataset> {
  const manifests: OpenManifest[] = [];
  for (const file of files) manifests.push(await openManifest(file, options));
  reportIdsElsewhere(manifests);
  const total = manifests.reduce((sum, manifest) => sum + manifest.utterances.length, 0);
  let before = 0;
  for (const manifest of manifests) {
    const place = { folder: options.audioFolder ?? manifest.folder, within: options.within };
    manifest.checked = await checkRecordings(manifest.utterances, place, manifest.report, (done) =>
      options.onProgress({ stage: 'check', done: before + done, total }),
    );
    before += manifest.utterances.length;
  }
  if (manifests.some((manifest) => manifest.report.finish(manifest.text).total > 0)) {
    return { status: 'refused', reports: manifests.map(reportOf) };
  }
  const stored = await storeAll(manifests, total, options);
  const copied = stored.filter(({ file }) => file.isNew).length;
  await warnOfOverlaps(stored, manifests, options);
  const utterances = toDatasetUtterances(stored);
  return { status: 'ready', utterances, reports: manifests.map(reportOf), copied, kept: total - copied };
}

type OpenManifest = ManifestRead & {
  file: ManifestFile;
  report: Report;
  checked: CheckedUtterance[];
  overlaps: Warning[];
};

async function openManifest(file: ManifestFile, options: PrepareOptions): Promise<OpenManifest> {
  const report = createReport(mostProblems);
  return { file, report, ...(await readManifestFile(file, options, report)), checked: [], overlaps: [] };
}

function reportIdsElsewhere(manifests: readonly OpenManifest[]): void {
  const fileOfId = new Map<string, string>();
  for (const { file, utterances, report } of manifests) {
    for (const { id, at } of utterances) {
      const other = fileOfId.get(id);
      if (other !== undefined && other !== file.path) {
        report.add('dataset-id-elsewhere', at, { id: shown(id), file: shown(other) });
      } else fileOfId.set(id, file.path);
    }
  }
}

type StoredUtterance = { checked: CheckedUtterance; report: Report; split: Split; file: KeptObject };

async function storeAll(manifests: OpenManifest[], total: number, options: PrepareOptions): Promise<StoredUtterance[]> {
  const all = manifests.flatMap((manifest) =>
    manifest.checked.map((checked) => ({ checked, report: manifest.report })),
  );
  const checked = all.map((one) => one.checked);
  const splitOf = chooseSplits(checked, options.salt);
  const files = await storeInParallel(checked, options.place, (done) =>
    options.onProgress({ stage: 'store', done, total }),
  );
  return all.map((one, i) => ({ ...one, split: splitOf[i]!, file: files[i]! }));
}

/** Where an utterance says something of another, it is said in its own manifest; what concerns all of them, in the first. */
async function warnOfOverlaps(
  stored: readonly StoredUtterance[],
  manifests: readonly OpenManifest[],
  { standingBeside }: PrepareOptions,
): Promise<void> {
  const imported = stored.map(({ checked: { utterance, soundKey }, split, file }) => ({
    id: utterance.id,
    split,
    file: file.sha256.toString('hex'),
    sound: soundKey,
    text: utterance.text,
    speaker: utterance.speaker,
  }));
  const standing = (await standingBeside?.([...new Set(imported.map(({ split }) => split))])) ?? [];
  const overlaps = findOverlaps(imported, standing);
  for (const index of overlaps.sameInSplit) {
    const { report, checked } = stored[index]!;
    report.warn('warning-dataset-same-recording', checked.utterance.at);
  }
  manifests[0]!.overlaps.push(...overlaps.warnings);
}

function toDatasetUtterances(stored: readonly StoredUtterance[]): DatasetUtterance[] {
  const nextPosition: Record<Split, number> = { train: 0, dev: 0, test: 0 };
  return stored.map(({ checked, split, file }) => toDatasetUtterance(checked, split, nextPosition[split]++, file));
}

function chooseSplits(checked: readonly CheckedUtterance[], salt: Uint8Array): Split[] {
  // Either all name their split or none does: that was checked.
  if (checked.every(({ utterance }) => utterance.split !== null))
    return checked.map(({ utterance }) => utterance.split!);
  return splitByText(
    checked.map(({ utterance }) => utterance.text),
    salt,
  );
}

/** Writing waits for the disk again and again, so several files are under way at once. */
async function storeInParallel(
  checked: readonly CheckedUtterance[],
  place: ObjectPlace,
  onProgress: (done: number) => void,
): Promise<KeptObject[]> {
  const store = objectStore(place).openBatch();
  const stored = new Array<KeptObject>(checked.length);
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let i = next++; i < checked.length; i = next++) {
      stored[i] = await store.keep(sourceOf(checked[i]!));
      onProgress(++done);
      // Small files are kept in synchronous steps; others in this process get their turn in between.
      if (done % 16 === 0) await new Promise(setImmediate);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  await store.settle();
  return stored;
}

function sourceOf({ path, recording, stretch }: CheckedUtterance): string | Uint8Array {
  if (stretch === null) return path;
  return withFile(path, (source) => cutWav(source, recording.wav!, stretch.startSeconds, stretch.durationSeconds));
}

function toDatasetUtterance(
  checked: CheckedUtterance,
  split: Split,
  position: number,
  stored: KeptObject,
): DatasetUtterance {
  const { utterance, recording, seconds } = checked;
  return {
    id: utterance.id,
    split,
    position,
    seconds,
    bytes: stored.bytes,
    sha256: stored.sha256,
    fileName: `${utterance.id}.${recording.extension}`,
    mediaType: recording.mediaType,
    reference: utterance.text,
    alternatives: utterance.alternatives,
    speaker: utterance.speaker,
    group: utterance.group,
    slices: utterance.slices,
  };
}

function reportOf({ file, report, text, overlaps }: OpenManifest): FileReport {
  const warnings = [...overlaps, ...report.warnings(text, () => ({}))];
  return { file: file.path, problems: report.finish(text), warnings };
}
