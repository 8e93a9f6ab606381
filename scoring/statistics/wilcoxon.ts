import { normalTwoSided } from './distributions.ts';

export type Wilcoxon = {
  /** Sum of the ranks of differences above 0. */
  readonly rankSum: number;
  /** Differences other than 0; the rest is left out. */
  readonly pairs: number;
  readonly exact: boolean;
  readonly pValue: number;
};

/** Up to here the number of divisions of ranks, 2ⁿ, is exact in a double. */
const mostExact = 50;

/**
 * Wilcoxon's signed rank test of differences against a median of 0, two-sided. Exact for up to 50 pairs without equal sizes;
 * otherwise normal, with mean ranks for equal sizes, their correction of the variance, and a continuity correction of 1/2.
 * Sources: Wilcoxon (1945); Hollander & Wolfe, Nonparametric Statistical Methods (1999), §3.1.
 */
export function wilcoxon(differences: readonly number[]): Wilcoxon {
  const sized = differences.filter((d) => d !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const pairs = sized.length;
  let rankSum = 0;
  let tieCorrection = 0;
  for (let from = 0; from < pairs; ) {
    let to = from + 1;
    while (to < pairs && Math.abs(sized[to]!) === Math.abs(sized[from]!)) to += 1;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i += 1) if (sized[i]! > 0) rankSum += rank;
    tieCorrection += (to - from) ** 3 - (to - from);
    from = to;
  }
  const exact = pairs <= mostExact && tieCorrection === 0;
  const pValue = exact ? exactP(rankSum, pairs) : normalP(rankSum, pairs, tieCorrection);
  return { rankSum, pairs, exact, pValue };
}

/** Counts the subsets of the ranks 1 to n by their sums: every sign pattern is equally likely under the hypothesis. */
function exactP(rankSum: number, pairs: number): number {
  const highest = (pairs * (pairs + 1)) / 2;
  const subsets = new Float64Array(highest + 1);
  subsets[0] = 1;
  for (let rank = 1; rank <= pairs; rank += 1) {
    for (let sum = highest; sum >= rank; sum -= 1) subsets[sum]! += subsets[sum - rank]!;
  }
  const smaller = Math.min(rankSum, highest - rankSum);
  let tail = 0;
  for (let sum = 0; sum <= smaller; sum += 1) tail += subsets[sum]!;
  return Math.min(1, (2 * tail) / 2 ** pairs);
}

function normalP(rankSum: number, pairs: number, tieCorrection: number): number {
  const distance = Math.max(0, Math.abs(rankSum - (pairs * (pairs + 1)) / 4) - 0.5);
  const variance = (pairs * (pairs + 1) * (2 * pairs + 1)) / 24 - tieCorrection / 48;
  return normalTwoSided(distance / Math.sqrt(variance));
}
