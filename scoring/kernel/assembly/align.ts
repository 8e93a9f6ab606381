/*
 * Counts of the canonical alignment (fewest errors at unit costs, then most hits) of two sequences of tokens, i32 or u16: what
 * scoring/wer/align.ts defines, faster.
 *
 * Since n + m = 2·hits + substitutions + errors, most hits are fewest substitutions. The pair (errors, substitutions) travels
 * as one number to be made small. Cells are filled anti-diagonal by anti-diagonal, where none depends on another, and only on
 * diagonals (position in the hypothesis − position in the reference) near those of the two corners. A path that leaves a band
 * of `margin` diagonals on either side has more than |n − m| + 2·margin + 1 errors, so an answer within that is the best.
 *
 * Working memory: from the address given to `setScratch` (at first the end of the module's data) upwards; the memory grows as
 * needed, which detaches JavaScript's views of it. Nothing there outlives a call.
 */

import { reach } from './memory';

let scratch: usize = __heap_base;

/** All above `base` may be overwritten by any call. */
export function setScratch(base: usize): void {
  scratch = (base + 15) & ~15;
}

/** Vectors reach beyond the ends of what they read; what they find there decides nothing. */
const pad: usize = 128;

/** Hits, substitutions, deletions and insertions as four i32 at `out`. */
export function countTokens(reference: usize, n: i32, hypothesis: usize, m: i32, out: usize): void {
  countOf<i32>(reference, n, hypothesis, m, 16, out);
}

/** The same of tokens that are u16. Of characters there are many errors: where sixteen diagonals are tried first, it takes longer. */
export function countShortTokens(reference: usize, n: i32, hypothesis: usize, m: i32, out: usize): void {
  countOf<u16>(reference, n, hypothesis, m, 32, out);
}

function countOf<T>(reference: usize, n: i32, hypothesis: usize, m: i32, width: i32, out: usize): void {
  const shorter = min(n, m);
  let prefix = 0;
  while (prefix < shorter && tokenAt<T>(reference, prefix) === tokenAt<T>(hypothesis, prefix)) prefix += 1;
  let suffix = 0;
  while (
    suffix < shorter - prefix &&
    tokenAt<T>(reference, n - 1 - suffix) === tokenAt<T>(hypothesis, m - 1 - suffix)
  ) {
    suffix += 1;
  }
  const ends = prefix + suffix;
  const offset = <usize>prefix * sizeof<T>();
  const middle = fewest<T>(reference + offset, n - ends, hypothesis + offset, m - ends, width);
  const errors = <i32>(middle >> 32);
  const substitutions = <i32>middle;
  const hits = (n + m - substitutions - errors) >> 1;
  store<i32>(out, hits);
  store<i32>(out, substitutions, 4);
  store<i32>(out, n - hits - substitutions, 8);
  store<i32>(out, m - hits - substitutions, 12);
}

function tokenAt<T>(tokens: usize, i: i32): i32 {
  return <i32>load<T>(tokens + <usize>i * sizeof<T>());
}

/** Errors << 32 | substitutions. */
function fewest<T>(reference: usize, n: i32, hypothesis: usize, m: i32, width: i32): u64 {
  if (n === 0 || m === 0) return (<u64>(n + m)) << 32;
  if (n === 1) return againstOne<T>(tokenAt<T>(reference, 0), hypothesis, m);
  if (m === 1) return againstOne<T>(tokenAt<T>(hypothesis, 0), reference, n);
  reach(<u64>scratch + 4 * (<u64>n + <u64>m) + 5 * pad);
  const backward = scratch + pad;
  const forward = backward + <usize>n * sizeof<T>() + 2 * pad;
  const rows = (forward + <usize>m * sizeof<T>() + pad + 15) & ~15;
  for (let i = 0; i < n; i += 1)
    store<T>(backward + <usize>(n - 1 - i) * sizeof<T>(), load<T>(reference + <usize>i * sizeof<T>()));
  memory.copy(forward, hypothesis, <usize>m * sizeof<T>());
  return inBands<T>(backward, n, forward, m, width, rows);
}

function againstOne<T>(token: i32, others: usize, count: i32): u64 {
  for (let i = 0; i < count; i += 1) {
    if (tokenAt<T>(others, i) === token) return (<u64>(count - 1)) << 32;
  }
  return ((<u64>count) << 32) | 1;
}

