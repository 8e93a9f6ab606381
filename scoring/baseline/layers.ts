import type * as tfjs from '@tensorflow/tfjs-core';
import type { NetworkShape } from '#scoring/baseline/model.ts';
import type { TensorFlow, Weights } from '#scoring/baseline/network.ts';
import type { Batch } from '#scoring/baseline/pack.ts';

/** Against division by zero where a frame's channels are all equal. */
const epsilon = 1e-5;

/** A layer's result [utterances, outputFrames, channels] and what its gradient needs of the way there. */
export type Layer = {
  readonly output: tfjs.Tensor3D;
  readonly normalised: tfjs.Tensor;
  /** 1 / standard deviation over the channels, [utterances, outputFrames, 1]. */
  readonly inverseDeviation: tfjs.Tensor;
  /** After the rectifier, before the mask. */
  readonly rectified: tfjs.Tensor;
};

/** 1 for frames of an utterance, 0 for the padding behind it, [utterances, outputFrames, 1]. */
export function presenceOf(tf: TensorFlow, { utterances, outputFrames, present }: Batch): tfjs.Tensor3D {
  return tf.tensor3d(present, [utterances, outputFrames, 1]);
}

/** The batch as the first convolution reads it, [utterances, rows, stride · bands]. */
export function inputOf(tf: TensorFlow, { stride, bands }: NetworkShape, batch: Batch): tfjs.Tensor3D {
  const width = stride * bands;
  return tf.tensor3d(batch.input, [batch.utterances, batch.input.length / (batch.utterances * width), width]);
}

/** Strided convolution, layer normalisation, rectifier. */
export function firstLayer(
  tf: TensorFlow,
  shape: NetworkShape,
  weights: Weights,
  batch: Batch,
  present: tfjs.Tensor,
): Layer {
  const { stride, bands, firstKernel, channels } = shape;
  const kernel = tf.reshape(weights.get('first.kernel'), [firstKernel / stride, stride * bands, channels]);
  const convolved = tf.conv1d(inputOf(tf, shape, batch), kernel as tfjs.Tensor3D, 1, 'valid');
  const { rectified, ...kept } = normaliseAndRectify(tf, weights, 'first', convolved);
  return { ...kept, rectified, output: tf.mul(rectified, present) };
}

/** Input + rectifier(layer normalisation(dilated convolution(input))); the padding stays zero. */
export function residualLayer(
  tf: TensorFlow,
  shape: NetworkShape,
  weights: Weights,
  index: number,
  input: tfjs.Tensor3D,
  present: tfjs.Tensor,
): Layer {
  const name = `block${index}`;
  const kernel = weights.get(`${name}.kernel`) as tfjs.Tensor3D;
  const convolved = tf.conv1d(input, kernel, 1, 'same', 'NWC', shape.dilations[index]!);
  const { rectified, ...kept } = normaliseAndRectify(tf, weights, name, convolved);
  return { ...kept, rectified, output: tf.add(input, tf.mul(rectified, present)) };
}

/** Logits [utterances · outputFrames, symbols]. */
export function logitsOf(tf: TensorFlow, weights: Weights, hidden: tfjs.Tensor3D): tfjs.Tensor2D {
  const flat = tf.reshape(hidden, [-1, hidden.shape[2]]) as tfjs.Tensor2D;
  return tf.add(tf.matMul(flat, weights.get('output.kernel') as tfjs.Tensor2D), weights.get('output.bias'));
}

function normaliseAndRectify(
  tf: TensorFlow,
  weights: Weights,
  name: string,
  convolved: tfjs.Tensor,
): Omit<Layer, 'output'> {
  const centred = tf.sub(convolved, tf.mean(convolved, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const inverseDeviation = tf.rsqrt(tf.add(variance, epsilon));
  const normalised = tf.mul(centred, inverseDeviation);
  const scaled = tf.add(tf.mul(normalised, weights.get(`${name}.scale`)), weights.get(`${name}.shift`));
  return { normalised, inverseDeviation, rectified: tf.relu(scaled) };
}
