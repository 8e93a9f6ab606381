import { describe, expect, test } from 'vitest';
import { ctcLoss } from '#scoring/baseline/ctc.ts';
import { createNetwork, outputFramesOf, parametersOf, weightCountOf } from '#scoring/baseline/network.ts';
import { type Example, gradientOf } from '#scoring/baseline/training/backward.ts';
import { initialWeights } from '#scoring/baseline/training/weights.ts';
import { backends, numbersFrom, tinyShape } from '../networks.ts';

const shape = tinyShape;

function someExample(seed: number, frames: number, target: readonly number[]): Example {
  const next = numbersFrom(seed);
  return {
    features: { frames, data: Float32Array.from({ length: frames * shape.bands }, () => 2 * next() - 1) },
    target,
  };
}

const batch = [someExample(1, 40, [1, 2, 2, 3]), someExample(2, 22, [3, 1]), someExample(3, 9, [2])];

function someWeights(): Float32Array {
  const next = numbersFrom(11);
  return Float32Array.from({ length: weightCountOf(shape) }, () => next() - 0.4);
}

function moved(weights: Float32Array, direction: Float32Array, by: number): Float32Array {
  return weights.map((weight, index) => weight + by * direction[index]!);
}

/** A vector of length 1 within one parameter: along the gradient, or anywhere. */
function unitWithin(values: Float32Array, offset: number, size: number): Float32Array {
  const length = Math.hypot(...values.subarray(offset, offset + size));
  return values.map((value, index) => (index >= offset && index < offset + size ? value / length : 0));
}

describe.each(backends)('the gradient on %s', (_, open) => {
  const options = { dropout: 0, random: () => 0.5 };

  test('is of the loss that the network has in recognition', async () => {
    const tf = await open();
    const weights = someWeights();
    const network = createNetwork(tf, shape, weights);
    const heard = await network.logProbabilities(batch.map(({ features }) => features));
    const losses = batch.map(
      ({ features, target }, index) =>
        ctcLoss(heard[index]!, outputFramesOf(features.frames, shape), shape.symbols, target).loss,
    );
    const { loss, symbols } = await gradientOf(tf, shape, weights, batch, options);
    expect(loss).toBeCloseTo(
      losses.reduce((a, b) => a + b, 0),
      3,
    );
    expect(symbols).toBe(7);
    network.dispose();
  });

  test('agrees with finite differences in every parameter, along itself and elsewhere', async () => {
    const tf = await open();
    const weights = someWeights();
    const { gradient } = await gradientOf(tf, shape, weights, batch, options);
    const next = numbersFrom(3);
    const anywhere = gradient.map(() => next() - 0.5);
    const step = 2e-3;
    for (const { name, offset, size } of parametersOf(shape)) {
      for (const direction of [unitWithin(gradient, offset, size), unitWithin(anywhere, offset, size)]) {
        const after = await gradientOf(tf, shape, moved(weights, direction, step), batch, options);
        const before = await gradientOf(tf, shape, moved(weights, direction, -step), batch, options);
        const measured = (after.loss - before.loss) / (2 * step);
        const expected = gradient.reduce((sum, value, index) => sum + value * direction[index]!, 0);
        expect(Math.abs(measured - expected), name).toBeLessThan(0.02 + 0.01 * Math.abs(expected));
      }
    }
  });

  test('of a batch is the sum of those of its utterances', async () => {
    const tf = await open();
    const weights = someWeights();
    const together = await gradientOf(tf, shape, weights, batch, options);
    const sum = new Float32Array(weights.length);
    for (const example of batch) {
      const { gradient } = await gradientOf(tf, shape, weights, [example], options);
      for (const index of sum.keys()) sum[index]! += gradient[index]!;
    }
    for (const [index, value] of sum.entries()) expect(together.gradient[index]).toBeCloseTo(value, 3);
  });

  test('leaves no tensor behind, dropout included', async () => {
    const tf = await open();
    const before = tf.memory().numTensors;
    await gradientOf(tf, shape, someWeights(), batch, options);
    await gradientOf(tf, shape, someWeights(), batch, { dropout: 0.2, random: numbersFrom(1) });
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('an utterance too short for its text neither counts nor pulls', async () => {
  const tf = await backends[0]![1]();
  const options = { dropout: 0, random: () => 0 };
  const alone = await gradientOf(tf, shape, someWeights(), batch, options);
  const hopeless = someExample(4, 6, [1, 2, 3, 1, 2, 3]);
  const withIt = await gradientOf(tf, shape, someWeights(), [...batch, hopeless], options);
  expect(withIt.symbols).toBe(7);
  expect(withIt.loss).toBeCloseTo(alone.loss, 3);
});

test('with dropout a channel that is lost has no part in the loss', async () => {
  const tf = await backends[0]![1]();
  const half = { dropout: 0.5, random: numbersFrom(2) };
  const whole = await gradientOf(tf, shape, someWeights(), batch, { dropout: 0, random: () => 0 });
  const thinned = await gradientOf(tf, shape, someWeights(), batch, half);
  expect(Math.abs(thinned.loss - whole.loss)).toBeGreaterThan(0.1);
});

test('fresh weights choose among all symbols nearly evenly', async () => {
  const tf = await backends[0]![1]();
  const network = createNetwork(tf, shape, initialWeights(shape, numbersFrom(1)));
  const [heard] = await network.logProbabilities([batch[0]!.features]);
  for (const value of heard!) expect(Math.exp(value)).toBeGreaterThan(0.05);
  network.dispose();
});
