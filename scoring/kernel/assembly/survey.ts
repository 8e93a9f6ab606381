// Whether a file can be read by its bytes alone: what is odd about one is told by TypeScript.
import { carriageReturn, lineFeed, tab } from './bytes';

let longest: usize = 0;
/** Bytes before the first line that belong to it. */
let before: usize = 0;

/** Bytes of the longest line since `beginSurvey`, its end not counted. */
export function longestLine(): usize {
  return longest;
}

/** `skipped` bytes of the first line lie before where it is read from: a byte order mark. */
export function beginSurvey(skipped: usize): void {
  longest = 0;
  before = skipped;
}

/**
 * The line feed at or after `from`, or `to`; 0 where a control character comes before it, or a carriage return without a line
 * feed. UTF-8 is valid.
 */
export function surveyedLineEnd(from: usize, to: usize): usize {
  let end = to;
  for (let at = from; at < end; at += 16) {
    const bytes = v128.load(at);
    const controls = i8x16.lt_u(bytes, i8x16.splat(0x20));
    // C1 controls are C2 and a byte below A0.
    const odd = v128.or(i8x16.eq(bytes, i8x16.splat(0x7f)), i8x16.eq(bytes, i8x16.splat(<i8>0xc2)));
    let found = i8x16.bitmask(v128.or(controls, odd));
    if (at + 16 > to) found &= (1 << (<i32>(to - at))) - 1;
    for (; found !== 0; found &= found - 1) {
      const here = at + ctz(found);
      const byte = load<u8>(here);
      if (byte === lineFeed) {
        end = here;
        break;
      }
      if (!isFine(byte, here + 1 < to ? load<u8>(here + 1) : 0)) return 0;
    }
  }
  longest = max(longest, end - from + before);
  before = 0;
  return end;
}

function isFine(byte: u8, next: u8): bool {
  if (byte === 0xc2) return next >= 0xa0 || next === 0x85;
  return byte === tab || (byte === carriageReturn && next === lineFeed);
}

/** The number of lines; −1 where `surveyedLineEnd` finds something odd. */
export function survey(from: usize, to: usize): i32 {
  let lines = 1;
  beginSurvey(0);
  let end = surveyedLineEnd(from, to);
  for (; end !== 0 && end !== to; end = surveyedLineEnd(end + 1, to)) lines += 1;
  return end === 0 ? -1 : lines;
}
