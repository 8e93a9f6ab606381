// JSON Lines, as lib/predictions/jsonl.ts reads them: objects of strings, numbers and names.
import { quote } from './bytes';
import { contentEnd, pastBlanks } from './lines';
import { addRecord, isPlainId } from './records';
import { surveyedLineEnd } from './survey';
import { writeCharacter } from './text';

const backslash: u8 = 0x5c;
const comma: u8 = 0x2c;
const colon: u8 = 0x3a;
const openingBrace: u8 = 0x7b;
const closingBrace: u8 = 0x7d;

const otherKey = 0;
const idKey = 1;
const textKey = 2;
const predictedKey = 3;
/** May hold other wordings of a reference. */
const wordingKey = 4;

// Of the string read last: its value, which is as it stands in the file or unescaped in `arena`.
let value: usize = 0;
let valueEnd: usize = 0;
let arena: usize = 0;

/** Texts stand under `pred_text` or `text`, the wanted one first. Returns false where a line needs a closer look. */
export function scanJsonLines(from: usize, to: usize, prefersPredicted: bool, out: usize): bool {
  arena = out;
  for (let start = from; start < to; ) {
    const found = surveyedLineEnd(start, to);
    if (found === 0) return false;
    const end = contentEnd(start, found);
    const at = pastBlanks(start, end);
    start = found + 1;
    if (at < end && !scanObject(at, end, prefersPredicted)) return false;
  }
  return true;
}

function scanObject(start: usize, end: usize, prefersPredicted: bool): bool {
  if (load<u8>(start) !== openingBrace) return false;
  let id: usize = 0;
  let idEnd: usize = 0;
  let text: usize = 0;
  let textEnd: usize = 0;
  let textAt: usize = 0;
  let textStop: usize = 0;
  let isWanted = false;
  let at = start;
  while (true) {
    at = readString(pastBlanks(at + 1, end), end);
    if (at === 0) return false;
    const key = keyOf(value, valueEnd);
    at = pastBlanks(at, end);
    if ((key === wordingKey && !prefersPredicted) || at >= end || load<u8>(at) !== colon) return false;
    at = pastBlanks(at + 1, end);
    const valueAt = at;
    if (at >= end) return false;
    const isString = load<u8>(at) === quote;
    at = isString ? readString(at, end) : pastNumberOrName(at, end);
    if (at === 0 || (key !== otherKey && key !== wordingKey && !isString)) return false;
    if (key === idKey) {
      id = value;
      idEnd = valueEnd;
    } else if (key === textKey || key === predictedKey) {
      const wanted = (key === predictedKey) === prefersPredicted;
      if (wanted || !isWanted) {
        text = value;
        textEnd = valueEnd;
        textAt = valueAt;
        textStop = at;
        isWanted = wanted;
      }
    }
    at = pastBlanks(at, end);
    if (at >= end) return false;
    if (load<u8>(at) === closingBrace) {
      if (pastBlanks(at + 1, end) !== end || textAt === 0 || !isPlainId(id, idEnd)) return false;
      addRecord(id, idEnd, text, textEnd, textAt, textStop);
      return true;
    }
    if (load<u8>(at) !== comma) return false;
  }
}

function keyOf(from: usize, to: usize): i32 {
  const length = to - from;
  if (length === 2 && load<u16>(from) === 0x6469) return idKey; // id
  if (length === 4 && load<u32>(from) === 0x74786574) return textKey; // text
  const isPredicted = length === 9 && load<u32>(from) === 0x64657270 && load<u32>(from, 4) === 0x7865745f; // pred_tex
  if (isPredicted && load<u8>(from, 8) === 0x74) return predictedKey; // t
  return length > 4 && load<u32>(from) === 0x74786574 ? wordingKey : otherKey; // text…
}

/** Returns where the string ends, past its quote; 0 where it is not sound. */
function readString(at: usize, end: usize): usize {
  if (at >= end || load<u8>(at) !== quote) return 0;
  const close = nextSpecial(at + 1, end);
  if (close >= end) return 0;
  if (load<u8>(close) === backslash) return readEscaped(at, end);
  value = at + 1;
  valueEnd = close;
  return close + 1;
}

