import { type ResampledSums, resampledSums } from '#scoring/statistics/bootstrap.ts';
import { type CreateCountDraws, createCountDraws } from '#scoring/statistics/bootstrap-product.ts';
import type { EventColumns } from '#scoring/statistics/events.ts';
import {
  addUtterance,
  errorsOfEvents,
  type PairwiseSums,
  type SegmentSums,
  segmentSumsOfPairs,
} from '#scoring/statistics/mapsswe.ts';
import { statesOf } from '#scoring/statistics/random.ts';
import { type Instance, instantiate } from './instantiate.ts';

/** What scoring/kernel/assembly/statistics.ts exports; numbers are addresses, sizes in bytes and counts. */
type Functions = {
  heapStart(): number;
  ensureMemory(end: number): void;
  setStates(states: number): void;
  drawCounts(counts: number, resamples: number, units: number, stride: number): void;
  multiply(counts: number, resamples: number, matrix: number, columns: number, stride: number, out: number): void;
  pairSums(first: number, second: number, utterances: number, distance: number, out: number): void;
  chainSums(first: number, second: number, pieces: number, ends: number, distance: number, out: number): void;
};

/** The plain functions' results, faster where many systems are asked about at once. */
export type StatisticsKernel = {
  readonly resampledSums: ResampledSums;
  readonly createCountDraws: CreateCountDraws;
  readonly segmentSumsOfPairs: PairwiseSums;
};

/** `module` is dist/statistics.wasm; null, where WebAssembly with SIMD is absent, leaves plain TypeScript. */
export function createStatisticsKernel(module: WebAssembly.Module | null): StatisticsKernel {
  if (module === null) return { resampledSums, createCountDraws, segmentSumsOfPairs };
  return {
    resampledSums: (columns, options) =>
      fitsProduct(columns)
        ? productSums(instantiate<Functions>(module), columns, options)
        : resampledSums(columns, options),
    createCountDraws: (units, seed) => drawsOf(instantiate<Functions>(module), units, seed),
    segmentSumsOfPairs: (systems) => {
      const layout = layOut(systems);
      const bytes = systems.length * layout.masks * 8 * masksOfPlace;
      return bytes < maxBytes ? maskSums(instantiate<Functions>(module), systems, layout) : segmentSumsOfPairs(systems);
    },
  };
}

/** Beyond, memory would be short. */
const maxBytes = 2 ** 31;
/** Resamples that are drawn and multiplied at a time. */
const tile = 64;

const roundedUp = (value: number, step: number) => Math.ceil(value / step) * step;

/** Values are of 16 bits, sums of 32: with u draws of at most v each, no sum passes u × v. */
function fitsProduct(columns: readonly Float64Array[]): boolean {
  const units = columns[0]?.length ?? 0;
  let greatest = 0;
  for (const column of columns) for (const value of column) greatest = Math.max(greatest, value);
  return (
    units > 0 && greatest < 2 ** 15 && units * greatest < 2 ** 31 && (columns.length + tile) * units * 2 < maxBytes
  );
}

function productSums(
  kernel: Instance<Functions>,
  columns: readonly Float64Array[],
  { seed, resamples, onProgress }: Parameters<ResampledSums>[1],
): Float64Array[] {
  const units = columns[0]!.length;
  const stride = roundedUp(units * 2, 16);
  const width = roundedUp(columns.length, 4);
  const matrix = kernel.heapStart();
  const counts = matrix + width * stride;
  const out = counts + tile * stride;
  kernel.ensureMemory(out + tile * width * 4);
  columns.forEach((column, c) => {
    new Int16Array(kernel.memory.buffer, matrix + c * stride, units).set(column);
  });
  setStates(kernel, out, seed);
  const found = new Int32Array(kernel.memory.buffer, out, tile * width);
  const sums = columns.map(() => new Float64Array(resamples));
  for (let from = 0; from < resamples; from += tile) {
    onProgress?.(from, resamples);
    kernel.drawCounts(counts, tile, units, stride);
    kernel.multiply(counts, tile, matrix, width, stride, out);
    const drawn = Math.min(tile, resamples - from);
    sums.forEach((column, c) => {
      for (let i = 0; i < drawn; i += 1) column[from + i] = found[i * width + c]!;
    });
  }
  return sums;
}

function setStates(kernel: Instance<Functions>, at: number, seed: number): void {
  const states = statesOf(seed);
  new Uint32Array(kernel.memory.buffer, at, states.length).set(states);
  kernel.setStates(at);
}

function drawsOf(kernel: Instance<Functions>, units: number, seed: number): ReturnType<CreateCountDraws> {
  const stride = roundedUp(units * 2, 16);
  const at = kernel.heapStart();
  kernel.ensureMemory(at + tile * Math.max(stride, 64));
  setStates(kernel, at, seed);
  return (counts) => {
    for (let from = 0; from < counts.length; from += tile * units) {
      const rows = Math.min(tile, (counts.length - from) / units);
      kernel.drawCounts(at, rows, units, stride);
      for (let row = 0; row < rows; row += 1) {
        counts.set(new Int16Array(kernel.memory.buffer, at + row * stride, units), from + row * units);
      }
    }
  };
}

