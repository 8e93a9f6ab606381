// Formats of one record a line: Kaldi text and NIST trn, as lib/predictions/lines.ts reads them.
import { carriageReturn, findEither, space, tab } from './bytes';
import { addRecord, isPlainId } from './records';
import { surveyedLineEnd } from './survey';

export function isBlank(at: usize): bool {
  const byte = load<u8>(at);
  return byte === space || byte === tab;
}

export function pastBlanks(from: usize, to: usize): usize {
  let at = from;
  while (at < to && isBlank(at)) at += 1;
  return at;
}

/** Without the carriage return before a line feed. */
export function contentEnd(start: usize, end: usize): usize {
  return end > start && load<u8>(end - 1) === carriageReturn ? end - 1 : end;
}

/** Returns false where a line needs a closer look. */
export function scanKaldi(from: usize, to: usize): bool {
  for (let start = from; start < to; ) {
    const found = surveyedLineEnd(start, to);
    if (found === 0) return false;
    const end = contentEnd(start, found);
    const id = pastBlanks(start, end);
    start = found + 1;
    if (id === end) continue;
    const idEnd = findEither(space, tab, tab, id, end);
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
    const found = surveyedLineEnd(start, to);
    if (found === 0) return false;
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
