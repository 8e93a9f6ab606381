import type * as tfjs from '@tensorflow/tfjs-core';
import { ctcLoss } from '#scoring/baseline/ctc.ts';
import type { Features } from '#scoring/baseline/features.ts';
import { firstLayer, inputOf, type Layer, logitsOf, presenceOf, residualLayer } from '#scoring/baseline/layers.ts';
import type { NetworkShape } from '#scoring/baseline/model.ts';
import { loadWeights, outputFramesOf, parametersOf, type TensorFlow, type Weights } from '#scoring/baseline/network.ts';
import { packBatch } from '#scoring/baseline/pack.ts';

/** `target`: the symbols of the text, without blanks. */
export type Example = { readonly features: Features; readonly target: readonly number[] };

/**
 * Sums over the utterances whose target fits into their frames; the others pull at nothing. `loss` in nats, `symbols` of their
 * targets; `gradient` is laid out as the weights are.
 */
export type BatchGradient = { readonly loss: number; readonly symbols: number; readonly gradient: Float32Array };

export type GradientOptions = {
  /** The share of channels that each utterance loses in each layer, 0 to 1. */
  readonly dropout: number;
  /** From 0 to 1; asked for only where there is dropout. */
  readonly random: () => number;
};

/**
 * The gradient of the summed CTC loss of a batch. TensorFlow.js' own gradients need kernels that its WASM backend lacks, and a loss
 * computed in between must wait for the logits, which WebGPU gives only asynchronously: hence forward, wait, and back by hand.
 */
export async function gradientOf(
  tf: TensorFlow,
  shape: NetworkShape,
  weights: Float32Array,
  batch: readonly Example[],
  options: GradientOptions,
): Promise<BatchGradient> {
  const packed = packBatch(
    batch.map(({ features }) => features),
    shape,
  );
  const loaded = loadWeights(tf, shape, weights);
  const masks = masksOf(tf, shape, packed.utterances, presenceOf(tf, packed), options);
  const { layers, logits, logProbabilities } = tf.tidy(() => {
    const layers = [firstLayer(tf, shape, loaded, packed, masks[0]!)];
    for (const index of shape.dilations.keys()) {
      layers.push(residualLayer(tf, shape, loaded, index, layers[index]!.output, masks[index + 1]!));
    }
    const logits = logitsOf(tf, loaded, layers.at(-1)!.output);
    return { layers, logits, logProbabilities: tf.logSoftmax(logits) };
  });
  const heard = (await logProbabilities.data()) as Float32Array;
  const { loss, symbols, logitGradient } = lossesOf(heard, batch, packed.outputFrames, shape);
  const gradients = tf.tidy(() => {
    const input = inputOf(tf, shape, packed);
    return backThrough(tf, shape, loaded, { input, layers, masks }, tf.tensor2d(logitGradient, logits.shape));
  });
  const gradient = await gathered(shape, gradients);
  tf.dispose([logits, logProbabilities, ...masks, ...Object.values(gradients)]);
  for (const layer of layers) tf.dispose(Object.values(layer));
  loaded.dispose();
  return { loss, symbols, gradient };
}

/** The mask of each layer: of the frames, and of the channels where some are dropped. */
function masksOf(
  tf: TensorFlow,
  shape: NetworkShape,
  utterances: number,
  present: tfjs.Tensor3D,
  { dropout, random }: GradientOptions,
): tfjs.Tensor[] {
  const layers = 1 + shape.dilations.length;
  if (dropout === 0) return [present, ...Array.from({ length: layers - 1 }, () => tf.clone(present))];
  const masks = Array.from({ length: layers }, () =>
    tf.tidy(() => {
      // What stays is scaled up, so that recognition needs no scaling down.
      const kept = Float32Array.from({ length: utterances * shape.channels }, () =>
        random() < dropout ? 0 : 1 / (1 - dropout),
      );
      return tf.mul(present, tf.tensor3d(kept, [utterances, 1, shape.channels]));
    }),
  );
  present.dispose();
  return masks;
}

function lossesOf(
  logProbabilities: Float32Array,
  batch: readonly Example[],
  outputFrames: number,
  shape: NetworkShape,
): { loss: number; symbols: number; logitGradient: Float32Array } {
  const logitGradient = new Float32Array(logProbabilities.length);
  let [loss, symbols] = [0, 0];
  for (const [index, { features, target }] of batch.entries()) {
    const start = index * outputFrames * shape.symbols;
    const frames = outputFramesOf(features.frames, shape);
    const own = ctcLoss(logProbabilities.subarray(start), frames, shape.symbols, target);
    if (own.loss === Number.POSITIVE_INFINITY) continue;
    loss += own.loss;
    symbols += target.length;
    logitGradient.set(own.gradient, start);
  }
  return { loss, symbols, logitGradient };
}

type Activations = {
  readonly input: tfjs.Tensor3D;
  readonly layers: readonly Layer[];
  readonly masks: readonly tfjs.Tensor[];
};

