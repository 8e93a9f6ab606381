import { compareSystems, systemOf } from '#scoring/statistics/compare.ts';
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
  const [one, two] = [first, second].map(({ scored, aligned }) => systemOf(scored.words, (i) => aligned[i]!));
  const { difference, interval, pValue } = compareSystems('mapsswe', one!, two!, { unitOf });
  return difference === null ? null : { difference, interval, pValue };
}
