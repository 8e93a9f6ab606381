import type { Features } from '#scoring/baseline/features.ts';
import type { NetworkShape } from '#scoring/baseline/model.ts';

/** Utterances of different length in one array, zeros around them. */
export type Batch = {
  readonly utterances: number;
  /** Output frames of the longest utterance. */
  readonly outputFrames: number;
  /** [utterances, rows, stride · bands]: `stride` frames side by side in each row; rows = outputFrames + firstKernel / stride − 1. */
  readonly input: Float32Array;
  /** [utterances, outputFrames, 1]: 1 where the utterance still speaks, 0 behind its end. */
  readonly present: Float32Array;
};

/**
 * Puts frames side by side so that the strided convolution becomes one of stride 1, which every backend has in both directions.
 * The padding in front depends on the shape alone and not on the length, else an utterance would hear its neighbours' length.
 */
export function packBatch(batch: readonly Features[], shape: NetworkShape): Batch {
  const { bands, stride, firstKernel } = shape;
  if (firstKernel % stride !== 0) throw new Error(`a first kernel of ${firstKernel} is no multiple of ${stride}`);
  const outputFrames = Math.max(...batch.map(({ frames }) => Math.ceil(frames / stride)));
  const rows = outputFrames + firstKernel / stride - 1;
  const padding = Math.floor((firstKernel - stride) / 2);
  const input = new Float32Array(batch.length * rows * stride * bands);
  const present = new Float32Array(batch.length * outputFrames);
  for (const [index, { frames, data }] of batch.entries()) {
    input.set(data.subarray(0, frames * bands), (index * rows * stride + padding) * bands);
    present.fill(1, index * outputFrames, index * outputFrames + Math.ceil(frames / stride));
  }
  return { utterances: batch.length, outputFrames, input, present };
}
