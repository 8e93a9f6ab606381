export const optimiserNames = ['sgd', 'momentum', 'adam'] as const;
export type OptimiserName = (typeof optimiserNames)[number];

export type OptimiserOptions = {
  readonly name: OptimiserName;
  /** The share of itself, times the learning rate, by which a weight shrinks in each step; 0 leaves it alone. */
  readonly weightDecay: number;
  /** 1 where a weight decays, 0 where it does not. */
  readonly decays: Uint8Array;
};

/** How many steps were taken, and running averages as long as the weights: what a checkpoint keeps. */
export type OptimiserState = { steps: number; readonly averages: readonly Float32Array[] };

export type Optimiser = {
  readonly state: OptimiserState;
  /** Moves the weights in place against the gradient. */
  step(weights: Float32Array, gradient: Float32Array, learningRate: number): void;
};

const momentumKept = 0.9;
const firstMomentKept = 0.9;
/** Lower than the usual 0.999: CTC's gradients are large at first and small soon. */
const secondMomentKept = 0.98;
const epsilon = 1e-8;

export function freshState(name: OptimiserName, size: number): OptimiserState {
  const averages = { sgd: 0, momentum: 1, adam: 2 }[name];
  return { steps: 0, averages: Array.from({ length: averages }, () => new Float32Array(size)) };
}

/**
 * Stochastic gradient descent, plain, with momentum, or Adam (Kingma & Ba, 2015); in each the weight decay is decoupled from the
 * gradient (Loshchilov & Hutter, 2019). `state` is changed in place.
 */
export function createOptimiser({ name, weightDecay, decays }: OptimiserOptions, state: OptimiserState): Optimiser {
  const update = { sgd: descend, momentum: rollOn, adam: adapt }[name];
  return {
    state,
    step(weights, gradient, learningRate) {
      state.steps++;
      const shrinkage = learningRate * weightDecay;
      if (shrinkage > 0) {
        for (let i = 0; i < weights.length; i++) weights[i]! -= shrinkage * decays[i]! * weights[i]!;
      }
      update(weights, gradient, learningRate, state);
    },
  };
}

type Update = (weights: Float32Array, gradient: Float32Array, learningRate: number, state: OptimiserState) => void;

const descend: Update = (weights, gradient, learningRate) => {
  for (let i = 0; i < weights.length; i++) weights[i]! -= learningRate * gradient[i]!;
};

const rollOn: Update = (weights, gradient, learningRate, { averages }) => {
  const velocity = averages[0]!;
  for (let i = 0; i < weights.length; i++) {
    velocity[i] = momentumKept * velocity[i]! + gradient[i]!;
    weights[i]! -= learningRate * velocity[i]!;
  }
};

const adapt: Update = (weights, gradient, learningRate, { steps, averages }) => {
  const [first, second] = [averages[0]!, averages[1]!];
  // Both averages began at zero, and are scaled up by what they still lack.
  const firstScale = 1 / (1 - firstMomentKept ** steps);
  const secondScale = 1 / (1 - secondMomentKept ** steps);
  for (let i = 0; i < weights.length; i++) {
    const value = gradient[i]!;
    const mean = firstMomentKept * first[i]! + (1 - firstMomentKept) * value;
    const square = secondMomentKept * second[i]! + (1 - secondMomentKept) * value * value;
    first[i] = mean;
    second[i] = square;
    weights[i]! -= (learningRate * mean * firstScale) / (Math.sqrt(square * secondScale) + epsilon);
  }
};

/** Scales the gradient down in place so that its length is at most `longest`; returns the length that it had. */
export function clipLength(gradient: Float32Array, longest: number): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  const length = Math.sqrt(squares);
  if (length > longest) for (let i = 0; i < gradient.length; i++) gradient[i]! *= longest / length;
  return length;
}

/**
 * Moves `averaged` towards the weights: it keeps the share `kept` of itself in the long run, and less in the first steps, which
 * are soon forgotten. `steps`: how many were taken, at least 1. Recognition with the average is steadier than with the last weights.
 */
export function follow(averaged: Float32Array, weights: Float32Array, steps: number, kept: number): void {
  const share = 1 - Math.min(kept, steps / (steps + 10));
  for (let i = 0; i < averaged.length; i++) averaged[i]! += share * (weights[i]! - averaged[i]!);
}
