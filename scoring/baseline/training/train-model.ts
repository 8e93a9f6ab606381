import { availableParallelism } from 'node:os';
import { type Clip, secondsOf } from '#scoring/baseline/corpus/clips.ts';
import { sampleRateHz } from '#scoring/baseline/features.ts';
import type { BaselineModel, DataFact } from '#scoring/baseline/model.ts';
import type { Checkpoint, CurvePoint } from '#scoring/baseline/training/checkpoint.ts';
import { fitToNetwork } from '#scoring/baseline/training/finish.ts';
import {
  createMemory,
  createThreadTrainingLane,
  createTrainingLane,
  type TrainingLane,
  type TrainingMemory,
} from '#scoring/baseline/training/lanes.ts';
import type { Recipe } from '#scoring/baseline/training/recipe.ts';
import { fingerprintOf, type TrainingProgress, train } from '#scoring/baseline/training/trainer.ts';
import { loadUtterances } from '#scoring/baseline/training/utterances.ts';
import { russian } from '#scoring/baseline/vocabulary.ts';
import type { Runtime } from '#scoring/runtime.ts';

export type TrainModelOptions = {
  /** What to call the model. */
  readonly name: string;
  readonly training: readonly Clip[];
  /** Chooses the best epoch, and nothing else; empty: the last is taken. */
  readonly dev: readonly Clip[];
  /** What the language model learns; none: the model decodes greedily. */
  readonly languageTexts: readonly string[];
  readonly data: readonly DataFact[];
  readonly recipe: Recipe;
  readonly checkpointFile: string;
  /** To go on from, of a training with the same recipe. */
  readonly resumed: Checkpoint | null;
  readonly onLoading: (done: number, total: number) => void;
  readonly onProgress: (progress: TrainingProgress) => void;
  /** How many settings of the decoding were tried on dev. */
  readonly onTried: (tried: number) => void;
};

/** `unspelled`: ids of training clips that were left out since the network has no symbols for their texts. */
export type TrainedModel = {
  readonly model: BaselineModel;
  readonly curve: readonly CurvePoint[];
  readonly bestEpoch: number | null;
  readonly unspelled: readonly string[];
};

/** The checkpoint is of a training on other clips or texts. */
export class OtherDataError extends Error {
  constructor() {
    super('the checkpoint is of a training on other data');
    this.name = 'OtherDataError';
  }
}

/** There is no training clip whose text can be spelled. */
export class NothingToLearnError extends Error {
  constructor() {
    super('there is nothing to learn from');
    this.name = 'NothingToLearnError';
  }
}

/** Memory bandwidth, not cores, is what more threads than that would wait for. */
const mostWorkers = 8;

/** As many workers as there are cores, or as there are batches to compute at the same time. */
export function usualWorkers({ batchesPerStep }: Recipe): number {
  return Math.min(mostWorkers, availableParallelism(), batchesPerStep);
}

/**
 * Trains a network, and then what decodes it. On WebAssembly there is a thread for each worker; elsewhere the device is one and everything
 * happens in this thread. Throws OtherDataError, NothingToLearnError, DivergedError.
 */
export async function trainModel(
  runtime: Pick<Runtime, 'tf' | 'backend'>,
  workers: number,
  options: TrainModelOptions,
): Promise<TrainedModel> {
  const { training: clips, dev: devClips, recipe, checkpointFile, resumed, onLoading, onProgress, onTried } = options;
  const total = clips.length + devClips.length;
  const training = await loadUtterances(clips, russian, (done) => onLoading(done, total));
  const dev = await loadUtterances(devClips, russian, (done) => onLoading(clips.length + done, total));
  if (training.utterances.texts.length === 0) throw new NothingToLearnError();
  const data = fingerprintOf(training.utterances, dev.utterances);
  if (resumed !== null && resumed.data !== data) throw new OtherDataError();
  const memory = createMemory(recipe, russian.symbols, training.utterances, dev.utterances);
  const lanes = await openLanes(runtime, workers, memory);
  try {
    const clock = () => performance.now() / 1000;
    const { weights, state } = await train({ recipe, memory, lanes, data, checkpointFile, resumed, onProgress, clock });
    const finish = { shape: recipe.shape, weights, dev: dev.utterances, languageTexts: options.languageTexts, onTried };
    const fitted = await fitToNetwork(runtime.tf, finish);
    const facts = {
      name: options.name,
      seed: recipe.seed,
      epochs: state.epoch,
      trainingSeconds: secondsOf(clips),
      heardSeconds: state.heardSeconds,
      data: options.data,
      figures: [...figuresOf(state.curve, state.best?.epoch ?? null), ...(fitted?.figure ? [fitted.figure] : [])],
    };
    return {
      model: {
        sampleRateHz,
        shape: recipe.shape,
        symbols: russian.symbols,
        weights,
        decoding: fitted?.decoding ?? null,
        facts,
      },
      curve: state.curve,
      bestEpoch: state.best?.epoch ?? null,
      unspelled: training.unspelled,
    };
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

async function openLanes(
  { tf, backend }: Pick<Runtime, 'tf' | 'backend'>,
  workers: number,
  memory: TrainingMemory,
): Promise<TrainingLane[]> {
  if (backend !== 'wasm') return [createTrainingLane(tf, memory)];
  const outcomes = await Promise.allSettled(Array.from({ length: workers }, () => createThreadTrainingLane(memory)));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  const lanes = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  if (failure === undefined) return lanes;
  // A thread that is left open would keep the process.
  await Promise.all(lanes.map((lane) => lane.close()));
  throw failure.reason;
}

function figuresOf(curve: readonly CurvePoint[], bestEpoch: number | null): BaselineModel['facts']['figures'] {
  const dev = curve.find(({ epoch }) => epoch === bestEpoch)?.dev ?? null;
  if (dev === null) return [];
  const { wordErrorRate, characterErrorRate } = dev;
  return [{ split: 'dev', decoding: 'greedy', slice: '', wordErrorRate, characterErrorRate }];
}