/** Tries bands of sixteen and 32 diagonals, then wider ones until the answer proves itself. `backward` is the reference reversed. */
function inBands<T>(backward: usize, n: i32, forward: usize, m: i32, first: i32, rows: usize): u64 {
  const difference = abs(m - n);
  let atMost = max(n, m);
  let margin = 8;
  for (let width = first; width <= 32; width <<= 1) {
    if (difference > width - 3) continue;
    const base = (min(0, m - n) - ((width - 1 - difference) >> 1)) & ~1;
    const safe = min(min(0, m - n) - base, base + width - 1 - max(0, m - n));
    const key =
      width === 16
        ? sixteenDiagonals<T>(backward, n, forward, m, base, rows)
        : twiceSixteenDiagonals<T>(backward, n, forward, m, base, rows);
    const errors = <i32>(key >> 8);
    if (errors >= 255) break;
    if (errors <= difference + 2 * safe + 1) return ((<u64>errors) << 32) | (key & 255);
    atMost = min(atMost, errors);
    margin = width;
  }
  if (sizeof<T>() === 4) return inWiderBands(backward, n, forward, m, margin, atMost, rows);
  const wideBackward = rows + pad;
  const wideForward = wideBackward + ((<usize>n) << 2) + 2 * pad;
  const wideRows = (wideForward + ((<usize>m) << 2) + pad + 15) & ~15;
  reach(<u64>wideForward + 4 * <u64>m + 2 * pad);
  for (let i = 0; i < n; i += 1) store<i32>(wideBackward + ((<usize>i) << 2), tokenAt<T>(backward, i));
  for (let j = 0; j < m; j += 1) store<i32>(wideForward + ((<usize>j) << 2), tokenAt<T>(forward, j));
  return inWiderBands(wideBackward, n, wideForward, m, margin, atMost, wideRows);
}

/** `known` is a number of errors that suffices, `first` the margin to begin with. */
function inWiderBands(backward: usize, n: i32, forward: usize, m: i32, first: i32, known: i32, rows: usize): u64 {
  const difference = abs(m - n);
  const longer = max(n, m);
  let margin = first;
  let atMost = known;
  while (true) {
    // More than an error for every two diagonals beyond the corners' is not in question.
    const widest = (atMost - difference) >> 1;
    margin = min(margin, widest);
    const isTooMany = margin === widest && atMost >= <i32>mostErrors;
    let key = isTooMany ? full : band<u32>(backward, n, forward, m, margin, atMost, rows);
    if (key === full) key = band<f64>(backward, n, forward, m, margin, atMost, rows);
    const errors = <i32>(key >> 32);
    if (errors <= difference + 2 * margin + 1) return key;
    // A bound that a wider band did not lower is most likely the answer: prove it at once.
    margin = errors === atMost ? longer : 2 * margin;
    atMost = min(atMost, errors);
  }
}

/**
 * errors << 8 | substitutions within diagonals base … base + 15, `base` even; 255 errors and more saturate. The diagonals of even
 * number hold their cells of even anti-diagonals in one vector, the odd ones in another.
 */
function sixteenDiagonals<T>(backward: usize, n: i32, forward: usize, m: i32, base: i32, at: usize): u32 {
  reach(<u64>at + 32);
  const infinite = i16x8.splat(-1);
  v128.store(at, infinite);
  store<u16>(at + (-base & ~1), 0);
  let even = v128.load(at);
  let odd = infinite;
  let r = backward + <usize>(n + (base >> 1)) * sizeof<T>();
  let h = forward + <usize>((base >> 1) - 1) * sizeof<T>();
  for (let left = n + m; ; ) {
    h += sizeof<T>();
    let beside = i16x8.min_u(even, i16x8.shuffle(even, infinite, 1, 2, 3, 4, 5, 6, 7, 8));
    odd = next<T>(odd, beside, r, h);
    left -= 1;
    if (left === 0) break;
    r -= sizeof<T>();
    beside = i16x8.min_u(odd, i16x8.shuffle(infinite, odd, 7, 8, 9, 10, 11, 12, 13, 14));
    even = next<T>(even, beside, r, h);
    left -= 1;
    if (left === 0) break;
  }
  v128.store(at, even);
  v128.store(at, odd, 16);
  const diagonal = m - n - base;
  return load<u16>(at + <usize>(diagonal & 1) * 16 + <usize>(diagonal & ~1));
}

