import type { CountColumns } from '#scoring/columns.ts';
import { fairTwoSided } from './distributions.ts';

export type McNemar = {
  /** Utterances that only the first system, only the second got wholly right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly pValue: number;
};

/**
 * Exact McNemar test on utterances right or wrong: were the systems equally good, each utterance that one alone got right would
 * be either's with probability 1/2. Source: McNemar (1947); exact binomial p, two-sided, for any number.
 */
export function mcnemar(first: CountColumns, second: CountColumns): McNemar {
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < first.hits.length; i += 1) {
    const firstRight = isRight(first, i);
    if (firstRight === isRight(second, i)) continue;
    if (firstRight) onlyFirst += 1;
    else onlySecond += 1;
  }
  return { onlyFirst, onlySecond, pValue: fairTwoSided(onlyFirst, onlySecond) };
}

function isRight({ substitutions, deletions, insertions }: CountColumns, i: number): boolean {
  return substitutions[i] === 0 && deletions[i] === 0 && insertions[i] === 0;
}
