import type { ProblemCode } from '#lib/problems.ts';

/** What a file is in place of a text, for a sentence about the whole of it. `kind` is its name in every language. */
export type NoText = { code: ProblemCode; values: { kind?: string } };

type Mark = { begins: string; at?: number; ends?: string } & NoText;

const packed = (kind: string) => ({ code: 'packed-otherwise' as const, values: { kind } });
const notText = (kind: string) => ({ code: 'not-text' as const, values: { kind } });

/** Bytes as Latin-1; none of it can begin a text with ids, or the end has to be there as well. */
const marks: readonly Mark[] = [
  { begins: 'PK\x03\x04', code: 'zip-archive', values: {} },
  { begins: '\x1f\x8b', code: 'gzip-twice', values: {} },
  { begins: '1AY&SY', at: 4, ...packed('bzip2') },
  { begins: '\xfd7zXZ\x00', ...packed('xz') },
  { begins: '\x28\xb5\x2f\xfd', ...packed('Zstandard') },
  { begins: '7z\xbc\xaf\x27\x1c', ...packed('7z') },
  { begins: 'Rar!\x1a\x07', ...packed('RAR') },
  { begins: 'ustar', at: 257, ...packed('tar') },
  { begins: '%PDF-', ...notText('PDF') },
  { begins: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', ...notText('XLS (Excel 97–2003)') },
  { begins: 'PAR1', ends: 'PAR1', ...notText('Parquet') },
  { begins: '\x93NUMPY', ...notText('NumPy') },
];

const webPage = /^(\xef\xbb\xbf)?\s*<(!doctype\s+html|html)\b/i;

/** By the bytes that such files begin with; null for what may be a text. */
export function noTextIn(bytes: Uint8Array): NoText | null {
  const begin = latin1(bytes.subarray(0, 512));
  const end = latin1(bytes.subarray(-8));
  const found = marks.find(({ begins, at = 0, ends = '' }) => begin.startsWith(begins, at) && end.endsWith(ends));
  if (found !== undefined) return { code: found.code, values: found.values };
  return webPage.test(begin) ? { code: 'web-page', values: {} } : null;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
