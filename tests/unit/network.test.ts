import { describe, expect, test } from 'vitest';
import type { Features } from '#scoring/baseline/features.ts';
import type { NetworkShape } from '#scoring/baseline/model.ts';
import { createNetwork, outputFramesOf, parametersOf, weightCountOf } from '#scoring/baseline/network.ts';
import { backends, numbersFrom, tinyShape } from '../networks.ts';

function someFeatures(seed: number, frames: number, { bands }: NetworkShape): Features {
  const next = numbersFrom(seed);
  return { frames, data: Float32Array.from({ length: frames * bands }, () => 2 * next() - 1) };
}

function someWeights(shape: NetworkShape): Float32Array {
  const next = numbersFrom(5);
  return Float32Array.from({ length: weightCountOf(shape) }, () => next() - 0.5);
}

/** The network written out in loops over numbers, straight from its definition. */
function logProbabilitiesByLoops(shape: NetworkShape, weights: Float32Array, { frames, data }: Features): number[] {
  const of = Object.fromEntries(
    parametersOf(shape).map(({ name, offset, size }) => [name, weights.subarray(offset, offset + size)]),
  );
  const { bands, channels, firstKernel, stride, kernel, dilations, symbols } = shape;
  const rows = outputFramesOf(frames, shape);
  const convolve = (
    at: (row: number, channel: number) => number,
    name: string,
    taps: number,
    width: number,
    row: (frame: number, tap: number) => number,
  ) =>
    Array.from({ length: rows }, (_, frame) => {
      const values = Array.from({ length: channels }, (_, channel) => {
        let sum = 0;
        for (let tap = 0; tap < taps; tap++)
          for (let input = 0; input < width; input++)
            sum += at(row(frame, tap), input) * of[`${name}.kernel`]![(tap * width + input) * channels + channel]!;
        return sum;
      });
      const mean = values.reduce((a, b) => a + b) / channels;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channels;
      return values.map((value, channel) =>
        Math.max(
          0,
          ((value - mean) / Math.sqrt(variance + 1e-5)) * of[`${name}.scale`]![channel]! +
            of[`${name}.shift`]![channel]!,
        ),
      );
    });
  let hidden = convolve(
    (row, band) => (row >= 0 && row < frames ? data[row * bands + band]! : 0),
    'first',
    firstKernel,
    bands,
    (frame, tap) => frame * stride + tap - (firstKernel - stride) / 2,
  );
  for (const [index, dilation] of dilations.entries()) {
    const before = hidden;
    const added = convolve(
      (row, channel) => before[row]?.[channel] ?? 0,
      `block${index}`,
      kernel,
      channels,
      (frame, tap) => frame + (tap - (kernel - 1) / 2) * dilation,
    );
    hidden = before.map((values, frame) => values.map((value, channel) => value + added[frame]![channel]!));
  }
  return hidden.flatMap((values) => {
    const logits = Array.from({ length: symbols }, (_, symbol) =>
      values.reduce(
        (sum, value, channel) => sum + value * of['output.kernel']![channel * symbols + symbol]!,
        of['output.bias']![symbol]!,
      ),
    );
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return logits.map((logit) => logit - total);
  });
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - b[index]!)));
}

describe.each(backends)('the network on %s', (_, open) => {
  test('does what its definition says, whatever the rest of its batch', async () => {
    const tf = await open();
    const weights = someWeights(tinyShape);
    const network = createNetwork(tf, tinyShape, weights);
    const utterances = [31, 7, 1, 48].map((frames, seed) => someFeatures(seed, frames, tinyShape));
    const together = await network.logProbabilities(utterances);
    for (const [index, utterance] of utterances.entries()) {
      expect(largestDifference(together[index]!, logProbabilitiesByLoops(tinyShape, weights, utterance))).toBeLessThan(
        1e-4,
      );
      const [alone] = await network.logProbabilities([utterance]);
      expect(largestDifference(together[index]!, alone!)).toBeLessThan(1e-5);
    }
    network.dispose();
  });

  test('leaves no tensor behind', async () => {
    const tf = await open();
    const before = tf.memory().numTensors;
    const network = createNetwork(tf, tinyShape, someWeights(tinyShape));
    await network.logProbabilities([someFeatures(1, 20, tinyShape), someFeatures(2, 5, tinyShape)]);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('the network of the shipped model has 708 130 weights', () => {
  const shape = { bands: 40, channels: 128, firstKernel: 9, stride: 3, kernel: 5, symbols: 34 };
  expect(weightCountOf({ ...shape, dilations: [1, 1, 1, 2, 2, 2, 3, 3] })).toBe(708_130);
});

test('weights of another shape are refused', async () => {
  const tf = await backends[0]![1]();
  expect(() => createNetwork(tf, tinyShape, new Float32Array(10))).toThrow('10 weights');
});
