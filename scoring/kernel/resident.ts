import type { ReadLimits } from '#lib/predictions/limits.ts';
import { type Format, hypothesisFields, referenceFields } from '#lib/predictions/records.ts';
import type { PlaceOf, Warning } from '#lib/predictions/report.ts';
import type { FileBytes } from '#lib/predictions/source.ts';
import type { CountColumns } from '#scoring/columns.ts';
import type { CharacterChoice, Normaliser } from '#scoring/wer/normalise.ts';
import { after, type Kernel, orNull, recordBytes, recordNumbers } from './functions.ts';
import { knownCharacters } from './known.ts';
import { type Lease, leaseKernel } from './lease.ts';
import { recordsAt, type Scanned, scanFile, valueAt } from './scanned.ts';
import { decodeUtf8, encodeUtf8 } from './text.ts';
import { warningsOf } from './warnings.ts';

/** References in the memory of a kernel of their own, ready for any number of files. */
export type Resident = {
  readonly length: number;
  /** For references of a file. */
  idOf(i: number): string;
  textOf(i: number): string;
  /** Null where only TypeScript can tell what the file comes to. A source's bytes stay here as long as the references. */
  count(file: FileBytes, options: CountOptions): Counted | null;
  /** Gives the memory to the next references; these, and texts of sources, can no longer be asked for anything. */
  release(): void;
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
  file: FileBytes,
  normaliser: Normaliser,
  { format, limits }: Pick<CountOptions, 'format' | 'limits'>,
): Resident | null {
  return withLease(normaliser, (lease, free) => {
    const scanned = scanFile(lease.kernel(), file, free, { fields: referenceFields, format, limits });
    const prepared = scanned && prepare(lease.kernel(), scanned, []);
    return prepared?.isPlain ? resident(lease, scanned!, prepared) : null;
  });
}

/** `others` are the records that have other wordings beside their text. Null where no kernel runs here. */
export function residentFromRecords(
  ids: readonly string[],
  texts: readonly string[],
  others: readonly number[],
  normaliser: Normaliser,
): Resident | null {
  const joined = encodeUtf8(ids.map((id, i) => `${id}\0${texts[i]}`).join('\0'));
  if (ids.length === 0 || zerosIn(joined) !== 2 * ids.length - 1) return null;
  return withLease(normaliser, (lease, free) => {
    const kernel = lease.kernel();
    const size = joined.length;
    const records = after(free + size);
    kernel.ensureMemory(records);
    new Uint8Array(kernel.memory.buffer).set(joined, free);
    const length = kernel.scanPairs(free, free + size, records);
    const end = after(records + recordBytes * length);
    const scanned: Scanned = { format: 'kaldi', bytes: free, size, records, length, unlessId: null, end };
    const prepared = prepare(kernel, scanned, others);
    return prepared && resident(lease, scanned, prepared);
  });
}

function zerosIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, at + 1)) count += 1;
  return count;
}

/** Lets the memory go again where nothing comes of it. `free` is where it is free, below lies what the profile does. */
function withLease(normaliser: Normaliser, act: (lease: Lease, free: number) => Resident | null): Resident | null {
  const lease = leaseKernel();
  if (!lease) return null;
  let made: Resident | null = null;
  try {
    const kernel = lease.kernel();
    const known = knownCharacters(normaliser);
    const table = after(kernel.heapStart());
    const free = after(table + known.byteLength);
    kernel.ensureMemory(free);
    new Uint32Array(kernel.memory.buffer, table, known.length).set(known);
    kernel.setTable(table);
    made = act(lease, free);
  } finally {
    if (made === null) lease.release();
  }
  return made;
}

/** `isPlain` is false where a text has braces; memory is free from `end` on. */
type Prepared = { readonly marks: number; readonly found: number; readonly end: number; readonly isPlain: boolean };

/** Null where two records have one id. */
function prepare(kernel: Kernel, { records, length, size, end }: Scanned, marked: readonly number[]): Prepared | null {
  const marks = end;
  const found = after(marks + length);
  const arena = after(found + 2 * length);
  const free = after(arena + size);
  // Needed for a moment only: texts are written over it.
  kernel.ensureMemory(Math.max(free, after(arena + kernel.tableBytes(length))));
  if (!kernel.areDistinct(records, length, arena)) return null;
  const isMarked = new Uint8Array(kernel.memory.buffer, marks, length).fill(0);
  for (const i of marked) isMarked[i] = 1;
  return { marks, found, end: free, isPlain: Boolean(kernel.prepare(records, length, marks, found, arena)) };
}

function resident(lease: Lease, { format, records, length }: Scanned, prepared: Prepared): Resident {
  const numberAt = (i: number, number: number) =>
    recordsAt(lease.kernel(), records, length)[recordNumbers * i + number]!;
  let { end } = prepared;
  return {
    length,
    idOf: (i) => decodeUtf8(new Uint8Array(lease.kernel().memory.buffer, numberAt(i, 0), numberAt(i, 1))),
    textOf: (i) => {
      const text = valueAt(new Uint8Array(lease.kernel().memory.buffer), numberAt(i, 4), numberAt(i, 5), format);
      return text.trim() === '' ? '' : text;
    },
    count: (file, options) =>
      orNull(() => {
        const counted = countFile(lease, { ...prepared, records, length, end }, file, options);
        if (counted && !(file instanceof Uint8Array)) end = after(valuesBehind(end, file.size) + 8 * length);
        return counted;
      }),
    release: () => lease.release(),
  };
}

type References = Prepared & Pick<Scanned, 'records' | 'length'>;

