/** Both 1-based, the column in code points. */
export type Place = { line: number; column: number };

/** Every so many lines one start is kept: a file of nothing but line ends would otherwise need more memory than itself. */
const stride = 1024;

/** Turns offsets in a text into places. Made once the text has been read, for the few offsets that are shown. */
export function placesIn(text: string): (offset: number) => Place {
  const starts = [0];
  let lines = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) {
    lines += 1;
    if (lines % stride === 0) starts.push(end + 1);
  }
  return (offset) => {
    const block = lastAtMost(starts, offset);
    let line = block * stride + 1;
    let start = starts[block]!;
    for (let end = text.indexOf('\n', start); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
      line += 1;
      start = end + 1;
    }
    return { line, column: codePointsIn(text, start, offset) + 1 };
  };
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function codePointsIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i += 1) {
    const isSecondHalf = i > from && isLowSurrogate(text.charCodeAt(i)) && isHighSurrogate(text.charCodeAt(i - 1));
    if (!isSecondHalf) count += 1;
  }
  return count;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
