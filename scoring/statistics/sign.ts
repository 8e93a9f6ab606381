import { fairTwoSided } from './distributions.ts';

export type SignTest = {
  readonly above: number;
  readonly below: number;
  readonly equal: number;
  readonly pValue: number;
};

/**
 * Exact sign test: how often differences lie above and below 0, which a fair coin would decide were the systems equally good.
 * Equal pairs are left out. Source: Dixon & Mood (1946); exact binomial p, two-sided, for any number.
 */
export function signTest(differences: readonly number[]): SignTest {
  let above = 0;
  let below = 0;
  for (const difference of differences) {
    if (difference > 0) above += 1;
    if (difference < 0) below += 1;
  }
  return { above, below, equal: differences.length - above - below, pValue: fairTwoSided(above, below) };
}
