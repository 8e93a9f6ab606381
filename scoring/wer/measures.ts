import { type ErrorCounts, errorsOf, referenceLength } from '#lib/counts.ts';

/**
 * Match error rate: the share of errors among all steps of the alignment, (S + D + I) / (H + S + D + I), never above 1. Null where
 * both sides are empty. Source: Morris, Maier and Green (2004), as jiwer computes it.
 */
export function matchErrorRate(counts: ErrorCounts): number | null {
  const steps = counts.hits + errorsOf(counts);
  return steps === 0 ? null : errorsOf(counts) / steps;
}

/**
 * Word information preserved, H / N × H / M with N words in the references and M in the hypotheses. Null where N is 0, since there
 * was nothing to preserve; 0 where M is, as in jiwer. Source: Morris, Maier and Green (2004).
 */
export function informationPreserved(counts: ErrorCounts): number | null {
  const length = referenceLength(counts);
  if (length === 0) return null;
  const hypothesisLength = counts.hits + counts.substitutions + counts.insertions;
  return hypothesisLength === 0 ? 0 : (counts.hits / length) * (counts.hits / hypothesisLength);
}

/** Word information lost: 1 − what is preserved. */
export function informationLost(counts: ErrorCounts): number | null {
  const preserved = informationPreserved(counts);
  return preserved === null ? null : 1 - preserved;
}

type ErrorColumns = {
  readonly substitutions: ArrayLike<number>;
  readonly deletions: ArrayLike<number>;
  readonly insertions: ArrayLike<number>;
};

/** How many utterances have an error; one with an empty reference has, too, when words were put into it. */
export function utterancesWithErrors({ substitutions, deletions, insertions }: ErrorColumns): number {
  let count = 0;
  for (let i = 0; i < substitutions.length; i += 1) {
    if (substitutions[i]! + deletions[i]! + insertions[i]! > 0) count += 1;
  }
  return count;
}

/** Sentence error rate: utterances with an error / utterances. Null where there are none. */
export function sentenceErrorRate(columns: ErrorColumns): number | null {
  const utterances = columns.substitutions.length;
  return utterances === 0 ? null : utterancesWithErrors(columns) / utterances;
}
