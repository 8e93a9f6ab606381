import { referenceLength } from '#lib/counts.ts';
import { totalOf } from '#scoring/columns.ts';
import { collectEvents, type EventColumns, eventsOf } from '#scoring/statistics/events.ts';
import { mapsswe } from '#scoring/statistics/mapsswe.ts';
import type { LabCorpus } from './corpus.ts';

/** Whether two files err equally often; rates are ratios, the first's minus the second's. */
export type LabComparison = {
  readonly difference: number;
  readonly interval: readonly [number, number] | null;
  /** Of the matched-pairs test, two-sided; null where the files tell nothing of how segments differ. */
  readonly pValue: number | null;
};

/** 0.975 quantile of the standard normal distribution. */
const normalQuantile = 1.959963984540054;

/**
 * MAPSSWE over both files' errors. The interval is the test's own: the mean difference of a segment ± 1.96 standard errors, times
 * the segments, over the words of the reference. Null where there is no word to divide by.
 */
export function compareFiles(first: LabCorpus, second: LabCorpus): LabComparison | null {
  const words = [first, second].map(({ scored }) => referenceLength(totalOf(scored.words)));
  const [ofFirst, ofSecond] = [words[0]!, words[1]!];
  if (ofFirst === 0 || ofSecond === 0) return null;
  const { errors, segments, deviation, pValue } = mapsswe(eventsIn(first), eventsIn(second));
  const difference = errors[0] / ofFirst - errors[1] / ofSecond;
  const margin = (normalQuantile * deviation * Math.sqrt(segments)) / ofFirst;
  return { difference, interval: pValue === null ? null : [difference - margin, difference + margin], pValue };
}

function eventsIn({ aligned }: LabCorpus): EventColumns {
  return collectEvents(aligned.map(({ steps, chosen }) => eventsOf(steps, chosen)));
}