/** Cells two anti-diagonals on: from those there, or from the better neighbours of the anti-diagonal between. */
function next<T>(before: v128, beside: v128, r: usize, h: usize): v128 {
  const cost = v128.andnot(i16x8.splat(257), equalTokens<T>(r, h));
  return i16x8.min_u(i16x8.add_sat_u(beside, i16x8.splat(256)), i16x8.add_sat_u(before, cost));
}

/** Eight tokens from `r` and `h` on, compared. */
function equalTokens<T>(r: usize, h: usize): v128 {
  if (sizeof<T>() === 2) return i16x8.eq(v128.load(r), v128.load(h));
  const near = i32x4.eq(v128.load(r), v128.load(h));
  return i16x8.narrow_i32x4_s(near, i32x4.eq(v128.load(r, 16), v128.load(h, 16)));
}

/** The same within base … base + 31. */
function twiceSixteenDiagonals<T>(backward: usize, n: i32, forward: usize, m: i32, base: i32, at: usize): u32 {
  reach(<u64>at + 64);
  const infinite = i16x8.splat(-1);
  v128.store(at, infinite);
  v128.store(at, infinite, 16);
  store<u16>(at + (-base & ~1), 0);
  let even = v128.load(at);
  let evenAbove = v128.load(at, 16);
  let odd = infinite;
  let oddAbove = infinite;
  let r = backward + <usize>(n + (base >> 1)) * sizeof<T>();
  let h = forward + <usize>((base >> 1) - 1) * sizeof<T>();
  for (let left = n + m; ; ) {
    h += sizeof<T>();
    let beside = i16x8.min_u(even, i16x8.shuffle(even, evenAbove, 1, 2, 3, 4, 5, 6, 7, 8));
    odd = next<T>(odd, beside, r, h);
    beside = i16x8.min_u(evenAbove, i16x8.shuffle(evenAbove, infinite, 1, 2, 3, 4, 5, 6, 7, 8));
    oddAbove = next<T>(oddAbove, beside, r + 8 * sizeof<T>(), h + 8 * sizeof<T>());
    left -= 1;
    if (left === 0) break;
    r -= sizeof<T>();
    beside = i16x8.min_u(odd, i16x8.shuffle(infinite, odd, 7, 8, 9, 10, 11, 12, 13, 14));
    even = next<T>(even, beside, r, h);
    beside = i16x8.min_u(oddAbove, i16x8.shuffle(odd, oddAbove, 7, 8, 9, 10, 11, 12, 13, 14));
    evenAbove = next<T>(evenAbove, beside, r + 8 * sizeof<T>(), h + 8 * sizeof<T>());
    left -= 1;
    if (left === 0) break;
  }
  v128.store(at, even);
  v128.store(at, evenAbove, 16);
  v128.store(at, odd, 32);
  v128.store(at, oddAbove, 48);
  const diagonal = m - n - base;
  return load<u16>(at + <usize>(diagonal & 1) * 32 + <usize>(diagonal & ~1));
}

/** Keys of 32 bits hold fewer errors than this. */
const mostErrors: u32 = 0xfffe;
/** The answer where keys of 32 bits do not hold it. */
const full: u64 = u64.MAX_VALUE;
/** An error in a key of 64 bits; an f64 is exact up to 2 ** 27 errors of these. */
const unit: f64 = 67_108_864;

/**
 * errors << 32 | substitutions within `margin` diagonals of the corners', or `full`. As above, with vectors in memory, of keys that
 * are u32 (errors << 16 | substitutions) or f64 (errors × unit + substitutions). Of alignments with more than `atMost` errors
 * nothing has to come out.
 */
