import { compareSystems, type System } from '#scoring/statistics/compare.ts';
import { collectEvents, eventsOf } from '#scoring/statistics/events.ts';
import type { LabCorpus } from './corpus.ts';

/** Whether two files err equally often; rates are ratios, the first's minus the second's. */
export type LabComparison = {
  readonly difference: number;
  readonly interval: readonly [number, number] | null;
  /** Of the matched-pairs test, two-sided; null where the files tell nothing of how segments differ. */
  readonly pValue: number | null;
};

/** MAPSSWE, with the interval over units. Null where there is no reference word to divide by. */
export function compareFiles(first: LabCorpus, second: LabCorpus, unitOf: Int32Array): LabComparison | null {
  const compared = compareSystems('mapsswe', systemOf(first), systemOf(second), { unitOf });
  const { difference, interval, pValue } = compared;
  return difference === null ? null : { difference, interval, pValue };
}

function systemOf({ scored, aligned }: LabCorpus): System {
  const events = () => collectEvents(aligned.map(({ steps, chosen }) => eventsOf(steps, chosen)));
  return { words: scored.words, events };
}
