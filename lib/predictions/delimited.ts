import { type Fields, pathField, type Reading } from './records.ts';

export type Delimiter = ',' | ';' | '\t';

/** A field as it stands: `at` is the offset of its first character, a quote included. */
type Field = { value: string; at: number };

/**
 * A row with broken quotes (reported) has the fields before them. `found` counts fields beyond those that are kept, too;
 * `next` is the offset where reading goes on.
 */
type Row = { fields: Field[]; found: number; isBroken: boolean; next: number };

/** A line of nothing but delimiters would otherwise take a hundred times its size. */
const keptFields = 1000;

/**
 * Rows parted by a delimiter under a header (RFC 4180: quoted fields, doubled quotes, line ends within quotes). Other columns
 * than those asked for are read over. Returns false where the header makes reading pointless.
 */
export function readDelimited(reading: Reading, delimiter: Delimiter): boolean {
  const { text, report } = reading;
  const nextField = fieldReader(reading, delimiter);
  const header = nextRow(text, pastBlankLines(text, 0), delimiter, nextField);
  const columns = header.isBroken ? null : columnsOf(header.fields, reading);
  if (!columns) return false;
  for (let next = header.next; next < text.length && !report.isFull(); ) {
    const row = nextRow(text, next, delimiter, nextField);
    visitRow(row, header.found, columns, reading);
    next = row.next;
  }
  return true;
}

/** Every row as it stands, the header among them; those with broken quotes are reported and left out. */
export function* delimitedRows(
  source: Pick<Reading, 'text' | 'report'>,
  delimiter: Delimiter,
): Generator<readonly Field[]> {
  const { text, report } = source;
  const nextField = fieldReader(source, delimiter);
  for (let next = pastBlankLines(text, 0); next < text.length && !report.isFull(); ) {
    const row = nextRow(text, next, delimiter, nextField);
    if (!row.isBroken) yield row.fields;
    next = row.next;
  }
}

type Columns = { id: number; value: number | null; isPath: boolean; others: readonly number[] };

function columnsOf(header: readonly Field[], { fields, report }: Reading): Columns | null {
  const names = header.map(({ value }) => columnName(value));
  if (!names.some((name) => isFieldName(name, fields))) {
    report.add('header-missing', header[0]!.at, { columns: `${fields.id[0]}, ${fields.value.at(-1)}` });
    return null;
  }
  const found = names.join(', ').slice(0, 200);
  const positionOf = (choices: readonly string[]) => {
    const name = choices.find((choice) => names.includes(choice));
    if (name === undefined) return -1;
    const second = header[names.lastIndexOf(name)]!;
    if (names.indexOf(name) !== names.lastIndexOf(name)) report.add('column-twice', second.at, { column: name });
    return names.indexOf(name);
  };
  const id = positionOf(fields.id);
  const value = positionOf(fields.value);
  if (id === -1) report.add('column-missing', header[0]!.at, { column: fields.id[0]!, found });
  if (value === -1 && fields.isValueRequired) {
    report.add('column-missing', header[0]!.at, { column: fields.value.at(-1)!, found });
  }
  if (id === -1 || (value === -1 && fields.isValueRequired)) return null;
  const others = [...names.keys()].filter((i) => fields.others?.test(names[i]!));
  return { id, value: value === -1 ? null : value, isPath: names[id] === pathField, others };
}

export function columnName(value: string): string {
  return value.trim().toLowerCase();
}

export function isFieldName(name: string, fields: Fields): boolean {
  return fields.id.includes(name) || fields.value.includes(name);
}

function visitRow(
  { fields, found, isBroken }: Row,
  expected: number,
  columns: Columns,
  { report, visit }: Reading,
): void {
  if (!isBroken && found < expected) report.add('fields-few', fields[0]!.at, { found, expected });
  if (!isBroken && found > expected)
    report.add('fields-many', fields[Math.min(expected, keptFields - 1)]!.at, { found, expected });
  const id = fields[columns.id];
  if (!id) return;
  const value = columns.value === null ? { value: '', at: id.at } : fields[columns.value];
  visit({
    id: id.value.trim(),
    isPath: columns.isPath,
    value: found === expected && value ? value.value : null,
    idAt: id.at,
    valueAt: value?.at ?? id.at,
    others: columns.others.flatMap((i) => fields[i] ?? []),
  });
}

type FieldReader = (at: number) => { field: Field | null; end: number };

/** Reads a row that begins at `start`, and past the blank lines after it. */
function nextRow(text: string, start: number, delimiter: Delimiter, nextField: FieldReader): Row {
  const fields: Field[] = [];
  let found = 0;
  for (let at = start; ; ) {
    const { field, end } = nextField(at);
    if (!field) return { fields, found, isBroken: true, next: pastBlankLines(text, end) };
    if (found < keptFields) fields.push(field);
    found += 1;
    if (text[end] !== delimiter)
      return { fields, found, isBroken: false, next: pastBlankLines(text, pastLineEnd(text, end)) };
    at = end + 1;
  }
}

/** Fields from left to right; it remembers where the next delimiter and line end are, so that none is looked for twice. */
function fieldReader({ text, report }: Pick<Reading, 'text' | 'report'>, delimiter: Delimiter): FieldReader {
  let delimiterAt = -1;
  let lineEndAt = -1;
  const nextOf = (character: string, known: number, from: number) => {
    if (known >= from) return known;
    const found = text.indexOf(character, from);
    return found === -1 ? text.length : found;
  };
  const isOver = (at: number) => at >= text.length || text[at] === delimiter || pastLineEnd(text, at) > at;
  return (at) => {
    if (text[at] !== '"') {
      delimiterAt = nextOf(delimiter, delimiterAt, at);
      lineEndAt = nextOf('\n', lineEndAt, at);
      let end = Math.min(delimiterAt, lineEndAt);
      if (end === lineEndAt && end > at && text[end - 1] === '\r') end -= 1;
      return { field: { value: text.slice(at, end), at }, end };
    }
    const close = closingQuote(text, at);
    if (close !== -1 && isOver(close + 1)) {
      return { field: { value: text.slice(at + 1, close).replaceAll('""', '"'), at }, end: close + 1 };
    }
    // A quote that closes lines below, in the midst of text, is more likely the opening one of another field.
    lineEndAt = nextOf('\n', lineEndAt, at);
    const isClosedOnItsLine = close !== -1 && close < lineEndAt;
    report.add(isClosedOnItsLine ? 'text-after-quote' : 'quote-unclosed', isClosedOnItsLine ? close + 1 : at);
    return { field: null, end: lineEndAt + 1 };
  };
}

function closingQuote(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  return close;
}

function pastLineEnd(text: string, at: number): number {
  if (text[at] === '\n') return at + 1;
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at;
}

function pastBlankLines(text: string, start: number): number {
  let at = start;
  for (let i = start; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x0a) at = i + 1;
    else if (code !== 0x20 && code !== 0x0d) break;
    if (i === text.length - 1) at = text.length;
  }
  return at;
}
