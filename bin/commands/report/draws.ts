import type { CountColumns } from '#scoring/columns.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { placeOf, type ResampledSums } from '#scoring/statistics/bootstrap.ts';
import { poolByUnit } from '#scoring/statistics/units.ts';

/**
 * The kernel's sums, drawn once for all these counts: drawing costs far more than summing, and the same seed gives every interval
 * and every comparison the same draws anyway. May be asked for the units of these counts only, and with one seed.
 */
export function sharedDraws(
  counts: readonly CountColumns[],
  unitOf: ArrayLike<number> | null,
  onProgress: (drawn: number, resamples: number) => void,
): ResampledSums {
  const { resampledSums } = createStatisticsKernel(loadModule('statistics'));
  const columns: Float64Array[] = [];
  for (const count of counts) {
    const { errors, lengths } = poolByUnit(count, unitOf);
    for (const column of [errors, lengths]) if (placeOf(column, columns) < 0) columns.push(column);
  }
  let drawn: readonly Float64Array[] | undefined;
  return (wanted, options) => {
    drawn ??= resampledSums(columns, { ...options, onProgress });
    const sums = drawn;
    return wanted.map((column) => sums[placeOf(column, columns)]!);
  };
}
