import { add, type ErrorCounts, errorRate, errorsOf, referenceLength } from '#lib/counts.ts';

/**
 * A score as people see it on hidden data: thousandths, from which no exact count can be read back. The interval is the 95 %
 * interval of the error rate, rounded outwards.
 */
export type PublicScore = { werPermille: number; intervalPermille: readonly [number, number] | null };

/**
 * What the ladder says of a submission: a number of its own; none, as it is no significant improvement; or none yet, where the
 * baseline or an earlier file of the team has yet to be counted.
 */
export type Verdict = 'improvement' | 'no-improvement' | 'waiting';

/** A score on open data, where everything may be seen. Rates are derived from the counts. */
export type DevScore = {
  words: ErrorCounts;
  characters: ErrorCounts;
  interval: readonly [number, number] | null;
  utterances: readonly { id: string; words: ErrorCounts }[];
};

/** Null where the reference has no words, since no rate exists there. */
export function publicScore(counts: ErrorCounts, interval: readonly [number, number] | null): PublicScore | null {
  const length = referenceLength(counts);
  if (length === 0) return null;
  // Half up, in whole numbers: a rate of exactly .xxx5 rounds the same everywhere.
  const werPermille = Math.floor((2000 * errorsOf(counts) + length) / (2 * length));
  if (interval === null) return { werPermille, intervalPermille: null };
  const [low, high] = interval;
  return {
    werPermille,
    intervalPermille: [Math.min(werPermille, Math.floor(low * 1000)), Math.max(werPermille, Math.ceil(high * 1000))],
  };
}

/** 0.975 quantile of the standard normal distribution. */
export const normalQuantile = 1.959963984540054;

/** The 95 % interval of the error rate, never below 0, from its standard error; null where either does not exist. */
export function rateInterval(counts: ErrorCounts, standardError: number | null): readonly [number, number] | null {
  const rate = errorRate(counts);
  if (rate === null || standardError === null) return null;
  const margin = normalQuantile * standardError;
  return [Math.max(0, rate - margin), rate + margin];
}

/** What a file came to on a part of the test split, once everybody may see it. `interval` is the 95 % interval of the error rate. */
export type PartScore = { counts: ErrorCounts; interval: readonly [number, number] | null };
export type WholeScore = { public: PartScore; private: PartScore; whole: PartScore };

/** Exact counts of a fold; the standard error is that of the error rate, by unit. */
export type FoldCounts = { counts: ErrorCounts; standardError: number | null };

/**
 * The test split as a whole from its folds: counts are pooled. No unit is in both folds, so their errors are independent, and the
 * variance of the pooled rate is Σ N²·SE² / (Σ N)², N the words of a fold.
 */
export function wholeScore(folds: Record<'public' | 'private', FoldCounts>): WholeScore {
  const parts = [folds.public, folds.private];
  const counts = add(folds.public.counts, folds.private.counts);
  const variance = parts.reduce<number | null>((sum, fold) => {
    if (sum === null || fold.standardError === null) return null;
    return sum + (referenceLength(fold.counts) * fold.standardError) ** 2;
  }, 0);
  const standardError = variance === null ? null : Math.sqrt(variance) / referenceLength(counts);
  return {
    public: partScore(folds.public),
    private: partScore(folds.private),
    whole: partScore({ counts, standardError }),
  };
}

function partScore({ counts, standardError }: FoldCounts): PartScore {
  return { counts, interval: rateInterval(counts, standardError) };
}
