// Texts before they are compared: what they are made of, and their words under a profile, parted by spaces.
import { space } from './bytes';

/** Characters below it can be known; the table has an entry of four bytes for each. */
export const knownCharacters: u32 = 0x2200;

// An entry: in the lower half what the character becomes (a space where it parts words), then its kinds, then its traits.
let table: usize = 0;

// Traits. Without `known`, nothing is said of a text that has the character.
const known = 1;
const letterOrNumber = 2;
const digit = 4;
/** Kept between a letter or number and another, as hyphens are. */
const joinsWords = 8;
/** Kept between two digits. */
const joinsDigits = 16;

// Kinds, as lib/predictions/inspect.ts numbers them.
const spaceKind = 1;
const latin = 8;
const cyrillic = 16;
const scripts = latin | cyrillic;

/** What `examine` finds, beside the kinds of the characters up to 32. */
export const mixedScript = 32;
export const isForeign = 64;
export const needsNormalising = 128;
export const isEmpty = 256;
export const isOneWord = 512;

/** Whether a brace was met: wordings of a reference that are as good stand in braces. */
export let hasBrace = false;

export function beginExamining(): void {
  hasBrace = false;
}

const brace: u32 = 0x7b;

export function setTable(at: usize): void {
  table = at;
}

// Classes of bytes in plain texts, as bits: of two-byte letters each byte has its own.
const blankByte: i8 = 1;
const englishByte: i8 = 6; // a to o, p to z
const yoByte: i8 = 16; // 91 after D1
const leadByte: i8 = 64; // D0, D1

/** Classes by the upper half of a byte: 2, 6, 7, 8, 9, B, D. */
function byUpperHalf(): v128 {
  return i8x16(0, 0, 1, 0, 0, 0, 2, 4, 8, 16, 0, 32, 0, 64, 0, 0);
}

/** Classes by its lower half: a space is 20, z is 7A, ё is D1 91, leads are D0 and D1. */
function byLowerHalf(): v128 {
  return i8x16(109, 126, 46, 46, 46, 46, 46, 46, 46, 46, 46, 42, 42, 42, 42, 42);
}

/** Classes by the lower half of the byte before, for second bytes follow D0 (from B0 on) or D1 (up to 8F, and 91). */
function byByteBefore(): v128 {
  return i8x16(103, 95, 103, 95, 103, 95, 103, 95, 103, 95, 103, 95, 103, 95, 103, 95);
}

/**
 * Small letters of Russian or of English and spaces, on which no profile changes anything and nothing is warned of. Returns
 * 0 where there is anything else or both scripts, 1 with Russian letters, 2 with English ones, 3 with spaces alone; 4 is
 * added where there is a ё. Bytes are told by their halves, as in Keiser & Lemire, Validating UTF-8 in less than one
 * instruction per byte (2021).
 */
function plainKind(from: usize, length: usize): i32 {
  const to = from + length;
  let seen: v128 = i8x16.splat(0);
  let odd: v128 = i8x16.splat(0);
  for (let at = from; at < to; at += 16) {
    let classes = classesAt(at);
    if (at + 16 > to) classes = withBlanks(classes, <i32>(to - at));
    seen = v128.or(seen, classes);
    odd = v128.or(odd, i8x16.eq(classes, i8x16.splat(0)));
  }
  if (v128.any_true(odd)) return 0;
  const hasEnglish = v128.any_true(v128.and(seen, i8x16.splat(englishByte)));
  const hasRussian = v128.any_true(v128.and(seen, i8x16.splat(leadByte)));
  if (hasEnglish && hasRussian) return 0;
  const hasYo = v128.any_true(v128.and(seen, i8x16.splat(yoByte)));
  return (hasRussian ? 1 : hasEnglish ? 2 : 3) | (hasYo ? 4 : 0);
}

/** 0 where a byte is of none. */
function classesAt(at: usize): v128 {
  const halves = i8x16.splat(0x0f);
  const current = v128.load(at);
  const upper = i8x16.swizzle(byUpperHalf(), v128.and(i16x8.shr_u(current, 4), halves));
  const lower = i8x16.swizzle(byLowerHalf(), v128.and(current, halves));
  const before = i8x16.swizzle(byByteBefore(), v128.and(v128.load(at - 1), halves));
  return v128.and(v128.and(upper, lower), before);
}

/**
 * How many of the next sixteen bytes are small Russian letters but ё, and spaces: no letter is cut in two. A letter begins at `at`.
 */
function russianBytes(at: usize, to: usize): i32 {
  const classes = classesAt(at);
  const others = v128.or(i8x16.eq(classes, i8x16.splat(0)), v128.and(classes, i8x16.splat(englishByte | yoByte)));
  const isOther = i8x16.bitmask(i8x16.gt_u(others, i8x16.splat(0)));
  const count = min(ctz(isOther | 0x10000), <i32>min(to - at, 16));
  if (count === 0) return 0;
  return (load<u8>(at + count - 1) & 0xfe) === 0xd0 ? count - 1 : count;
}

/** What lies beyond the text, from byte `end` on, is passed off as spaces. */
function withBlanks(classes: v128, end: i32): v128 {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return v128.bitselect(classes, i8x16.splat(blankByte), i8x16.lt_u(places, i8x16.splat(<i8>end)));
}