/** The gradient of every parameter, by its name. */
function backThrough(
  tf: TensorFlow,
  shape: NetworkShape,
  weights: Weights,
  { input, layers, masks }: Activations,
  logitGradient: tfjs.Tensor2D,
): tfjs.NamedTensorMap {
  const last = layers.at(-1)!.output;
  const flat = tf.reshape(last, [-1, shape.channels]);
  const gradients: tfjs.NamedTensorMap = {
    'output.kernel': tf.matMul(tf.transpose(flat), logitGradient),
    'output.bias': tf.sum(logitGradient, 0),
  };
  const outputKernel = tf.transpose(weights.get('output.kernel'));
  let arriving = tf.reshape(tf.matMul(logitGradient, outputKernel), last.shape);
  for (const [index, dilation] of [...shape.dilations.entries()].reverse()) {
    const name = `block${index}`;
    const before = layers[index]!.output;
    const convolved = backThroughNormalisation(tf, weights, name, layers[index + 1]!, masks[index + 1]!, {
      arriving,
      gradients,
    });
    const padding = (dilation * (shape.kernel - 1)) / 2;
    const padded = tf.pad(before, [
      [0, 0],
      [padding, padding],
      [0, 0],
    ]) as tfjs.Tensor3D;
    gradients[`${name}.kernel`] = kernelGradient(tf, padded, convolved, shape.kernel, dilation);
    const reversed = backwards(tf, weights.get(`${name}.kernel`) as tfjs.Tensor3D);
    arriving = tf.add(arriving, tf.conv1d(convolved, reversed, 1, 'same', 'NWC', dilation));
  }
  const convolved = backThroughNormalisation(tf, weights, 'first', layers[0]!, masks[0]!, { arriving, gradients });
  gradients['first.kernel'] = kernelGradient(tf, input, convolved, shape.firstKernel / shape.stride, 1);
  return gradients;
}

/** The kernel that takes a gradient back through a convolution: taps in reverse, input and output exchanged. */
function backwards(tf: TensorFlow, kernel: tfjs.Tensor3D): tfjs.Tensor3D {
  const [taps, inputChannels, outputChannels] = kernel.shape;
  // WASM's own reversal takes as long as the convolution.
  const slices = Array.from({ length: taps }, (_, tap) =>
    tf.slice(kernel, [taps - 1 - tap, 0, 0], [1, inputChannels, outputChannels]),
  );
  return tf.transpose(tf.concat(slices, 0), [0, 2, 1]);
}

/** From a layer's result back to its convolution's, through mask, rectifier and normalisation. Notes scale and shift on the way. */
function backThroughNormalisation(
  tf: TensorFlow,
  weights: Weights,
  name: string,
  { normalised, inverseDeviation, rectified }: Layer,
  mask: tfjs.Tensor,
  { arriving, gradients }: { arriving: tfjs.Tensor; gradients: tfjs.NamedTensorMap },
): tfjs.Tensor3D {
  const shifted = tf.mul(tf.mul(arriving, mask), tf.step(rectified));
  gradients[`${name}.shift`] = tf.sum(shifted, [0, 1]);
  gradients[`${name}.scale`] = tf.sum(tf.mul(shifted, normalised), [0, 1]);
  const scaled = tf.mul(shifted, weights.get(`${name}.scale`));
  // Moving all channels, or all away from their mean, changes nothing: both directions are taken out of the gradient.
  const alongMean = tf.mean(scaled, -1, true);
  const alongDeviation = tf.mul(normalised, tf.mean(tf.mul(scaled, normalised), -1, true));
  return tf.mul(inverseDeviation, tf.sub(tf.sub(scaled, alongMean), alongDeviation));
}

/**
 * The gradient of a convolution's kernel, [taps, input channels, output channels]. `padded` [utterances, rows, input channels]; the
 * gradient of its result [utterances, frames, output channels]; frames = rows − dilation · (taps − 1). One product of matrices: the
 * input once per tap, shifted by it, times the gradient. Transposed first, since transposing within matMul is 15 times slower.
 */
function kernelGradient(
  tf: TensorFlow,
  padded: tfjs.Tensor3D,
  resultGradient: tfjs.Tensor3D,
  taps: number,
  dilation: number,
): tfjs.Tensor {
  const [utterances, rows, inputChannels] = padded.shape;
  const [, frames, outputChannels] = resultGradient.shape;
  // Rows that no tap of a frame begins at count zero, so the utterances may stand in one row and the shifts run across them.
  const behind = tf.pad(resultGradient, [
    [0, 0],
    [0, rows - frames],
    [0, 0],
  ]);
  const columns = utterances * rows - (rows - frames);
  const across = tf.transpose(tf.reshape(padded, [utterances * rows, inputChannels]));
  const shifts = Array.from({ length: taps }, (_, tap) =>
    tf.slice(across, [0, tap * dilation], [inputChannels, columns]),
  );
  const flat = tf.slice(tf.reshape(behind, [utterances * rows, outputChannels]), [0, 0], [columns, outputChannels]);
  return tf.reshape(tf.matMul(tf.concat(shifts, 0) as tfjs.Tensor2D, flat as tfjs.Tensor2D), [
    taps,
    inputChannels,
    outputChannels,
  ]);
}

async function gathered(shape: NetworkShape, gradients: tfjs.NamedTensorMap): Promise<Float32Array> {
  const parameters = parametersOf(shape);
  const last = parameters.at(-1)!;
  const gradient = new Float32Array(last.offset + last.size);
  const values = await Promise.all(parameters.map(({ name }) => gradients[name]!.data()));
  for (const [index, { offset }] of parameters.entries()) gradient.set(values[index] as Float32Array, offset);
  return gradient;
}
