import type * as tfjs from '@tensorflow/tfjs-core';

/*
 * Whether what computes computes right, by answers that were worked out without it. All inputs and products are small whole numbers
 * or halves, so that reduced precision of a GPU (TF32 has 11 bits) changes nothing, and a wrong answer is wrong.
 */

type TensorFlow = typeof tfjs;
type Check = {
  readonly name: string;
  readonly expected: ArrayLike<number>;
  compute(tf: TensorFlow): tfjs.Tensor;
};

const tolerance = 1e-4;

const checks: readonly Check[] = [
  {
    name: 'matMul',
    compute: (tf) => tf.matMul(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), tf.tensor2d([1, -1, 0, 2, 0.5, 0], [3, 2])),
    expected: [2.5, 3, 7, 6],
  },
  {
    // The row below its neighbours' kernel positions: y[t] = x[t − 1] + 10 x[t] + 100 x[t + 1].
    name: 'conv1d',
    compute: (tf) => tf.conv1d(tf.tensor3d([1, 2, 3, 4], [1, 4, 1]), tf.tensor3d([1, 10, 100], [3, 1, 1]), 1, 'same'),
    expected: [210, 321, 432, 43],
  },
  {
    // The same kernel two apart: y[t] = x[t − 2] + 10 x[t] + 100 x[t + 2].
    name: 'conv1d with dilation',
    compute: (tf) =>
      tf.conv1d(tf.tensor3d([1, 2, 3, 4], [1, 4, 1]), tf.tensor3d([1, 10, 100], [3, 1, 1]), 1, 'same', 'NWC', 2),
    expected: [310, 420, 31, 42],
  },
  {
    // Two inputs become one, every second position: y[t] = x[2t, 0] + 2 x[2t, 1] + 3 x[2t + 1, 0] + 4 x[2t + 1, 1].
    name: 'conv1d with stride',
    compute: (tf) =>
      tf.conv1d(tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [1, 4, 2]), tf.tensor3d([1, 2, 3, 4], [2, 2, 1]), 2, 'valid'),
    expected: [30, 70],
  },
  {
    name: 'logSoftmax',
    compute: (tf) => tf.logSoftmax(tf.tensor2d([0, 0, 0, 0, Math.log(2), 0, 0, 0], [2, 4])),
    expected: [0.25, 0.25, 0.25, 0.25, 0.4, 0.2, 0.2, 0.2].map(Math.log),
  },
  wideConvolution(),
];

/** The first wrong answer in words; null where all are right. */
export async function wrongAnswerOf(tf: TensorFlow): Promise<string | null> {
  for (const { name, expected, compute } of checks) {
    const tensor = tf.tidy(() => compute(tf));
    // Never dataSync: WebGPU cannot be read that way outside a browser.
    const actual = await tensor.data().finally(() => tensor.dispose());
    if (actual.length !== expected.length) return `${name}: ${actual.length} values instead of ${expected.length}`;
    for (let i = 0; i < expected.length; i += 1) {
      // Written so that NaN is wrong.
      const isRight = Math.abs(actual[i]! - expected[i]!) <= tolerance;
      if (!isRight) return `${name}: ${actual[i]} instead of ${expected[i]}`;
    }
  }
  return null;
}

/**
 * As wide as a layer of the acoustic model, so that the program for large inputs runs too. The answer comes from the definition:
 * y[t, o] = Σ over k, i of x[t + dilation (k − 2), i] w[k, i, o], zero beyond the ends.
 */
function wideConvolution(): Check {
  const [frames, kernel, width, dilation] = [70, 5, 48, 3];
  const x = Float32Array.from({ length: frames * width }, (_, i) => ((i * 7) % 5) - 2);
  const w = Float32Array.from({ length: kernel * width * width }, (_, i) => ((i * 11) % 7) - 3);
  const expected = new Float32Array(frames * width);
  for (let t = 0; t < frames; t += 1) {
    for (let k = 0; k < kernel; k += 1) {
      const from = t + dilation * (k - (kernel - 1) / 2);
      if (from < 0 || from >= frames) continue;
      for (let i = 0; i < width; i += 1) {
        const value = x[from * width + i]!;
        for (let o = 0; o < width; o += 1) expected[t * width + o]! += value * w[(k * width + i) * width + o]!;
      }
    }
  }
  return {
    name: 'wide conv1d',
    expected,
    compute: (tf) =>
      tf.conv1d(tf.tensor3d(x, [1, frames, width]), tf.tensor3d(w, [kernel, width, width]), 1, 'same', 'NWC', dilation),
  };
}

const speed = { batch: 8, frames: 200, channels: 128, kernel: 5 };
const leastMs = 300;
const mostRounds = 200;

/**
 * How fast a convolution of the acoustic model's size runs, in 10⁹ floating-point operations per second (a multiplication and an
 * addition count as two), its result read each time; the fastest of what fits into 0.3 seconds, since whatever else the machine does only
 * slows it down.
 */
export async function measureGigaflops(tf: TensorFlow): Promise<number> {
  const { batch, frames, channels, kernel } = speed;
  const x = tf.ones([batch, frames, channels]) as tfjs.Tensor3D;
  const w = tf.ones([kernel, channels, channels]) as tfjs.Tensor3D;
  const run = async () => {
    const y = tf.tidy(() => tf.max(tf.conv1d(x, w, 1, 'same')));
    await y.data();
    y.dispose();
  };
  await run();
  let fastestMs = Number.POSITIVE_INFINITY;
  const begun = performance.now();
  for (let round = 0; round < mostRounds && performance.now() - begun < leastMs; round += 1) {
    const before = performance.now();
    await run();
    fastestMs = Math.min(fastestMs, performance.now() - before);
  }
  tf.dispose([x, w]);
  const operations = 2 * batch * frames * kernel * channels * channels;
  return operations / (fastestMs * 1e6);
}
