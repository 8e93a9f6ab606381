import { createHash } from 'node:crypto';
import { type Checkpoint, type TrainingState, writeCheckpoint } from '#scoring/baseline/training/checkpoint.ts';
import { mixed, planEpoch } from '#scoring/baseline/training/epochs.ts';
import { judgeDev } from '#scoring/baseline/training/judge.ts';
import { onLanes, type TrainingLane, type TrainingMemory } from '#scoring/baseline/training/lanes.ts';
import {
  clipLength,
  createOptimiser,
  follow,
  freshState,
  type Optimiser,
} from '#scoring/baseline/training/optimisers.ts';
import type { Recipe } from '#scoring/baseline/training/recipe.ts';
import { learningRateAt } from '#scoring/baseline/training/schedules.ts';
import { secondsOf, type Utterances } from '#scoring/baseline/training/utterances.ts';
import { decayingWeights, initialWeights } from '#scoring/baseline/training/weights.ts';
import { createRandom } from '#scoring/statistics/random.ts';

export type TrainingProgress = {
  /** Counted from 1. */
  readonly epoch: number;
  readonly share: number;
  readonly remainingSeconds: number;
  /** In nats per symbol, of this epoch so far. */
  readonly trainLoss: number;
  /** With greedy decoding, after the last epoch; null before its end. */
  readonly devCharacterErrorRate: number | null;
};

export type TrainingOptions = {
  readonly recipe: Recipe;
  readonly memory: TrainingMemory;
  readonly lanes: readonly TrainingLane[];
  /** Fingerprint of the utterances, for checkpoints. */
  readonly data: string;
  /** Written after every epoch and every minute; null: nowhere. */
  readonly checkpointFile: string | null;
  /** Of a training with the same recipe and data. */
  readonly resumed: Checkpoint | null;
  readonly onProgress: (progress: TrainingProgress) => void;
  /** Seconds from any moment on. */
  readonly clock: () => number;
};

/** The weights fell out of the range of numbers: the learning rate is too high. */
export class DivergedError extends Error {
  readonly step: number;

  constructor(step: number) {
    super(`training diverged in step ${step}`);
    this.name = 'DivergedError';
    this.step = step;
  }
}

type Run = TrainingOptions & {
  readonly state: TrainingState;
  readonly optimiser: Optimiser;
  readonly bestWeights: Float32Array;
  /** Of the step that is under way. */
  readonly gradient: Float32Array;
  readonly startedAt: number;
  savedAt: number;
};

const saveEverySeconds = 60;
const frameSeconds = 0.01;

/**
 * Trains to the end of the recipe, and returns the averaged weights of the epoch with the lowest CER on dev (without dev, of the
 * last). In each step the gradients of some batches are added, always in the same order, whichever lane computed them. Throws
 * DivergedError.
 */
export async function train(options: TrainingOptions): Promise<{ weights: Float32Array; state: TrainingState }> {
  const run = begin(options);
  while (!isOver(run)) {
    await learnEpoch(run);
    await judgeEpoch(run);
    await save(run);
  }
  return { weights: run.bestWeights, state: run.state };
}

/** What a checkpoint must have learned from for training to go on with these utterances. */
export function fingerprintOf(training: Utterances, dev: Utterances): string {
  const hash = createHash('sha256');
  for (const { samples, texts } of [training, dev]) {
    hash.update(JSON.stringify(texts)).update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  }
  return hash.digest('hex');
}

function begin(options: TrainingOptions): Run {
  const { recipe, memory, resumed, clock } = options;
  const { weights, averaged } = memory;
  weights.set(resumed?.weights ?? initialWeights(recipe.shape, uniformFrom(recipe.seed)));
  averaged.set(resumed?.averaged ?? weights);
  const optimiserState = resumed?.optimiser ?? freshState(recipe.optimiser, weights.length);
  const state = resumed?.state ?? freshTraining(recipe);
  const startedAt = clock() - state.seconds;
  return {
    ...options,
    state,
    optimiser: createOptimiser(
      { name: recipe.optimiser, weightDecay: recipe.weightDecay, decays: decayingWeights(recipe.shape) },
      optimiserState,
    ),
    bestWeights: resumed?.bestWeights ?? averaged.slice(),
    gradient: new Float32Array(weights.length),
    startedAt,
    savedAt: clock(),
  };
}

function freshTraining({ recordedShare }: Recipe): TrainingState {
  return {
    steps: 0,
    stepInEpoch: 0,
    epoch: 0,
    syntheticTaken: 0,
    recordedShare,
    seconds: 0,
    heardSeconds: 0,
    epochLoss: 0,
    epochSymbols: 0,
    curve: [],
    best: null,
  };
}

function uniformFrom(seed: number): () => number {
  const random = createRandom(seed);
  return () => random() / 2 ** 32;
}

/** From 0 to 1; `stepsInEpoch` of this epoch, where one is under way. */
function shareDone({ recipe: { length }, state }: Run, stepsInEpoch = 1): number {
  const done = length.kind === 'minutes' ? state.seconds / 60 : state.epoch + state.stepInEpoch / stepsInEpoch;
  return Math.min(1, done / length.count);
}

function isOver(run: Run): boolean {
  const { state, recipe } = run;
  const waited = state.best === null ? 0 : state.epoch - state.best.epoch;
  // In the middle of an epoch, which a checkpoint may be, nothing ends.
  if (state.stepInEpoch > 0) return false;
  return shareDone(run) >= 1 || (recipe.patience !== null && waited >= recipe.patience);
}

