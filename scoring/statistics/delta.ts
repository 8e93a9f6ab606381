import type { UnitCounts } from './units.ts';

/** 0.975 quantile of the standard normal distribution. */
const normalQuantile = 1.959963984540054;

export type DeltaEstimate = { readonly standardError: number; readonly interval: readonly [number, number] };

/**
 * Standard error and 95 % interval of the pooled rate R = ΣE/ΣN by the delta method of the ratio estimator over G units:
 * SE = √(G/(G−1) · Σ(E_g − R·N_g)²) / ΣN. The lower bound is never below 0; the upper may pass 1. Null where ΣN is 0 and
 * where a single unit tells nothing of how units differ. Source: Cochran, Sampling Techniques (1977), §2.11.
 */
export function deltaEstimate(counts: UnitCounts): DeltaEstimate | null {
  const parts = deviationsOf(counts);
  if (parts === null) return null;
  const { standardError, interval } = estimate(parts.rate, parts.deviations);
  return { standardError, interval: [Math.max(0, interval[0]), interval[1]] };
}

/**
 * The same for the first rate minus the second, on the same units: a unit's part in the difference is its part in the first rate
 * minus its part in the second, so that what both find hard cancels. Source: Cochran (1977), §6.
 */
export function deltaOfDifference(first: UnitCounts, second: UnitCounts): DeltaEstimate | null {
  const [a, b] = [deviationsOf(first), deviationsOf(second)];
  if (a === null || b === null) return null;
  return estimate(
    a.rate - b.rate,
    a.deviations.map((deviation, i) => deviation - b.deviations[i]!),
  );
}

/** The rate, and each unit's (E_g − R·N_g) / ΣN. */
function deviationsOf({ errors, lengths }: UnitCounts): { rate: number; deviations: Float64Array } | null {
  let totalErrors = 0;
  let totalLength = 0;
  for (let i = 0; i < errors.length; i += 1) {
    totalErrors += errors[i]!;
    totalLength += lengths[i]!;
  }
  if (totalLength === 0 || errors.length < 2) return null;
  const rate = totalErrors / totalLength;
  return { rate, deviations: errors.map((error, i) => (error - rate * lengths[i]!) / totalLength) };
}

function estimate(value: number, deviations: Float64Array): DeltaEstimate {
  const units = deviations.length;
  let squares = 0;
  for (const deviation of deviations) squares += deviation ** 2;
  const standardError = Math.sqrt((units / (units - 1)) * squares);
  const margin = normalQuantile * standardError;
  return { standardError, interval: [value - margin, value + margin] };
}
