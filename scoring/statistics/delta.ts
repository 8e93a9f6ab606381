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
  const units = errors.length;
  let totalErrors = 0;
  let totalLength = 0;
  for (let i = 0; i < units; i += 1) {
    totalErrors += errors[i]!;
    totalLength += lengths[i]!;
  }
  if (totalLength === 0 || units < 2) return null;
  const rate = totalErrors / totalLength;
  let squares = 0;
  for (let i = 0; i < units; i += 1) squares += (errors[i]! - rate * lengths[i]!) ** 2;
  const standardError = Math.sqrt((units / (units - 1)) * squares) / totalLength;
  const margin = normalQuantile * standardError;
  return { standardError, interval: [Math.max(0, rate - margin), rate + margin] };
}
