import { otherWordings } from './alternatives.ts';
import type { Report } from './report.ts';

export const formats = ['csv', 'tsv', 'jsonl', 'kaldi', 'trn'] as const;

/** `csv` is parted by commas or semicolons, whichever its header uses. */
export type Format = (typeof formats)[number];

export function isFormat(name: string): name is Format {
  return formats.some((format) => format === name);
}

/** One line, row or object of a file, before its id is matched. */
export type FileRecord = {
  readonly id: string;
  /** The id is the path of a recording: its base name may stand for the id. */
  readonly isPath: boolean;
  /** Null where the record is broken beyond its id, which has been reported. */
  readonly value: string | null;
  /** Offsets in the text. */
  readonly idAt: number;
  readonly valueAt: number;
  /** Values of the columns or keys that `Fields.others` names, in the order of the file. */
  readonly others?: readonly { readonly value: string; readonly at: number }[];
};

/** Columns or keys under which ids and values may stand, the first found counts. Kaldi and trn have places instead. */
export type Fields = {
  readonly id: readonly string[];
  readonly value: readonly string[];
  /** Whether a record without a value is broken; else its value is empty. */
  readonly isValueRequired: boolean;
  /** Names of further columns or keys whose values are as good; in JSON a list of them may stand for the value, too. */
  readonly others?: RegExp;
};

export const pathField = 'audio_filepath';

/** NeMo writes its manifest with the reference under `text` and puts the hypothesis beside it under `pred_text`. */
export const hypothesisFields: Fields = { id: ['id', pathField], value: ['pred_text', 'text'], isValueRequired: true };
export const referenceFields: Fields = {
  id: ['id', pathField],
  value: ['text', 'pred_text'],
  isValueRequired: true,
  others: otherWordings,
};
export const durationFields: Fields = { id: ['id', pathField], value: ['seconds', 'duration'], isValueRequired: false };

/** What a format's reader is given. It calls `visit` for every record whose id could be read, and reports the rest. */
export type Reading = {
  readonly text: string;
  readonly fields: Fields;
  readonly report: Report;
  readonly visit: (record: FileRecord) => void;
};

/** Calls back for every line that is not blank, with offsets: `end` is without the line end. */
export function forEachLine(
  { text, report }: Pick<Reading, 'text' | 'report'>,
  callback: (start: number, end: number) => void,
): void {
  for (let start = 0; start < text.length && !report.isFull(); ) {
    const found = text.indexOf('\n', start);
    const next = found === -1 ? text.length : found;
    const end = next > start && text[next - 1] === '\r' ? next - 1 : next;
    const first = skipBlanks(text, start, end);
    if (first < end) callback(first, end);
    start = next + 1;
  }
}

/** Past spaces and tabs. */
export function skipBlanks(text: string, from: number, end: number): number {
  let i = from;
  while (i < end && isBlank(text.charCodeAt(i))) i += 1;
  return i;
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
