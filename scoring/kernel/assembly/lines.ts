// Formats of one record a line: Kaldi text and NIST trn, as lib/predictions/lines.ts reads them.
import { addRecord, isPlainId } from './records';

const lineFeed: u8 = 0x0a;
const carriageReturn: u8 = 0x0d;
const tab: u8 = 0x09;
const blank: u8 = 0x20;

/** The line feed at or after `from`, or `to`. */
export function lineEnd(from: usize, to: usize): usize {
  const lineFeeds = i8x16.splat(lineFeed);
  for (let at = from; at < to; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), lineFeeds));
    if (found !== 0) return min(to, at + ctz(found));
  }
  return to;
}

export function isBlank(at: usize): bool {
  const byte = load<u8>(at);
  return byte === blank || byte === tab;
}

export function pastBlanks(from: usize, to: usize): usize {
  let at = from;
  while (at < to && isBlank(at)) at += 1;
  return at;
}

function nextBlank(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const blanks = v128.or(i8x16.eq(bytes, i8x16.splat(blank)), i8x16.eq(bytes, i8x16.splat(tab)));
    const found = i8x16.bitmask(blanks);
    if (found !== 0) return min(to, at + ctz(found));
  }
  return to;
}

/** Without the carriage return before a line feed. */
export function contentEnd(start: usize, end: usize): usize {
  return end > start && load<u8>(end - 1) === carriageReturn ? end - 1 : end;
}

/** Returns false where a line needs a closer look. */
export function scanKaldi(from: usize, to: usize): bool {
  for (let start = from; start < to; ) {
    const found = lineEnd(start, to);
    const end = contentEnd(start, found);
    const id = pastBlanks(start, end);
    start = found + 1;
    if (id === end) continue;
    const idEnd = nextBlank(id, end);
    if (!isPlainId(id, idEnd)) return false;
    const text = pastBlanks(idEnd, end);
    addRecord(id, idEnd, text, end, text, end);
  }
  return true;
}

const semicolons: u16 = 0x3b3b;
const opening: u8 = 0x28;
const closing: u8 = 0x29;

/** Returns false where a line needs a closer look. */
export function scanTrn(from: usize, to: usize): bool {
  for (let start = from; start < to; ) {
    const found = lineEnd(start, to);
    let end = contentEnd(start, found);
    const text = pastBlanks(start, end);
    start = found + 1;
    if (text === end || (end - text >= 2 && load<u16>(text) === semicolons)) continue;
    while (isBlank(end - 1)) end -= 1;
    if (load<u8>(end - 1) !== closing) return false;
    let open = end - 1;
    while (open > text && load<u8>(open) !== opening) open -= 1;
    if (load<u8>(open) !== opening || !isPlainId(open + 1, end - 1)) return false;
    addRecord(open + 1, end - 1, text, open, text, open);
  }
  return true;
}
