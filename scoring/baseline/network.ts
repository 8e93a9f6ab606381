import type * as tfjs from '@tensorflow/tfjs-core';
import type { Features } from '#scoring/baseline/features.ts';
import { firstLayer, logitsOf, presenceOf, residualLayer } from '#scoring/baseline/layers.ts';
import type { NetworkShape } from '#scoring/baseline/model.ts';
import { packBatch } from '#scoring/baseline/pack.ts';

export type TensorFlow = typeof tfjs;

/** One tensor of the network within the one array of all weights. */
export type Parameter = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
};

/**
 * All tensors in the order in which they stand in the array of weights. The first convolution is `firstKernel` frames wide, a
 * multiple of `stride`, and keeps one frame of `stride`; a residual convolution, `kernel` frames wide (odd), follows per dilation;
 * then one value per symbol.
 */
export function parametersOf(shape: NetworkShape): Parameter[] {
  const { bands, channels, firstKernel, kernel, dilations, symbols } = shape;
  const layer = (name: string, kernelShape: number[]): [string, number[]][] => [
    [`${name}.kernel`, kernelShape],
    [`${name}.scale`, [channels]],
    [`${name}.shift`, [channels]],
  ];
  const named: [string, number[]][] = [
    ...layer('first', [firstKernel, bands, channels]),
    ...dilations.flatMap((_, index) => layer(`block${index}`, [kernel, channels, channels])),
    ['output.kernel', [channels, symbols]],
    ['output.bias', [symbols]],
  ];
  let offset = 0;
  return named.map(([name, dimensions]) => {
    const size = dimensions.reduce((product, dimension) => product * dimension, 1);
    offset += size;
    return { name, shape: dimensions, offset: offset - size, size };
  });
}

export function weightCountOf(shape: NetworkShape): number {
  return parametersOf(shape).reduce((sum, { size }) => sum + size, 0);
}

/** ceil(frames / stride): how many frames come out for those that go in. */
export function outputFramesOf(frames: number, shape: NetworkShape): number {
  return Math.ceil(frames / shape.stride);
}

/** The tensors of one network on the backend that is set. `get` throws for a name that parametersOf does not know. */
export type Weights = { get(name: string): tfjs.Tensor; dispose(): void };

/** Throws where `weights` is not as long as the shape asks for. */
export function loadWeights(tf: TensorFlow, shape: NetworkShape, weights: Float32Array): Weights {
  const expected = weightCountOf(shape);
  if (weights.length !== expected) throw new Error(`${weights.length} weights for a network of ${expected}`);
  const tensors = new Map(
    parametersOf(shape).map(({ name, shape: dimensions, offset, size }) => [
      name,
      // A copy: the backend may keep the array, and training changes the weights in place.
      tf.tensor(weights.slice(offset, offset + size), [...dimensions]),
    ]),
  );
  return {
    get(name) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new Error(`the network has no parameter ${name}`);
      return tensor;
    },
    dispose: () => tf.dispose([...tensors.values()]),
  };
}

export type Network = {
  /**
   * ln p of every symbol in every output frame, [outputFrames, symbols] for each utterance. What else is in the batch does not
   * change an utterance's result but for rounding (about 1e-6).
   */
  logProbabilities(batch: readonly Features[]): Promise<Float32Array[]>;
  dispose(): void;
};

/** A network for recognition on the backend that `tf` has set. Memory: one layer's activations at a time. */
export function createNetwork(tf: TensorFlow, shape: NetworkShape, weights: Float32Array): Network {
  const loaded = loadWeights(tf, shape, weights);
  const run = (batch: readonly Features[]): tfjs.Tensor2D => {
    const packed = packBatch(batch, shape);
    const present = presenceOf(tf, packed);
    let hidden = tf.tidy(() => firstLayer(tf, shape, loaded, packed, present).output);
    for (const index of shape.dilations.keys()) {
      const before = hidden;
      hidden = tf.tidy(() => residualLayer(tf, shape, loaded, index, before, present).output);
      before.dispose();
    }
    const result = tf.tidy(() => tf.logSoftmax(logitsOf(tf, loaded, hidden)));
    tf.dispose([hidden, present]);
    return result;
  };
  return {
    async logProbabilities(batch) {
      if (batch.every(({ frames }) => frames === 0)) return batch.map(() => new Float32Array(0));
      const result = run(batch);
      const values = (await result.data()) as Float32Array;
      result.dispose();
      const rowLength = (values.length / batch.length) | 0;
      return batch.map(({ frames }, row) =>
        values.slice(row * rowLength, row * rowLength + outputFramesOf(frames, shape) * shape.symbols),
      );
    },
    dispose: () => loaded.dispose(),
  };
}