async function learnEpoch(run: Run): Promise<void> {
  const { recipe, state, memory } = run;
  if (state.stepInEpoch === 0) {
    state.recordedShare = shareDone(run) >= 1 - recipe.lastPart ? recipe.lastRecordedShare : recipe.recordedShare;
  }
  const plan = planEpoch(memory.training, {
    seed: recipe.seed,
    epoch: state.epoch,
    recordedShare: state.recordedShare,
    syntheticTaken: state.syntheticTaken,
    batchSeconds: recipe.batchFrames * recipe.shape.stride * frameSeconds,
  });
  const steps = Math.ceil(plan.batches.length / recipe.batchesPerStep);
  while (state.stepInEpoch < steps && (recipe.length.kind === 'epochs' || shareDone(run) < 1)) {
    const from = state.stepInEpoch * recipe.batchesPerStep;
    await step(run, plan.batches.slice(from, from + recipe.batchesPerStep), steps);
    report(run, steps);
    if (run.clock() - run.savedAt >= saveEverySeconds) await save(run);
  }
  state.epoch++;
  state.stepInEpoch = 0;
  state.syntheticTaken = plan.syntheticTaken;
}

async function step(run: Run, batches: readonly (readonly number[])[], stepsInEpoch: number): Promise<void> {
  const { recipe, state, memory, optimiser, lanes } = run;
  const tasks = batches.map((batch, slot) => ({
    kind: 'learn' as const,
    batch,
    slot,
    seed: mixed(recipe.seed, (state.steps + 1) * recipe.batchesPerStep + slot),
  }));
  const results = await onLanes(lanes, tasks);
  let [loss, symbols] = [0, 0];
  for (const result of results) {
    loss += result.loss;
    symbols += result.symbols;
  }
  const { gradient } = run;
  writeMean(gradient, memory.gradients.slice(0, batches.length), symbols);
  const learningRate = learningRateOf(run, stepsInEpoch);
  if (!Number.isFinite(clipLength(gradient, recipe.longestGradient))) throw new DivergedError(state.steps + 1);
  optimiser.step(memory.weights, gradient, learningRate);
  state.steps++;
  follow(memory.averaged, memory.weights, state.steps, recipe.averageKept);
  state.stepInEpoch++;
  state.epochLoss += loss;
  state.epochSymbols += symbols;
  state.heardSeconds += batches.flat().reduce((sum, index) => sum + secondsOf(memory.training, index), 0);
  state.seconds = run.clock() - run.startedAt;
}

function learningRateOf(run: Run, stepsInEpoch: number): number {
  const { steps, epoch, stepInEpoch } = run.state;
  return learningRateAt(run.recipe.schedule, {
    steps,
    epochs: epoch + stepInEpoch / stepsInEpoch,
    share: shareDone(run, stepsInEpoch),
  });
}

/** Per symbol, so that batches of short and of long utterances weigh alike. */
function writeMean(mean: Float32Array, gradients: readonly Float32Array[], symbols: number): void {
  mean.set(gradients[0]!);
  for (const gradient of gradients.slice(1)) for (let i = 0; i < mean.length; i++) mean[i]! += gradient[i]!;
  const scale = 1 / Math.max(1, symbols);
  for (let i = 0; i < mean.length; i++) mean[i]! *= scale;
}

function report(run: Run, stepsInEpoch: number): void {
  const { state, recipe } = run;
  const share = shareDone(run, stepsInEpoch);
  run.onProgress({
    epoch: state.epoch + 1,
    share,
    remainingSeconds:
      recipe.length.kind === 'minutes'
        ? Math.max(0, 60 * recipe.length.count - state.seconds)
        : (state.seconds * (1 - share)) / share,
    trainLoss: state.epochLoss / Math.max(1, state.epochSymbols),
    devCharacterErrorRate: state.curve.at(-1)?.dev?.characterErrorRate ?? null,
  });
}

async function judgeEpoch(run: Run): Promise<void> {
  const { state, memory, lanes, recipe } = run;
  const dev = await judgeDev(memory, lanes);
  state.curve.push({
    epoch: state.epoch,
    steps: state.steps,
    seconds: state.seconds,
    heardSeconds: state.heardSeconds,
    learningRate: learningRateAt(recipe.schedule, {
      steps: state.steps,
      epochs: state.epoch,
      share: shareDone(run),
    }),
    trainLoss: state.epochLoss / Math.max(1, state.epochSymbols),
    dev,
  });
  [state.epochLoss, state.epochSymbols] = [0, 0];
  state.seconds = run.clock() - run.startedAt;
  if (dev !== null && state.best !== null && dev.characterErrorRate >= state.best.characterErrorRate) return;
  run.bestWeights.set(memory.averaged);
  if (dev !== null) state.best = { epoch: state.epoch, characterErrorRate: dev.characterErrorRate };
}

async function save(run: Run): Promise<void> {
  const { checkpointFile, recipe, data, state, memory, bestWeights, optimiser } = run;
  run.savedAt = run.clock();
  if (checkpointFile === null) return;
  const { weights, averaged } = memory;
  await writeCheckpoint(checkpointFile, {
    recipe,
    data,
    state,
    weights,
    averaged,
    bestWeights,
    optimiser: optimiser.state,
  });
}
