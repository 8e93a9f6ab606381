/**
 * What an alignment comes to: the one currency between scoring and everyone else. Counts are stored and pooled; rates are
 * derived. All four are whole numbers ≥ 0; tokens are words or code points, whichever were aligned.
 */
export type ErrorCounts = {
  /** Reference tokens that stand in the hypothesis. */
  readonly hits: number;
  readonly substitutions: number;
  /** Reference tokens absent from the hypothesis. */
  readonly deletions: number;
  /** Hypothesis tokens that answer to nothing in the reference. */
  readonly insertions: number;
};

export const noCounts: ErrorCounts = { hits: 0, substitutions: 0, deletions: 0, insertions: 0 };

/** Pools two sets of counts. A corpus rate comes from pooled counts, never from the mean of rates. */
export function add(a: ErrorCounts, b: ErrorCounts): ErrorCounts {
  return {
    hits: a.hits + b.hits,
    substitutions: a.substitutions + b.substitutions,
    deletions: a.deletions + b.deletions,
    insertions: a.insertions + b.insertions,
  };
}

/** S + D + I. */
export function errorsOf(counts: ErrorCounts): number {
  return counts.substitutions + counts.deletions + counts.insertions;
}

/** N = H + S + D. */
export function referenceLength(counts: ErrorCounts): number {
  return counts.hits + counts.substitutions + counts.deletions;
}

/** (S + D + I) / N, a ratio that may pass 1; null where N is 0, since no rate exists there (insertions still count as errors). */
export function errorRate(counts: ErrorCounts): number | null {
  const length = referenceLength(counts);
  return length === 0 ? null : errorsOf(counts) / length;
}
