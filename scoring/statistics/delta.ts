import type { UnitCounts } from './units.ts';

/** 0.975 quantile of the standard normal distribution. */
const normalQuantile = 1.959963984540054;

export type DeltaEstimate = { readonly standardError: number; readonly interval: readonly [number, number] };

/**
 * Standard error and 95 % interval of the pooled rate R = ΣE/ΣN by the delta method of the ratio estimator over G units:
 * SE = √(G/(G−1) · Σ(E_g − R·N_g)²) / ΣN. The lower bound is never below 0; the upper may pass 1. Null where ΣN is 0 and
 * where a single unit tells nothing of how units differ. Source: Cochran, Sampling Techniques (1977), §2.11.
 */
export function deltaEstimate({ errors, lengths }: UnitCounts): DeltaEstimate | null {
  let [totalErrors, totalLength, squaredErrors, products, squaredLengths] = [0, 0, 0, 0, 0];
  for (let i = 0; i < errors.length; i += 1) {
    const error = errors[i]!;
    const length = lengths[i]!;
    totalErrors += error;
    totalLength += length;
    squaredErrors += error * error;
    products += error * length;
    squaredLengths += length * length;
  }
  if (totalLength === 0 || errors.length < 2) return null;
  // Σ(E_g − R·N_g)²·(ΣN)² in whole numbers, where nothing is lost by taking nearly equal ones from each other.
  const [e, n] = [BigInt(totalErrors), BigInt(totalLength)];
  const squares = n * n * BigInt(squaredErrors) - 2n * n * e * BigInt(products) + e * e * BigInt(squaredLengths);
  const { standardError, interval } = estimate(
    totalErrors / totalLength,
    Number(squares) / totalLength ** 4,
    errors.length,
  );
  return { standardError, interval: [Math.max(0, interval[0]), interval[1]] };
}

/**
 * The same for the first rate minus the second, on the same units: a unit's part in the difference is its part in the first rate
 * minus its part in the second, so that what both find hard cancels. Source: Cochran (1977), §6.
 */
export function deltaOfDifference(first: UnitCounts, second: UnitCounts): DeltaEstimate | null {
  const [a, b] = [deviationsOf(first), deviationsOf(second)];
  if (a === null || b === null) return null;
  let squares = 0;
  for (let i = 0; i < a.deviations.length; i += 1) squares += (a.deviations[i]! - b.deviations[i]!) ** 2;
  return estimate(a.rate - b.rate, squares, a.deviations.length);
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
  const deviations = new Float64Array(errors.length);
  for (let i = 0; i < errors.length; i += 1) deviations[i] = (errors[i]! - rate * lengths[i]!) / totalLength;
  return { rate, deviations };
}

/** `squares` is the sum of the units' squared parts in the value. */
function estimate(value: number, squares: number, units: number): DeltaEstimate {
  const standardError = Math.sqrt((units / (units - 1)) * squares);
  const margin = normalQuantile * standardError;
  return { standardError, interval: [value - margin, value + margin] };
}
