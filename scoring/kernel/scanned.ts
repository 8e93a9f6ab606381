import type { ReadLimits } from '#lib/predictions/limits.ts';
import type { Fields, Format } from '#lib/predictions/records.ts';
import { copyInto, type FileBytes, sizeOf } from '#lib/predictions/source.ts';
import { isUtf8 } from '#scoring/kernel/load.ts';
import { after, type Kernel, recordBytes, recordNumbers } from './functions.ts';
import { type Shape, shapeOf } from './shape.ts';
import { decodeUtf8 } from './text.ts';

/** A file in the kernel's memory, and its records there. */
export type Scanned = {
  readonly format: Format;
  readonly bytes: number;
  readonly size: number;
  readonly records: number;
  readonly length: number;
  /** What the id is not that decides the format: addresses. */
  readonly unlessId: { readonly from: number; readonly to: number } | null;
  /** Where memory is free behind it. */
  readonly end: number;
};

const formatNumbers: Record<Format, number> = { kaldi: 0, trn: 1, jsonl: 2, csv: 3, tsv: 3 };

/** Reads a file to `at` and finds its records; null where it is anything but sound and plain. */
export function scanFile(
  kernel: Kernel,
  file: FileBytes,
  at: number,
  { fields, format, limits }: { fields: Fields; format: Format | undefined; limits: ReadLimits },
): Scanned | null {
  const size = sizeOf(file);
  if (size > limits.fileBytes) return null;
  const end = at + size;
  const arena = after(end);
  kernel.ensureMemory(arena);
  const bytes = new Uint8Array(kernel.memory.buffer, at, size);
  copyInto(bytes, file);
  const shape = isUtf8(bytes) ? shapeOf(bytes, fields, format) : null;
  if (!shape) return null;
  const hasArena = shape.format !== 'kaldi' && shape.format !== 'trn';
  const records = hasArena ? after(arena + size) : arena;
  kernel.ensureMemory(records);
  const { delimiter, columns, idColumn, textColumn } = shape;
  const length = kernel.scan(
    formatNumbers[shape.format],
    at,
    at + shape.from,
    end,
    records,
    arena,
    Number(fields.value[0] === 'pred_text'),
    delimiter,
    columns,
    idColumn,
    textColumn,
  );
  if (length <= 0 || kernel.longestLine() > limits.lineBytes) return null;
  const unlessId = moved(shape.unlessId, at);
  return {
    format: shape.format,
    bytes: at,
    size,
    records,
    length,
    unlessId,
    end: after(records + recordBytes * length),
  };
}

function moved(range: Shape['unlessId'], by: number): Scanned['unlessId'] {
  return range && { from: range.from + by, to: range.to + by };
}

/** A value as the plain readers give it, from where it stands in its file. */
export function valueAt(file: Uint8Array, from: number, length: number, format: Format): string {
  const written = decodeUtf8(file.subarray(from, from + length));
  if (format === 'jsonl') return JSON.parse(written);
  const isQuoted = (format === 'csv' || format === 'tsv') && written.startsWith('"');
  return isQuoted ? written.slice(1, -1).replaceAll('""', '"') : written;
}

/** The numbers of all records; gone when the memory grows. */
export function recordsAt(kernel: Kernel, records: number, length: number): Uint32Array {
  return new Uint32Array(kernel.memory.buffer, records, recordNumbers * length);
}
