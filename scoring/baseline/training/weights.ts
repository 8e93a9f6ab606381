import type { NetworkShape } from '#scoring/baseline/model.ts';
import { parametersOf, weightCountOf } from '#scoring/baseline/network.ts';

/**
 * Weights to begin with: kernels from a normal distribution whose variance keeps that of what passes (He et al., 2015), the output's
 * a tenth of it, so that training begins near equal probabilities; scales 1, shifts and biases 0.
 */
export function initialWeights(shape: NetworkShape, random: () => number): Float32Array {
  const weights = new Float32Array(weightCountOf(shape));
  for (const { name, shape: dimensions, offset, size } of parametersOf(shape)) {
    if (name.endsWith('.scale')) weights.fill(1, offset, offset + size);
    if (!name.endsWith('.kernel')) continue;
    const inputs = size / dimensions.at(-1)!;
    const deviation = name === 'output.kernel' ? 0.1 / Math.sqrt(inputs) : Math.sqrt(2 / inputs);
    for (let index = offset; index < offset + size; index++) weights[index] = deviation * normal(random);
  }
  return weights;
}

/** Box and Muller's way from two uniform numbers to a normal one. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Which weights decay: kernels, since a small scale or bias is no simpler network. */
export function decayingWeights(shape: NetworkShape): Uint8Array {
  const decays = new Uint8Array(weightCountOf(shape));
  for (const { name, offset, size } of parametersOf(shape)) {
    if (name.endsWith('.kernel')) decays.fill(1, offset, offset + size);
  }
  return decays;
}
