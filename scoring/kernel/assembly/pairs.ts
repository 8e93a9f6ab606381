// Counts of one reference against one hypothesis, whose words are parted by spaces.
import { countTokens, setScratch } from './align';
import { commonPrefix, commonSuffix, countWords, equalBytes, hashBytes, space } from './bytes';
import { characterAt, lengthAt } from './text';

const vocabularySize: usize = 16;
let reference: usize = 0;
let hypothesis: usize = 0;
let vocabulary: usize = 0;
let slots: usize = 0;

function slotBytes(longest: usize): usize {
  return 4 * ((<usize>2) << (32 - clz(<u32>longest)));
}

/** Texts of at most `longest` bytes follow. Working memory lies from `at` on, and memory grows by what they need. */
export function beginPairs(at: usize, longest: usize): void {
  reference = at;
  hypothesis = at + 4 * (longest + 64);
  vocabulary = hypothesis + 4 * (longest + 64);
  slots = vocabulary + vocabularySize * (longest / 2 + 64);
  const end = slots + slotBytes(longest);
  ensureMemory(end);
  setScratch(end);
}

/** Makes memory reach to `end`, and as far beyond as vectors may be read. */
export function ensureMemory(end: usize): void {
  const pages = <i32>((end + 64 + 0xffff) >> 16);
  if (pages > memory.size() && memory.grow(pages - memory.size()) < 0) unreachable();
}

// Where the texts differ: everything before and after is the same words.
let from: usize = 0;
let referenceTo: usize = 0;
let otherFrom: usize = 0;
let hypothesisTo: usize = 0;
let isSame = false;

/** Finds what differs, for `pairWords` and `pairCharacters`. */
export function beginPair(a: usize, aLength: usize, b: usize, bLength: usize): void {
  isSame = aLength === bLength && equalBytes(a, b, aLength);
  referenceTo = a + aLength;
  hypothesisTo = b + bLength;
  start = a;
  end = referenceTo;
  otherStart = b;
  otherEnd = hypothesisTo;
  if (isSame) return;
  const shorter = min(aLength, bLength);
  let prefix = commonPrefix(a, b, shorter);
  while (prefix > 0 && load<u8>(a + prefix - 1) !== space) prefix -= 1;
  let suffix = commonSuffix(referenceTo, hypothesisTo, shorter - prefix);
  while (suffix > 0 && load<u8>(referenceTo - suffix) !== space) suffix -= 1;
  from = a + prefix;
  otherFrom = b + prefix;
  referenceTo -= suffix;
  hypothesisTo -= suffix;
}

let start: usize = 0;
let end: usize = 0;
let otherStart: usize = 0;
let otherEnd: usize = 0;

/** Writes hits, substitutions, deletions and insertions of words to `out`. */
export function pairWords(out: usize): void {
  if (isSame) {
    writeCounts(out, countWords(start, end), 0, 0, 0);
    return;
  }
  const shared = countWords(start, from) + countWords(referenceTo, end);
  vocabularyCount = 0;
  const n = tokenise(from, referenceTo, reference, true);
  const m = tokenise(otherFrom, hypothesisTo, hypothesis, false);
  countTokens(reference, n, hypothesis, m, out);
  store<i32>(out, load<i32>(out) + shared);
}

/** As `pairWords` for code points; where `withSpaces`, one space between words is a character. */
export function pairCharacters(withSpaces: bool, out: usize): void {
  if (isSame) {
    writeCounts(out, countCharacters(start, end, withSpaces), 0, 0, 0);
    return;
  }
  const n = countCharacters(start, end, withSpaces);
  const m = countCharacters(otherStart, otherEnd, withSpaces);
  if (n === 0 || m === 0) {
    writeCounts(out, 0, 0, n, m);
    return;
  }
  // A space stands before every word here: the first pairs with the first, and is no character.
  const spaces = withSpaces ? countWords(start, from) + countWords(referenceTo, end) - 1 : 0;
  const shared = countCharacters(start, from, false) + countCharacters(referenceTo, end, false) + spaces;
  const nMiddle = charactersOf(from, referenceTo, reference, withSpaces);
  const mMiddle = charactersOf(otherFrom, hypothesisTo, hypothesis, withSpaces);
  countTokens(reference, nMiddle, hypothesis, mMiddle, out);
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

function charactersOf(from: usize, to: usize, out: usize, withSpaces: bool): i32 {
  let count = 0;
  let isAfterSpace = true;
  for (let at = from; at < to; at += lengthAt(at)) {
    const character = characterAt(at);
    if (character === space) {
      isAfterSpace = true;
      continue;
    }
    if (isAfterSpace && withSpaces) {
      store<i32>(out + 4 * count, space);
      count += 1;
    }
    isAfterSpace = false;
    store<i32>(out + 4 * count, character);
    count += 1;
  }
  return count;
}

let vocabularyCount = 0;
let usesSlots = false;
let lastSlot: u32 = 0;

/** Up to so many words are looked for one by one. */
const fewWords = 24;

function beginSlots(words: i32): void {
  usesSlots = true;
  lastSlot = (2 << (32 - clz(words))) - 1;
  memory.fill(slots, 0, 4 * (lastSlot + 1));
  for (let word = 0; word < vocabularyCount; word += 1) {
    let slot = <u32>load<u64>(vocabulary + vocabularySize * word) & lastSlot;
    while (load<u32>(slots + 4 * slot) !== 0) slot = (slot + 1) & lastSlot;
    store<u32>(slots + 4 * slot, word + 1);
  }
}

/** Words as numbers that are equal where the words are; −1 for words that were not added. */
function tokenise(from: usize, to: usize, out: usize, adds: bool): i32 {
  let count = 0;
  if (adds) usesSlots = false;
  for (let at = from; at < to; ) {
    while (at < to && load<u8>(at) === space) at += 1;
    if (at >= to) break;
    const wordEnd = nextSpace(at, to);
    if (adds && !usesSlots && vocabularyCount === fewWords) beginSlots(<i32>((to - from) / 2 + 1));
    store<i32>(out + 4 * count, numberOf(at, wordEnd - at, adds));
    count += 1;
    at = wordEnd;
  }
  return count;
}

function nextSpace(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(space)));
    if (found !== 0) return min(to, at + ctz(found));
  }
  return to;
}

function numberOf(at: usize, length: usize, adds: bool): i32 {
  const hash = hashBytes(at, length);
  let slot = <u32>hash & lastSlot;
  if (usesSlots) {
    for (; ; slot = (slot + 1) & lastSlot) {
      const taken = load<u32>(slots + 4 * slot);
      if (taken === 0) break;
      if (isWord(taken - 1, hash, at, length)) return taken - 1;
    }
  } else {
    for (let word = 0; word < vocabularyCount; word += 1) if (isWord(word, hash, at, length)) return word;
  }
  if (!adds) return -1;
  const entry = vocabulary + vocabularySize * vocabularyCount;
  store<u64>(entry, hash);
  store<u32>(entry, at, 8);
  store<u32>(entry, length, 12);
  vocabularyCount += 1;
  if (usesSlots) store<u32>(slots + 4 * slot, vocabularyCount);
  return vocabularyCount - 1;
}

function isWord(word: i32, hash: u64, at: usize, length: usize): bool {
  const entry = vocabulary + vocabularySize * word;
  if (load<u64>(entry) !== hash || <usize>load<u32>(entry, 12) !== length) return false;
  return equalBytes(load<u32>(entry, 8), at, length);
}
