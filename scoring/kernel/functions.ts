import { loadModule } from '#scoring/kernel/load.ts';
import { type Instance, instantiate } from './instantiate.ts';

/** What scoring/kernel/assembly/index.ts exports; numbers are addresses, bytes or counts, and truth is not 0. */
type Functions = {
  heapStart(): number;
  ensureMemory(end: number): void;
  setTable(at: number): void;
  survey(from: number, to: number): number;
  longestLine(): number;
  scan(
    format: number,
    start: number,
    from: number,
    to: number,
    records: number,
    arena: number,
    prefersPredicted: number,
    delimiter: number,
    columns: number,
    idColumn: number,
    textColumn: number,
  ): number;
  scanPairs(from: number, to: number, records: number): number;
  hasId(records: number, count: number, id: number, length: number): number;
  tableBytes(ids: number): number;
  areDistinct(records: number, count: number, table: number): number;
  prepare(records: number, count: number, marks: number, found: number, arena: number): number;
  join(references: number, hypotheses: number, count: number, partners: number, taken: number, table: number): number;
  inOrder(): number;
  count(
    references: number,
    prepared: number,
    hypotheses: number,
    count: number,
    partners: number,
    marks: number,
    found: number,
    values: number,
    words: number,
    characters: number,
    choice: number,
    working: number,
  ): number;
};

export type Kernel = Instance<Functions>;

/** A kernel with a memory of its own; null where the machine cannot run it. */
export function createKernel(): Kernel | null {
  const module = loadModule('kernel');
  return module && instantiate<Functions>(module);
}

/** Numbers of a record, as scoring/kernel/assembly/records.ts lays them out. */
export const recordNumbers = 6;
export const recordBytes = 4 * recordNumbers;

/** 32 bits address 4 GiB; a part of it stays free for what an alignment needs. */
const mostMemory = 4e9;

/**
 * Where the next region begins behind one that ends at `end`: vectors are read beyond ends, and regions begin at multiples of
 * 16. Throws RangeError where memory ends.
 */
export function after(end: number): number {
  if (end > mostMemory) throw new RangeError(`a kernel has no memory at ${end}`);
  return Math.ceil((end + 64) / 16) * 16;
}

/** Null where memory does not suffice: TypeScript may do with less. */
export function orNull<Result>(act: () => Result | null): Result | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) return null;
    throw error;
  }
}
