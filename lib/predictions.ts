import { createMatcher, type Match } from './predictions/ids.ts';
import { inspect, isNotAWord } from './predictions/inspect.ts';
import { createLikeness } from './predictions/like-ids.ts';
import { maxHypothesisWords, type ReadLimits, uploadLimits } from './predictions/limits.ts';
import { hasId, readRecords } from './predictions/read.ts';
import { type FileRecord, type Format, hypothesisFields } from './predictions/records.ts';
import { createReport, type ProblemReport, type Report, shown, type Warning } from './predictions/report.ts';
import { decodeText } from './predictions/text.ts';
import type { WarningCode } from './problems.ts';

/** An utterance the file has to have; `seconds` is null where the duration is not known and nothing follows from it. */
export type ExpectedUtterance = { readonly id: string; readonly seconds: number | null };

export type PredictionsOptions = {
  /** Ids are distinct and in NFC. */
  readonly expected: readonly ExpectedUtterance[];
  /** Forces a format; else it is detected. */
  readonly format?: Format | undefined;
  readonly limits?: ReadLimits;
};

/** A hypothesis for every expected utterance, in their order; or every problem the file has. Warnings come with either. */
export type ParsedPredictions = Outcome<ReadonlyMap<string, string>>;

type Outcome<Hypotheses> =
  | {
      readonly ok: true;
      readonly format: Format;
      readonly hypotheses: Hypotheses;
      readonly warnings: readonly Warning[];
    }
  | ({ readonly ok: false; readonly format: Format | null; readonly warnings: readonly Warning[] } & ProblemReport);

/**
 * Uploaded bytes, already unpacked, to hypotheses: the same rules in the browser, behind the API and on the command line.
 * Never throws. CSV, TSV, JSON Lines, Kaldi text and NIST trn; ids are matched by value, never by position.
 */
export function parsePredictions(bytes: Uint8Array, options: PredictionsOptions): ParsedPredictions {
  const listed = listHypotheses(bytes, options);
  if (!listed.ok) return listed;
  return { ...listed, hypotheses: new Map(options.expected.map(({ id }, i) => [id, listed.hypotheses[i]!])) };
}

/** The same without a map, which takes longer to fill than a large file takes to read. */
export function listHypotheses(bytes: Uint8Array, options: PredictionsOptions): Outcome<readonly string[]> {
  const { expected, limits = uploadLimits } = options;
  const report = createReport(100_000 + 4 * expected.length);
  const text = decodeText(bytes, limits, report);
  if (text === null) return { ok: false, format: null, ...report.finish(''), warnings: [] };
  const match = createMatcher(expected.map(({ id }) => id));
  const hypotheses: (string | null)[] = new Array(expected.length).fill(null);
  const collect = collector(expected, match, hypotheses, report);
  const isExpected = (id: string) => match(id, false) !== 'unknown';
  const reading = { text, fields: hypothesisFields, report, visit: collect.visit };
  const { format, isReadable } = readRecords(reading, options.format, isExpected);
  if (isReadable && !report.isFull()) reportMissing(expected, collect.firstAt, report);
  const warnings = report.warnings(text, (code, count) => warningValues(code, count, expected.length));
  const found = report.finish(text);
  if (found.total > 0) return { ok: false, format, ...found, warnings };
  return { ok: true, format, hypotheses: hypotheses as string[], warnings };
}

type Collector = { visit: (record: FileRecord) => void; firstAt: (number | undefined)[] };

/** Puts records where they belong; `firstAt` tells where each expected id was first met, in a broken record or a sound one. */
function collector(
  expected: readonly ExpectedUtterance[],
  match: (id: string, isPath: boolean) => Match,
  hypotheses: (string | null)[],
  report: Report,
): Collector {
  const isLike = createLikeness(expected.map(({ id }) => id));
  const firstAt: Collector['firstAt'] = new Array(expected.length).fill(undefined);
  const visit = (record: FileRecord) => {
    if (!hasId(record, report)) return;
    const matched = match(record.id, record.isPath);
    if (typeof matched === 'string') {
      const isUnknown = matched === 'unknown';
      if (isUnknown && isLike(record.id)) report.warn('warning-ids-alike', record.idAt);
      report.add(isUnknown ? 'id-unknown' : 'path-ambiguous', record.idAt, {
        [isUnknown ? 'id' : 'path']: shown(record.id),
      });
      return;
    }
    const { id, seconds } = expected[matched.index]!;
    const first = firstAt[matched.index];
    if (first !== undefined) {
      report.add('id-duplicate', record.idAt, (placeOf) => ({ id: shown(id), first: placeOf(first).line }));
      return;
    }
    firstAt[matched.index] = record.idAt;
    hypotheses[matched.index] = record.value;
    if (record.value !== null) reportText(record.value, record.valueAt, seconds, report);
  };
  return { visit, firstAt };
}

/** Warns of a text that stands `at` an offset, and reports one that is too long for `seconds`. */
export function reportText(text: string, at: number, seconds: number | null, report: Report): void {
  const { words, hasDigits, hasUpperCase, hasMixedScript } = inspect(text);
  const limit = seconds === null ? Number.POSITIVE_INFINITY : maxHypothesisWords(seconds);
  if (words > limit) report.add('hypothesis-too-long', at, { words, limit, seconds: seconds! });
  if (words === 0) report.warn('warning-many-empty', at);
  if (words === 1 && isNotAWord(text)) report.warn('warning-not-a-word', at);
  if (hasMixedScript) report.warn('warning-mixed-script', at);
  if (hasDigits) report.warn('warning-digits', at);
  if (hasUpperCase) report.warn('warning-upper-case', at);
}

function reportMissing(expected: readonly ExpectedUtterance[], firstAt: readonly unknown[], report: Report): void {
  expected.forEach(({ id }, i) => {
    if (firstAt[i] === undefined) report.add('id-missing', 'file', { id: shown(id) });
  });
}

/** Null where a warning is not worth giving: up to 5 % of empty texts are what careful systems put out. */
export function warningValues(code: WarningCode, count: number, total: number): Record<string, number> | null {
  if (code !== 'warning-many-empty') return {};
  return count > total / 20 ? { total } : null;
}
