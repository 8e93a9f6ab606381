import { basename } from 'node:path';
import type { CountColumns } from '#scoring/columns.ts';
import type { References } from '#scoring/corpus.ts';
import type { Measure } from '#scoring/measure.ts';
import type { Comparison } from '#scoring/statistics/compare.ts';
import { type AlignedUtterance, alignWords } from '#scoring/wer/analyse.ts';
import type { Ties } from '#scoring/wer/ties.ts';
import type { Ranked } from './ranking.ts';

/** One file of hypotheses, scored. `comparison` is of the first system with this one; null for the first. */
export type System = {
  readonly file: string;
  readonly columns: CountColumns;
  readonly words: Measure;
  readonly characters: Measure | null;
  readonly comparison: Comparison | null;
  hypothesisOf(i: number): string;
};

/** All that reports tell. `ties` is how errors were divided into kinds; `ranking` is there for three systems and more. */
export type Scoring = {
  readonly referenceFile: string;
  readonly references: References;
  readonly scorerVersion: number;
  readonly ties: Ties;
  /** What chance was asked; null where nothing was drawn. */
  readonly draws: { readonly seed: number; readonly resamples: number } | null;
  readonly systems: readonly [System, ...System[]];
  readonly ranking: readonly Ranked[] | null;
};

/** `chosen` is the number of the wording that this system was scored against. */
export type Alignment = AlignedUtterance & { readonly chosen: number };

/** One utterance as every system has it, in their order. */
export type AlignedText = { readonly id: string; readonly systems: readonly Alignment[] };

/** Utterances with the alignments that were counted; without those that are right under every system where only errors are wanted. */
export function* alignedUtterances(
  { references, systems, ties }: Scoring,
  wanted: 'all' | 'errors',
): Generator<AlignedText> {
  const { words } = references.normaliser;
  for (let i = 0; i < references.length; i += 1) {
    if (wanted === 'errors' && systems.every(({ columns }) => isRight(columns, i))) continue;
    const wordings = references.textsOf(i).map(words);
    const alignments = systems.map(({ hypothesisOf }) => {
      const hypothesis = words(hypothesisOf(i));
      return { hypothesis, ...alignWords(wordings, hypothesis, ties) };
    });
    yield { id: references.idOf(i), systems: alignments };
  }
}

export function isRight({ substitutions, deletions, insertions }: CountColumns, i: number): boolean {
  return substitutions[i]! + deletions[i]! + insertions[i]! === 0;
}

/** Names without folders, where that tells them apart. */
export function namesOf(systems: readonly System[]): string[] {
  const names = systems.map(({ file }) => basename(file));
  return new Set(names).size === names.length ? names : systems.map(({ file }) => file);
}
