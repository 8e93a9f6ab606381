// Which record of one file belongs to which of another: by ids, whose bytes are compared whatever their hashes say.
import { commonPrefix, equalBytes, hashBytes } from './bytes';
import { recordSize } from './records';

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
 * Writes to `places` the reference of every hypothesis, four bytes each. Returns false unless each of `count` references,
 * whose ids are distinct, has exactly one. Hypotheses in the order of the references are only compared; from the first one
 * on that is not, they are looked up.
 */
export function join(
  references: usize,
  hypotheses: usize,
  count: i32,
  places: usize,
  taken: usize,
  table: usize,
): bool {
  let i = 0;
  for (; i < count; i += 1) {
    if (!sameId(references + recordSize * i, hypotheses + recordSize * i)) break;
    store<u32>(places + 4 * i, i);
  }
  if (i === count) return true;
  clearTable(table, count);
  memory.fill(taken, 0, count);
  for (let k = i; k < count; k += 1) findOrAdd(references, references + recordSize * k, k);
  for (let k = i; k < count; k += 1) {
    const place = findOrAdd(references, hypotheses + recordSize * k, -1);
    if (place < 0 || load<u8>(taken + place) !== 0) return false;
    store<u8>(taken + place, 1);
    store<u32>(places + 4 * k, place);
  }
  return true;
}
