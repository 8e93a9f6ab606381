import type { CountColumns } from '#scoring/columns.ts';
import type { References } from '#scoring/corpus.ts';
import type { Measure } from '#scoring/measure.ts';
import type { Comparison } from '#scoring/statistics/compare.ts';
import { alignWords } from '#scoring/wer/analyse.ts';
import type { AlignedText } from './alignment.ts';

/** One file of hypotheses, scored. `comparison` is of the first system with this one; null for the first. */
export type System = {
  readonly file: string;
  readonly columns: CountColumns;
  readonly words: Measure;
  readonly characters: Measure | null;
  readonly comparison: Comparison | null;
  hypothesisOf(i: number): string;
};

/** All that reports tell. `ties` is how errors were divided into kinds. */
export type Scoring = {
  readonly referenceFile: string;
  readonly references: References;
  readonly scorerVersion: number;
  readonly systems: readonly [System, ...System[]];
};

/** The first system's utterances with their words and steps; without those that have no errors where only errors are wanted. */
export function* alignedUtterances(
  { references, systems: [system] }: Scoring,
  wanted: 'all' | 'errors',
): Generator<AlignedText> {
  const { words } = references.normaliser;
  const { substitutions, deletions, insertions } = system.columns;
  for (let i = 0; i < references.length; i += 1) {
    if (wanted === 'errors' && substitutions[i]! + deletions[i]! + insertions[i]! === 0) continue;
    const hypothesis = words(system.hypothesisOf(i));
    const { reference, steps } = alignWords(references.textsOf(i).map(words), hypothesis);
    yield { id: references.idOf(i), reference, hypothesis, steps };
  }
}
