import { localLimits, type ReadLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { listReferences } from '#lib/predictions/references.ts';
import type { ProblemReport, Warning } from '#lib/predictions/report.ts';
import { bytesOf, type FileBytes } from '#lib/predictions/source.ts';
import { listHypotheses } from '#lib/predictions.ts';
import { type CountColumns, createColumns, setCounts } from '#scoring/columns.ts';
import { orNull } from '#scoring/kernel/functions.ts';
import { type Counted, type Resident, residentFromFile, residentFromRecords } from '#scoring/kernel/resident.ts';
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
  /** Gives their memory to the next references. Neither they nor hypotheses of sources may be asked for afterwards. */
  release(): void;
};

export type ScoreOptions = {
  /** Null where only words are counted. */
  readonly characters: CharacterChoice | null;
  readonly ties?: Ties;
  readonly format?: Format | undefined;
  readonly limits?: ReadLimits;
  /** Told the number of each utterance that the kernel does not count, before it is counted. */
  readonly onUtterance?: (i: number) => void;
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

type ReadOptions = Pick<ScoreOptions, 'format' | 'limits'>;
type ReadReferences =
  | ({ readonly ok: true } & { readonly references: References })
  | ({ readonly ok: false } & ProblemReport);

/**
 * References of a file, already unpacked, in any format that predictions may have. The kernel reads what is sound and plain;
 * everything else is read by `readReferencesPlainly`, which gives the same.
 */
export function readReferences(file: FileBytes, normaliser: Normaliser, options: ReadOptions = {}): ReadReferences {
  const { format, limits = localLimits } = options;
  const resident = isKnownToKernel(normaliser)
    ? orNull(() => residentFromFile(file, normaliser, { format, limits }))
    : null;
  if (!resident) return readRecords(bytesOf(file), options, (records) => prepareReferences(records, normaliser));
  const { length, idOf, textOf } = resident;
  return { ok: true, references: prepared(normaliser, { length, idOf, textsOf: (i) => [textOf(i)] }, resident) };
}

/** The specification of `readReferences`, and of what is done with them: no kernel takes part. */
export function readReferencesPlainly(
  bytes: Uint8Array,
  normaliser: Normaliser,
  options: ReadOptions = {},
): ReadReferences {
  return readRecords(bytes, options, (records) => prepared(normaliser, sourceOf(records), null));
}

function readRecords(
  bytes: Uint8Array,
  { format, limits = localLimits }: ReadOptions,
  prepare: (records: readonly ReferenceRecord[]) => References,
): ReadReferences {
  const listed = listReferences(bytes, { format, limits });
  return listed.ok ? { ok: true, references: prepare(listed.references) } : listed;
}

/** References that are known already, such as those of a competition. */
export function prepareReferences(records: readonly ReferenceRecord[], normaliser: Normaliser): References {
  const ids = records.map(({ id }) => id);
  const texts = records.map(({ references }) => references[0]);
  const others = [...records.keys()].filter((i) => records[i]!.references.length > 1);
  const resident = isKnownToKernel(normaliser)
    ? orNull(() => residentFromRecords(ids, texts, others, normaliser))
    : null;
  return prepared(normaliser, sourceOf(records), resident);
}

type Source = Pick<References, 'length' | 'idOf' | 'textsOf'>;

function sourceOf(records: readonly ReferenceRecord[]): Source {
  return { length: records.length, idOf: (i) => records[i]!.id, textsOf: (i) => records[i]!.references };
}

/** A mapping of its own, or rules that look at more than single characters, are TypeScript's. */
function isKnownToKernel({ profile, mapping }: Normaliser): boolean {
  if (mapping !== null) return false;
  return profile === 'raw' || profile === 'ru' || profile === 'ru-yo' || profile === 'en';
}

type Prepared = References & { readonly resident: Resident | null; wordsOf(i: number): readonly Words[] };

function prepared(normaliser: Normaliser, source: Source, resident: Resident | null): Prepared {
  // Words are kept from the second file on: for one file it takes longer to keep them than to make them.
  const known: (readonly Words[])[] = [];
  const wasAsked = new Uint8Array(source.length);
  const wordsOf = (i: number) => {
    const kept = known[i];
    if (kept) return kept;
    const words = source.textsOf(i).map((text) => normaliser.words(text));
    if (wasAsked[i]) known[i] = words;
    wasAsked[i] = 1;
    return words;
  };
  return { ...source, normaliser, resident, wordsOf, release: () => resident?.release() };
}

/**
 * Reads a file of hypotheses, already unpacked and not to be changed afterwards, and counts the errors of every utterance. What
 * comes from a source lies beside the references as long as they do.
 */
export function scoreFile(references: References, file: FileBytes, options: ScoreOptions): ScoredFile {
  const { characters, ties = 'canonical', format, limits = localLimits, onUtterance = () => {} } = options;
  const { resident } = references as Prepared;
  const counted = ties === 'canonical' ? resident?.count(file, { characters, format, limits }) : null;
  if (!counted) return scoreFilePlainly(references, bytesOf(file), options);
  scoreUtterances(references, counted.left, counted, { characters, ties, onUtterance });
  return { ok: true, ...counted };
}

/** The specification of `scoreFile`. */
export function scoreFilePlainly(references: References, bytes: Uint8Array, options: ScoreOptions): ScoredFile {
  const { characters, ties = 'canonical', format, limits = localLimits, onUtterance = () => {} } = options;
  const { length } = references;
  const expected = Array.from({ length }, (_, i) => ({ id: references.idOf(i), seconds: null }));
  const listed = listHypotheses(bytes, { expected, format, limits });
  if (!listed.ok) return listed;
  const texts = listed.hypotheses;
  const scored = {
    words: createColumns(length),
    characters: characters && createColumns(length),
    hypothesisOf: (i: number) => texts[i]!,
  };
  scoreUtterances(references, expected.keys(), scored, { characters, ties, onUtterance });
  return { ok: true, format: listed.format, warnings: listed.warnings, ...scored };
}

/** Counts these utterances and writes them to the columns. */
function scoreUtterances(
  references: References,
  which: Iterable<number>,
  { words, characters, hypothesisOf }: Pick<Counted, 'words' | 'characters' | 'hypothesisOf'>,
  { characters: choice, ties, onUtterance }: Pick<Required<ScoreOptions>, 'characters' | 'ties' | 'onUtterance'>,
): void {
  for (const i of which) {
    onUtterance(i);
    const wordings = (references as Prepared).wordsOf(i);
    const text = hypothesisOf(i);
    // The same text has the same words; and that is most utterances of a good system.
    const hypothesis = text === references.textsOf(i)[0] ? wordings[0]! : references.normaliser.words(text);
    setCounts(words, i, scoreWords(wordings, hypothesis, ties));
    if (choice && characters) setCounts(characters, i, scoreCharacters(wordings, hypothesis, choice, ties));
  }
}
