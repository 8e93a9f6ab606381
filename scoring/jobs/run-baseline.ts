import { createHash } from 'node:crypto';
import { modelFolder } from '#lib/baseline-models.ts';
import { csv } from '#lib/csv.ts';
import { hasFfmpeg } from '#lib/datasets/ffmpeg.ts';
import { wavLimits } from '#lib/datasets/wav.ts';
import {
  claimBaselineRun,
  type RunProgress,
  recordRunDone,
  recordRunFailed,
  recordRunProgress,
} from '#lib/db/baseline-run-jobs.ts';
import type { BaselineRun } from '#lib/db/baseline-runs.ts';
import type { Database } from '#lib/db/client.ts';
import { giveBackJob } from '#lib/db/jobs.ts';
import { listUtterances } from '#lib/db/utterances.ts';
import type { WorkerEnv } from '#lib/env.ts';
import { log } from '#lib/log.ts';
import { objectStore } from '#lib/objects.ts';
import { ModelFolderError, readModel } from '#scoring/baseline/model-folder.ts';
import type { SoundFile } from '#scoring/baseline/sound.ts';
import { createTranscriber } from '#scoring/baseline/transcribe.ts';
import { holdClaim } from '#scoring/jobs/hold.ts';
import { NoRuntimeError, type Skip } from '#scoring/runtime.ts';

const leaseSeconds = 30;
const showEveryMs = 2_000;

export type BaselineFolders = Pick<WorkerEnv, 'home' | 's3' | 'backend'>;

/**
 * Transcribes a split with a model, as an organiser asked, and hands the texts in like any other file. It can be stopped at any
 * moment: the next attempt begins anew.
 */
export async function runBaseline(
  db: Database,
  id: string,
  folders: BaselineFolders,
  stopping?: AbortSignal,
): Promise<void> {
  const claim = await claimBaselineRun(db, id, leaseSeconds);
  if (claim === null) return;
  const { model, decoding } = claim;
  const progress: RunProgress = { done: 0, total: null, decoding, backend: null, device: null, skipped: [] };
  const hold = holdClaim({
    about: { kind: 'run-baseline', id, attempt: claim.attempt },
    renewEveryMs: showEveryMs,
    renew: () => recordRunProgress(db, claim, progress, leaseSeconds),
    giveBack: () => giveBackJob(db, { kind: 'run-baseline', id }, claim.attempt),
    stopping,
  });
  const work = async () => {
    const texts = await transcribe(db, claim, folders, progress, hold.signal);
    await hold.renew();
    await recordRunDone(db, claim, fileOf(fileNameOf(model, progress.decoding), texts));
  };
  await hold.until(work(), async (error) => {
    await recordRunFailed(db, claim, failureOf(error));
    return 'failed';
  });
}

async function transcribe(
  db: Database,
  { competitionId, split, model, decoding }: BaselineRun,
  folders: BaselineFolders,
  progress: RunProgress,
  signal: AbortSignal,
): Promise<[id: string, text: string][]> {
  const utterances = await listUtterances(db, competitionId, split);
  const others = utterances.filter(({ mediaType }) => mediaType !== 'audio/wav');
  if (others.length > 0 && !hasFfmpeg()) throw new OtherCodecError(others.length);
  // What does not tell its length is decoded up to the longest that is taken.
  const lengths = utterances.map(({ seconds }) => seconds ?? wavLimits.maxDurationSeconds);
  progress.total = Math.round(lengths.reduce((sum, seconds) => sum + seconds, 0));
  const whole = await readModel(modelFolder(folders.home, model));
  const used = decoding === 'greedy' ? { ...whole, decoding: null } : whole;
  if (used.decoding === null) progress.decoding = 'greedy';
  const transcriber = await createTranscriber(used, { wanted: folders.backend });
  const { backend: rung, device, skipped } = transcriber;
  Object.assign(progress, { backend: rung, device, skipped: skipped.map(toSkippedRung) });
  log.info(
    { competitionId, model, decoding: progress.decoding, backend: rung, device, skipped: progress.skipped },
    'baseline run',
  );
  try {
    const onProgress = (seconds: number) => {
      progress.done = Math.round(seconds);
    };
    const texts = await objectStore(folders).withFiles(utterances, (paths) => {
      const files = paths.map((path, i): SoundFile => ({ path, stretch: null, seconds: lengths[i]! }));
      return transcriber.transcribe(files, { onProgress, signal });
    });
    return utterances.map(({ id }, i) => [id, texts[i]!]);
  } finally {
    await transcriber.close();
  }
}

/** Recordings that ffmpeg would read, and it is not there. */
class OtherCodecError extends Error {
  constructor(count: number) {
    super(`${count} recordings are no WAV, and ffmpeg is not installed`);
    this.name = 'OtherCodecError';
  }
}

function toSkippedRung({ backend, refusal: { code, details } }: Skip) {
  return { backend, code, details };
}

function fileNameOf(model: string, decoding: BaselineRun['decoding']): string {
  return decoding === 'greedy' ? `${model}-greedy.csv` : `${model}.csv`;
}

function fileOf(fileName: string, texts: readonly [id: string, text: string][]) {
  const bytes = Buffer.from(csv(['id', 'text'], texts));
  const sha256 = createHash('sha256').update(bytes).digest();
  const about = { fileName, note: '', codeLink: null };
  return { ...about, bytes, sha256, parsed: { format: 'csv', warnings: [] } };
}

function failureOf(error: unknown): string {
  if (error instanceof ModelFolderError) return 'model';
  if (error instanceof OtherCodecError) return 'codec';
  if (error instanceof NoRuntimeError) return 'runtime';
  return 'internal';
}
