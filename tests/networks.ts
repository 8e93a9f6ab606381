import type { NetworkShape } from '#scoring/baseline/model.ts';
import type { TensorFlow } from '#scoring/baseline/network.ts';

/** A small seeded generator from 0 to 1, so that every run sees the same numbers. */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** A network of every kind of layer, small enough for loops and finite differences. */
export const tinyShape: NetworkShape = {
  bands: 5,
  channels: 8,
  firstKernel: 9,
  stride: 3,
  kernel: 5,
  dilations: [1, 2],
  symbols: 4,
};

async function openBackend(name: 'wasm' | 'cpu'): Promise<TensorFlow> {
  const tf = await import('@tensorflow/tfjs-core');
  if (name === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  else await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend(name);
  await tf.ready();
  return tf;
}

/** The backends that need no device, with what opens them. */
export const backends: [string, () => Promise<TensorFlow>][] = [
  ['wasm', () => openBackend('wasm')],
  ['cpu', () => openBackend('cpu')],
];
