import { type ErrorCounts, errorRate, errorsOf, referenceLength } from '#lib/counts.ts';
import { csv, withoutFormula } from '#lib/csv.ts';
import { countsAt } from '#scoring/columns.ts';
import type { Aligned } from './align.ts';
import type { LabCorpus, LabUtterance } from './corpus.ts';

/** One utterance of the analysis as it leaves the house. `wer` is a ratio, null where no reference word exists. */
export type LabRow = ErrorCounts & {
  id: string;
  seconds: number | null;
  errors: number;
  words: number;
  wer: number | null;
  /** Both texts as they were given, before any rule. */
  reference: string;
  hypothesis: string;
  /** The words as they are scored: `кот [в→на] [−лес] [+ну]`. */
  alignment: string;
  slices: Readonly<Record<string, string>>;
};

export function rowsOf(utterances: readonly LabUtterance[], { scored, aligned }: LabCorpus): LabRow[] {
  return utterances.map(({ id, seconds, references, slices }, i) => {
    const counts = countsAt(scored.words, i);
    return {
      id,
      seconds,
      ...counts,
      errors: errorsOf(counts),
      words: referenceLength(counts),
      wer: errorRate(counts),
      reference: references[aligned[i]!.chosen]!,
      hypothesis: scored.hypothesisOf(i),
      alignment: alignmentText(aligned[i]!),
      slices,
    };
  });
}

/** For a spreadsheet: slices are the last columns, and no text starts a formula. */
export function tableOf(rows: readonly LabRow[]): string {
  const keys = [...new Set(rows.flatMap(({ slices }) => Object.keys(slices)))].sort();
  const header = ['id', 'seconds', 'errors', 'words', 'wer', 'hits', 'substitutions', 'deletions', 'insertions'];
  const texts = ['reference', 'hypothesis', 'alignment'];
  return csv(
    [...header, ...texts, ...keys.map(withoutFormula)],
    rows.map((row) => [
      withoutFormula(row.id),
      row.seconds,
      row.errors,
      row.words,
      row.wer,
      row.hits,
      row.substitutions,
      row.deletions,
      row.insertions,
      withoutFormula(row.reference),
      withoutFormula(row.hypothesis),
      withoutFormula(row.alignment),
      ...keys.map((key) => withoutFormula(Object.hasOwn(row.slices, key) ? row.slices[key]! : '')),
    ]),
  );
}

function alignmentText({ reference, hypothesis, steps }: Aligned): string {
  const words = steps.map((step) => {
    if (step.kind === 'hit') return reference[step.reference];
    if (step.kind === 'deletion') return `[−${reference[step.reference]}]`;
    if (step.kind === 'insertion') return `[+${hypothesis[step.hypothesis]}]`;
    return `[${reference[step.reference]}→${hypothesis[step.hypothesis]}]`;
  });
  return words.join(' ');
}
