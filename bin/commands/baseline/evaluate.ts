import { Command, Option } from 'commander';
import { type Split, splits } from '#lib/competition.ts';
import { errorRate } from '#lib/counts.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { type Evaluation, type EvaluationSet, evaluate } from '#scoring/baseline/evaluate.ts';
import type { BaselineModel, FigureFact } from '#scoring/baseline/model.ts';
import { recordFigures } from '#scoring/baseline/training/record-figures.ts';
import type { Transcriber } from '#scoring/baseline/transcribe.ts';
import { SCORER_VERSION } from '#scoring/wer/score.ts';
import { printError } from '../explain.ts';
import { UnmetNeedError, WrongUsageError } from '../problems.ts';
import { progressLine } from '../progress.ts';
import { figureLine } from '../report/summary.ts';
import { type FoundSet, withEvaluationSet } from './evaluation-set.ts';
import { folderOf, loadModel, type ModelOptions, openTranscriber, withModelOptions } from './model.ts';
import { speedOf, stepOf } from './transcribe.ts';

export type EvaluateOptions = ModelOptions & {
  competition?: string;
  data?: string;
  split: Split;
  json?: true;
  record?: true;
};

/** `rostrum baseline evaluate`: WER and CER of a model on recordings with known texts, and how fast it is. */
export function evaluateCommand(t: Translate): Command {
  const split = new Option('--split <split>', `${t('baseline.evaluate-split')}: ${splits.join(', ')}`);
  const command = new Command('evaluate')
    .description(t('baseline.evaluate'))
    .option('--competition <slug>', t('baseline.evaluate-competition'))
    .option('--data <folder>', t('baseline.evaluate-data'))
    .addOption(split.choices([...splits]).default('test'))
    .option('--record', t('baseline.evaluate-record'))
    .option('--json', t('cli.option-json'));
  return withModelOptions(command, t).action((options: EvaluateOptions) => runEvaluate(options, t));
}

async function runEvaluate(options: EvaluateOptions, t: Translate): Promise<void> {
  const { competition, data } = options;
  if (competition !== undefined && data !== undefined) throw new WrongUsageError([t('baseline.evaluate-one-source')]);
  const model = await loadModel(options, t);
  await withEvaluationSet(options, t, (found) => evaluateOn(found, options, model, t));
}

async function evaluateOn(
  { set, unreadable }: FoundSet,
  options: EvaluateOptions,
  model: BaselineModel,
  t: Translate,
): Promise<void> {
  const { split } = options;
  if (unreadable > 0) printError(t('baseline.evaluate-not-wav', { count: unreadable }));
  if (set.utterances.length === 0) throw new UnmetNeedError([t('baseline.evaluate-empty', { split })]);
  const transcriber = await openTranscriber(model, set.utterances.length, t);
  const progress = progressLine(() => 'baseline.transcribing', t);
  const seconds = set.utterances.reduce((sum, { file }) => sum + file.seconds, 0);
  const evaluation = await evaluate(set, transcriber, {
    onProgress: (done) => progress.show(stepOf(done, seconds)),
  }).finally(() => {
    progress.end();
    return transcriber.close();
  });
  if (options.record) await recordFigures(folderOf(options), figuresOf(split, options, model, evaluation));
  const lines = options.json
    ? [JSON.stringify(documentOf(set, evaluation, transcriber))]
    : linesOf(set, evaluation, transcriber, t);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Of the whole split and of its slices; of dev and test alike, as the card tells them. */
function figuresOf(
  split: Split,
  { greedy }: ModelOptions,
  { decoding }: BaselineModel,
  { words, characters, slices }: Evaluation,
): FigureFact[] {
  const how = { split, decoding: greedy || decoding === null ? 'greedy' : 'beam' } as const;
  return [{ slice: '', words, characters }, ...slices].flatMap(({ slice, ...counts }) => {
    const [wordErrorRate, characterErrorRate] = [errorRate(counts.words), errorRate(counts.characters)];
    if (wordErrorRate === null || characterErrorRate === null) return [];
    return [{ ...how, slice, wordErrorRate, characterErrorRate }];
  });
}

/** What `--json` prints: the document of `rostrum score --characters`, with the speed and what it was reached on. */
function documentOf({ profile, utterances }: EvaluationSet, evaluation: Evaluation, { backend }: Transcriber) {
  const { words, characters, seconds, tookSeconds } = evaluation;
  return {
    profile,
    scorerVersion: SCORER_VERSION,
    utterances: utterances.length,
    words,
    characters,
    timesRealTime: seconds / tookSeconds,
    backend,
  };
}

function linesOf(
  { profile, utterances }: EvaluationSet,
  { words, characters, seconds, tookSeconds }: Evaluation,
  { backend, device }: Transcriber,
  t: Translate,
): string[] {
  return [
    t('cli.score-head', { utterances: utterances.length, profile, version: SCORER_VERSION }),
    figureLine('WER', words, t),
    figureLine('CER', characters, t),
    t('baseline.evaluate-speed', { ...speedOf(seconds, tookSeconds), backend, device }),
  ];
}
