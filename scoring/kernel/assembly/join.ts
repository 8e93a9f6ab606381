// Which record of one file belongs to which of another: by ids, whose bytes are compared whatever their hashes say.
import { commonPrefix, equalBytes, hashBytes } from './bytes';
import { recordSize } from './records';

/** Of a long text, what follows comes by itself. */
const mostTouched: usize = 512;
const cacheLine: usize = 64;

/** Kept so that what is loaded for its own sake is loaded. */
export let touched: u32 = 0;

/** So many hypotheses, from the first on, `join` found in the order of the references, by the bytes of their ids. */
export function inOrder(): i32 {
  return ordered;
}

let ordered: i32 = 0;

let slots: usize = 0;
let lastSlot: usize = 0;

/** Bytes that `findOrAdd` needs for so many ids, of which at most half are taken. */
export function tableBytes(ids: i32): usize {
  return 8 * ((<usize>1) << (33 - clz(ids | 1)));
}

function clearTable(at: usize, ids: i32): void {
  slots = at;
  lastSlot = tableBytes(ids) / 8 - 1;
  memory.fill(at, 0, tableBytes(ids));
}

/** The record that has the id of `record`; −1 where none has: `added` then becomes it, unless that is −1, too. */
function findOrAdd(records: usize, record: usize, added: i32): i32 {
  const id = <usize>load<u32>(record);
  const length = <usize>load<u32>(record, 4);
  const hash = hashBytes(id, length);
  const mark = <u32>(hash >> 32);
  let slot = <usize>hash & lastSlot;
  while (true) {
    const taken = load<u32>(slots + 8 * slot, 4);
    if (taken === 0) {
      if (added < 0) return -1;
      store<u32>(slots + 8 * slot, mark);
      store<u32>(slots + 8 * slot, added + 1, 4);
      return -1;
    }
    if (load<u32>(slots + 8 * slot) === mark && sameId(record, records + recordSize * (taken - 1))) return taken - 1;
    slot = (slot + 1) & lastSlot;
  }
}

function sameId(a: usize, b: usize): bool {
  const length = load<u32>(a, 4);
  return length === load<u32>(b, 4) && equalBytes(load<u32>(a), load<u32>(b), length);
}

function isBefore(a: usize, b: usize): bool {
  const aLength = load<u32>(a, 4);
  const bLength = load<u32>(b, 4);
  const shorter = min(aLength, bLength);
  const same = <u32>commonPrefix(load<u32>(a), load<u32>(b), shorter);
  if (same === shorter) return aLength < bLength;
  return load<u8>(load<u32>(a) + same) < load<u8>(load<u32>(b) + same);
}

/** Whether all ids are distinct: ascending ones are, and cost nothing; others are looked up. */
export function areDistinct(records: usize, count: i32, table: usize): bool {
  let i = 1;
  while (i < count && isBefore(records + recordSize * (i - 1), records + recordSize * i)) i += 1;
  if (i >= count) return true;
  clearTable(table, count);
  for (let k = 0; k < count; k += 1) if (findOrAdd(records, records + recordSize * k, k) >= 0) return false;
  return true;
}

/**
 * Writes to `partners` the hypothesis of every reference, four bytes each. Returns false unless each of `count` references,
 * whose ids are distinct, has exactly one. Hypotheses in the order of the references are only compared; from the first one on
 * that is not, they are looked up by their hashes alone: `isPartner` is to be asked once both are at hand.
 */
export function join(
  references: usize,
  hypotheses: usize,
  count: i32,
  partners: usize,
  taken: usize,
  table: usize,
): bool {
  let i = 0;
  for (; i < count; i += 1) {
    if (!sameId(references + recordSize * i, hypotheses + recordSize * i)) break;
    store<u32>(partners + 4 * i, i);
  }
  ordered = i;
  if (i === count) return true;
  clearTable(table, count);
  memory.fill(taken, 0, count);
  for (let k = i; k < count; k += 1) addHash(references + recordSize * k, k);
  for (let k = i; k < count; k += 1) {
    const place = findHash(hypotheses + recordSize * k);
    if (place < 0 || load<u8>(taken + place) !== 0) return false;
    store<u8>(taken + place, 1);
    store<u32>(partners + 4 * place, k);
  }
  return true;
}

/** Whether the hypothesis that `join` found for reference `i` has its id, byte by byte. */
export function isPartner(i: i32, reference: usize, hypothesis: usize): bool {
  return i < ordered || sameId(reference, hypothesis);
}

function addHash(record: usize, added: i32): void {
  const hash = hashBytes(load<u32>(record), load<u32>(record, 4));
  let slot = <usize>hash & lastSlot;
  while (load<u32>(slots + 8 * slot, 4) !== 0) slot = (slot + 1) & lastSlot;
  store<u32>(slots + 8 * slot, <u32>(hash >> 32));
  store<u32>(slots + 8 * slot, added + 1, 4);
}

/** The first record added whose id has this hash; −1 where none has. */
function findHash(record: usize): i32 {
  const hash = hashBytes(load<u32>(record), load<u32>(record, 4));
  const mark = <u32>(hash >> 32);
  let slot = <usize>hash & lastSlot;
  while (load<u32>(slots + 8 * slot, 4) !== 0) {
    if (load<u32>(slots + 8 * slot) === mark) return load<i32>(slots + 8 * slot, 4) - 1;
    slot = (slot + 1) & lastSlot;
  }
  return -1;
}

/** So many texts are fetched into the processor's caches at once: memory answers many questions as fast as one. */
export const atOnce = 32;

/** Fetches the texts of the records whose numbers stand from `partners` on, unless they follow each other anyway. */
export function touchTexts(records: usize, partners: usize, count: i32): void {
  if (count <= 0 || load<u32>(partners + 4 * (count - 1)) - load<u32>(partners) === <u32>(count - 1)) return;
  let sum: u32 = 0;
  for (let i = 0; i < count; i += 1) sum += load<u32>(records + recordSize * load<u32>(partners + 4 * i), 12);
  for (let i = 0; i < count; i += 1) {
    const record = records + recordSize * load<u32>(partners + 4 * i);
    const text = <usize>load<u32>(record, 8);
    const end = text + min(<usize>load<u32>(record, 12), mostTouched);
    for (let at = text; at < end; at += cacheLine) sum += load<u8>(at);
  }
  touched = sum;
}
