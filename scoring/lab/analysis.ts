import { type CountColumns, selectColumns } from '#scoring/columns.ts';
import { devUnits } from '#scoring/dev-units.ts';
import { type Measure, measure } from '#scoring/measure.ts';
import { numberUnits } from '#scoring/statistics/units.ts';
import type { AlignmentStep } from '#scoring/wer/align.ts';
import { analyse } from '#scoring/wer/analyse.ts';
import type { Aligned } from './align.ts';
import type { LabCorpus, LabUtterance } from './corpus.ts';
import { type LengthName, lengthName, lengthNames } from './lengths.ts';

/** A kind of error with the positions of the utterances that have it. */
export type Confusion = { reference: string; hypothesis: string; count: number; utterances: number[] };
export type WordError = { word: string; count: number; utterances: number[] };

/** Utterances that share a property. */
export type Slice<Name extends string = string> = { value: Name; utterances: number; measure: Measure };

/** All that the lab shows of one file but the single alignments, which are made when they are looked at. */
export type Analysis = {
  readonly words: CountColumns;
  readonly total: Measure;
  readonly characters: Measure;
  /** Utterances with at least one error. */
  readonly wrong: number;
  readonly hypotheses: readonly string[];
  readonly confusions: readonly Confusion[];
  readonly deletions: readonly WordError[];
  readonly insertions: readonly WordError[];
  /** How many kinds there are of each, told or not. */
  readonly kinds: { readonly confusions: number; readonly deletions: number; readonly insertions: number };
  readonly slices: readonly { key: string; values: readonly Slice[]; more: number }[];
  readonly lengths: readonly Slice<LengthName>[];
};

/** So many kinds of errors of each sort, the most frequent, and values of a slice, the largest, are told. */
const mostErrors = 200;
const mostValues = 200;

export function analyseCorpus(
  utterances: readonly LabUtterance[],
  { scored, aligned }: LabCorpus,
  units: Int32Array,
): Analysis {
  const { words, characters } = scored;
  const measured = (which: readonly number[]) => measureOf(words, units, which);
  return {
    words,
    total: measure(words, units),
    characters: measure(characters!, units),
    wrong: aligned.filter(({ steps }) => steps.some(({ kind }) => kind !== 'hit')).length,
    hypotheses: utterances.map((_, i) => scored.hypothesisOf(i)),
    ...frequentErrors(aligned),
    slices: slicesOf(utterances, measured),
    lengths: lengthsOf(utterances, measured),
  };
}

/** What intervals draw as one, by number: as the score of the file does. */
export function unitsOf(utterances: readonly LabUtterance[]): Int32Array {
  return numberUnits(devUnits(utterances));
}

function frequentErrors(
  aligned: readonly Aligned[],
): Pick<Analysis, 'confusions' | 'deletions' | 'insertions' | 'kinds'> {
  const summary = analyse(aligned);
  const found = new Map<string, number[]>();
  const told = <Kind extends object>(errors: readonly Kind[], keyOf: (error: Kind) => string) =>
    errors.slice(0, mostErrors).map((error) => {
      const utterances: number[] = [];
      found.set(keyOf(error), utterances);
      return { ...error, utterances };
    });
  const errors = {
    confusions: told(summary.confusions, ({ reference, hypothesis }) => `s ${reference} ${hypothesis}`),
    deletions: told(summary.deletions, ({ word }) => `d ${word}`),
    insertions: told(summary.insertions, ({ word }) => `i ${word}`),
    kinds: {
      confusions: summary.confusions.length,
      deletions: summary.deletions.length,
      insertions: summary.insertions.length,
    },
  };
  for (const [i, utterance] of aligned.entries()) {
    for (const step of utterance.steps) {
      const utterances = found.get(keyOfStep(utterance, step));
      if (utterances !== undefined && utterances.at(-1) !== i) utterances.push(i);
    }
  }
  return errors;
}

/** Names a kind of error in an address: `s кот кит`, `d в`, `i ну`. */
function keyOfStep({ reference, hypothesis }: Aligned, step: AlignmentStep): string {
  switch (step.kind) {
    case 'substitution':
      return `s ${reference[step.reference]} ${hypothesis[step.hypothesis]}`;
    case 'deletion':
      return `d ${reference[step.reference]}`;
    case 'insertion':
      return `i ${hypothesis[step.hypothesis]}`;
    case 'hit':
      return '';
  }
}

type Measured = (which: readonly number[]) => Measure;

function slicesOf(utterances: readonly LabUtterance[], measured: Measured): Analysis['slices'] {
  const keys = [...new Set(utterances.flatMap(({ slices }) => Object.keys(slices)))].sort();
  return keys.map((key) => {
    const members = groupBy(utterances, ({ slices }) => (Object.hasOwn(slices, key) ? slices[key]! : null));
    const largest = [...members].sort(([, a], [, b]) => b.length - a.length);
    const values = largest
      .slice(0, mostValues)
      .map(([value, which]) => ({ value, utterances: which.length, measure: measured(which) }));
    return { key, values, more: largest.length - values.length };
  });
}

function lengthsOf(utterances: readonly LabUtterance[], measured: Measured): Analysis['lengths'] {
  const members = groupBy(utterances, ({ seconds }) => lengthName(seconds));
  return lengthNames
    .filter((name) => members.has(name))
    .map((name) => {
      const which = members.get(name)!;
      return { value: name, utterances: which.length, measure: measured(which) };
    });
}

function groupBy<Name extends string>(
  utterances: readonly LabUtterance[],
  nameOf: (utterance: LabUtterance) => Name | null,
): Map<Name, number[]> {
  const members = new Map<Name, number[]>();
  for (const [i, utterance] of utterances.entries()) {
    const name = nameOf(utterance);
    if (name === null) continue;
    const which = members.get(name);
    if (which === undefined) members.set(name, [i]);
    else which.push(i);
  }
  return members;
}

function measureOf(words: CountColumns, units: Int32Array, which: readonly number[]): Measure {
  return measure(selectColumns(words, which), numberUnits(which.map((i) => String(units[i]))));
}
