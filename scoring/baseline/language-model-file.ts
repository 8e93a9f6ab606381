import {
  BrokenLanguageModelError,
  createLanguageModel,
  type LanguageModel,
  type NgramTables,
} from './language-model.ts';

/*
 * A language model in bytes, little-endian: "RoLM", version, order, symbols, 0, the largest −log probability and −log backoff
 * (float32), the number of n-grams of each length from 2 (uint32); then one byte each: last symbols from length 2, children of
 * the contexts from length 1, probabilities from length 1, backoffs of all contexts. 255 is the largest of its kind, 0 is none.
 */

const magic = 0x4d_4c_6f_52;
const formatVersion = 1;
const steps = 255;
/** Far more than 20,000 sentences have; a header that says more is broken, and is not given the memory. */
const mostNodes = 1 << 26;

/** Logarithms are rounded to 255 steps between 0 and the least; a decoder should be tuned on what is read back. */
export function languageModelToBytes({ tables }: LanguageModel): Uint8Array {
  const { order, symbols, symbol, firstChild, logProbability, logBackoff } = tables;
  const starts = levelStarts(tables);
  const headBytes = headLength(order);
  const contexts = logBackoff.length;
  const bytes = new Uint8Array(lengthOf(order, symbols, symbol.length, contexts));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  bytes.set([formatVersion, order, symbols, 0], 4);
  for (let level = 2; level <= order; level += 1) {
    view.setUint32(8 + level * 4, starts[level]! - starts[level - 1]!, true);
  }
  let at = headBytes;
  bytes.set(symbol.subarray(1 + symbols), at);
  at += symbol.length - 1 - symbols;
  for (let context = 1; context < contexts; context += 1, at += 1)
    bytes[at] = firstChild[context + 1]! - firstChild[context]!;
  view.setFloat32(8, quantise(logProbability.subarray(1), bytes.subarray(at)), true);
  view.setFloat32(12, quantise(logBackoff, bytes.subarray(at + symbol.length - 1)), true);
  return bytes;
}

/** Throws BrokenLanguageModelError where the bytes are not a whole model; takes time and memory in proportion to them. */
export function languageModelFromBytes(bytes: Uint8Array): LanguageModel {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16 || view.getUint32(0, true) !== magic)
    throw new BrokenLanguageModelError('not a language model');
  const [version, order, symbols] = bytes.subarray(4, 7) as unknown as [number, number, number];
  if (version !== formatVersion) throw new BrokenLanguageModelError(`format version ${version}, not ${formatVersion}`);
  const sizes = sizesOf(view, order, symbols);
  const nodes = sizes.reduce((sum, size) => sum + size, 1);
  const contexts = nodes - sizes.at(-1)!;
  const expected = lengthOf(order, symbols, nodes, contexts);
  if (bytes.length !== expected) {
    throw new BrokenLanguageModelError(`${bytes.length} bytes where its header says ${expected}`);
  }
  const symbolsAt = headLength(order);
  const childrenAt = symbolsAt + nodes - 1 - symbols;
  const probabilitiesAt = childrenAt + contexts - 1;
  const backoffsAt = probabilitiesAt + nodes - 1;
  const symbol = new Uint8Array(nodes);
  for (let i = 0; i < symbols; i += 1) symbol[1 + i] = i;
  symbol.set(bytes.subarray(symbolsAt, childrenAt), 1 + symbols);
  const firstChild = firstChildren(bytes.subarray(childrenAt, probabilitiesAt), symbols, sizes);
  checkSiblings(symbol, firstChild, symbols);
  const logProbability = new Float32Array(nodes);
  restore(bytes.subarray(probabilitiesAt, backoffsAt), largest(view, 8), logProbability.subarray(1));
  const logBackoff = restore(bytes.subarray(backoffsAt), largest(view, 12), new Float32Array(contexts));
  return createLanguageModel({ order, symbols, symbol, firstChild, logProbability, logBackoff });
}

function headLength(order: number): number {
  return 16 + 4 * (order - 1);
}

function lengthOf(order: number, symbols: number, nodes: number, contexts: number): number {
  return headLength(order) + (nodes - 1 - symbols) + (contexts - 1) + (nodes - 1) + contexts;
}

/** [order + 1] the first node after each level, level 0 being the empty context. */
function levelStarts({ order, firstChild }: NgramTables): number[] {
  const starts = [1];
  for (let level = 1; level <= order; level += 1) starts.push(firstChild[starts.at(-1)!]!);
  return starts;
}

/** Writes −value in steps of the largest one's 255th; returns the largest. */
function quantise(values: ArrayLike<number>, into: Uint8Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) most = Math.max(most, -values[i]!);
  const scale = Math.fround(most);
  for (let i = 0; i < values.length; i += 1) into[i] = scale > 0 ? Math.round((-values[i]! / scale) * steps) : 0;
  return scale;
}

function restore(bytes: Uint8Array, most: number, into: Float32Array): Float32Array {
  for (let i = 0; i < into.length; i += 1) into[i] = (-bytes[i]! / steps) * most;
  return into;
}

function largest(view: DataView, at: number): number {
  const most = view.getFloat32(at, true);
  if (most >= 0 && most <= 1000) return most;
  throw new BrokenLanguageModelError('its logarithms are no numbers');
}

/** How many n-grams of each length from 1. */
function sizesOf(view: DataView, order: number, symbols: number): number[] {
  if (order < 1 || symbols < 2 || view.byteLength < headLength(order)) {
    throw new BrokenLanguageModelError('its header is broken');
  }
  const sizes = [symbols];
  for (let length = 2; length <= order; length += 1) sizes.push(view.getUint32(8 + 4 * length, true));
  if (sizes.reduce((sum, size) => sum + size, 0) > mostNodes)
    throw new BrokenLanguageModelError('its header is broken');
  return sizes;
}

/** Every level's n-grams must be the children of the level below, no more and no fewer. */
function firstChildren(counts: Uint8Array, symbols: number, sizes: readonly number[]): Uint32Array {
  const firstChild = new Uint32Array(counts.length + 2);
  firstChild[0] = 1;
  firstChild[1] = 1 + symbols;
  let context = 1;
  let end = 1 + symbols;
  for (let length = 2; length <= sizes.length; length += 1) {
    for (const last = context + sizes[length - 2]!; context < last; context += 1) {
      firstChild[context + 1] = firstChild[context]! + counts[context - 1]!;
    }
    end += sizes[length - 1]!;
    if (firstChild[context] !== end)
      throw new BrokenLanguageModelError(`its n-grams of length ${length} do not add up`);
  }
  return firstChild;
}

function checkSiblings(symbol: Uint8Array, firstChild: Uint32Array, symbols: number): void {
  for (let context = 1; context + 1 < firstChild.length; context += 1) {
    for (let node = firstChild[context]!; node < firstChild[context + 1]!; node += 1) {
      const isRising = node === firstChild[context] || symbol[node]! > symbol[node - 1]!;
      if (!isRising || symbol[node]! >= symbols) throw new BrokenLanguageModelError('its symbols are out of order');
    }
  }
}
