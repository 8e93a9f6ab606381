import { type ErrorCounts, errorRate, errorsOf, referenceLength } from '#lib/counts.ts';

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
