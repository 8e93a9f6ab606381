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
const brace: u32 = 0x7b;

export function setTable(at: usize): void {
  table = at;
}

/**
 * Small letters of Russian or of English and spaces, on which no profile changes anything and nothing is warned of. Returns
 * 0 where there is anything else or both scripts, 1 with Russian letters, 2 with English ones, 3 with spaces alone; 4 is
 * added where there is a ё.
 */
function plainKind(from: usize, length: usize): i32 {
  const to = from + length;
  let english: v128 = i8x16.splat(0);
  let russian: v128 = i8x16.splat(0);
  let yo: v128 = i8x16.splat(0);
  for (let at = from; at < to; at += 16) {
    const current = v128.load(at);
    const previous = v128.load(at - 1);
    const afterD0 = i8x16.eq(previous, i8x16.splat(<i8>0xd0));
    const afterD1 = i8x16.eq(previous, i8x16.splat(<i8>0xd1));
    const isYo = v128.and(afterD1, i8x16.eq(current, i8x16.splat(<i8>0x91)));
    const isLead = i8x16.eq(v128.and(current, i8x16.splat(<i8>0xfe)), i8x16.splat(<i8>0xd0));
    const second = v128.or(
      v128.and(afterD0, i8x16.ge_u(current, i8x16.splat(<i8>0xb0))),
      v128.and(afterD1, i8x16.le_u(current, i8x16.splat(<i8>0x8f))),
    );
    const isRussian = v128.or(isLead, v128.or(second, isYo));
    const isEnglish = i8x16.lt_u(i8x16.sub(current, i8x16.splat(0x61)), i8x16.splat(26));
    const fine = v128.or(isRussian, v128.or(isEnglish, i8x16.eq(current, i8x16.splat(space))));
    const left = to - at;
    const within: i32 = left >= 16 ? 0xffff : (1 << (<i32>left)) - 1;
    if ((~i8x16.bitmask(fine) & within) !== 0) return 0;
    if (left >= 16) {
      english = v128.or(english, isEnglish);
      russian = v128.or(russian, isRussian);
      yo = v128.or(yo, isYo);
    } else {
      english = v128.or(english, i8x16.splat((i8x16.bitmask(isEnglish) & within) !== 0 ? 1 : 0));
      russian = v128.or(russian, i8x16.splat((i8x16.bitmask(isRussian) & within) !== 0 ? 1 : 0));
      yo = v128.or(yo, i8x16.splat((i8x16.bitmask(isYo) & within) !== 0 ? 1 : 0));
    }
  }
  const hasEnglish = v128.any_true(english);
  const hasRussian = v128.any_true(russian);
  if (hasEnglish && hasRussian) return 0;
  return (hasRussian ? 1 : hasEnglish ? 2 : 3) | (v128.any_true(yo) ? 4 : 0);
}

/** What a text is made of: kinds of characters, and the bits above. */
export function examine(from: usize, length: usize): i32 {
  const plain = plainKind(from, length);
  if (plain === 0) return examineSlowly(from, length);
  const found = (plain & 4) !== 0 && entryOf(0x451) !== 0x451 ? needsNormalising : 0;
  if ((plain & 3) === 3) return found | isEmpty;
  // Whether it is one word only matters for short English ones: programs write "nan" for a missing value.
  return (plain & 3) === 2 && length <= 16 ? found | latin | isOneWord : found;
}

function examineSlowly(from: usize, length: usize): i32 {
  let kinds = 0;
  let run = 0;
  let words = 0;
  let found = 0;
  let inWord = false;
  for (let at = from; at < from + length; at += lengthAt(at)) {
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

function entryOf(character: u32): u32 {
  return load<u32>(table + 4 * character) & 0xffff;
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
