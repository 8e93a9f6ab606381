import type { CountColumns } from '#scoring/columns.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { defaultResamples, placeOf, type ResampledSums } from '#scoring/statistics/bootstrap.ts';
import { isLargeProduct } from '#scoring/statistics/bootstrap-product.ts';
import { poolByUnit } from '#scoring/statistics/units.ts';

/**
 * The sums of resamples, drawn once for all these counts: drawing costs far more than summing, and the same seed gives every interval
 * and every comparison the same draws anyway. May be asked for the units of these counts only, and with this seed. A comparison of hundreds of large files may be drawn on a
 * GPU, where there is one.
 */
export async function sharedDraws(
  counts: readonly CountColumns[],
  unitOf: ArrayLike<number> | null,
  { seed, onProgress }: { seed: number; onProgress: (drawn: number, resamples: number) => void },
): Promise<ResampledSums> {
  const columns: Float64Array[] = [];
  for (const count of counts) {
    const { errors, lengths } = poolByUnit(count, unitOf);
    for (const column of [errors, lengths]) if (placeOf(column, columns) < 0) columns.push(column);
  }
  const options = { seed, resamples: defaultResamples, onProgress };
  let drawn = isLargeProduct(columns, defaultResamples) ? await drawnOnFastest(columns, options) : null;
  return (wanted) => {
    drawn ??= createStatisticsKernel(loadModule('statistics')).resampledSums(columns, options);
    const sums = drawn;
    return wanted.map((column) => sums[placeOf(column, columns)]!);
  };
}

/** A bundle of its own: whoever draws little never reads what knows of devices, and the package for teams is without it: null there. */
async function drawnOnFastest(
  columns: readonly Float64Array[],
  options: Parameters<ResampledSums>[1],
): Promise<readonly Float64Array[] | null> {
  try {
    const { fastestSums } = await import('#scoring/all-systems.ts');
    return (await fastestSums(columns, options)).sums;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}
