import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { MessageKey, Translate } from '#lib/messages/translate.ts';
import { writeModel } from '#scoring/baseline/model-folder.ts';
import { cardOf } from '#scoring/baseline/training/card.ts';
import { CheckpointError, readCheckpoint } from '#scoring/baseline/training/checkpoint.ts';
import { type OptimiserName, optimiserNames } from '#scoring/baseline/training/optimisers.ts';
import { type Recipe, usualRecipe } from '#scoring/baseline/training/recipe.ts';
import { type ScheduleName, scheduleNames } from '#scoring/baseline/training/schedules.ts';
import {
  NothingToLearnError,
  OtherDataError,
  type TrainedModel,
  trainModel,
  usualWorkers,
} from '#scoring/baseline/training/train-model.ts';
import { DivergedError, type TrainingProgress } from '#scoring/baseline/training/trainer.ts';
import { mostHours, TooMuchSpeechError } from '#scoring/baseline/training/utterances.ts';
import { openRuntime } from '#scoring/runtime.ts';
import { printError } from '../explain.ts';
import { UnmetNeedError, UnwritableFileError, WrongUsageError } from '../problems.ts';
import { progressLine } from '../progress.ts';
import { openingAloud } from './model.ts';
import { findTrainingClips } from './training-clips.ts';
import { checkWritable } from './transcribe.ts';

type RecipeOptions = {
  minutes?: number;
  epochs?: number;
  schedule?: ScheduleName;
  optimiser?: OptimiserName;
  learningRate?: number;
  power?: number;
  weightDecay?: number;
  seed?: number;
  patience?: number;
  channels?: number;
  synthetic?: number;
  variedShare?: number;
};

export type TrainOptions = RecipeOptions & {
  out: string;
  data?: string;
  licence?: string;
  attribution?: string;
  workers?: number;
  resume?: true;
  json?: true;
};

/** `rostrum baseline train`: recordings and their texts become a model. */
export function trainCommand(t: Translate): Command {
  const number = (flags: string, key: MessageKey, range: Range) =>
    new Option(flags, t(key)).argParser((text) => numberIn(text, range));
  const choice = (flags: string, key: MessageKey, choices: readonly string[]) =>
    new Option(flags, `${t(key)}: ${choices.join(', ')}`).choices([...choices]);
  return new Command('train')
    .description(t('baseline.train'))
    .requiredOption('--out <folder>', t('baseline.train-out'))
    .option('--data <folder>', t('baseline.train-data'))
    .option('--licence <text>', t('baseline.train-licence'))
    .option('--attribution <text>', t('baseline.train-attribution'))
    .addOption(number('--synthetic <number>', 'baseline.train-synthetic', { least: 0, most: 1e6, isWhole: true }))
    .addOption(number('--minutes <number>', 'baseline.train-minutes', { least: 0.01, most: 100_000 }))
    .addOption(number('--epochs <number>', 'baseline.train-epochs', { ...whole, most: 1e6 }).conflicts('minutes'))
    .addOption(choice('--schedule <name>', 'baseline.train-schedule', scheduleNames))
    .addOption(number('--power <number>', 'baseline.train-power', { least: 0, most: 4 }))
    .addOption(choice('--optimiser <name>', 'baseline.train-optimiser', optimiserNames))
    .addOption(number('--learning-rate <number>', 'baseline.train-learning-rate', { least: 0, most: 100 }))
    .addOption(number('--weight-decay <number>', 'baseline.train-weight-decay', { least: 0, most: 1 }))
    .addOption(number('--varied-share <number>', 'baseline.train-varied-share', { least: 0, most: 1 }))
    .addOption(number('--patience <number>', 'baseline.train-patience', { ...whole, most: 1e6 }))
    .addOption(number('--channels <number>', 'baseline.train-channels', { ...whole, most: 1024 }))
    .addOption(number('--seed <number>', 'baseline.train-seed', { ...whole, least: 0, most: 2 ** 32 - 1 }))
    .addOption(number('--workers <number>', 'baseline.train-workers', { ...whole, most: 64 }))
    .option('--resume', t('baseline.train-resume'))
    .option('--json', t('cli.option-json'))
    .action((options: TrainOptions) => runTrain(options, t));
}

type Range = { least: number; most: number; isWhole?: boolean };
const whole = { least: 1, isWhole: true };

function numberIn(text: string, { least, most, isWhole }: Range): number {
  const value = Number(text);
  const fits = text.trim() !== '' && value >= least && value <= most && (!isWhole || Number.isInteger(value));
  if (!fits) throw new InvalidArgumentError(`Allowed choices are ${least}–${most}.`);
  return value;
}

