// Whether a file can be read by its bytes alone: what is odd about one is told by TypeScript.

let longest: usize = 0;

/** Bytes of the longest line, its end not counted. */
export function longestLine(): usize {
  return longest;
}

/** The number of lines; −1 where there are control characters, or carriage returns without a line feed. UTF-8 is valid. */
export function survey(from: usize, to: usize): i32 {
  let lines = 1;
  let lineStart = from;
  longest = 0;
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const controls = i8x16.lt_u(bytes, i8x16.splat(0x20));
    // C1 controls are C2 and a byte below A0.
    const odd = v128.or(i8x16.eq(bytes, i8x16.splat(0x7f)), i8x16.eq(bytes, i8x16.splat(<i8>0xc2)));
    let found = i8x16.bitmask(v128.or(controls, odd));
    if (at + 16 > to) found &= (1 << (<i32>(to - at))) - 1;
    for (; found !== 0; found &= found - 1) {
      const here = at + ctz(found);
      const byte = load<u8>(here);
      if (byte === 0x0a) {
        lines += 1;
        longest = max(longest, here - lineStart);
        lineStart = here + 1;
      } else if (!isFine(byte, here + 1 < to ? load<u8>(here + 1) : 0)) return -1;
    }
  }
  longest = max(longest, to - lineStart);
  return lines;
}

function isFine(byte: u8, next: u8): bool {
  if (byte === 0xc2) return next >= 0xa0 || next === 0x85;
  return byte === 0x09 || (byte === 0x0d && next === 0x0a);
}
