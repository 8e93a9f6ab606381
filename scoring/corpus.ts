import { localLimits, type ReadLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { parseReferences } from '#lib/predictions/references.ts';
import type { ProblemReport, Warning } from '#lib/predictions/report.ts';
import { parsePredictions } from '#lib/predictions.ts';
import { type CountColumns, createColumns, setCounts } from '#scoring/columns.ts';
import type { CharacterChoice, Normaliser, Words } from '#scoring/wer/normalise.ts';
import { scoreCharacters, scoreWords } from '#scoring/wer/score.ts';
import type { Ties } from '#scoring/wer/ties.ts';

/** What was said in one utterance, and other wordings that are as good. */
export type ReferenceRecord = { readonly id: string; readonly references: readonly [string, ...string[]] };

/** References under one profile, ready for any number of files. Utterances are named by their position, from 0 on. */
export type References = {
  readonly normaliser: Normaliser;
  readonly length: number;
  idOf(i: number): string;
  textsOf(i: number): ReferenceRecord['references'];
};

export type ScoreOptions = {
  /** Null where only words are counted. */
  readonly characters: CharacterChoice | null;
  readonly ties?: Ties;
  readonly format?: Format | undefined;
  readonly limits?: ReadLimits;
};

/** Counts per utterance, in the order of the references; or every problem of the file. */
export type ScoredFile =
  | {
      readonly ok: true;
      readonly format: Format;
      readonly words: CountColumns;
      readonly characters: CountColumns | null;
      readonly warnings: readonly Warning[];
      hypothesisOf(i: number): string;
    }
  | ({ readonly ok: false; readonly warnings: readonly Warning[] } & ProblemReport);

/** References of a file, already unpacked, in any format that predictions may have. */
export function readReferences(
  bytes: Uint8Array,
  normaliser: Normaliser,
  { format, limits = localLimits }: Pick<ScoreOptions, 'format' | 'limits'> = {},
): ({ readonly ok: true } & { readonly references: References }) | ({ readonly ok: false } & ProblemReport) {
  const parsed = parseReferences(bytes, { format, limits });
  if (!parsed.ok) return parsed;
  const records = [...parsed.references].map(([id, references]) => ({ id, references }));
  return { ok: true, references: prepareReferences(records, normaliser) };
}

/** References that are known already, such as those of a competition. */
export function prepareReferences(records: readonly ReferenceRecord[], normaliser: Normaliser): References {
  const words = records.map(({ references }) => references.map((text) => normaliser.words(text)));
  return {
    normaliser,
    length: records.length,
    idOf: (i) => records[i]!.id,
    textsOf: (i) => records[i]!.references,
    wordsOf: (i: number) => words[i]!,
  } as Prepared;
}

type Prepared = References & { wordsOf(i: number): readonly Words[] };

/** Reads a file of hypotheses, already unpacked, and counts the errors of every utterance. */
export function scoreFile(references: References, bytes: Uint8Array, options: ScoreOptions): ScoredFile {
  const { characters, ties = 'canonical', format, limits = localLimits } = options;
  const { length, normaliser } = references;
  const expected = Array.from({ length }, (_, i) => ({ id: references.idOf(i), seconds: null }));
  const parsed = parsePredictions(bytes, { expected, format, limits });
  if (!parsed.ok) return parsed;
  const texts = [...parsed.hypotheses.values()];
  const words = createColumns(length);
  const characterColumns = characters === null ? null : createColumns(length);
  for (let i = 0; i < length; i += 1) {
    const wordings = (references as Prepared).wordsOf(i);
    const hypothesis = normaliser.words(texts[i]!);
    setCounts(words, i, scoreWords(wordings, hypothesis, ties));
    if (characters && characterColumns) {
      setCounts(characterColumns, i, scoreCharacters(wordings, hypothesis, characters, ties));
    }
  }
  const { format: found, warnings } = parsed;
  return { ok: true, format: found, words, characters: characterColumns, warnings, hypothesisOf: (i) => texts[i]! };
}
