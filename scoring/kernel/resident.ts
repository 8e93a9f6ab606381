import type { ReadLimits } from '#lib/predictions/limits.ts';
import { type Format, hypothesisFields, referenceFields } from '#lib/predictions/records.ts';
import type { PlaceOf, Warning } from '#lib/predictions/report.ts';
import type { CountColumns } from '#scoring/columns.ts';
import type { CharacterChoice, Normaliser } from '#scoring/wer/normalise.ts';
import { after, createKernel, type Kernel, orNull, recordBytes, recordNumbers } from './functions.ts';
import { knownCharacters } from './known.ts';
import { recordsAt, type Scanned, scanFile, valueAt } from './scanned.ts';
import { decodeUtf8, encodeUtf8 } from './text.ts';
import { warningsOf } from './warnings.ts';

/** References in the memory of a kernel of their own, ready for any number of files. */
export type Resident = {
  readonly length: number;
  /** For references of a file. */
  idOf(i: number): string;
  textOf(i: number): string;
  /** Null where only TypeScript can tell what the file comes to. */
  count(bytes: Uint8Array, options: CountOptions): Counted | null;
};

export type CountOptions = {
  readonly characters: CharacterChoice | null;
  readonly format: Format | undefined;
  readonly limits: ReadLimits;
};

/** `left` are the utterances that TypeScript has to count; their columns say nothing. */
export type Counted = {
  readonly format: Format;
  readonly words: CountColumns;
  readonly characters: CountColumns | null;
  readonly left: readonly number[];
  readonly warnings: Warning[];
  hypothesisOf(i: number): string;
};

/** Null where the file is not plain enough, has alternatives, or no kernel runs here. */
export function residentFromFile(
  bytes: Uint8Array,
  normaliser: Normaliser,
  { format, limits }: Pick<CountOptions, 'format' | 'limits'>,
): Resident | null {
  const begun = begin(normaliser);
  const file = begun && scanFile(begun.kernel, bytes, begun.free, { fields: referenceFields, format, limits });
  if (!begun || !file) return null;
  const prepared = prepare(begun.kernel, file, bytes.length, []);
  return prepared?.isPlain ? resident(begun.kernel, file, prepared) : null;
}

/** `others` are the records that have other wordings beside their text. Null where no kernel runs here. */
export function residentFromRecords(
  ids: readonly string[],
  texts: readonly string[],
  others: readonly number[],
  normaliser: Normaliser,
): Resident | null {
  const begun = ids.length > 0 ? begin(normaliser) : null;
  if (!begun) return null;
  const { kernel, free } = begun;
  const joined = encodeUtf8(ids.map((id, i) => `${id}\0${texts[i]}`).join('\0'));
  const records = after(free + joined.length);
  const end = after(records + recordBytes * ids.length);
  if (zerosIn(joined) !== 2 * ids.length - 1) return null;
  kernel.ensureMemory(end);
  new Uint8Array(kernel.memory.buffer).set(joined, free);
  const length = kernel.scanPairs(free, free + joined.length, records);
  const file: Scanned = { format: 'kaldi', bytes: free, records, length, unlessId: null, end };
  const prepared = prepare(kernel, file, joined.length, others);
  return prepared && resident(kernel, file, prepared);
}

function zerosIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, at + 1)) count += 1;
  return count;
}

function begin(normaliser: Normaliser): { kernel: Kernel; free: number } | null {
  const kernel = createKernel();
  if (!kernel) return null;
  const known = knownCharacters(normaliser);
  const table = after(kernel.heapStart());
  const free = after(table + known.byteLength);
  kernel.ensureMemory(free);
  new Uint32Array(kernel.memory.buffer, table, known.length).set(known);
  kernel.setTable(table);
  return { kernel, free };
}

/** `isPlain` is false where a text has braces; memory is free from `end` on. */
type Prepared = { readonly marks: number; readonly end: number; readonly isPlain: boolean };

/** Null where two records have one id. */
function prepare(
  kernel: Kernel,
  { records, length, end: marks }: Scanned,
  bytes: number,
  marked: readonly number[],
): Prepared | null {
  const table = after(marks + length);
  const arena = after(table + kernel.tableBytes(length));
  const end = after(arena + bytes);
  kernel.ensureMemory(end);
  if (!kernel.areDistinct(records, length, table)) return null;
  const memory = new Uint8Array(kernel.memory.buffer);
  for (const i of marked) memory[marks + i] = 1;
  return { marks, end, isPlain: Boolean(kernel.prepare(records, length, marks, arena)) };
}