async function runTrain(options: TrainOptions, t: Translate): Promise<void> {
  const out = resolve(options.out);
  const checkpointFile = `${out}.checkpoint`;
  checkUsage(options, checkpointFile, t);
  checkWritable(out);
  const resumed = options.resume ? await readCheckpoint(checkpointFile).catch(rethrown(checkpointFile, t)) : null;
  const recipe = resumed?.recipe ?? recipeOf(options);
  const clips = await findTrainingClips(options, recipe, t);
  const runtime = await openingAloud((wanted) => openRuntime({ wanted }), t);
  const progress = progressLine((stage) => `baseline.${stage}` as MessageKey, t);
  printError(t('baseline.train-checkpoint', { file: checkpointFile }));
  try {
    const trained = await trainModel(runtime, options.workers ?? usualWorkers(recipe), {
      ...clips,
      name: basename(out),
      recipe,
      checkpointFile,
      resumed,
      onLoading: (done, total) => progress.show({ stage: 'train-loading', done, total }),
      onProgress: (now) => progress.show(stepOf(now)),
      onTried: (tried) => progress.show({ stage: 'train-tuning', done: tried, total: 0 }),
    });
    progress.end();
    const { model, curve } = trained;
    await writeModel(out, model, { card: cardOf({ ...model, recipe }), curves: curve, recipe });
    await rm(checkpointFile);
    for (const line of linesOf(trained, options, t)) process.stdout.write(`${line}\n`);
  } catch (error) {
    rethrown(checkpointFile, t)(error);
  } finally {
    progress.end();
    runtime.close();
  }
}

/** Hours of training are neither overwritten nor gone on with under another recipe by mistake. */
function checkUsage(options: TrainOptions, checkpointFile: string, t: Translate): void {
  const { out, data, licence, attribution, workers, resume, json, ...recipe } = options;
  if (resume && Object.keys(recipe).length > 0) throw new WrongUsageError([t('baseline.train-resume-recipe')]);
  if (!resume && existsSync(checkpointFile)) {
    throw new UnmetNeedError([t('baseline.train-checkpoint-exists', { file: checkpointFile })]);
  }
}

/** Plain descent needs far longer steps than one that adapts. */
const usualLearningRates: Record<OptimiserName, number> = {
  sgd: 0.5,
  momentum: 0.05,
  adam: usualRecipe.schedule.learningRate,
};

function recipeOf(options: RecipeOptions): Recipe {
  const { optimiser = usualRecipe.optimiser, epochs, minutes, channels } = options;
  const { schedule, shape, length } = usualRecipe;
  return {
    ...usualRecipe,
    optimiser,
    shape: { ...shape, channels: channels ?? shape.channels },
    length: epochs === undefined ? { ...length, count: minutes ?? length.count } : { kind: 'epochs', count: epochs },
    schedule: {
      ...schedule,
      name: options.schedule ?? schedule.name,
      learningRate: options.learningRate ?? usualLearningRates[optimiser],
      power: options.power ?? schedule.power,
    },
    variedShare: options.variedShare ?? usualRecipe.variedShare,
    syntheticTexts: options.synthetic ?? usualRecipe.syntheticTexts,
    weightDecay: options.weightDecay ?? usualRecipe.weightDecay,
    seed: options.seed ?? usualRecipe.seed,
    patience: options.patience ?? usualRecipe.patience,
  };
}

/** In thousandths of the whole. */
function stepOf({ epoch, share, remainingSeconds, trainLoss, devCharacterErrorRate }: TrainingProgress) {
  const values = {
    epoch,
    loss: trainLoss.toFixed(2),
    cer: devCharacterErrorRate === null ? 'none' : (100 * devCharacterErrorRate).toFixed(1),
  };
  return { stage: 'train-progress', done: Math.round(1000 * share), total: 1000, values, remainingSeconds };
}

function linesOf({ model, curve, bestEpoch, unspelled }: TrainedModel, { out, json }: TrainOptions, t: Translate) {
  const { epochs, heardSeconds } = model.facts;
  const last = curve.at(-1)!;
  const best = curve.find(({ epoch }) => epoch === bestEpoch)?.dev ?? null;
  if (json) {
    const { steps, seconds } = last;
    return [JSON.stringify({ model: out, epochs, steps, seconds, heardSeconds, bestEpoch, dev: best, unspelled })];
  }
  const heard = { hours: (heardSeconds / 3600).toFixed(1), epochs };
  const lines = unspelled.length > 0 ? [t('baseline.train-unspelled', { count: unspelled.length })] : [];
  for (const { split, decoding, wordErrorRate, characterErrorRate } of model.facts.figures) {
    const [wer, cer] = [wordErrorRate, characterErrorRate].map((rate) => (100 * rate).toFixed(1));
    if (split === 'dev') lines.push(t('baseline.train-dev', { epoch: bestEpoch!, decoding, wer: wer!, cer: cer! }));
  }
  return [...lines, t('baseline.train-done', { folder: out, ...heard })];
}

/** Throws what the caller is to be told. */
function rethrown(file: string, t: Translate): (error: unknown) => never {
  return (error) => {
    if (error instanceof CheckpointError) {
      if (error.reason === 'unwritable') throw new UnwritableFileError(file, error.cause);
      throw new UnmetNeedError([t(`baseline.checkpoint-${error.reason}`, { file })]);
    }
    if (error instanceof OtherDataError) throw new UnmetNeedError([t('baseline.checkpoint-other-data', { file })]);
    if (error instanceof NothingToLearnError) throw new UnmetNeedError([t('baseline.train-nothing')]);
    if (error instanceof TooMuchSpeechError) {
      throw new UnmetNeedError([t('baseline.train-too-much', { hours: Math.ceil(error.hours), most: mostHours })]);
    }
    if (error instanceof DivergedError) throw new UnmetNeedError([t('baseline.train-diverged', { step: error.step })]);
    throw error;
  };
}
