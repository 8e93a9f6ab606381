/*
 * Counts errors over whole files, as bytes in linear memory that JavaScript lays out: files are surveyed and scanned into
 * records, references prepared, hypotheses joined to them by id, and every pair counted. Whatever is not certain is handed
 * back: a file by a return value, an utterance by its mark. TypeScript then decides, so that results are the same.
 */
import { equalBytes, quote } from './bytes';
import { scanDelimited } from './delimited';
import { atOnce, isPartner, touchTexts } from './join';
import { scanJsonLines } from './json';
import { scanKaldi, scanTrn } from './lines';
import { beginPair, beginPairs, differsPlainly, pairCharacters, pairWords } from './pairs';
import { addRecord, beginRecords, recordCount, recordSize } from './records';
import { beginSurvey, survey } from './survey';
import { beginExamining, examine, hasBrace, isForeign, needsNormalising, normalise } from './text';

export { countShortTokens, countTokens, setScratch } from './align';
export { areDistinct, inOrder, join, tableBytes } from './join';
export { ensureMemory } from './memory';
export { longestLine, survey } from './survey';
export { setTable } from './text';

/** Where memory is free: below lie the module's own constants. */
export function heapStart(): usize {
  return __heap_base;
}

/**
 * Finds the records of a file that begins at `start`, and is read from `from` on. Numbers of formats: 0 Kaldi, 1 trn, 2 JSON
 * Lines, 3 delimited. Returns the number of records; −1 gives the file up.
 */
export function scan(
  format: i32,
  start: usize,
  from: usize,
  to: usize,
  records: usize,
  arena: usize,
  prefersPredicted: bool,
  delimiter: u8,
  columns: i32,
  idColumn: i32,
  textColumn: i32,
): i32 {
  beginRecords(records);
  beginSurvey(from - start);
  let isSound = false;
  if (format === 0) isSound = scanKaldi(from, to);
  else if (format === 1) isSound = scanTrn(from, to);
  else if (format === 2) isSound = scanJsonLines(from, to, prefersPredicted, arena);
  else if (survey(start, to) >= 0) {
    isSound = scanDelimited(from, to, delimiter, columns, idColumn, textColumn, arena);
  }
  return isSound ? recordCount : -1;
}

/** Ids and texts in turn, parted by zero bytes. Returns the number of records, as many as there are pairs. */
export function scanPairs(from: usize, to: usize, records: usize): i32 {
  beginRecords(records);
  for (let at = from; at <= to; ) {
    const idEnd = zeroAt(at, to);
    const textEnd = zeroAt(idEnd + 1, to);
    addRecord(at, idEnd, idEnd + 1, textEnd, idEnd + 1, textEnd);
    at = textEnd + 1;
  }
  return recordCount;
}

function zeroAt(from: usize, to: usize): usize {
  let at = from;
  while (at < to && load<u8>(at) !== 0) at += 1;
  return at;
}

/** Whether a record has this id. */
export function hasId(records: usize, count: i32, id: usize, length: usize): bool {
  for (let record = records; record < records + recordSize * count; record += recordSize) {
    if (<usize>load<u32>(record, 4) === length && equalBytes(load<u32>(record), id, length)) return true;
  }
  return false;
}

/** Bytes of the longest text. */
function longestText(records: usize, count: i32): usize {
  let longest: u32 = 0;
  for (let i = 0; i < count; i += 1) longest = max(longest, load<u32>(records + recordSize * i, 12));
  return longest;
}

/**
 * Texts as they are compared, in place of those that are not: written to `arena` as needed. `found` [count], two bytes each,
 * tells what texts are made of as they stand; `marks` [count] which of them are TypeScript's: those that are marked already
 * stay so. Returns false where a text has braces.
 */
export function prepare(records: usize, count: i32, marks: usize, found: usize, arena: usize): bool {
  beginExamining();
  for (let i = 0; i < count; i += 1) {
    const record = records + recordSize * i;
    const text = <usize>load<u32>(record, 8);
    const length = <usize>load<u32>(record, 12);
    const kinds = examine(text, length);
    store<u16>(found + 2 * i, kinds);
    if ((kinds & isForeign) !== 0) store<u8>(marks + i, 1);
    else if ((kinds & needsNormalising) !== 0) {
      const end = normalise(text, length, arena);
      store<u32>(record, arena, 8);
      store<u32>(record, end - arena, 12);
      arena = end;
    }
  }
  return !hasBrace;
}