/** What a text is made of: kinds of characters, and the bits above. */
export function examine(from: usize, length: usize): i32 {
  const plain = plainKind(from, length);
  if (plain === 0) return examineSlowly(from, length);
  const found = (plain & 4) !== 0 && isYoChanged() ? needsNormalising : 0;
  if ((plain & 3) === 3) return found | isEmpty;
  if ((plain & 3) === 1) return found;
  // Whether it is one word only matters for short English ones: programs write "nan" for a missing value.
  return found | latin | (length <= 16 ? isOneWord : 0);
}

/** Whether `examine` would find nothing in a text, since its words from `from` on are Russian and so are its others. */
export function isPlainlyRussian(from: usize, length: usize, hasOthers: bool): bool {
  const plain = plainKind(from, length);
  if ((plain & 4) !== 0 && isYoChanged()) return false;
  return (plain & 3) === 1 || ((plain & 3) === 3 && hasOthers);
}

function isYoChanged(): bool {
  return (load<u32>(table + 4 * 0x451) & 0xffff) !== 0x451;
}

function examineSlowly(from: usize, length: usize): i32 {
  let kinds = 0;
  let run = 0;
  let words = 0;
  let found = 0;
  let inWord = false;
  for (let at = from; at < from + length; at += lengthAt(at)) {
    const plain = run === 0 || run === cyrillic ? russianBytes(at, from + length) : 0;
    if (plain > 0) {
      const isSpace = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(space)));
      const within = (1 << plain) - 1;
      words += popcnt(~isSpace & ((isSpace << 1) | (inWord ? 0 : 1)) & within);
      if ((isSpace & within) !== 0) kinds |= spaceKind;
      if ((~isSpace & within) !== 0) kinds |= cyrillic;
      at += plain;
      inWord = load<u8>(at - 1) !== space;
      run = inWord ? cyrillic : 0;
      if (at === from + length) break;
    }
    const character = characterAt(at);
    if (character === brace) hasBrace = true;
    const entry = character < knownCharacters ? load<u32>(table + 4 * character) : 0;
    if (((entry >> 24) & known) === 0) {
      for (; at < from + length; at += 1) if (load<u8>(at) === brace) hasBrace = true;
      return isForeign;
    }
    const kind = <i32>((entry >> 16) & 0xff);
    kinds |= kind;
    run = (kind & scripts) !== 0 ? run | (kind & scripts) : 0;
    if (run === scripts) found |= mixedScript;
    if ((entry & 0xffff) !== character || ((entry >> 24) & (joinsWords | joinsDigits)) !== 0) found |= needsNormalising;
    const isSpace = (kind & spaceKind) !== 0;
    if (!isSpace && !inWord) words += 1;
    inWord = !isSpace;
  }
  if (words === 0) found |= isEmpty;
  if (words === 1) found |= isOneWord;
  return found | kinds;
}

/** Writes the words of a known text, parted by spaces, to `out` and returns where they end: no further than the text is long. */
export function normalise(from: usize, length: usize, out: usize): usize {
  const end = from + length;
  let before: u32 = 0;
  for (let at = from; at < end; ) {
    const unchanged = russianBytes(at, end);
    if (unchanged > 0) {
      v128.store(out, v128.load(at));
      at += unchanged;
      out += unchanged;
      before = load<u8>(at - 1) === space ? 0 : letterOrNumber;
      continue;
    }
    const entry = load<u32>(table + 4 * characterAt(at));
    at += lengthAt(at);
    const traits = entry >> 24;
    let becomes = entry & 0xffff;
    if ((traits & (joinsWords | joinsDigits)) !== 0) {
      const after = at < end ? load<u32>(table + 4 * characterAt(at)) >> 24 : 0;
      const wanted = (traits & joinsWords) !== 0 ? letterOrNumber : digit;
      if ((before & after & wanted) === 0) becomes = space;
    }
    before = traits;
    out = writeCharacter(becomes, out);
  }
  return out;
}

/** UTF-8 is known to be valid. */
export function characterAt(at: usize): u32 {
  const lead = <u32>load<u8>(at);
  if (lead < 0x80) return lead;
  const second = <u32>(load<u8>(at + 1) & 0x3f);
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = <u32>(load<u8>(at + 2) & 0x3f);
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | <u32>(load<u8>(at + 3) & 0x3f);
}

export function lengthAt(at: usize): usize {
  const lead = load<u8>(at);
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

export function writeCharacter(character: u32, out: usize): usize {
  if (character < 0x80) {
    store<u8>(out, character);
    return out + 1;
  }
  if (character < 0x800) {
    store<u8>(out, 0xc0 | (character >> 6));
    store<u8>(out + 1, 0x80 | (character & 0x3f));
    return out + 2;
  }
  if (character < 0x10000) {
    store<u8>(out, 0xe0 | (character >> 12));
    store<u8>(out + 1, 0x80 | ((character >> 6) & 0x3f));
    store<u8>(out + 2, 0x80 | (character & 0x3f));
    return out + 3;
  }
  store<u8>(out, 0xf0 | (character >> 18));
  store<u8>(out + 1, 0x80 | ((character >> 12) & 0x3f));
  store<u8>(out + 2, 0x80 | ((character >> 6) & 0x3f));
  store<u8>(out + 3, 0x80 | (character & 0x3f));
  return out + 4;
}
