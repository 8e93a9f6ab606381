import type { NetworkShape } from '#scoring/baseline/model.ts';
import type { OptimiserName } from '#scoring/baseline/training/optimisers.ts';
import type { Schedule } from '#scoring/baseline/training/schedules.ts';

/** When training ends: after so many epochs, or so much time, which makes the result depend on the machine's speed. */
export type TrainingLength = { readonly kind: 'epochs' | 'minutes'; readonly count: number };

/**
 * Everything that decides what comes out of the same clips. With the same recipe, a length in epochs, and the same program the
 * weights come out equal bit for bit, whatever the number of workers.
 */
export type Recipe = {
  readonly shape: NetworkShape;
  readonly seed: number;
  readonly length: TrainingLength;
  readonly schedule: Schedule;
  readonly optimiser: OptimiserName;
  readonly weightDecay: number;
  /** The share of channels that an utterance loses in each layer. */
  readonly dropout: number;
  /** How often a hearing is varied in speed, colour, noise and loudness, and loses times and bands: 0 never, 1 always. */
  readonly variedShare: number;
  /** The longest gradient, in the weights' units per nat of a symbol. */
  readonly longestGradient: number;
  /** What the average of the weights keeps of itself in a step. */
  readonly averageKept: number;
  /** Output frames in one batch, its padding included. */
  readonly batchFrames: number;
  /** Batches whose gradients make one step: as many as can be computed at the same time. */
  readonly batchesPerStep: number;
  /** Texts that a synthesiser speaks besides the recordings; 0: none. */
  readonly syntheticTexts: number;
  /** Recorded sound as a share of all sound, where there is synthetic speech too… */
  readonly recordedShare: number;
  /** …and in the last part of the training, which is this share of it. */
  readonly lastRecordedShare: number;
  readonly lastPart: number;
  /** Epochs without a better CER on dev after which training ends early; null: never. */
  readonly patience: number | null;
};

/** The network that is shipped: 708,130 weights, an output each 30 ms, and 0.9 s heard to either side of it. */
export const usualShape: NetworkShape = {
  bands: 40,
  channels: 128,
  firstKernel: 9,
  stride: 3,
  kernel: 5,
  dilations: [1, 1, 1, 2, 2, 2, 3, 3],
  symbols: 34,
};

export const usualRecipe: Recipe = {
  shape: usualShape,
  seed: 1,
  length: { kind: 'minutes', count: 60 },
  schedule: { name: 'cosine', learningRate: 0.002, power: 0.5, warmUpSteps: 100 },
  optimiser: 'adam',
  weightDecay: 0.02,
  dropout: 0.1,
  variedShare: 0.5,
  longestGradient: 1,
  averageKept: 0.998,
  batchFrames: 450,
  batchesPerStep: 2,
  syntheticTexts: 6000,
  recordedShare: 0.4,
  lastRecordedShare: 0.8,
  lastPart: 0.2,
  patience: null,
};
