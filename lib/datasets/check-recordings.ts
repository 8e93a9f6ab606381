import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Utterance } from '#lib/datasets/dataset.ts';
import { withFile } from '#lib/datasets/file-source.ts';
import { inspectRecording, type Recording, type RecordingReading } from '#lib/datasets/recording.ts';
import { levelWarning, soundLevel } from '#lib/datasets/sound-level.ts';
import { isInside } from '#lib/import-path.ts';
import { type Report, shown } from '#lib/predictions/report.ts';

/** An utterance whose recording was found and taken. */
export type CheckedUtterance = {
  utterance: Utterance;
  /** Where its recording stands now. */
  path: string;
  recording: Recording;
  seconds: number | null;
  /** The stretch of the recording, where the utterance is not all of it. */
  stretch: { startSeconds: number; durationSeconds: number } | null;
  /** Equal where two WAVs sound the same, whatever else their files say; null for other codecs. */
  soundKey: string | null;
};

/** Paths are relative to `folder`; with `within`, what lies elsewhere is refused, also by way of links. */
export type Place = { folder: string; within?: string | undefined };

/** Prompts are named without their extension. */
const extensions = ['', '.wav', '.flac', '.ogg', '.opus', '.mp3'];
/** Manifests round; a difference beyond this and beyond 2 % means another recording. */
const durationTolerance = 0.1;

/** Looks at the recording of every utterance; what cannot be taken is reported where the utterance stands in its manifest. */
export async function checkRecordings(
  utterances: readonly Utterance[],
  place: Place,
  report: Report,
  onProgress: (done: number) => void,
): Promise<CheckedUtterance[]> {
  const checked: CheckedUtterance[] = [];
  let last: Found | null = null;
  for (const [index, utterance] of utterances.entries()) {
    // Many stretches in a row are often of one recording.
    if (last?.audio !== utterance.audio) last = find(place, utterance.audio);
    const taken = take(utterance, last, report);
    if (taken) checked.push({ ...taken, soundKey: listen(taken, report) });
    onProgress(index + 1);
    // The files are read in synchronous steps; others in this process get their turn in between.
    if (index % 16 === 15) await new Promise(setImmediate);
  }
  return checked;
}

type Found = { audio: string; path: string; reading: RecordingReading | { status: 'missing' } };

function find({ folder, within }: Place, audio: string): Found {
  const base = resolve(folder, audio);
  // Before it is looked for: whether it is there is nobody's business either.
  if (within !== undefined && !isInside(realpathSync(within), base)) return outside(audio, base);
  for (const extension of extensions) {
    const path = base + extension;
    try {
      if (within !== undefined && !isInside(realpathSync(within), realpathSync(path))) return outside(audio, path);
      return { audio, path, reading: withFile(path, inspectRecording) };
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (absent.has(code)) continue;
      if (!unreadable.has(code)) throw error;
      const values = { reason: code };
      return { audio, path, reading: { status: 'refused', code: 'dataset-recording-unreadable', values } };
    }
  }
  return { audio, path: base, reading: { status: 'missing' } };
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);
const unreadable = new Set(['EACCES', 'EPERM', 'EIO', 'ELOOP', 'ENAMETOOLONG']);

function outside(audio: string, path: string): Found {
  return { audio, path, reading: { status: 'refused', code: 'dataset-recording-outside', values: {} } };
}

type Taken = Omit<CheckedUtterance, 'soundKey'>;

function take(utterance: Utterance, { path, reading }: Found, report: Report): Taken | null {
  const audio = shown(utterance.audio);
  if (reading.status === 'missing') {
    report.add('dataset-recording-missing', utterance.at, { path: audio });
    return null;
  }
  if (reading.status === 'refused') {
    report.add(reading.code, utterance.at, { path: audio, ...reading.values });
    return null;
  }
  const { recording } = reading;
  const cut = cutOf(utterance, recording);
  if (cut.status === 'refused') {
    report.add(cut.code, utterance.at, { path: audio });
    return null;
  }
  const seconds = cut.stretch?.durationSeconds ?? recording.durationSeconds ?? utterance.durationSeconds;
  if (seconds === null) report.warn('warning-dataset-duration-unknown', utterance.at);
  else if (utterance.durationSeconds !== null && isOther(utterance.durationSeconds, seconds)) {
    report.warn('warning-dataset-duration-differs', utterance.at);
  }
  return { utterance, path, recording, seconds, stretch: cut.stretch };
}

/** Warns of the level, and returns what tells equal sounds. Of WAV alone: other codecs would have to be decoded by another program first. */
function listen({ utterance, path, recording: { wav }, stretch }: Taken, report: Report): string | null {
  if (wav === null) return null;
  const { startSeconds, durationSeconds } = stretch ?? { startSeconds: 0, durationSeconds: wav.durationSeconds };
  const hash = createHash('sha1');
  const level = withFile(path, (source) =>
    soundLevel(source, wav, startSeconds, durationSeconds, (piece) => hash.update(piece)),
  );
  const warning = levelWarning(level);
  if (warning) report.warn(warning, utterance.at);
  return hash.digest('base64');
}

function isOther(stated: number, measured: number): boolean {
  return Math.abs(stated - measured) > Math.max(durationTolerance, 0.02 * measured);
}

type Cut =
  | { status: 'fine'; stretch: CheckedUtterance['stretch'] }
  | { status: 'refused'; code: 'dataset-stretch-codec' | 'dataset-stretch-duration' | 'dataset-stretch-outside' };

/** An `offset` asks for a stretch, unless it asks for everything. Only WAV is cut; other codecs would have to be encoded anew. */
function cutOf({ offsetSeconds, durationSeconds }: Utterance, { wav, durationSeconds: whole }: Recording): Cut {
  if (offsetSeconds === null) return { status: 'fine', stretch: null };
  if (durationSeconds === null) {
    return offsetSeconds === 0
      ? { status: 'fine', stretch: null }
      : { status: 'refused', code: 'dataset-stretch-duration' };
  }
  if (offsetSeconds === 0 && whole !== null && !isOther(durationSeconds, whole))
    return { status: 'fine', stretch: null };
  if (wav === null) return { status: 'refused', code: 'dataset-stretch-codec' };
  const end = offsetSeconds + durationSeconds;
  if (durationSeconds === 0 || offsetSeconds >= wav.durationSeconds || end > wav.durationSeconds + durationTolerance) {
    return { status: 'refused', code: 'dataset-stretch-outside' };
  }
  const available = Math.min(durationSeconds, wav.durationSeconds - offsetSeconds);
  return { status: 'fine', stretch: { startSeconds: offsetSeconds, durationSeconds: available } };
}
