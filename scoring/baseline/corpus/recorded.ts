import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from '#lib/competition.ts';
import { type CheckedUtterance, checkRecordings } from '#lib/datasets/check-recordings.ts';
import type { Utterance } from '#lib/datasets/dataset.ts';
import { fetchRecordedPrompts } from '#lib/datasets/demo-recordings.ts';
import { type DemoTrouble, makeWhole } from '#lib/datasets/demo-speech.ts';
import { hasFfmpeg } from '#lib/datasets/ffmpeg.ts';
import { locateManifests } from '#lib/datasets/locate.ts';
import { readManifestFile } from '#lib/datasets/manifest-file.ts';
import type { FileReport } from '#lib/datasets/prepare.ts';
import { splitByText } from '#lib/datasets/split.ts';
import { RefusedError } from '#lib/errors.ts';
import { createReport } from '#lib/predictions/report.ts';
import type { Clip, ClipSplits } from '#scoring/baseline/corpus/clips.ts';
import { readSound, type SoundFile } from '#scoring/baseline/sound.ts';

/** A clip with the line of the manifest that it comes from. */
export type RecordedClip = Clip & { readonly utterance: Utterance; readonly file: SoundFile };

/** `unreadable`: recordings left out because they are no WAV and ffmpeg is not installed, or do not tell their length. */
export type DatasetClips =
  | { status: 'read'; splits: ClipSplits<RecordedClip>; unreadable: number }
  | { status: 'refused'; reports: readonly FileReport[] };

/** A division that anybody can repeat: what is trained on must not depend on a secret. */
const salt = new Uint8Array();

/**
 * The demo's recordings, in the division that is committed in demo-splits.json; fetched where `home` has none yet, and kept.
 * Where that fails, why.
 */
export async function recordedClips(home: string): Promise<DatasetClips | { status: 'absent'; trouble: DemoTrouble }> {
  const folder = join(home, 'demo', 'recorded');
  if (!existsSync(folder)) {
    const trouble = await makeWhole(folder, fetchRecordedPrompts);
    if (trouble !== null) return { status: 'absent', trouble };
  }
  return datasetClips(folder);
}

/**
 * Clips of any dataset that can be imported: a manifest, or a folder with manifests. Where they name no splits, near-equal texts
 * fall together by their hash. Refused, with everything that is wrong, where an import would refuse it. Throws RefusedError where
 * there is no manifest.
 */
export async function datasetClips(path: string): Promise<DatasetClips> {
  const reports: FileReport[] = [];
  const checked: CheckedUtterance[] = [];
  const files = existsSync(path) ? locateManifests(path) : [];
  if (files.length === 0) throw new RefusedError('dataset-not-found', 422, { path });
  for (const file of files) {
    const report = createReport();
    const { text, utterances, folder } = await readManifestFile(file, {}, report);
    for (const one of await checkRecordings(utterances, { folder }, report, () => {})) checked.push(one);
    const problems = report.finish(text);
    reports.push({ file: file.path, problems, warnings: report.warnings(text, () => ({})) });
  }
  if (reports.some(({ problems }) => problems.total > 0)) return { status: 'refused', reports };
  return { status: 'read', ...divide(checked) };
}

function divide(checked: readonly CheckedUtterance[]): { splits: ClipSplits<RecordedClip>; unreadable: number } {
  const splits: Record<Split, RecordedClip[]> = { train: [], dev: [], test: [] };
  const drawn = splitByText(
    checked.map(({ utterance }) => utterance.text),
    salt,
  );
  let unreadable = 0;
  for (const [index, one] of checked.entries()) {
    const { utterance, recording, seconds } = one;
    const isHeard = seconds !== null && (recording.wav !== null || hasFfmpeg());
    if (isHeard) splits[utterance.split ?? drawn[index]!].push(clipOf(one, seconds));
    else unreadable++;
  }
  return { splits, unreadable };
}

function clipOf({ utterance, path, stretch }: CheckedUtterance, seconds: number): RecordedClip {
  const file = { path, stretch, seconds };
  return {
    id: utterance.id,
    text: utterance.text,
    source: 'recorded',
    voice: utterance.speaker ?? 'recorded',
    seconds,
    utterance,
    file,
    readSamples: async () => readSound(file),
  };
}
