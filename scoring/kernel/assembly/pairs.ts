// Counts of one reference against one hypothesis, whose words are parted by spaces.
import { countShortTokens, countTokens, setScratch } from './align';
import { commonPrefix, commonSuffix, countWords, space } from './bytes';
import { reach } from './memory';
import { characterAt, isPlainlyRussian, lengthAt } from './text';
import { beginWords, numberWords, wordBytes } from './words';

let reference: usize = 0;
let hypothesis: usize = 0;

/** Texts of at most `longest` bytes follow. Working memory lies from `at` on, and memory grows by what they need. */
export function beginPairs(at: usize, longest: usize): void {
  reference = at;
  hypothesis = reference + 4 * (longest + 64);
  const words = hypothesis + 4 * (longest + 64);
  const wordsEnd = <u64>at + 8 * (<u64>longest + 64) + wordBytes(longest);
  reach(wordsEnd);
  beginWords(words, longest);
  setScratch(<usize>wordsEnd);
}

// Where the texts differ: everything before and after is the same words.
let from: usize = 0;
let referenceTo: usize = 0;
let otherFrom: usize = 0;
let hypothesisTo: usize = 0;
let isSame = false;

/** Finds what differs, for `pairWords` and `pairCharacters`. Returns whether nothing does. */
export function beginPair(a: usize, aLength: usize, b: usize, bLength: usize): bool {
  const shorter = min(aLength, bLength);
  let prefix = commonPrefix(a, b, shorter);
  isSame = aLength === bLength && prefix === shorter;
  referenceTo = a + aLength;
  hypothesisTo = b + bLength;
  start = a;
  end = referenceTo;
  if (isSame) return true;
  while (prefix > 0 && load<u8>(a + prefix - 1) !== space) prefix -= 1;
  let suffix = commonSuffix(referenceTo, hypothesisTo, shorter - prefix);
  while (suffix > 0 && load<u8>(referenceTo - suffix) !== space) suffix -= 1;
  from = a + prefix;
  otherFrom = b + prefix;
  referenceTo -= suffix;
  hypothesisTo -= suffix;
  return false;
}

/**
 * Whether `examine` would find nothing in the hypothesis, as it did in the reference: only where they differ is looked at.
 */
export function differsPlainly(): bool {
  return isPlainlyRussian(
    otherFrom,
    hypothesisTo - otherFrom,
    countWords(start, from) + countWords(referenceTo, end) > 0,
  );
}

let start: usize = 0;
let end: usize = 0;

/** Writes hits, substitutions, deletions and insertions of words to `out`. */
export function pairWords(out: usize): void {
  if (isSame) {
    writeCounts(out, countWords(start, end), 0, 0, 0);
    return;
  }
  const shared = countWords(start, from) + countWords(referenceTo, end);
  const n = countWords(from, referenceTo);
  const m = countWords(otherFrom, hypothesisTo);
  if (n === 0 || m === 0) writeCounts(out, 0, 0, n, m);
  else {
    numberWords(from, referenceTo, reference, otherFrom, hypothesisTo, hypothesis);
    countTokens(reference, n, hypothesis, m, out);
  }
  store<i32>(out, load<i32>(out) + shared);
}

/** As `pairWords` for code points; where `withSpaces`, one space between words is a character. */
export function pairCharacters(withSpaces: bool, out: usize): void {
  if (isSame) {
    writeCounts(out, countCharacters(start, end, withSpaces), 0, 0, 0);
    return;
  }
  const before = countWords(start, from);
  const after = countWords(referenceTo, end);
  if (before + after === 0 && (countWords(from, referenceTo) === 0 || countWords(otherFrom, hypothesisTo) === 0)) {
    writeCounts(
      out,
      0,
      0,
      countCharacters(from, referenceTo, withSpaces),
      countCharacters(otherFrom, hypothesisTo, withSpaces),
    );
    return;
  }
  // A space stands before every word here: the first pairs with the first, and is no character.
  const spaces = withSpaces ? before + after - 1 : 0;
  const shared = countCharacters(start, from, false) + countCharacters(referenceTo, end, false) + spaces;
  const n = charactersOf(from, referenceTo, reference, withSpaces);
  const m = charactersOf(otherFrom, hypothesisTo, hypothesis, withSpaces);
  countShortTokens(reference, n, hypothesis, m, out);
  store<i32>(out, load<i32>(out) + shared);
}

function writeCounts(out: usize, hits: i32, substitutions: i32, deletions: i32, insertions: i32): void {
  store<i32>(out, hits);
  store<i32>(out, substitutions, 4);
  store<i32>(out, deletions, 8);
  store<i32>(out, insertions, 12);
}

function countCharacters(from: usize, to: usize, withSpaces: bool): i32 {
  let count = 0;
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const continues = i8x16.lt_s(bytes, i8x16.splat(-64));
    let found = ~i8x16.bitmask(v128.or(continues, i8x16.eq(bytes, i8x16.splat(space)))) & 0xffff;
    if (at + 16 > to) found &= (1 << (<i32>(to - at))) - 1;
    count += popcnt(found);
  }
  return withSpaces && count > 0 ? count + countWords(from, to) - 1 : count;
}

/** Writes the code points, all of them known characters and so u16, and returns how many they are. */
function charactersOf(from: usize, to: usize, out: usize, withSpaces: bool): i32 {
  let end = out;
  // A space stands before every word.
  let last: u32 = space;
  if (withSpaces) {
    store<u16>(end, space);
    end += 2;
  }
  for (let at = from; at < to; ) {
    let character = <u32>load<u8>(at);
    if (character < 0xe0) {
      // One byte or two, without a branch: which of them comes next cannot be foretold.
      const isTwo = <u32>(character >= 0x80);
      const second = <u32>load<u8>(at + 1) & 0x3f;
      character = select<u32>(((character & 0x1f) << 6) | second, character, isTwo);
      at += 1 + isTwo;
    } else {
      character = characterAt(at);
      at += lengthAt(at);
    }
    store<u16>(end, <u16>character);
    const isKept = <u32>(character !== space) | (<u32>withSpaces & <u32>(last !== space));
    end += isKept << 1;
    last = character;
  }
  // At the end there is none.
  if (withSpaces && last === space) end -= 2;
  return <i32>((end - out) >> 1);
}
