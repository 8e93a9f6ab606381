import type { BaselineModel } from '#scoring/baseline/model.ts';
import { weightCountOf } from '#scoring/baseline/network.ts';
import { createRandom } from '#scoring/statistics/random.ts';

const symbols = ['', ' ', ...'абвгдежзийклмнопрстуфхцчшщъыьэюя'];

/** A small network that has learned nothing: what it writes depends on every frame, and is the same on every machine. */
export function anUntrainedModel(shape: Partial<BaselineModel['shape']> = {}): BaselineModel {
  const whole = {
    bands: 40,
    channels: 8,
    firstKernel: 9,
    stride: 3,
    kernel: 5,
    dilations: [1, 2],
    symbols: symbols.length,
    ...shape,
  };
  const random = createRandom(1);
  return {
    sampleRateHz: 8000,
    shape: whole,
    symbols,
    weights: Float32Array.from({ length: weightCountOf(whole) }, () => random() / 2 ** 31 - 1),
    decoding: null,
    facts: {
      name: 'Untrained',
      seed: 1,
      epochs: 0,
      trainingSeconds: 0,
      heardSeconds: 0,
      data: [],
      figures: [],
    },
  };
}
