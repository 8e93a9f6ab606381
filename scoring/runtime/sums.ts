import type { TensorFlow } from '#scoring/runtime/rung.ts';
import type { ResampledSums } from '#scoring/statistics/bootstrap.ts';
import { type CreateCountDraws, sumsByProduct } from '#scoring/statistics/bootstrap-product.ts';

/** Sums over resamples on a rung, equal to `resampledSums` where `isExactProduct`. */
export async function sumsOnRung(
  tf: TensorFlow,
  columns: readonly Float64Array[],
  options: Parameters<ResampledSums>[1],
  createDraws: CreateCountDraws,
): Promise<Float64Array[]> {
  const units = columns[0]!.length;
  const matrix = tf.tensor2d(rowsOf(columns), [units, columns.length]);
  const multiply = async (counts: Float32Array, resamples: number) => {
    const product = tf.tidy(() => tf.matMul(tf.tensor2d(counts, [resamples, units]), matrix));
    // Never dataSync: WebGPU cannot be read that way outside a browser.
    return product.data().finally(() => product.dispose());
  };
  return sumsByProduct(columns, options, { createDraws, multiply }).finally(() => matrix.dispose());
}

function rowsOf(columns: readonly Float64Array[]): Float32Array {
  const units = columns[0]!.length;
  const rows = new Float32Array(units * columns.length);
  columns.forEach((column, c) => {
    for (let unit = 0; unit < units; unit += 1) rows[unit * columns.length + c] = column[unit]!;
  });
  return rows;
}

type Comparable = {
  readonly columns: readonly Float64Array[];
  readonly seed: number;
  readonly resamples: number;
  readonly kernelSums: ResampledSums;
  readonly createDraws: CreateCountDraws;
};

/**
 * How many times as fast as the kernel a rung sums these columns over so few resamples, draws included; of each the better of two
 * runs, after one that is not counted.
 */
export async function measureSumsRatio(tf: TensorFlow, comparable: Comparable): Promise<number> {
  const { columns, seed, resamples, kernelSums, createDraws } = comparable;
  const onRung = () => sumsOnRung(tf, columns, { seed, resamples }, createDraws);
  const inKernel = async () => kernelSums(columns, { seed, resamples });
  await onRung();
  await inKernel();
  const times: [onRung: number, inKernel: number][] = [];
  for (let round = 0; round < 2; round += 1) times.push([await millisecondsOf(onRung), await millisecondsOf(inKernel)]);
  return Math.min(...times.map(([, kernel]) => kernel)) / Math.min(...times.map(([rung]) => rung));
}

async function millisecondsOf(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

const usual = { systems: 100, units: 2_000, resamples: 512 };

/** That ratio for a hundred systems on 2,000 units: what decides which of the two resamples. */
export function usualSumsRatio(
  tf: TensorFlow,
  kernel: { readonly resampledSums: ResampledSums; readonly createCountDraws: CreateCountDraws },
): Promise<number> {
  const { systems, units, resamples } = usual;
  const columns = Array.from({ length: systems }, (_, s) =>
    Float64Array.from({ length: units }, (_, i) => (i * (s + 1) * 7919) % 7),
  );
  const { resampledSums: kernelSums, createCountDraws: createDraws } = kernel;
  return measureSumsRatio(tf, { columns, seed: 1, resamples, kernelSums, createDraws });
}