/** A mask has bits for 31 words and the gaps around them. */
const lastPlace = 62;
/** Longer utterances are chains of masks, each of 31 words and the gaps before them. */
const piecePlaces = 62;
/** One insertion, and up to three more in binary. */
const mostErrors = 4;
const masksOfPlace = 3;

/** Where the masks of a system lie, by number: one for each utterance, then the pieces of long ones. */
type Layout = {
  readonly utterances: number;
  readonly masks: number;
  /** The first piece of an utterance; 0 where it has none. */
  readonly pieceOf: Int32Array;
  /** For each piece, whether it is the last of its utterance. */
  readonly ends: Uint8Array;
  /** Utterances that fit no mask in some system, and are cut into segments one by one. */
  readonly others: readonly number[];
};

function layOut(systems: readonly EventColumns[]): Layout {
  const utterances = systems[0]?.wordings.length ?? 0;
  const isOther = new Uint8Array(utterances);
  const last = new Int32Array(utterances);
  for (const { wordings, starts, places, errors } of systems) {
    for (let i = 0; i < utterances; i += 1) {
      if (wordings[i] !== systems[0]!.wordings[i]) isOther[i] = 1;
      const end = starts[i + 1]!;
      if (end > starts[i]!) last[i] = Math.max(last[i]!, places[end - 1]!);
      for (let event = starts[i]!; event < end; event += 1) if (errors[event]! > mostErrors) isOther[i] = 1;
    }
  }
  const pieceOf = new Int32Array(utterances);
  const ends: number[] = [];
  const others: number[] = [];
  for (let i = 0; i < utterances; i += 1) {
    if (isOther[i]) others.push(i);
    else if (last[i]! > lastPlace) {
      pieceOf[i] = utterances + ends.length;
      for (let rest = Math.floor(last[i]! / piecePlaces); rest >= 0; rest -= 1) ends.push(rest === 0 ? 1 : 0);
    }
  }
  return { utterances, masks: utterances + ends.length, pieceOf, ends: Uint8Array.from(ends), others };
}

function maskSums(kernel: Instance<Functions>, systems: readonly EventColumns[], layout: Layout): SegmentSums[] {
  const { utterances, ends, others } = layout;
  const out = kernel.heapStart();
  const endsAt = out + 16;
  const masks = endsAt + roundedUp(ends.length, 16);
  const row = layout.masks * 8;
  const distance = systems.length * row;
  kernel.ensureMemory(masks + masksOfPlace * distance);
  new Uint8Array(kernel.memory.buffer, endsAt, ends.length).set(ends);
  const halves = new Uint32Array(kernel.memory.buffer, masks, (masksOfPlace * distance) / 4);
  systems.forEach((system, s) => {
    writeMasks(system, layout, halves, (s * row) / 4, distance / 4);
  });
  const errors = systems.map(errorsOfEvents);
  const found = new BigInt64Array(kernel.memory.buffer, out, 2);
  const pairs: SegmentSums[] = [];
  for (let a = 0; a < systems.length; a += 1) {
    for (let b = a + 1; b < systems.length; b += 1) {
      const [first, second] = [masks + a * row, masks + b * row];
      kernel.pairSums(first, second, utterances, distance, out);
      const pieces = utterances * 8;
      kernel.chainSums(first + pieces, second + pieces, ends.length, endsAt, distance, out);
      const sums = { segments: Number(found[0]), squares: Number(found[1]) };
      for (const i of others) addUtterance(systems[a]!, systems[b]!, i, sums);
      pairs.push({ ...sums, errors: [errors[a]!, errors[b]!] });
    }
  }
  return pairs;
}

/** A mask is two halves of 32 bits, the lower first; `from` and `distance` count halves. */
function writeMasks(
  { starts, places, errors }: EventColumns,
  { utterances, pieceOf, others }: Layout,
  halves: Uint32Array,
  from: number,
  distance: number,
): void {
  const isOther = new Uint8Array(utterances);
  for (const i of others) isOther[i] = 1;
  for (let i = 0; i < utterances; i += 1) {
    if (isOther[i]) continue;
    const first = pieceOf[i]!;
    for (let event = starts[i]!; event < starts[i + 1]!; event += 1) {
      const piece = first === 0 ? 0 : Math.floor(places[event]! / piecePlaces);
      const place = places[event]! - piece * piecePlaces;
      const mask = from + 2 * (first === 0 ? i : first + piece);
      const half = mask + (place >> 5);
      const bit = 1 << (place & 31);
      const more = errors[event]! - 1;
      halves[half]! |= bit;
      if (more > 0) halves[mask + 1]! |= 1 << 31;
      if (more & 1) halves[half + distance]! |= bit;
      if (more & 2) halves[half + 2 * distance]! |= bit;
    }
  }
}
