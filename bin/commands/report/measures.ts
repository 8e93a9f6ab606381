import { totalOf } from '#scoring/columns.ts';
import { informationLost, informationPreserved, matchErrorRate, sentenceErrorRate } from '#scoring/wer/measures.ts';
import type { System } from './result.ts';

/** What else the field reports of words: ratios, null where there is none. */
export function measuresOf({ columns }: Pick<System, 'columns'>) {
  const counts = totalOf(columns);
  return {
    ser: sentenceErrorRate(columns),
    mer: matchErrorRate(counts),
    wil: informationLost(counts),
    wip: informationPreserved(counts),
  };
}
