import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ctcLoss } from '#scoring/baseline/ctc.ts';
import { greedyDecode } from '#scoring/baseline/decode.ts';
import { type Features, logMel } from '#scoring/baseline/features.ts';
import type { NetworkShape } from '#scoring/baseline/model.ts';
import { createNetwork, outputFramesOf, type TensorFlow, weightCountOf } from '#scoring/baseline/network.ts';
import { varySpeech, withMasks } from '#scoring/baseline/training/augment.ts';
import { gradientOf } from '#scoring/baseline/training/backward.ts';
import type { Recipe } from '#scoring/baseline/training/recipe.ts';
import { samplesOf, type Utterances } from '#scoring/baseline/training/utterances.ts';
import { createVocabulary } from '#scoring/baseline/vocabulary.ts';
import { dist } from '#scoring/dist.ts';
import { createRandom, type RandomSource } from '#scoring/statistics/random.ts';

/** What all lanes see at the same time. All arrays of numbers lie in memory that threads share. */
export type TrainingMemory = {
  readonly shape: NetworkShape;
  readonly symbols: readonly string[];
  readonly dropout: number;
  readonly variedShare: number;
  readonly training: Utterances;
  readonly dev: Utterances;
  readonly weights: Float32Array;
  readonly averaged: Float32Array;
  /** One for each batch of a step. */
  readonly gradients: readonly Float32Array[];
};

export type LaneTask =
  /** The gradient of the summed loss of training utterances, written to `gradients[slot]`. */
  | { readonly kind: 'learn'; readonly batch: readonly number[]; readonly slot: number; readonly seed: number }
  /** What the averaged weights make of dev utterances. */
  | { readonly kind: 'judge'; readonly batch: readonly number[] };

/** `loss`: summed, in nats; `symbols`: letters and spaces of the utterances that count; `texts`: of a judgement, in order. */
export type LaneResult = { readonly loss: number; readonly symbols: number; readonly texts: readonly string[] };

/** Computes one task after another. */
export type TrainingLane = { run(task: LaneTask): Promise<LaneResult>; close(): Promise<void> };

export function createMemory(
  recipe: Recipe,
  symbols: readonly string[],
  training: Utterances,
  dev: Utterances,
): TrainingMemory {
  const { shape, dropout, variedShare, batchesPerStep } = recipe;
  const size = weightCountOf(shape);
  const numbers = () => new Float32Array(new SharedArrayBuffer(4 * size));
  const gradients = Array.from({ length: batchesPerStep }, numbers);
  return { shape, symbols, dropout, variedShare, training, dev, weights: numbers(), averaged: numbers(), gradients };
}

/** A lane in this thread, on the backend that `tf` has set. */
export function createTrainingLane(tf: TensorFlow, memory: TrainingMemory): TrainingLane {
  return {
    run: (task) => (task.kind === 'learn' ? learn(tf, memory, task) : judge(tf, memory, task.batch)),
    close: async () => {},
  };
}

async function learn(
  tf: TensorFlow,
  { shape, training, weights, gradients, dropout, variedShare }: TrainingMemory,
  { batch, slot, seed }: Extract<LaneTask, { kind: 'learn' }>,
): Promise<LaneResult> {
  const random = createRandom(seed);
  const examples = batch.map((index) => ({
    features: hear(samplesOf(training, index), variedShare, random),
    target: training.targets[index]!,
  }));
  const options = { dropout, random: () => random() / 2 ** 32 };
  const { loss, symbols, gradient } = await gradientOf(tf, shape, weights, examples, options);
  gradients[slot]!.set(gradient);
  return { loss, symbols, texts: [] };
}

function hear(samples: Float32Array, variedShare: number, random: RandomSource): Features {
  if (random() / 2 ** 32 >= variedShare) return logMel(samples);
  return withMasks(logMel(varySpeech(samples, random)), random);
}

async function judge(
  tf: TensorFlow,
  { shape, symbols: names, dev, averaged }: TrainingMemory,
  batch: readonly number[],
): Promise<LaneResult> {
  const network = createNetwork(tf, shape, averaged);
  const vocabulary = createVocabulary(names);
  const features = batch.map((index) => logMel(samplesOf(dev, index)));
  const heard = await network.logProbabilities(features);
  network.dispose();
  let [loss, symbols] = [0, 0];
  const texts = batch.map((index, row) => {
    const frames = outputFramesOf(features[row]!.frames, shape);
    const target = dev.targets[index]!;
    const own = ctcLoss(heard[row]!, frames, shape.symbols, target).loss;
    if (own !== Number.POSITIVE_INFINITY) {
      loss += own;
      symbols += target.length;
    }
    return greedyDecode(heard[row]!, frames, vocabulary);
  });
  return { loss, symbols, texts };
}

/** Each lane takes the next task as soon as it is free. Results in the order of the tasks. */
export async function onLanes(lanes: readonly TrainingLane[], tasks: readonly LaneTask[]): Promise<LaneResult[]> {
  const results = new Array<LaneResult>(tasks.length);
  let next = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      while (next < tasks.length) {
        const own = next++;
        results[own] = await lane.run(tasks[own]!);
      }
    }),
  );
  return results;
}

/** A lane in a thread of its own, on WebAssembly: one more core. Resolved when it is ready. */
export async function createThreadTrainingLane(memory: TrainingMemory): Promise<TrainingLane> {
  const worker = new Worker(join(dist, 'train-thread.mjs'), { workerData: memory });
  await answerOf(worker);
  return {
    run(task) {
      worker.postMessage(task);
      return answerOf(worker);
    },
    async close() {
      await worker.terminate();
    },
  };
}

function answerOf(worker: Worker): Promise<LaneResult> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off('message', onAnswer).off('error', onError).off('exit', onExit);
      finish();
    };
    const onAnswer = (answer: LaneResult) => settle(() => resolve(answer));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = () => settle(() => reject(new Error('a training thread ended')));
    worker.on('message', onAnswer).on('error', onError).on('exit', onExit);
  });
}
