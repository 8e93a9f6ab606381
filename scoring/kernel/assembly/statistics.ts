/*
 * Statistics of many systems on the same utterances: sums over resamples as a matrix product, and segments of MAPSSWE from bit
 * masks. Draws and sums are those of scoring/statistics, number for number. JavaScript lays out memory from `heapStart()` on.
 */

export function heapStart(): usize {
  return (__heap_base + 15) & ~15;
}

export { ensureMemory } from './memory';

// States of four generators xoshiro128** 1.1 (Blackman & Vigna, 2021), a lane each.
let s0: v128 = i32x4.splat(0);
let s1: v128 = i32x4.splat(0);
let s2: v128 = i32x4.splat(0);
let s3: v128 = i32x4.splat(0);

/** Sixteen u32 at `states`: the first words of all four, then the second ones … */
export function setStates(states: usize): void {
  s0 = v128.load(states);
  s1 = v128.load(states, 16);
  s2 = v128.load(states, 32);
  s3 = v128.load(states, 48);
}

/**
 * How often each unit is drawn in each of `resamples`: i16 [resamples, stride / 2] at `counts`. That one is drawn more than 32,767
 * times has a probability of less than 1 / 32,768!. The generators draw in turn; what they drew beyond a resample is dropped.
 */
export function drawCounts(counts: usize, resamples: i32, units: u32, stride: usize): void {
  memory.fill(counts, 0, <usize>resamples * stride);
  const unwanted = i32x4.splat(<i32>(((<u64>1) << 32) % <u64>units));
  const bound = i32x4.splat(<i32>units);
  let a = s0;
  let b = s1;
  let c = s2;
  let d = s3;
  for (let resample = 0; resample < resamples; resample += 1) {
    const row = counts + <usize>resample * stride;
    for (let left = <i32>units; left > 0; ) {
      const fivefold = i32x4.add(b, i32x4.shl(b, 2));
      const turned = v128.or(i32x4.shl(fivefold, 7), i32x4.shr_u(fivefold, 25));
      const value = i32x4.add(turned, i32x4.shl(turned, 3));
      const shifted = i32x4.shl(b, 9);
      c = v128.xor(c, a);
      d = v128.xor(d, b);
      b = v128.xor(b, c);
      a = v128.xor(a, d);
      c = v128.xor(c, shifted);
      d = v128.or(i32x4.shl(d, 11), i32x4.shr_u(d, 21));
      const low = i64x2.extmul_low_i32x4_u(value, bound);
      const high = i64x2.extmul_high_i32x4_u(value, bound);
      const refused = i32x4.lt_u(v128.shuffle<i32>(low, high, 0, 2, 4, 6), unwanted);
      const drawn = v128.shuffle<i32>(low, high, 1, 3, 5, 7);
      if (left >= 4 && !v128.any_true(refused)) {
        increment(row, i32x4.extract_lane(drawn, 0));
        increment(row, i32x4.extract_lane(drawn, 1));
        increment(row, i32x4.extract_lane(drawn, 2));
        increment(row, i32x4.extract_lane(drawn, 3));
        left -= 4;
        continue;
      }
      if (i32x4.extract_lane(refused, 0) === 0) left = draw(row, i32x4.extract_lane(drawn, 0), left);
      if (i32x4.extract_lane(refused, 1) === 0) left = draw(row, i32x4.extract_lane(drawn, 1), left);
      if (i32x4.extract_lane(refused, 2) === 0) left = draw(row, i32x4.extract_lane(drawn, 2), left);
      if (i32x4.extract_lane(refused, 3) === 0) left = draw(row, i32x4.extract_lane(drawn, 3), left);
    }
  }
  s0 = a;
  s1 = b;
  s2 = c;
  s3 = d;
}

function increment(row: usize, unit: i32): void {
  const at = row + ((<usize>unit) << 1);
  store<i16>(at, load<i16>(at) + 1);
}

/** Unless the resample is full; returns how many draws are left. */
function draw(row: usize, unit: i32, left: i32): i32 {
  if (left === 0) return 0;
  increment(row, unit);
  return left - 1;
}

/** Bytes of a row that are multiplied at a time: those of all columns stay near the processor. */
const chunk: usize = 2048;

/**
 * Sums i32 [resamples, columns] at `out`: counts i16 [resamples, stride / 2] times columns i16 [columns, stride / 2].
 * `resamples` is even, `columns` a multiple of 4, `stride` one of 16; what pads them is 0.
 */
export function multiply(counts: usize, resamples: i32, matrix: usize, columns: i32, stride: usize, out: usize): void {
  memory.fill(out, 0, (<usize>resamples * <usize>columns) << 2);
  for (let from: usize = 0; from < stride; from += chunk) {
    const bytes = min(chunk, stride - from);
    for (let column = 0; column < columns; column += 4) {
      const right = matrix + <usize>column * stride + from;
      for (let resample = 0; resample < resamples; resample += 2) {
        const left = counts + <usize>resample * stride + from;
        const sums = out + ((<usize>resample * <usize>columns + <usize>column) << 2);
        addProducts(left, right, stride, bytes, sums, sums + ((<usize>columns) << 2));
      }
    }
  }
}

