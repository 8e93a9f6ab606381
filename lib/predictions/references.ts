import type { ExpectedUtterance } from '#lib/predictions.ts';
import { maxWordings, type Wordings, wordingsOf } from './alternatives.ts';
import { localLimits, maxIdLength, type ReadLimits } from './limits.ts';
import { hasId, readRecords } from './read.ts';
import { durationFields, type Fields, type FileRecord, type Format, referenceFields } from './records.ts';
import { createReport, type ProblemReport, type Report, shown } from './report.ts';
import { decodeText } from './text.ts';

type ReadOptions = { readonly format?: Format | undefined; readonly limits?: ReadLimits };

type Refused = { readonly ok: false; readonly format: Format | null } & ProblemReport;

export type ParsedReferences =
  | { readonly ok: true; readonly format: Format; readonly references: ReadonlyMap<string, Wordings> }
  | Refused;

type ListedReferences =
  | {
      readonly ok: true;
      readonly format: Format;
      readonly references: readonly { readonly id: string; readonly references: Wordings }[];
    }
  | Refused;

export type ParsedExpected =
  | { readonly ok: true; readonly expected: readonly ExpectedUtterance[] }
  | ({ readonly ok: false } & ProblemReport);

/**
 * References by id, in the order of the file, in any format that predictions may have. Further wordings stand in `{a / b}`, in
 * columns or keys `text_2`, `text_3` …, or in a list for the text in JSON. Never throws.
 */
export function parseReferences(bytes: Uint8Array, options: ReadOptions = {}): ParsedReferences {
  const listed = listReferences(bytes, options);
  if (!listed.ok) return listed;
  return { ...listed, references: new Map(listed.references.map(({ id, references }) => [id, references])) };
}

/** The same without a map, which takes longer to fill than a large file takes to read. */
export function listReferences(bytes: Uint8Array, options: ReadOptions = {}): ListedReferences {
  const { text, format, records, report } = read(bytes, referenceFields, options);
  const references: { id: string; references: Wordings }[] = [];
  for (const [id, { value, valueAt, others = [] }] of records) {
    const cells = [{ value: value ?? '', at: valueAt }, ...others];
    const refuse = (at: number) => report.add('alternatives-too-many', at, { limit: maxWordings });
    references.push({ id, references: wordingsOf(cells, text, refuse) });
  }
  const found = report.finish(text);
  if (found.total > 0 || format === null) return { ok: false, format, ...found };
  return { ok: true, format, references };
}

/**
 * Ids, and durations where the file has them (`seconds` or `duration`): a manifest, a sample submission, or plain lines of
 * one id each. Never throws.
 */
export function parseExpected(bytes: Uint8Array, options: ReadOptions = {}): ParsedExpected {
  const { text, format, records, report } = read(bytes, durationFields, options);
  const hasSeconds = format !== 'kaldi' && format !== 'trn';
  const expected = [...records].map(([id, record]) => ({ id, seconds: hasSeconds ? secondsOf(record, report) : null }));
  const found = report.finish(text);
  return found.total > 0 ? { ok: false, ...found } : { ok: true, expected };
}

type FileRead = { text: string; format: Format | null; records: Map<string, FileRecord>; report: Report };

function read(bytes: Uint8Array, fields: Fields, { format: wanted, limits = localLimits }: ReadOptions): FileRead {
  const report = createReport();
  const records = new Map<string, FileRecord>();
  const text = decodeText(bytes, limits, report);
  if (text === null) return { text: '', format: null, records, report };
  const visit = (record: FileRecord) => {
    if (!hasId(record, report)) return;
    const id = plain.test(record.id) ? record.id : record.id.normalize('NFC');
    if (!isLegalId(id)) report.add('id-invalid', record.idAt, { id: shown(id), limit: maxIdLength });
    const first = records.get(id);
    if (!first) records.set(id, record);
    else report.add('id-duplicate', record.idAt, (placeOf) => ({ id: shown(id), first: placeOf(first.idAt).line }));
  };
  const { format } = readRecords({ text, fields, report, visit }, wanted, () => false);
  return { text, format, records, report };
}

function secondsOf({ value, valueAt }: FileRecord, report: Report): number | null {
  const written = value?.trim() ?? '';
  if (written === '') return null;
  const seconds = Number(written);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  report.add('seconds-invalid', valueAt, { value: shown(written) });
  return null;
}

/** Most ids: what is printed of ASCII, which is legal and composed. */
const plain = /^[!-~]+$/;

/** A word in every format: no white space, nothing invisible, nothing that steers a terminal. Slashes and any letters are fine. */
export function isLegalId(id: string): boolean {
  if (plain.test(id)) return id.length <= maxIdLength;
  return /^[^\p{White_Space}\p{Cc}\p{Cf}\p{Cs}]+$/u.test(id) && [...id].length <= maxIdLength;
}
