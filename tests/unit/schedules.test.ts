import { describe, expect, test } from 'vitest';
import {
  clipLength,
  createOptimiser,
  follow,
  freshState,
  type OptimiserName,
  optimiserNames,
} from '#scoring/baseline/training/optimisers.ts';
import { learningRateAt, type Schedule } from '#scoring/baseline/training/schedules.ts';

const schedule: Schedule = { name: 'constant', learningRate: 0.4, power: 0.5, warmUpSteps: 0 };
const at = (steps: number, epochs: number, share: number) => ({ steps, epochs, share });

describe('the learning rate', () => {
  test('of each schedule is its formula', () => {
    expect(learningRateAt(schedule, at(900, 9, 0.9))).toBe(0.4);
    expect(learningRateAt({ ...schedule, name: 'inverse' }, at(300, 3, 0.5))).toBeCloseTo(0.4 / 4, 12);
    expect(learningRateAt({ ...schedule, name: 'power' }, at(300, 3, 0.5))).toBeCloseTo(0.4 / Math.sqrt(4), 12);
    const cosine: Schedule = { ...schedule, name: 'cosine' };
    const along = [0, 0.5, 1, 1.2].map((share) => learningRateAt(cosine, at(1000, 10, share)));
    expect(along[0]).toBeCloseTo(0.4, 12);
    expect(along[1]).toBeCloseTo(0.2, 12);
    expect(along[2]).toBeCloseTo(0, 12);
    expect(along[3]).toBeCloseTo(0, 12);
  });

  test('rises evenly while it warms up, and is never nothing', () => {
    const warm = { ...schedule, warmUpSteps: 4 };
    expect([0, 1, 3, 4].map((steps) => learningRateAt(warm, at(steps, 0, 0)))).toEqual([0.1, 0.2, 0.4, 0.4]);
  });
});

/** Half of Σ cᵢ·(wᵢ − goalᵢ)²: curved tenfold more in one direction than in the other. */
const curvatures = [1, 10];
const goals = [3, -2];
function gradientOf(weights: Float32Array): Float32Array {
  return weights.map((weight, index) => curvatures[index]! * (weight - goals[index]!));
}

function descend(name: OptimiserName, learningRate: number, steps: number, weightDecay = 0): Float32Array {
  const weights = new Float32Array(2);
  const decays = new Uint8Array([1, 0]);
  const optimiser = createOptimiser({ name, weightDecay, decays }, freshState(name, 2));
  for (let step = 0; step < steps; step++) {
    const rate = learningRateAt({ ...schedule, name: 'cosine', learningRate }, at(step, 0, step / steps));
    optimiser.step(weights, gradientOf(weights), rate);
  }
  return weights;
}

describe('an optimiser', () => {
  test.each(optimiserNames)('%s comes to the bottom of a bowl', (name) => {
    const weights = descend(name, name === 'adam' ? 0.2 : 0.05, 400);
    expect(weights[0]).toBeCloseTo(3, 2);
    expect(weights[1]).toBeCloseTo(-2, 2);
  });

  test('stays where it is at a learning rate of zero', () => {
    for (const name of optimiserNames) expect([...descend(name, 0, 10, 0.1)]).toEqual([0, 0]);
  });

  test('of the plain kind takes the step that the formula says', () => {
    const weights = new Float32Array([1, 1]);
    const optimiser = createOptimiser(
      { name: 'sgd', weightDecay: 0.5, decays: new Uint8Array([1, 0]) },
      freshState('sgd', 2),
    );
    optimiser.step(weights, new Float32Array([2, 2]), 0.1);
    // The first weight decays by 0.1 · 0.5 of itself before the step, the second does not.
    expect(weights[0]).toBeCloseTo(0.95 - 0.2, 6);
    expect(weights[1]).toBeCloseTo(1 - 0.2, 6);
  });

  test('with momentum goes on by nine tenths of the step before', () => {
    const weights = new Float32Array(1);
    const optimiser = createOptimiser(
      { name: 'momentum', weightDecay: 0, decays: new Uint8Array(1) },
      freshState('momentum', 1),
    );
    optimiser.step(weights, new Float32Array([1]), 1);
    optimiser.step(weights, new Float32Array([0]), 1);
    expect(weights[0]).toBeCloseTo(-1.9, 6);
  });

  test('that adapts begins with steps of the learning rate, however large the gradient is', () => {
    for (const size of [1e-4, 1, 1e4]) {
      const weights = new Float32Array(1);
      const optimiser = createOptimiser(
        { name: 'adam', weightDecay: 0, decays: new Uint8Array(1) },
        freshState('adam', 1),
      );
      optimiser.step(weights, new Float32Array([size]), 0.01);
      expect(weights[0]).toBeCloseTo(-0.01, 5);
    }
  });

  test('goes on from its state as if it had never stopped', () => {
    for (const name of optimiserNames) {
      const decays = new Uint8Array(2);
      const run = (stopsAt: number) => {
        const weights = new Float32Array(2);
        let state = freshState(name, 2);
        for (let step = 0; step < 20; step++) {
          if (step === stopsAt) state = structuredClone(state);
          createOptimiser({ name, weightDecay: 0, decays }, state).step(weights, gradientOf(weights), 0.02);
        }
        return [...weights];
      };
      expect(run(7)).toEqual(run(-1));
    }
  });
});

describe('around the step', () => {
  test('a gradient that is too long keeps its direction', () => {
    const gradient = new Float32Array([3, 4]);
    expect(clipLength(gradient, 1)).toBeCloseTo(5, 6);
    expect(gradient[0]).toBeCloseTo(0.6, 6);
    expect(gradient[1]).toBeCloseTo(0.8, 6);
    clipLength(gradient, 10);
    expect(gradient[1]).toBeCloseTo(0.8, 6);
  });

  test('the average of the weights follows them, closely at first', () => {
    const averaged = new Float32Array([0]);
    follow(averaged, new Float32Array([11]), 1, 0.999);
    expect(averaged[0]).toBeCloseTo(10, 5);
    follow(averaged, new Float32Array([20]), 1e9, 0.75);
    expect(averaged[0]).toBeCloseTo(12.5, 5);
  });
});