/** What is counted: words alone, or code points as well, with or without a space between words. */
const withSpaces = 1;

/**
 * Counts [4, count] to `words` and, unless `characters` is 0, there: hits, substitutions, deletions, insertions, in the order
 * of the references. `partners` [count] are their hypotheses; false is returned where one has another id after all. `prepared`
 * [count] is what `prepare` found in references; `marks` [count] of references says which are TypeScript's, and gains those
 * whose hypotheses are. `found` [count], two bytes each, tells what texts of hypotheses are made of; `values` [count, 2] where
 * their values stand in the file, in the order of the references, and how long they are: written over the hypotheses' records
 * where those are in that order.
 */
export function count(
  references: usize,
  prepared: usize,
  hypotheses: usize,
  count: i32,
  partners: usize,
  marks: usize,
  found: usize,
  values: usize,
  words: usize,
  characters: usize,
  choice: i32,
  working: usize,
): bool {
  const longest = longestText(hypotheses, count);
  const counts = working + longest + 64;
  beginPairs(counts + 64, max(longest, longestText(references, count)));
  for (let i = 0; i < count; i += 1) {
    if (i % atOnce === 0) touchTexts(hypotheses, partners + 4 * i, min(atOnce, count - i));
    const k = <usize>load<u32>(partners + 4 * i);
    const reference = references + recordSize * i;
    const hypothesis = hypotheses + recordSize * k;
    if (!isPartner(i, reference, hypothesis)) return false;
    store<u64>(values + 8 * i, load<u64>(hypothesis, 16));
    const kinds = compare(reference, load<u16>(prepared + 2 * i), hypothesis, working);
    store<u16>(found + 2 * k, kinds);
    if ((kinds & isForeign) !== 0) store<u8>(marks + i, 1);
    if (load<u8>(marks + i) !== 0) continue;
    pairWords(counts);
    spread(counts, words + 4 * i, count);
    if (characters === 0) continue;
    pairCharacters(choice === withSpaces, counts);
    spread(counts, characters + 4 * i, count);
  }
  return true;
}

/**
 * Begins a pair and returns what the hypothesis is made of. Where the reference stands as it was written, what the two have in
 * common needs no second look. The pair is begun unless the hypothesis is TypeScript's.
 */
function compare(reference: usize, prepared: i32, hypothesis: usize, working: usize): i32 {
  const spoken = <usize>load<u32>(reference, 8);
  const spokenLength = <usize>load<u32>(reference, 12);
  const text = <usize>load<u32>(hypothesis, 8);
  const length = <usize>load<u32>(hypothesis, 12);
  if ((prepared & (isForeign | needsNormalising)) === 0) {
    if (beginPair(spoken, spokenLength, text, length)) return prepared;
    if (prepared === 0 && differsPlainly()) return 0;
  } else if (isWrittenAlike(reference, text, length)) {
    beginPair(spoken, spokenLength, spoken, spokenLength);
    return prepared;
  }
  const kinds = examine(text, length);
  if ((kinds & isForeign) !== 0) return kinds;
  if ((kinds & needsNormalising) === 0) beginPair(spoken, spokenLength, text, length);
  else beginPair(spoken, spokenLength, working, normalise(text, length, working) - working);
  return kinds;
}

/** Whether a text stands in the file of the references as this one reads; in quotes it may be escaped. */
function isWrittenAlike(reference: usize, text: usize, length: usize): bool {
  const value = <usize>load<u32>(reference, 16);
  return load<u32>(reference, 20) === <u32>length && load<u8>(value) !== quote && equalBytes(value, text, length);
}

function spread(counts: usize, to: usize, utterances: i32): void {
  for (let i: usize = 0; i < 4; i += 1) store<i32>(to + 4 * i * utterances, load<i32>(counts + 4 * i));
}
