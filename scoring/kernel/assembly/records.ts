// What scanning a file leaves: where every record's id and text lie.
import { ensureMemory } from './memory';
import { characterAt, lengthAt } from './text';

/** Of six numbers: id at, its length; text at, its length; where the value stands in the file, and its length there. */
export const recordSize: usize = 24;

const maxIdLength = 200;

let next: usize = 0;
let reach: usize = 0;
export let recordCount: i32 = 0;

/** Memory grows by as many records at a time. */
const recordsAtOnce = 4096;

/** Records are written from `at` on; memory grows with them. */
export function beginRecords(at: usize): void {
  next = at;
  reach = at;
  recordCount = 0;
}

export function addRecord(id: usize, idEnd: usize, text: usize, textEnd: usize, value: usize, valueEnd: usize): void {
  if (next === reach) {
    reach += recordSize * recordsAtOnce;
    ensureMemory(reach);
  }
  store<u32>(next, id);
  store<u32>(next, idEnd - id, 4);
  store<u32>(next, text, 8);
  store<u32>(next, textEnd - text, 12);
  store<u32>(next, value, 16);
  store<u32>(next, valueEnd - value, 20);
  next += recordSize;
  recordCount += 1;
}

/** ASCII that can be seen and Cyrillic letters, which no normalisation changes. Other ids may be fine, too. */
export function isPlainId(from: usize, to: usize): bool {
  if (from >= to) return false;
  if (to - from <= 16) {
    const seen = i8x16.lt_u(i8x16.sub(v128.load(from), i8x16.splat(0x21)), i8x16.splat(0x5e));
    if ((~i8x16.bitmask(seen) & ((1 << (<i32>(to - from))) - 1)) === 0) return true;
  }
  let characters = 0;
  for (let at = from; at < to; at += lengthAt(at)) {
    const character = characterAt(at);
    const isAscii = character > 0x20 && character < 0x7f;
    const isLetter = (character >= 0x400 && character <= 0x482) || (character >= 0x48a && character <= 0x52f);
    if (!isAscii && !isLetter) return false;
    characters += 1;
  }
  return characters <= maxIdLength;
}
