import { columnName } from '#lib/predictions/delimited.ts';
import { csvDelimiter, detectFormat } from '#lib/predictions/detect.ts';
import type { Fields, Format } from '#lib/predictions/records.ts';
import { decodeUtf8, encodeUtf8 } from './text.ts';

/** How a file is scanned: what is wanted of it, and where its records begin. */
export type Shape = {
  readonly format: Format;
  readonly from: number;
  readonly delimiter: number;
  readonly columns: number;
  readonly idColumn: number;
  readonly textColumn: number;
  /** The format holds only if this is no id: bytes of the file. */
  readonly unlessId: { readonly from: number; readonly to: number } | null;
};

const lineFeed = 0x0a;

/** Null where the first lines are anything but plain. */
export function shapeOf(bytes: Uint8Array, fields: Fields, wanted: Format | undefined): Shape | null {
  const from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const head = headOf(bytes, from);
  const format = wanted ?? detectFormat(head, fields, () => false);
  const isCertain = wanted !== undefined || format === detectFormat(head, fields, () => true);
  const unlessId = isCertain ? null : firstWord(head, from);
  if (!isCertain && unlessId === null) return null;
  const lines = { format, from, delimiter: 0, columns: 0, idColumn: 0, textColumn: 0, unlessId };
  if (format !== 'csv' && format !== 'tsv') return lines;
  const delimiter = format === 'tsv' ? '\t' : csvDelimiter(head, fields);
  const columns = columnsOf(head, delimiter, fields);
  const end = bytes.indexOf(lineFeed);
  return columns && end !== -1 ? { ...lines, ...columns, from: end + 1, delimiter: delimiter.charCodeAt(0) } : null;
}

/** As many lines as formats are told apart by. */
function headOf(bytes: Uint8Array, from: number): string {
  for (let size = 0x4000; ; size *= 4) {
    const end = size >= bytes.length ? bytes.length : bytes.lastIndexOf(lineFeed, size) + 1;
    const head = decodeUtf8(bytes.subarray(from, end));
    if (end === bytes.length || telling(head) >= 20) return head;
  }
}

function telling(head: string): number {
  return head.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith(';;')).length;
}

/** Null where it could be an id in another form. */
function firstWord(head: string, from: number): Shape['unlessId'] {
  const word = /^\S+/.exec(head)?.[0];
  if (word === undefined || head.startsWith(';;') || word !== word.normalize('NFC')) return null;
  return { from, to: from + encodeUtf8(word).length };
}

/** Columns that may hold other wordings of a reference are TypeScript's. */
const otherWordings = /^text/;

function columnsOf(head: string, delimiter: string, fields: Fields) {
  const header = head.slice(0, Math.max(0, head.indexOf('\n'))).replace(/\r$/, '');
  const names = header.split(delimiter).map(columnName);
  const text = fields.value.find((name) => names.includes(name));
  if (/^[ \r]*$|"/.test(header) || text === undefined || !names.includes('id')) return null;
  const isTwice = names.some((name, i) => name !== '' && names.indexOf(name) !== i);
  const isOdd = names.some((name) => !fields.value.includes(name) && otherWordings.test(name));
  if (isTwice || isOdd) return null;
  return { columns: names.length, idColumn: names.indexOf('id'), textColumn: names.indexOf(text) };
}
