import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { csv } from '#lib/csv.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { UnwritableFileError, writeText } from '../problems.ts';
import { progressLine } from '../progress.ts';
import { loadModel, type ModelOptions, openTranscriber, withModelOptions } from './model.ts';
import { findRecordings } from './recordings.ts';

/** `rostrum baseline transcribe`: recordings become a file of texts that can be submitted. */
export function transcribeCommand(t: Translate): Command {
  const command = new Command('transcribe')
    .description(t('baseline.transcribe'))
    .argument('<paths...>', t('baseline.transcribe-paths'))
    .requiredOption('--out <file>', t('baseline.transcribe-out'));
  return withModelOptions(command, t).action((paths: string[], options: ModelOptions & { out: string }) =>
    transcribe(paths, options, t),
  );
}

async function transcribe(
  paths: readonly string[],
  { out, ...options }: ModelOptions & { out: string },
  t: Translate,
): Promise<void> {
  checkWritable(out);
  const recordings = findRecordings(paths);
  const files = recordings.map(({ file }) => file);
  const seconds = files.reduce((sum, file) => sum + file.seconds, 0);
  const transcriber = await openTranscriber(await loadModel(options, t), files.length, t);
  const progress = progressLine(() => 'baseline.transcribing', t);
  const begun = performance.now();
  const texts = await transcriber
    .transcribe(files, { onProgress: (done) => progress.show(stepOf(done, seconds)) })
    .finally(() => {
      progress.end();
      return transcriber.close();
    });
  const took = (performance.now() - begun) / 1000;
  const rows = recordings.map(({ id }, i) => [id, texts[i]!]);
  await writeText(out, csv(['id', 'text'], rows));
  const values = { file: out, count: texts.length, ...speedOf(seconds, took) };
  process.stdout.write(`${t('baseline.transcribe-done', values)}\n`);
}

/** Nobody should wait for an hour of work to learn that its result has no place. */
export function checkWritable(out: string): void {
  try {
    accessSync(dirname(resolve(out)), constants.W_OK);
  } catch (error) {
    throw new UnwritableFileError(out, error);
  }
}

/** Progress in seconds of sound. */
export function stepOf(doneSeconds: number, seconds: number) {
  return { stage: 'transcribe', done: Math.round(doneSeconds), total: Math.round(seconds) };
}

/** For people: two digits or more, and none that mean nothing. */
export function speedOf(seconds: number, tookSeconds: number): { seconds: number; took: number; speed: number } {
  const round = (value: number) => (value >= 10 ? Math.round(value) : Number(value.toFixed(1)));
  return { seconds: round(seconds), took: round(tookSeconds), speed: round(seconds / tookSeconds) };
}
