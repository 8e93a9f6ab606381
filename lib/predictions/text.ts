import { noTextIn } from './file-kinds.ts';
import type { ReadLimits } from './limits.ts';
import type { Report } from './report.ts';

const lineFeed = 0x0a;

/**
 * The text of a file, with everything that is wrong with its bytes reported; null where there is nothing to read. A file in
 * another encoding than UTF-8 is refused, and still decoded by its own, so that its rows are checked in the same go.
 */
export function decodeText(bytes: Uint8Array, limits: ReadLimits, report: Report): string | null {
  if (bytes.length > limits.fileBytes) {
    report.add('file-too-large', 'file', { size: inMebibytes(bytes.length), limit: inMebibytes(limits.fileBytes) });
    return null;
  }
  const noText = noTextIn(bytes);
  if (noText !== null) {
    report.add(noText.code, 'file', noText.values);
    return null;
  }
  const utf16 = utf16In(bytes);
  if (utf16) {
    report.add('encoding-utf-16', 'file');
    return checked(new TextDecoder(utf16).decode(bytes), report);
  }
  reportLongLines(bytes, limits.lineBytes, report);
  return checked(decodeUtf8(bytes, report), report);
}

export function inMebibytes(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10;
}

function checked(text: string, report: Report): string | null {
  if (text.trim() === '') {
    report.add('empty-file', 'file');
    return null;
  }
  reportControlCharacters(text, report);
  return text;
}

/** By its mark, or by zero bytes that all stand on the same side of the pairs: those of spaces, digits and line ends. */
function utf16In(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  const zeros = [0, 0];
  const sample = bytes.subarray(0, 4096);
  for (let i = 0; i < sample.length; i += 1) if (sample[i] === 0) zeros[i % 2]! += 1;
  const [even, odd] = zeros as [number, number];
  const few = Math.max(1, sample.length / 20); // one in a short file is a slip
  if (odd > few && even === 0) return 'utf-16le';
  return even > few && odd === 0 ? 'utf-16be' : null;
}

function decodeUtf8(bytes: Uint8Array, report: Report): string {
  try {
    return convertUtf8(bytes) ?? new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    if (isWindows1251(bytes)) {
      report.add('encoding-windows-1251', 'file');
      return new TextDecoder('windows-1251').decode(bytes);
    }
    reportInvalidUtf8(bytes, report);
    return new TextDecoder('utf-8').decode(bytes);
  }
}

/** Node converts eight times faster than its TextDecoder decodes. Null in a browser, and for what is not UTF-8. */
function convertUtf8(bytes: Uint8Array): string | null {
  const node = globalThis.process?.getBuiltinModule?.('node:buffer');
  if (!node?.isUtf8(bytes)) return null;
  const from = startsWith(bytes, byteOrderMark) ? byteOrderMark.length : 0;
  const text = node.Buffer.from(bytes.buffer, bytes.byteOffset + from, bytes.length - from);
  // ASCII alone takes half the memory as what it is.
  return node.isAscii(text) ? text.toString('latin1') : node.transcode(text, 'utf8', 'utf16le').toString('utf16le');
}

const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Mostly lower-case Russian letters where UTF-8 would have lead bytes. KOI8-R has the cases the other way round, and of the
 * pairs that make a letter in UTF-8 every second byte is no letter in Windows-1251.
 */
function isWindows1251(bytes: Uint8Array): boolean {
  let upper = 0;
  let lower = 0;
  let other = 0;
  for (const byte of bytes.subarray(0, 2 ** 20)) {
    if (byte >= 0xe0 || byte === 0xb8) lower += 1;
    else if (byte >= 0xc0 || byte === 0xa8) upper += 1;
    else if (byte >= 0x80) other += 1;
  }
  return lower > upper && lower > 4 * other;
}

function reportInvalidUtf8(bytes: Uint8Array, report: Report): void {
  let line = 1;
  let lineStart = startsWith(bytes, byteOrderMark) ? 3 : 0;
  for (let i = lineStart; i < bytes.length && !report.isFull(); ) {
    const length = utf8Length(bytes, i);
    if (bytes[i] === lineFeed) {
      line += 1;
      lineStart = i + 1;
    }
    if (length < 0) {
      const place = { line, before: bytes.subarray(lineStart, i) };
      const value = bytes[i]!.toString(16).toUpperCase().padStart(2, '0');
      report.add('invalid-utf8', () => ({ line: place.line, column: codePoints(place.before) + 1 }), { byte: value });
    }
    i += Math.abs(length);
  }
}

function codePoints(utf8: Uint8Array): number {
  // A mark that begins a line below the first is a character like any other.
  return [...new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8)].length;
}

/**
 * Bytes of the character that begins at `i`; where none does, minus the bytes that a decoder replaces by one U+FFFD
 * (Unicode 16.0 §3.9, maximal subparts), so that columns agree with what an editor shows.
 */
function utf8Length(bytes: Uint8Array, i: number): number {
  const lead = bytes[i]!;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  // Overlong forms, surrogates and what lies beyond U+10FFFF are told by the second byte.
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let k = 1; k < length; k += 1) {
    const byte = bytes[i + k];
    const isFine = byte !== undefined && byte >= (k === 1 ? low : 0x80) && byte <= (k === 1 ? high : 0xbf);
    if (!isFine) return -k;
  }
  return length;
}

/** Leaps over as many whole lines as fit into the limit, so that short lines cost next to nothing each. */
function reportLongLines(bytes: Uint8Array, limit: number, report: Report): void {
  const counted = { until: 0, line: 1 };
  for (let start = 0; bytes.length - start > limit; ) {
    let end = bytes.lastIndexOf(lineFeed, start + limit);
    if (end < start) {
      end = bytes.indexOf(lineFeed, start + limit);
      if (end === -1) end = bytes.length;
      counted.line += lineFeedsIn(bytes, counted.until, start);
      counted.until = start;
      report.add('line-too-long', { line: counted.line, column: 0 }, { size: end - start, limit });
    }
    start = end + 1;
  }
}

function lineFeedsIn(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i += 1) if (bytes[i] === lineFeed) count += 1;
  return count;
}

/** C0 but tab and line ends, DEL, and C1 but U+0085, which is white space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacter = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|\r(?!\n)/;

function reportControlCharacters(text: string, report: Report): void {
  const first = text.search(controlCharacter);
  if (first === -1) return;
  for (let i = first; i < text.length && !report.isFull(); i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x0d) {
      if (text.charCodeAt(i + 1) !== lineFeed) report.add('lone-carriage-return', i);
    } else if (isControlCharacter(code)) report.add('control-character', i, { character: codePointName(code) });
  }
}

/** Carriage returns aside, which are fine before a line feed. */
export function isControlCharacter(code: number): boolean {
  return code < 0x20
    ? code !== 0x09 && code !== lineFeed && code !== 0x0d
    : code >= 0x7f && code <= 0x9f && code !== 0x85;
}

export function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
