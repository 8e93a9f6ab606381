// Runs of bytes in linear memory. Loads of 16 may reach past an end: whoever lays out memory leaves that much room.

export const tab: u8 = 0x09;
export const lineFeed: u8 = 0x0a;
export const carriageReturn: u8 = 0x0d;
export const space: u8 = 0x20;
export const quote: u8 = 0x22;

/** The first of a byte at or after `from`, or `to`. */
export function findByte(byte: u8, from: usize, to: usize): usize {
  return findEither(byte, byte, byte, from, to);
}

/** The first of any of three bytes at or after `from`, or `to`. */
export function findEither(one: u8, other: u8, third: u8, from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const either = v128.or(i8x16.eq(bytes, i8x16.splat(one)), i8x16.eq(bytes, i8x16.splat(other)));
    const found = i8x16.bitmask(v128.or(either, i8x16.eq(bytes, i8x16.splat(third))));
    if (found !== 0) return min(to, at + ctz(found));
  }
  return to;
}

export function equalBytes(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 16 <= length; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  if (i === length) return true;
  const differing = ~i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i)));
  return (differing & ((1 << (<i32>(length - i))) - 1)) === 0;
}

/** How many bytes are the same from `a` and `b` on, at most `most`. */
export function commonPrefix(a: usize, b: usize, most: usize): usize {
  for (let i: usize = 0; i < most; i += 16) {
    const differing = ~i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i))) & 0xffff;
    if (differing !== 0) return min(most, i + ctz(differing));
  }
  return most;
}

/** How many bytes are the same up to the ends `a` and `b`, at most `most`. */
export function commonSuffix(a: usize, b: usize, most: usize): usize {
  for (let i: usize = 0; i < most; i += 16) {
    const differing = ~i8x16.bitmask(i8x16.eq(v128.load(a - i - 16), v128.load(b - i - 16))) & 0xffff;
    if (differing !== 0) return min(most, i + clz(differing << 16));
  }
  return most;
}

/** Words parted by single spaces or more. */
export function countWords(from: usize, to: usize): i32 {
  if (from >= to) return 0;
  const spaces = i8x16.splat(space);
  let count = load<u8>(from) === space ? 0 : 1;
  for (let at = from + 1; at < to; at += 16) {
    const ends = i8x16.eq(v128.load(at - 1), spaces);
    let starts = i8x16.bitmask(v128.andnot(ends, i8x16.eq(v128.load(at), spaces)));
    if (at + 16 > to) starts &= (1 << (<i32>(to - at))) - 1;
    count += popcnt(starts);
  }
  return count;
}

/**
 * The end of the word that begins at `from`; its hash is then in `wordHash`. Words of up to 16 bytes, nearly all, take one
 * look.
 */
export function endOfWord(from: usize, to: usize): usize {
  const bytes = v128.load(from);
  const spaces = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(space)));
  const length = min(to - from, <usize>ctz(spaces | 0x10000));
  const isWithin = i8x16.lt_u(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>length));
  const word = v128.and(bytes, isWithin);
  wordHash = mix(mix(<u64>length ^ i64x2.extract_lane(word, 0)) ^ i64x2.extract_lane(word, 1));
  return length < 16 ? from + length : endOfLongWord(from + 16, to);
}

/** As above, from the seventeenth byte on. */
function endOfLongWord(from: usize, to: usize): usize {
  let at = from;
  while (at < to && load<u8>(at) !== space) at += 1;
  if (at > from) wordHash = mix(wordHash ^ hashBytes(from, at - from));
  return at;
}

export let wordHash: u64 = 0;

/** Spreads bytes over 64 bits; equal hashes prove nothing, so bytes are compared after them. */
export function hashBytes(from: usize, length: usize): u64 {
  let hash: u64 = length;
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) hash = mix(hash ^ load<u64>(from + i));
  if (i < length) hash = mix(hash ^ (load<u64>(from + i) & (((<u64>1) << (8 * (length - i))) - 1)));
  return hash;
}

/** The golden ratio in 64 bits: Knuth, The Art of Computer Programming 3, §6.4. */
const multiplier: u64 = ((<u64>0x9e3779b9) << 32) | 0x7f4a7c15;

function mix(value: u64): u64 {
  const product = value * multiplier;
  return product ^ (product >> 32);
}