function band<K>(backward: usize, n: i32, forward: usize, m: i32, margin: i32, atMost: i32, at: usize): u64 {
  // Diagonals that a pair of vectors holds.
  const width = <i32>(32 / sizeof<K>());
  const base = (min(0, m - n) - margin) & ~1;
  const vectors = (max(0, m - n) + margin - base + width) / width;
  const bytes = (<usize>vectors) << 4;
  // A vector of infinity lies before, between and behind.
  const evens = at + 16;
  const odds = evens + bytes + 16;
  reach(<u64>at + 2 * <u64>bytes + 64);
  for (let i = at; i < odds + bytes + 16; i += 16) v128.store(i, infinite<K>());
  store<K>(evens + <usize>(-base >> 1) * sizeof<K>(), 0);
  let lowest = base;
  let highest = base + vectors * width - 1;
  for (let step = 1; step <= n + m; step += 1) {
    const parity = step & 1;
    const from = (max(lowest, max(-step, step - 2 * n)) - base) / width;
    const to = (min(highest, min(step, 2 * m - step)) - base) / width + 1;
    const lane = from * (width >> 1);
    const r = backward + ((<usize>(n - ((step - base - parity) >> 1) + lane)) << 2);
    const h = forward + ((<usize>(((step + base + parity) >> 1) - 1 + lane)) << 2);
    const offset = (<usize>from) << 4;
    const end = (<usize>(to - from)) << 4;
    if (parity) antiDiagonal<K>(odds + offset, evens + offset, evens + offset + sizeof<K>(), r, h, end);
    else antiDiagonal<K>(evens + offset, odds + offset - sizeof<K>(), odds + offset, r, h, end);
    if (step & 63) continue;
    // Errors never become fewer along a diagonal, and the way to the last corner's costs one each. What no path has come to yet
    // is not lost.
    const inner = width - 1;
    while (max(-lowest, lowest + inner) <= step && lowest + width <= m - n) {
      const offset = (<usize>((lowest - base) / width)) << 4;
      if (!isLost<K>(evens + offset, odds + offset, m - n - lowest - inner, atMost)) break;
      lowest += width;
    }
    while (max(highest, inner - highest) <= step && highest - width >= m - n) {
      const offset = (<usize>((highest - base) / width)) << 4;
      if (!isLost<K>(evens + offset, odds + offset, highest - inner - m + n, atMost)) break;
      highest -= width;
    }
  }
  const diagonal = m - n - base;
  const key = load<K>((diagonal & 1 ? odds : evens) + <usize>(diagonal >> 1) * sizeof<K>());
  if (isFloat<K>()) {
    const errors = <u64>(<f64>key / unit);
    return (errors << 32) | <u64>(<f64>key - <f64>errors * unit);
  }
  return <u32>key >> 16 >= mostErrors ? full : ((<u64>(<u32>key >> 16)) << 32) | (<u64>key & 0xffff);
}

function infinite<K>(): v128 {
  return isFloat<K>() ? f64x2.splat(Infinity) : i32x4.splat(mostErrors << 16);
}

/** Makes the cells at `own` those of two anti-diagonals later; `below` and `above` are their neighbours of the one between. */
function antiDiagonal<K>(own: usize, below: usize, above: usize, r: usize, h: usize, bytes: usize): void {
  if (isFloat<K>()) {
    const indel = f64x2.splat(unit);
    const substitution = f64x2.splat(unit + 1);
    for (let k: usize = 0; k < bytes; k += 16) {
      const equal = i64x2.extend_low_i32x4_s(i32x4.eq(v128.load64_zero(r + (k >> 1)), v128.load64_zero(h + (k >> 1))));
      const paired = f64x2.add(v128.load(own + k), v128.andnot(substitution, equal));
      const beside = f64x2.add(f64x2.pmin(v128.load(below + k), v128.load(above + k)), indel);
      v128.store(own + k, f64x2.pmin(paired, beside));
    }
    return;
  }
  const indel = i32x4.splat(0x10000);
  const substitution = i32x4.splat(0x10001);
  for (let k: usize = 0; k < bytes; k += 16) {
    const equal = i32x4.eq(v128.load(r + k), v128.load(h + k));
    const paired = i32x4.add(v128.load(own + k), v128.andnot(substitution, equal));
    const beside = i32x4.add(i32x4.min_u(v128.load(below + k), v128.load(above + k)), indel);
    v128.store(own + k, i32x4.min_u(i32x4.min_u(paired, beside), infinite<K>()));
  }
}

/** Whether a pair of vectors has too many errors on every diagonal, `away` more to come; they are then closed. */
function isLost<K>(even: usize, odd: usize, away: i32, atMost: i32): bool {
  const fewest = max(0, atMost - away) + 1;
  if (isFloat<K>()) {
    const least = f64x2.pmin(v128.load(even), v128.load(odd));
    if (!i64x2.all_true(f64x2.ge(least, f64x2.splat(<f64>fewest * unit)))) return false;
  } else {
    const least = i32x4.min_u(v128.load(even), v128.load(odd));
    if (!i32x4.all_true(i32x4.ge_u(least, i32x4.splat(min(mostErrors, <u32>fewest) << 16)))) return false;
  }
  v128.store(even, infinite<K>());
  v128.store(odd, infinite<K>());
  return true;
}
