// Words as numbers that are equal where the words are.
import { endOfWord, equalBytes, space, wordHash } from './bytes';

/** Where words lie: address and length of each, those of the reference first. */
let places: usize = 0;
/** A word in each, as its number and 1, found by its hash. */
let slots: usize = 0;

/** Room that `beginWords` needs for texts of at most `longest` bytes. */
export function wordBytes(longest: usize): u64 {
  return 16 * (<u64>longest / 2 + 64) + 4 * slotsFor(longest);
}

function slotsFor(words: usize): u64 {
  return (<u64>2) << (32 - clz(<u32>words));
}

export function beginWords(at: usize, longest: usize): void {
  places = at;
  slots = at + 16 * (longest / 2 + 64);
}

/** Up to so many words of a reference are compared with every word of the hypothesis. */
const fewWords = 32;

/** Writes a number for every word of both texts to `reference` and `hypothesis`. */
export function numberWords(
  from: usize,
  to: usize,
  reference: usize,
  otherFrom: usize,
  otherTo: usize,
  hypothesis: usize,
): void {
  const n = hashWords(from, to, reference, places);
  const m = hashWords(otherFrom, otherTo, hypothesis, places + 8 * n);
  if (n <= fewWords && hashesTell(reference, n, hypothesis, m)) return;
  numberExactly(reference, n, hypothesis, m);
}

/** The hashes of words, and where they lie. */
function hashWords(from: usize, to: usize, out: usize, place: usize): i32 {
  let count = 0;
  for (let at = from; at < to; ) {
    if (load<u8>(at) === space) {
      at += 1;
      continue;
    }
    const end = endOfWord(at, to);
    store<u32>(place + 8 * count, at);
    store<u32>(place + 8 * count, end - at, 4);
    store<u32>(out + 4 * count, <u32>wordHash);
    count += 1;
    at = end;
  }
  return count;
}

/** Whether words of both sides that have one hash are one word, each pair of them. */
function hashesTell(reference: usize, n: i32, hypothesis: usize, m: i32): bool {
  for (let j = 0; j < m; j += 1) {
    const hash = i32x4.splat(load<i32>(hypothesis + 4 * j));
    for (let i = 0; i < n; i += 4) {
      let same = i32x4.bitmask(i32x4.eq(v128.load(reference + 4 * i), hash));
      if (i + 4 > n) same &= (1 << (n - i)) - 1;
      for (; same !== 0; same &= same - 1) if (!isSameWord(i + ctz(same), n + j)) return false;
    }
  }
  return true;
}

function isSameWord(a: i32, b: i32): bool {
  const one = places + 8 * a;
  const other = places + 8 * b;
  const length = load<u32>(one, 4);
  return length === load<u32>(other, 4) && equalBytes(load<u32>(one), load<u32>(other), length);
}

/** Numbers a word by the first in the reference that is the same; −1 where none is. */
function numberExactly(reference: usize, n: i32, hypothesis: usize, m: i32): void {
  const last = <u32>slotsFor(n) - 1;
  memory.fill(slots, 0, 4 * (last + 1));
  for (let i = 0; i < n; i += 1) store<i32>(reference + 4 * i, firstLike(i, load<u32>(reference + 4 * i), last, true));
  for (let j = 0; j < m; j += 1) {
    store<i32>(hypothesis + 4 * j, firstLike(n + j, load<u32>(hypothesis + 4 * j), last, false));
  }
}

function firstLike(word: i32, hash: u32, last: u32, adds: bool): i32 {
  let slot = hash & last;
  while (load<u32>(slots + 4 * slot) !== 0) {
    const known = load<i32>(slots + 4 * slot) - 1;
    if (isSameWord(known, word)) return known;
    slot = (slot + 1) & last;
  }
  if (!adds) return -1;
  store<i32>(slots + 4 * slot, word + 1);
  return word;
}