/** Two rows by four columns. */
function addProducts(left: usize, right: usize, stride: usize, bytes: usize, first: usize, second: usize): void {
  const left1 = left + stride;
  const right1 = right + stride;
  const right2 = right1 + stride;
  const right3 = right2 + stride;
  let a0 = i32x4.splat(0);
  let a1 = i32x4.splat(0);
  let a2 = i32x4.splat(0);
  let a3 = i32x4.splat(0);
  let b0 = i32x4.splat(0);
  let b1 = i32x4.splat(0);
  let b2 = i32x4.splat(0);
  let b3 = i32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const a = v128.load(left + i);
    const b = v128.load(left1 + i);
    const c0 = v128.load(right + i);
    const c1 = v128.load(right1 + i);
    const c2 = v128.load(right2 + i);
    const c3 = v128.load(right3 + i);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(a, c0));
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(a, c1));
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(a, c2));
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(a, c3));
    b0 = i32x4.add(b0, i32x4.dot_i16x8_s(b, c0));
    b1 = i32x4.add(b1, i32x4.dot_i16x8_s(b, c1));
    b2 = i32x4.add(b2, i32x4.dot_i16x8_s(b, c2));
    b3 = i32x4.add(b3, i32x4.dot_i16x8_s(b, c3));
  }
  v128.store(first, i32x4.add(v128.load(first), acrossLanes(a0, a1, a2, a3)));
  v128.store(second, i32x4.add(v128.load(second), acrossLanes(b0, b1, b2, b3)));
}

/** Each vector's sum in a lane of its own. */
function acrossLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(
    v128.shuffle<i32>(a, b, 0, 4, 1, 5), // a0 b0 a1 b1
    v128.shuffle<i32>(a, b, 2, 6, 3, 7), // a2 b2 a3 b3
  );
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** Places of reference words, which are the odd ones. */
const words: u64 = ((<u64>0x2aaaaaaa) << 32) | 0xaaaaaaaa;
const placesOnly: u64 = ~((<u64>1) << 63);

/**
 * Segments of two systems, and the squares of their differences of errors, as two i64 at `out`. A mask has a bit for each place
 * where the system erred; its top bit says that gaps hold more than one insertion: how many more stands in binary in two
 * further masks, at `distance` and at twice that from the first.
 */
export function pairSums(first: usize, second: usize, utterances: i32, distance: usize, out: usize): void {
  let segments: i64 = 0;
  let squares: i64 = 0;
  const end = first + ((<usize>utterances) << 3);
  for (let a = first, b = second; a < end; a += 8, b += 8) {
    const markedA = load<u64>(a);
    const markedB = load<u64>(b);
    let left = (markedA | markedB) & placesOnly;
    if (left === 0) continue;
    const hasMore = (markedA | markedB) >> 63 !== 0;
    const free = ~left;
    // Two right words in a row, and nothing in the gap between them, part segments.
    const parting = free & (free >> 1) & (free >> 2) & words;
    while (left !== 0) {
      const later = parting & (~(<u64>0) << ctz(left));
      const segment = left & (later === 0 ? placesOnly : (later & (~later + 1)) - 1);
      let difference = <i64>popcnt(markedA & segment) - <i64>popcnt(markedB & segment);
      if (hasMore) difference += moreErrors(a, distance, segment) - moreErrors(b, distance, segment);
      segments += 1;
      squares += difference * difference;
      left &= ~segment;
    }
  }
  store<i64>(out, segments);
  store<i64>(out, squares, 8);
}

/** Words of a piece but for its last one, which parts segments only together with the piece that follows. */
const innerWords: u64 = words & (((<u64>1) << 60) - 1);

/**
 * Adds segments and squares of long utterances to those at `out`. Each is a chain of pieces of 31 words with the gaps before them,
 * a mask each as in `pairSums`; at `ends` stands a byte for each piece, 1 for the last of its utterance.
 */
export function chainSums(first: usize, second: usize, pieces: i32, ends: usize, distance: usize, out: usize): void {
  let segments = load<i64>(out);
  let squares = load<i64>(out, 8);
  let difference: i64 = 0;
  let isOpen = false;
  let endsRight = false;
  for (let piece = 0; piece < pieces; piece += 1) {
    const a = first + ((<usize>piece) << 3);
    const b = second + ((<usize>piece) << 3);
    const markedA = load<u64>(a);
    const markedB = load<u64>(b);
    const hasMore = (markedA | markedB) >> 63 !== 0;
    let left = (markedA | markedB) & placesOnly;
    const isLastRight = left >> 61 === 0;
    const free = ~left;
    const parting = free & (free >> 1) & (free >> 2) & innerWords;
    const isParted =
      (endsRight && (left & 3) === 0) || (parting & (left === 0 ? placesOnly : (left & (~left + 1)) - 1)) !== 0;
    if (isOpen && isParted) {
      segments += 1;
      squares += difference * difference;
      difference = 0;
      isOpen = false;
    }
    while (left !== 0) {
      const later = parting & (~(<u64>0) << ctz(left));
      const segment = left & (later === 0 ? placesOnly : (later & (~later + 1)) - 1);
      difference += <i64>popcnt(markedA & segment) - <i64>popcnt(markedB & segment);
      if (hasMore) difference += moreErrors(a, distance, segment) - moreErrors(b, distance, segment);
      left &= ~segment;
      isOpen = later === 0;
      if (isOpen) continue;
      segments += 1;
      squares += difference * difference;
      difference = 0;
    }
    endsRight = isLastRight;
    if (!isOpen || load<u8>(ends + <usize>piece) === 0) continue;
    segments += 1;
    squares += difference * difference;
    difference = 0;
    isOpen = false;
  }
  store<i64>(out, segments);
  store<i64>(out, squares, 8);
}

function moreErrors(mask: usize, distance: usize, segment: u64): i64 {
  const ones = load<u64>(mask + distance);
  const twos = load<u64>(mask + 2 * distance);
  return <i64>popcnt(ones & segment) + 2 * <i64>popcnt(twos & segment);
}
