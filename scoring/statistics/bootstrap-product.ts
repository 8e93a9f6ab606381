import type { ResampledSums } from './bootstrap.ts';
import { createUnitDraws } from './random.ts';

/** Fills `counts`, float32 [resamples, units], with how often each unit is drawn in the resamples that come next. */
export type CountDraws = (counts: Float32Array) => void;

/** What makes the draws of a seed; the kernel has a faster one with the same draws. */
export type CreateCountDraws = (units: number, seed: number) => CountDraws;

export const createCountDraws: CreateCountDraws = (units, seed) => {
  const draw = createUnitDraws(seed);
  const drawn = new Int32Array(units);
  return (counts) => {
    counts.fill(0);
    for (let row = 0; row < counts.length; row += units) {
      draw(drawn);
      for (const unit of drawn) counts[row + unit]! += 1;
    }
  };
};

/** Counts [resamples, units] times the columns: their sums [resamples, columns], all of float32. */
export type CountProduct = (counts: Float32Array, resamples: number) => Promise<ArrayLike<number>>;

/** Counts that are multiplied at a time: 16 MB of float32. */
const countsAtOnce = 2 ** 22;
const mostResamplesAtOnce = 1024;

/** The sums of `resampledSums` by products of matrices. The next counts are drawn while a product is under way. */
export async function sumsByProduct(
  columns: readonly Float64Array[],
  { seed, resamples, onProgress }: Parameters<ResampledSums>[1],
  { createDraws, multiply }: { readonly createDraws: CreateCountDraws; readonly multiply: CountProduct },
): Promise<Float64Array[]> {
  const units = columns[0]!.length;
  const step = Math.max(1, Math.min(mostResamplesAtOnce, Math.floor(countsAtOnce / units)));
  const draw = createDraws(units, seed);
  const sums = columns.map(() => new Float64Array(resamples));
  const write = (from: number, found: ArrayLike<number>) => {
    for (let place = 0; place < found.length; place += 1) {
      sums[place % columns.length]![from + Math.floor(place / columns.length)] = found[place]!;
    }
  };
  let last: { readonly from: number; readonly product: Promise<ArrayLike<number>> } | null = null;
  for (let from = 0; from < resamples; from += step) {
    onProgress?.(from, resamples);
    const drawn = Math.min(step, resamples - from);
    const counts = new Float32Array(drawn * units);
    draw(counts);
    const product = multiply(counts, drawn);
    if (last !== null) write(last.from, await last.product);
    last = { from, product };
  }
  if (last !== null) write(last.from, await last.product);
  return sums;
}

/**
 * Whether such products are exact. Every number is whole and ≥ 0: a GPU that rounds factors to 11 bits (TF32) keeps them below
 * 2¹¹, and float32 keeps sums below 2²⁴ in whatever order they are added; with u draws of at most v each, no sum passes u × v.
 * That a unit is drawn 2¹¹ times has a probability of less than 1 / 2048!.
 */
export function isExactProduct(columns: readonly Float64Array[]): boolean {
  const units = columns[0]?.length ?? 0;
  let greatest = 0;
  for (const column of columns) for (const value of column) greatest = Math.max(greatest, value);
  return units > 0 && greatest < 2 ** 11 && units * greatest < 2 ** 24;
}

/** A core does some twenty thousand million multiplications a second: beyond this many, a device that starts in seconds may pay. */
const leastMultiplications = 1e11;

export function isLargeProduct(columns: readonly Float64Array[], resamples: number): boolean {
  return columns.length * (columns[0]?.length ?? 0) * resamples >= leastMultiplications;
}
