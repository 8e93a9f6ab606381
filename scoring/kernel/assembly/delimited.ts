// CSV and TSV below their header, as lib/predictions/delimited.ts reads them.
import { addRecord, isPlainId } from './records';

const quote: u8 = 0x22;
const lineFeed: u8 = 0x0a;
const carriageReturn: u8 = 0x0d;

// Of the field read last: its value, which is as it stands in the file or undoubled in `arena`, and where it stands there.
let value: usize = 0;
let valueEnd: usize = 0;
let fieldAt: usize = 0;
let fieldEnd: usize = 0;
let arena: usize = 0;

/**
 * Rows from `from` on have `columns` fields each; values without their quotes that need it are written to `out`. Returns
 * false where a row needs a closer look.
 */
export function scanDelimited(
  from: usize,
  to: usize,
  delimiter: u8,
  columns: i32,
  idColumn: i32,
  textColumn: i32,
  out: usize,
): bool {
  arena = out;
  for (let at = pastBlankLines(from, to); at < to; at = pastBlankLines(at, to)) {
    let id: usize = 0;
    let idEnd: usize = 0;
    let text: usize = 0;
    let textEnd: usize = 0;
    let textAt: usize = 0;
    let textFieldEnd: usize = 0;
    for (let column = 0; column < columns; column += 1) {
      if (!readField(at, to, delimiter)) return false;
      if (column === idColumn) {
        id = value;
        idEnd = valueEnd;
      } else if (column === textColumn) {
        text = value;
        textEnd = valueEnd;
        textAt = fieldAt;
        textFieldEnd = fieldEnd;
      }
      at = fieldEnd;
      const isLast = column === columns - 1;
      if (isLast !== (at >= to || load<u8>(at) !== delimiter)) return false;
      if (!isLast) at += 1;
    }
    if (at < to) at += load<u8>(at) === carriageReturn ? 2 : 1;
    if (!isPlainId(id, idEnd)) return false;
    addRecord(id, idEnd, text, textEnd, textAt, textFieldEnd);
  }
  return true;
}

function pastBlankLines(from: usize, to: usize): usize {
  let line = from;
  for (let at = from; at < to; at += 1) {
    const byte = load<u8>(at);
    if (byte === lineFeed) line = at + 1;
    else if (byte !== 0x20 && byte !== carriageReturn) return line;
  }
  return to;
}

/** Carriage returns are known to stand before line feeds only. */
function readField(at: usize, to: usize, delimiter: u8): bool {
  fieldAt = at;
  if (at < to && load<u8>(at) === quote) return readQuoted(at, to, delimiter);
  const end = fieldEndFrom(at, to, delimiter);
  value = at;
  valueEnd = end;
  fieldEnd = end;
  return true;
}

function fieldEndFrom(from: usize, to: usize, delimiter: u8): usize {
  const delimiters = i8x16.splat(delimiter);
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const ends = v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, i8x16.splat(lineFeed)));
    const found = i8x16.bitmask(v128.or(ends, i8x16.eq(bytes, i8x16.splat(carriageReturn))));
    if (found !== 0) return min(to, at + ctz(found));
  }
  return to;
}

function readQuoted(at: usize, to: usize, delimiter: u8): bool {
  let close = nextQuote(at + 1, to);
  let hasDoubled = false;
  while (close + 1 < to && load<u8>(close + 1) === quote) {
    hasDoubled = true;
    close = nextQuote(close + 2, to);
  }
  if (close >= to) return false;
  fieldEnd = close + 1;
  value = at + 1;
  valueEnd = close;
  if (hasDoubled) undouble();
  if (fieldEnd >= to) return true;
  const next = load<u8>(fieldEnd);
  return next === delimiter || next === lineFeed || next === carriageReturn;
}

function nextQuote(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(quote)));
    if (found !== 0) return min(to, at + ctz(found));
  }
  return to;
}

function undouble(): void {
  const begun = arena;
  for (let at = value; at < valueEnd; at += 1) {
    store<u8>(arena, load<u8>(at));
    arena += 1;
    if (load<u8>(at) === quote) at += 1;
  }
  value = begun;
  valueEnd = arena;
}