/** The quote or backslash at or after `from`; a control character (a tab is one in JSON) counts as an end. */
function nextSpecial(from: usize, end: usize): usize {
  for (let at = from; at < end; at += 16) {
    const bytes = v128.load(at);
    const stops = v128.or(i8x16.eq(bytes, i8x16.splat(quote)), i8x16.eq(bytes, i8x16.splat(backslash)));
    const found = i8x16.bitmask(v128.or(stops, i8x16.lt_u(bytes, i8x16.splat(0x20))));
    if (found === 0) continue;
    const stop = at + ctz(found);
    return stop < end && load<u8>(stop) >= 0x20 ? stop : end;
  }
  return end;
}

function readEscaped(start: usize, end: usize): usize {
  const begun = arena;
  let at = start + 1;
  while (true) {
    const stop = nextSpecial(at, end);
    if (stop >= end) return 0;
    memory.copy(arena, at, stop - at);
    arena += stop - at;
    if (load<u8>(stop) === quote) {
      value = begun;
      valueEnd = arena;
      return stop + 1;
    }
    at = readEscape(stop, end);
    if (at === 0) return 0;
  }
}

/** Returns where the escape ends; 0 where it is not sound or spells what may not stand in a file. */
function readEscape(at: usize, end: usize): usize {
  if (at + 2 > end) return 0;
  const letter = load<u8>(at + 1);
  if (letter === 0x75) return unescapeUnit(at, end); // u
  let character: u32 = letter;
  if (letter === 0x6e)
    character = 0x0a; // n
  else if (letter === 0x72)
    character = 0x0d; // r
  else if (letter === 0x74)
    character = 0x09; // t
  else if (letter !== quote && letter !== backslash && letter !== 0x2f) return 0; // b and f may not stand in a file
  arena = writeCharacter(character, arena);
  return at + 2;
}

function unescapeUnit(at: usize, end: usize): usize {
  const unit = hexAt(at + 2, end);
  if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) return 0;
  if (unit < 0xd800 || unit > 0xdfff) {
    arena = writeCharacter(unit, arena);
    return at + 6;
  }
  if (unit > 0xdbff || at + 8 > end || load<u16>(at + 6) !== 0x755c) return 0;
  const second = hexAt(at + 8, end);
  if (second < 0xdc00 || second > 0xdfff) return 0;
  arena = writeCharacter(0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00), arena);
  return at + 12;
}

/** The number of four hexadecimal digits; −1 where they are not. */
function hexAt(from: usize, end: usize): i32 {
  if (from + 4 > end) return -1;
  let number = 0;
  for (let at = from; at < from + 4; at += 1) {
    const byte = <i32>load<u8>(at);
    const lower = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) number = number * 16 + byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) number = number * 16 + lower - 0x57;
    else return -1;
  }
  return number;
}

function pastNumberOrName(at: usize, end: usize): usize {
  if (at + 4 <= end && (load<u32>(at) === 0x65757274 || load<u32>(at) === 0x6c6c756e)) return at + 4; // true, null
  if (at + 5 <= end && load<u32>(at) === 0x736c6166 && load<u8>(at, 4) === 0x65) return at + 5; // false
  if (load<u8>(at) === 0x2d) at += 1;
  const whole = at;
  at = pastDigits(at, end);
  if (at === whole || (at > whole + 1 && load<u8>(whole) === 0x30)) return 0;
  if (at < end && load<u8>(at) === 0x2e) {
    const fraction = at + 1;
    at = pastDigits(fraction, end);
    if (at === fraction) return 0;
  }
  if (at < end && (load<u8>(at) | 0x20) === 0x65) {
    let exponent = at + 1;
    if (exponent < end && (load<u8>(exponent) === 0x2b || load<u8>(exponent) === 0x2d)) exponent += 1;
    at = pastDigits(exponent, end);
    if (at === exponent) return 0;
  }
  return at;
}

function pastDigits(from: usize, end: usize): usize {
  let at = from;
  while (at < end && <u32>load<u8>(at) - 0x30 <= 9) at += 1;
  return at;
}
