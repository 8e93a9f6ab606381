// CSV and TSV below their header, as lib/predictions/delimited.ts reads them.
import { carriageReturn, findByte, findEither, lineFeed, quote, space } from './bytes';
import { addRecord, isPlainId } from './records';

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
    else if (byte !== space && byte !== carriageReturn) return line;
  }
  return to;
}

/** Carriage returns are known to stand before line feeds only. */
function readField(at: usize, to: usize, delimiter: u8): bool {
  fieldAt = at;
  if (at < to && load<u8>(at) === quote) return readQuoted(at, to, delimiter);
  const end = findEither(delimiter, lineFeed, carriageReturn, at, to);
  value = at;
  valueEnd = end;
  fieldEnd = end;
  return true;
}

function readQuoted(at: usize, to: usize, delimiter: u8): bool {
  let close = findByte(quote, at + 1, to);
  let hasDoubled = false;
  while (close + 1 < to && load<u8>(close + 1) === quote) {
    hasDoubled = true;
    close = findByte(quote, close + 2, to);
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
