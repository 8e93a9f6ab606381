import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { weightCountOf } from '#scoring/baseline/network.ts';
import { type OptimiserState, optimiserNames } from '#scoring/baseline/training/optimisers.ts';
import type { Recipe } from '#scoring/baseline/training/recipe.ts';
import { scheduleNames } from '#scoring/baseline/training/schedules.ts';

/** One epoch in the curves. Losses in nats per symbol; error rates are ratios, with greedy decoding. */
export type CurvePoint = {
  readonly epoch: number;
  readonly steps: number;
  readonly seconds: number;
  readonly heardSeconds: number;
  readonly learningRate: number;
  /** On what was heard in the epoch, with its variations and losses of channels: higher than it would be on the clips as they are. */
  readonly trainLoss: number;
  /** Of the averaged weights; null where there is no dev split. */
  readonly dev: { readonly loss: number; readonly characterErrorRate: number; readonly wordErrorRate: number } | null;
};

/** How far a training is. */
export type TrainingState = {
  /** Steps since the beginning, and since the beginning of the epoch. */
  steps: number;
  stepInEpoch: number;
  epoch: number;
  /** At the beginning of the epoch. */
  syntheticTaken: number;
  recordedShare: number;
  seconds: number;
  heardSeconds: number;
  /** Of this epoch, in nats and symbols. */
  epochLoss: number;
  epochSymbols: number;
  curve: CurvePoint[];
  /** The epoch with the lowest CER on dev, counted from 1. */
  best: { readonly epoch: number; readonly characterErrorRate: number } | null;
};

/** Everything that training goes on from as if it had never stopped. `data`: a fingerprint of what it learns from. */
export type Checkpoint = {
  readonly recipe: Recipe;
  readonly data: string;
  readonly state: TrainingState;
  readonly weights: Float32Array;
  readonly averaged: Float32Array;
  /** The averaged weights of the best epoch. */
  readonly bestWeights: Float32Array;
  readonly optimiser: OptimiserState;
};

/** A checkpoint is missing, is damaged or of another format, or cannot be written. */
export class CheckpointError extends Error {
  readonly reason: 'absent' | 'damaged' | 'unwritable';

  constructor(path: string, reason: CheckpointError['reason'], options: { cause?: unknown } = {}) {
    super(`${path} is ${reason}`, options);
    this.name = 'CheckpointError';
    this.reason = reason;
  }
}

const shape = z.strictObject({
  bands: z.int(),
  channels: z.int(),
  firstKernel: z.int(),
  stride: z.int(),
  kernel: z.int(),
  dilations: z.array(z.int()),
  symbols: z.int(),
});
const recipe = z.strictObject({
  shape,
  seed: z.int(),
  length: z.strictObject({ kind: z.enum(['epochs', 'minutes']), count: z.number() }),
  schedule: z.strictObject({
    name: z.enum(scheduleNames),
    learningRate: z.number(),
    power: z.number(),
    warmUpSteps: z.int(),
  }),
  optimiser: z.enum(optimiserNames),
  weightDecay: z.number(),
  dropout: z.number(),
  variedShare: z.number(),
  longestGradient: z.number(),
  averageKept: z.number(),
  batchFrames: z.int(),
  batchesPerStep: z.int(),
  syntheticTexts: z.int(),
  recordedShare: z.number(),
  lastRecordedShare: z.number(),
  lastPart: z.number(),
  patience: z.int().nullable(),
});
/** What recipe.json of a model's folder says; null where that is no recipe. */
export function recipeIn(value: unknown): Recipe | null {
  return recipe.safeParse(value).data ?? null;
}

const rates = z.strictObject({ loss: z.number(), characterErrorRate: z.number(), wordErrorRate: z.number() });
const curvePoint = z.strictObject({
  epoch: z.int(),
  steps: z.int(),
  seconds: z.number(),
  heardSeconds: z.number(),
  learningRate: z.number(),
  trainLoss: z.number(),
  dev: rates.nullable(),
});
const state = z.strictObject({
  steps: z.int(),
  stepInEpoch: z.int(),
  epoch: z.int(),
  syntheticTaken: z.int(),
  recordedShare: z.number(),
  seconds: z.number(),
  heardSeconds: z.number(),
  epochLoss: z.number(),
  epochSymbols: z.int(),
  curve: z.array(curvePoint),
  best: z.strictObject({ epoch: z.int(), characterErrorRate: z.number() }).nullable(),
});
const head = z.strictObject({
  format: z.literal('rostrum-checkpoint-1'),
  recipe,
  data: z.string(),
  state,
  optimiserSteps: z.int(),
  averages: z.int(),
  sha256: z.string(),
});

/*
 * The file: the length of the head in 4 bytes, the head in JSON, and all arrays as they lie in memory, one after another: weights,
 * averaged, best, and those of the optimiser.
 */

/** Writes in place of an older checkpoint, which stays whole until the new one is on the disk. Throws CheckpointError. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { optimiser, weights, averaged, bestWeights, ...rest } = checkpoint;
  const arrays = [weights, averaged, bestWeights, ...optimiser.averages];
  const body = Buffer.concat(
    arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
  const json = Buffer.from(
    JSON.stringify({
      format: 'rostrum-checkpoint-1',
      ...rest,
      optimiserSteps: optimiser.steps,
      averages: optimiser.averages.length,
      sha256: sha256(body),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const beside = `${path}.new`;
  try {
    const file = await open(beside, 'w');
    await file.writev([length, json, body]).finally(() => file.sync().finally(() => file.close()));
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new CheckpointError(path, 'unwritable', { cause });
  }
}

/** Throws CheckpointError. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new CheckpointError(path, 'absent', { cause });
  }
  try {
    return parse(bytes);
  } catch (cause) {
    throw new CheckpointError(path, 'damaged', { cause });
  }
}

function parse(bytes: Buffer): Checkpoint {
  const start = 4 + bytes.readUInt32LE(0);
  const {
    recipe,
    data,
    state,
    optimiserSteps,
    averages,
    sha256: expected,
  } = head.parse(JSON.parse(bytes.toString('utf8', 4, start)));
  const body = bytes.subarray(start);
  const size = weightCountOf(recipe.shape);
  if (body.length !== 4 * size * (3 + averages) || sha256(body) !== expected) throw new Error('the arrays are damaged');
  const array = (index: number) => {
    const values = new Float32Array(size);
    new Uint8Array(values.buffer).set(body.subarray(4 * size * index, 4 * size * (index + 1)));
    return values;
  };
  return {
    recipe,
    data,
    state,
    weights: array(0),
    averaged: array(1),
    bestWeights: array(2),
    optimiser: { steps: optimiserSteps, averages: Array.from({ length: averages }, (_, index) => array(3 + index)) },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