function countFile(lease: Lease, references: References, file: FileBytes, options: CountOptions): Counted | null {
  const { characters, ...wanted } = options;
  const { length } = references;
  const kernel = lease.kernel();
  const scanned = scanFile(kernel, file, references.end, { fields: hypothesisFields, ...wanted });
  if (!scanned || scanned.length !== length) return null;
  if (scanned.unlessId) {
    const { from, to } = scanned.unlessId;
    if (kernel.hasId(references.records, length, from, to - from)) return null;
  }
  const regions = layOut(kernel, scanned);
  const { partners, taken, table, marks, found, words, working } = regions;
  if (!kernel.join(references.records, scanned.records, length, partners, taken, table)) return null;
  const isOrdered = kernel.inOrder() === length;
  // Records that are looked at one after the other make room for what is kept of them: pages that are never touched cost nothing.
  const values = isOrdered ? scanned.records : regions.values;
  new Uint8Array(kernel.memory.buffer).copyWithin(marks, references.marks, references.marks + length);
  const isJoined = kernel.count(
    references.records,
    references.found,
    scanned.records,
    length,
    partners,
    marks,
    found,
    values,
    words,
    characters === null ? 0 : regions.characters,
    Number(characters === 'with-spaces'),
    working,
  );
  if (!isJoined) return null;
  return countedOf(lease, scanned, file, { ...regions, values, isOrdered }, characters !== null);
}

type Regions = Record<
  'partners' | 'taken' | 'table' | 'marks' | 'found' | 'values' | 'words' | 'characters' | 'working',
  number
>;

function layOut(kernel: Kernel, { length, end }: Scanned): Regions {
  const taken = after(end + 4 * length);
  const marks = after(taken + length);
  const found = after(marks + length);
  const values = after(found + 2 * length);
  const words = after(values + 8 * length);
  const characters = after(words + 16 * length);
  const table = after(characters + 16 * length);
  const working = after(table + kernel.tableBytes(length));
  kernel.ensureMemory(working);
  return { partners: end, taken, marks, found, values, words, characters, table, working };
}

function countedOf(
  lease: Lease,
  { format, length, bytes: at, size, records }: Scanned,
  file: FileBytes,
  { marks, found, values, words, characters, isOrdered }: Regions & { isOrdered: boolean },
  hasCharacters: boolean,
): Counted {
  const kernel = lease.kernel();
  const { buffer } = kernel.memory;
  const places = new Uint32Array(buffer, values, 2 * length);
  const scanned = recordsAt(kernel, records, length);
  const placeOf = (record: number, number: 0 | 1) =>
    isOrdered ? places[2 * record + number]! : scanned[recordNumbers * record + 4 + number]!;
  const atOf = (record: number) => placeOf(record, 0) - at;
  const marked = new Uint8Array(buffer, marks, length);
  const left: number[] = [];
  for (let i = marked.indexOf(1); i !== -1; i = marked.indexOf(1, i + 1)) left.push(i);
  const inMemory = new Uint8Array(buffer, at, size);
  const warnings = warningsOf(new Uint16Array(buffer, found, length), {
    atOf,
    textOf: (record) => valueAt(inMemory, atOf(record), placeOf(record, 1), format),
    placeOf: placesOf(kernel, at),
  });
  const fileOf = fileOfTexts(lease, file, at, places);
  return {
    format,
    words: columnsAt(buffer, words, length),
    characters: hasCharacters ? columnsAt(buffer, characters, length) : null,
    left,
    warnings,
    hypothesisOf: (i) => {
      const texts = fileOf();
      return valueAt(texts.bytes, texts.places[2 * i]! - at, texts.places[2 * i + 1]!, format);
    },
  };
}

type Texts = { readonly bytes: Uint8Array; readonly places: Uint32Array };

/**
 * A file that lies at `at`, and where the values of its texts lie, to be asked for each time: of a source both stay in the
 * kernel's memory, the places right behind the file, over what was only needed for counting.
 */
function fileOfTexts(lease: Lease, file: FileBytes, at: number, values: Uint32Array): () => Texts {
  if (file instanceof Uint8Array) {
    const texts = { bytes: file, places: values.slice() };
    return () => texts;
  }
  const { size } = file;
  // Read now: the view is gone, length and all, when the memory grows.
  const { length } = values;
  const behind = valuesBehind(at, size);
  new Uint32Array(values.buffer, behind, length).set(values);
  return () => {
    const { buffer } = lease.kernel().memory;
    return { bytes: new Uint8Array(buffer, at, size), places: new Uint32Array(buffer, behind, length) };
  };
}

function valuesBehind(at: number, size: number): number {
  return after(at + size);
}

function columnsAt(buffer: ArrayBuffer, at: number, length: number): CountColumns {
  const columns = new Int32Array(buffer, at, 4 * length).slice();
  const column = (i: number) => columns.subarray(i * length, (i + 1) * length);
  return { hits: column(0), substitutions: column(1), deletions: column(2), insertions: column(3) };
}

const lineFeed = 0x0a;

/** Places by offsets in bytes, in a file at `at`. */
function placesOf(kernel: Kernel, at: number): PlaceOf {
  return (offset) => {
    if (typeof offset !== 'number') throw new Error('warnings have partners in the file');
    const bytes = new Uint8Array(kernel.memory.buffer, at, offset);
    const line = kernel.survey(at, at + offset);
    const hasMark = line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb;
    const start = line === 1 ? (hasMark ? 3 : 0) : bytes.lastIndexOf(lineFeed) + 1;
    return { line, column: [...decodeUtf8(bytes.subarray(start))].length + 1 };
  };
}