function resident(kernel: Kernel, file: Scanned, { marks, end }: Prepared): Resident {
  const { records, length } = file;
  const numberAt = (i: number, number: number) => recordsAt(kernel, records, length)[recordNumbers * i + number]!;
  return {
    length,
    idOf: (i) => decodeUtf8(new Uint8Array(kernel.memory.buffer, numberAt(i, 0), numberAt(i, 1))),
    textOf: (i) => {
      const text = valueAt(new Uint8Array(kernel.memory.buffer), numberAt(i, 4), numberAt(i, 5), file.format);
      return text.trim() === '' ? '' : text;
    },
    count: (bytes, options) => orNull(() => countFile(kernel, { records, length, marks, end }, bytes, options)),
  };
}

type References = { readonly records: number; readonly length: number; readonly marks: number; readonly end: number };

function countFile(kernel: Kernel, references: References, bytes: Uint8Array, options: CountOptions): Counted | null {
  const { characters, ...wanted } = options;
  const { length } = references;
  const file = scanFile(kernel, bytes, references.end, { fields: hypothesisFields, ...wanted });
  if (!file || file.length !== length) return null;
  if (file.unlessId) {
    const { from, to } = file.unlessId;
    if (kernel.hasId(references.records, length, from, to - from)) return null;
  }
  const regions = layOut(kernel, file);
  const { places, taken, table, marks, found, words, characters: characterCounts, working } = regions;
  if (!kernel.join(references.records, file.records, length, places, taken, table)) return null;
  new Uint8Array(kernel.memory.buffer).copyWithin(marks, references.marks, references.marks + length);
  kernel.count(
    references.records,
    file.records,
    length,
    places,
    marks,
    found,
    words,
    characters === null ? 0 : characterCounts,
    Number(characters === 'with-spaces'),
    working,
  );
  return countedOf(kernel, file, bytes, regions, characters !== null);
}

type Regions = Record<'places' | 'taken' | 'table' | 'marks' | 'found' | 'words' | 'characters' | 'working', number>;

function layOut(kernel: Kernel, { length, end }: Scanned): Regions {
  const taken = after(end + 4 * length);
  const marks = after(taken + length);
  const found = after(marks + length);
  const words = after(found + 2 * length);
  const characters = after(words + 16 * length);
  const table = after(characters + 16 * length);
  const working = after(table + kernel.tableBytes(length));
  kernel.ensureMemory(working);
  return { places: end, taken, marks, found, words, characters, table, working };
}

function countedOf(
  kernel: Kernel,
  file: Scanned,
  bytes: Uint8Array,
  { places, marks, found, words, characters }: Regions,
  hasCharacters: boolean,
): Counted {
  const { format, length } = file;
  const { buffer } = kernel.memory;
  const records = recordsAt(kernel, file.records, length).slice();
  const recordOf = new Uint32Array(length);
  new Uint32Array(buffer, places, length).forEach((place, record) => {
    recordOf[place] = record;
  });
  const atOf = (record: number) => records[recordNumbers * record + 4]! - file.bytes;
  const textOf = (record: number) => valueAt(bytes, atOf(record), records[recordNumbers * record + 5]!, format);
  const marked = new Uint8Array(buffer, marks, length);
  const left: number[] = [];
  for (let i = marked.indexOf(1); i !== -1; i = marked.indexOf(1, i + 1)) left.push(i);
  const kinds = new Uint16Array(buffer, found, length);
  return {
    format,
    words: columnsAt(buffer, words, length),
    characters: hasCharacters ? columnsAt(buffer, characters, length) : null,
    left,
    warnings: warningsOf(kinds, { atOf, textOf, placeOf: placesOf(kernel, file.bytes, bytes) }),
    hypothesisOf: (i) => textOf(recordOf[i]!),
  };
}

function columnsAt(buffer: ArrayBuffer, at: number, length: number): CountColumns {
  const column = (i: number) => new Int32Array(buffer, at + 4 * i * length, length).slice();
  return { hits: column(0), substitutions: column(1), deletions: column(2), insertions: column(3) };
}

const lineFeed = 0x0a;

/** Places by offsets in bytes. */
function placesOf(kernel: Kernel, at: number, bytes: Uint8Array): PlaceOf {
  return (offset) => {
    if (typeof offset !== 'number') throw new Error('warnings have places in the file');
    const line = kernel.survey(at, at + offset);
    const hasMark = line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb;
    const start = line === 1 ? (hasMark ? 3 : 0) : bytes.lastIndexOf(lineFeed, offset - 1) + 1;
    const before = decodeUtf8(bytes.subarray(start, offset));
    return { line, column: [...before].length + 1 };
  };
}
