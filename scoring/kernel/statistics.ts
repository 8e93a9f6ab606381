import { type ResampledSums, resampledSums } from '#scoring/statistics/bootstrap.ts';
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
};

/** The plain functions' results, faster where many systems are asked about at once. */
export type StatisticsKernel = { readonly resampledSums: ResampledSums; readonly segmentSumsOfPairs: PairwiseSums };

/** `module` is dist/statistics.wasm; null, where WebAssembly with SIMD is absent, leaves plain TypeScript. */
export function createStatisticsKernel(module: WebAssembly.Module | null): StatisticsKernel {
  if (module === null) return { resampledSums, segmentSumsOfPairs };
  return {
    resampledSums: (columns, options) =>
      fitsProduct(columns)
        ? productSums(instantiate<Functions>(module), columns, options)
        : resampledSums(columns, options),
    segmentSumsOfPairs: (systems) =>
      fitsMasks(systems) ? maskSums(instantiate<Functions>(module), systems) : segmentSumsOfPairs(systems),
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
  new Uint32Array(kernel.memory.buffer, out, statesOf(seed).length).set(statesOf(seed));
  kernel.setStates(out);
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

/** A mask has bits for 31 words and the gaps around them. */
const lastPlace = 62;
/** One insertion, and up to three more in binary. */
const mostErrors = 4;
const masksOfPlace = 3;

function fitsMasks(systems: readonly EventColumns[]): boolean {
  const utterances = systems[0]?.wordings.length ?? 0;
  return systems.length * utterances * 8 * masksOfPlace < maxBytes;
}

/** Utterances that fit no mask in some system are cut into segments one by one. */
function maskSums(kernel: Instance<Functions>, systems: readonly EventColumns[]): SegmentSums[] {
  const utterances = systems[0]?.wordings.length ?? 0;
  const others = utterancesBeyondMasks(systems);
  const isOther = new Uint8Array(utterances);
  for (const i of others) isOther[i] = 1;
  const out = kernel.heapStart();
  const masks = out + 16;
  const distance = systems.length * utterances * 8;
  kernel.ensureMemory(masks + masksOfPlace * distance);
  const halves = new Uint32Array(kernel.memory.buffer, masks, (masksOfPlace * distance) / 4);
  systems.forEach((system, s) => {
    writeMasks(system, isOther, halves, s * utterances * 2, distance / 4);
  });
  const errors = systems.map(errorsOfEvents);
  const found = new BigInt64Array(kernel.memory.buffer, out, 2);
  const pairs: SegmentSums[] = [];
  for (let a = 0; a < systems.length; a += 1) {
    for (let b = a + 1; b < systems.length; b += 1) {
      kernel.pairSums(masks + a * utterances * 8, masks + b * utterances * 8, utterances, distance, out);
      const sums = { segments: Number(found[0]), squares: Number(found[1]) };
      for (const i of others) addUtterance(systems[a]!, systems[b]!, i, sums);
      pairs.push({ ...sums, errors: [errors[a]!, errors[b]!] });
    }
  }
  return pairs;
}

/** Long ones, those with many insertions in one gap, and those scored against different wordings. */
function utterancesBeyondMasks(systems: readonly EventColumns[]): number[] {
  const beyond = new Set<number>();
  for (const { wordings, starts, places, errors } of systems) {
    for (let i = 0; i < wordings.length; i += 1) {
      if (wordings[i] !== systems[0]!.wordings[i]) beyond.add(i);
      const end = starts[i + 1]!;
      if (end > starts[i]! && places[end - 1]! > lastPlace) beyond.add(i);
      for (let event = starts[i]!; event < end; event += 1) if (errors[event]! > mostErrors) beyond.add(i);
    }
  }
  return [...beyond];
}

/** A mask is two halves of 32 bits, the lower first; `distance` counts halves. */
function writeMasks(
  { wordings, starts, places, errors }: EventColumns,
  isOther: Uint8Array,
  halves: Uint32Array,
  from: number,
  distance: number,
): void {
  for (let i = 0; i < wordings.length; i += 1) {
    if (isOther[i]) continue;
    const mask = from + i * 2;
    for (let event = starts[i]!; event < starts[i + 1]!; event += 1) {
      const half = mask + (places[event]! >> 5);
      const bit = 1 << (places[event]! & 31);
      const more = errors[event]! - 1;
      halves[half]! |= bit;
      if (more > 0) halves[mask + 1]! |= 1 << 31;
      if (more & 1) halves[half + distance]! |= bit;
      if (more & 2) halves[half + 2 * distance]! |= bit;
    }
  }
}
