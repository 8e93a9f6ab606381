import { type ErrorCounts, errorRate, referenceLength } from '#lib/counts.ts';
import { type CountColumns, totalOf } from '#scoring/columns.ts';
import { type BootstrapOptions, bootstrapInterval } from '#scoring/statistics/bootstrap.ts';
import { deltaEstimate } from '#scoring/statistics/delta.ts';
import { poolByUnit } from '#scoring/statistics/units.ts';

/** Counts of what was pooled, with what follows from them. `errorRate` and `interval` are ratios; null where no rate exists. */
export type Measure = ErrorCounts & {
  /** N, the number of reference tokens. */
  readonly reference: number;
  readonly errorRate: number | null;
  readonly interval: readonly [number, number] | null;
  readonly intervalMethod: 'delta' | 'bootstrap';
};

/**
 * Pools utterances and gives their rate its 95 % interval, with the units as what was drawn at random: at once by the delta
 * method, or by percentiles of the bootstrap.
 */
export function measure(
  columns: CountColumns,
  unitOf: ArrayLike<number> | null,
  options: BootstrapOptions & { readonly bootstrap?: boolean } = {},
): Measure {
  const counts = totalOf(columns);
  const units = poolByUnit(columns, unitOf);
  const { bootstrap = false } = options;
  return {
    ...counts,
    reference: referenceLength(counts),
    errorRate: errorRate(counts),
    interval: bootstrap ? bootstrapInterval(units, options) : (deltaEstimate(units)?.interval ?? null),
    intervalMethod: bootstrap ? 'bootstrap' : 'delta',
  };
}
