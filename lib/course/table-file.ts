import { type Delimiter, delimitedRows } from '#lib/predictions/delimited.ts';
import { localLimits } from '#lib/predictions/limits.ts';
import { createReport, type ProblemReport, type Report } from '#lib/predictions/report.ts';
import { decodeText } from '#lib/predictions/text.ts';
import type { ProblemCode } from '#lib/problems.ts';

/*
 * Tables that teachers bring out of a spreadsheet: commas, semicolons or tabs, whatever encoding it saves in. Unlike predictions, these
 * are read in Windows-1251 and UTF-16 too, and the encoding is named: a preview stands before anything is written.
 */

export type Encoding = 'utf-8' | 'windows-1251' | 'utf-16';
/** Well below what a form may send, so that a file that is too large gets a sentence. */
const tableLimits = { bytes: 2 ** 19, rows: 5_000 };

/** A column by the names that it may have in the header, lower case; the first is told where it is missing. */
export type Columns<Name extends string> = Readonly<Record<Name, { names: readonly string[]; isRequired: boolean }>>;

export type Cell = { value: string; at: number };
/** The cells of one line; those of columns that the file does not have are empty. `at` is where the line begins. */
export type TableRow<Name extends string> = { at: number; cells: Readonly<Record<Name, Cell>> };

export type TableFile<Value> =
  | { ok: true; values: Value[]; encoding: Encoding }
  | ({ ok: false; encoding: Encoding } & ProblemReport);

/**
 * Reads a table under a header, row by row; `read` reports what is wrong with a row and returns null for it. All problems come at
 * once; a file with any gives no values. Never throws.
 */
export function readTable<Name extends string, Value>(
  bytes: Uint8Array,
  columns: Columns<Name>,
  read: (row: TableRow<Name>, report: Report) => Value | null,
): TableFile<Value> {
  const { report, encoding } = withoutEncodings();
  const text = decodeText(bytes, { ...localLimits, fileBytes: tableLimits.bytes }, report) ?? '';
  const rows = delimitedRows({ text, report }, delimiterOf(text));
  const header = rows.next();
  const values: Value[] = [];
  const places = header.done ? null : placesOf(header.value, columns, report);
  if (places !== null && !header.done) {
    const expected = header.value.length;
    for (const fields of rows) {
      // A spreadsheet saves rows that were emptied as lines of nothing but delimiters.
      if (fields.every(({ value }) => value.trim() === '')) continue;
      const at = fields[0]!.at;
      if (values.length >= tableLimits.rows) {
        report.add('table-too-long', at, { limit: tableLimits.rows });
        break;
      }
      if (fields.length !== expected) {
        report.add(fields.length < expected ? 'fields-few' : 'fields-many', at, { found: fields.length, expected });
        continue;
      }
      const value = read({ at, cells: cellsOf(fields, places) }, report);
      if (value !== null) values.push(value);
    }
  }
  const found = report.finish(text);
  return found.total > 0 ? { ok: false, encoding: encoding(), ...found } : { ok: true, encoding: encoding(), values };
}

/** Reports a cell that has to be filled in and is not. */
export function isFilled(cell: Cell, column: string, report: Report): boolean {
  if (cell.value !== '') return true;
  report.add('cell-empty', cell.at, { column });
  return false;
}

/** What predictions are told in terms of utterances. */
const ofTables: Partial<Record<ProblemCode, ProblemCode>> = {
  'empty-file': 'table-empty',
  'file-too-large': 'table-too-large',
};

/** A report that notes the encoding instead of refusing it. */
function withoutEncodings(): { report: Report; encoding: () => Encoding } {
  const report = createReport();
  let encoding: Encoding = 'utf-8';
  const add: Report['add'] = (code, at, values) => {
    if (code === 'encoding-windows-1251') encoding = 'windows-1251';
    else if (code === 'encoding-utf-16') encoding = 'utf-16';
    else report.add(ofTables[code] ?? code, at, values);
  };
  return { report: { ...report, add }, encoding: () => encoding };
}

function delimiterOf(text: string): Delimiter {
  const first = text.trimStart().split('\n', 1)[0] ?? '';
  const delimiters: Delimiter[] = [',', ';', '\t'];
  const count = (delimiter: string) => first.split(delimiter).length;
  return delimiters.reduce((best, next) => (count(next) > count(best) ? next : best));
}

type Places<Name extends string> = Readonly<Record<Name, number>>;

function placesOf<Name extends string>(
  header: readonly Cell[],
  columns: Columns<Name>,
  report: Report,
): Places<Name> | null {
  const names = header.map(({ value }) => value.trim().toLowerCase());
  const found = names.join(', ').slice(0, 200);
  const places: Partial<Record<Name, number>> = {};
  let isWhole = true;
  const add = (code: ProblemCode, at: number, values: Record<string, string>) => {
    report.add(code, at, values);
    isWhole = false;
  };
  for (const [name, column] of Object.entries(columns) as [Name, Columns<Name>[Name]][]) {
    const hits = [...names.keys()].filter((i) => column.names.includes(names[i]!));
    if (hits.length > 1) add('column-twice', header[hits[1]!]!.at, { column: names[hits[1]!]! });
    if (hits.length === 0 && column.isRequired)
      add('column-missing', header[0]!.at, { column: column.names[0]!, found });
    places[name] = hits[0] ?? -1;
  }
  return isWhole ? (places as Places<Name>) : null;
}

function cellsOf<Name extends string>(fields: readonly Cell[], places: Places<Name>): Record<Name, Cell> {
  const entries = (Object.entries(places) as [Name, number][]).map(([name, i]) => {
    const field = fields[i] ?? { value: '', at: fields[0]!.at };
    return [name, { value: field.value.replace(/\s+/gu, ' ').trim(), at: field.at }];
  });
  return Object.fromEntries(entries) as Record<Name, Cell>;
}
