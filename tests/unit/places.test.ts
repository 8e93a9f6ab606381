import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import messages from '#lib/messages/en/problems.json';
import { type ReadLimits, uploadLimits } from '#lib/predictions/limits.ts';
import { type Format, formats, isFormat } from '#lib/predictions/records.ts';
import { parseExpected, parseReferences } from '#lib/predictions/references.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import { parsePredictions } from '#lib/predictions.ts';
import type { Problem } from '#lib/problems.ts';

/*
 * tests/golden/places.txt says where each problem of a file is; its head explains how it is written.
 */

type Section = { kind: string; expected: readonly { id: string; seconds: number | null }[] };
type Case = { section: Section; format: Format; encoding: string; written: string; places: string };

const limits: ReadLimits = { ...uploadLimits, lineBytes: 256, fileBytes: 1000, sentBytes: 600 };
const table = readFileSync(new URL('../golden/places.txt', import.meta.url), 'utf8');

function readCases(): Case[] {
  const cases: Case[] = [];
  let section: Section = { kind: '', expected: [] };
  for (const line of table.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const heading = /^\[(\w+)(.*)\]$/.exec(line);
    if (heading) section = { kind: heading[1]!, expected: expectedOf(heading[2]!) };
    else cases.push({ section, ...caseOf(line) });
  }
  return cases;
}

function expectedOf(written: string): Section['expected'] {
  const utterances = written.split(' ').filter((word) => word !== '');
  return utterances.map((utterance) => {
    const [id, seconds] = utterance.split(':');
    return { id: id!, seconds: seconds === undefined ? null : Number(seconds) };
  });
}

function caseOf(line: string): Omit<Case, 'section'> {
  const [, format, encoding = 'utf-8', written, places] = /^(\w+)(?:@(\S+))?\s+(?:(.*?)\s+)?→ (.*)$/.exec(line) ?? [];
  if (!format || !isFormat(format) || !places) throw new Error(`not a case: ${line}`);
  return { format, encoding, written: written ?? '', places };
}

const cases = readCases();

/** Escapes of the table alone, so that the backslashes of JSON stay what they are. */
const escaped = /⟨(.*?) ×(\d+)⟩|\\u\{(\w+)\}|\\u(\w{4})|\\x(\w\w)|\\([nrt\\])/g;
const letters: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

/** As one character per byte. */
function bytesIn(written: string): string {
  const plain = (text: string) => Buffer.from(text).toString('latin1');
  let bytes = '';
  let from = 0;
  for (const match of written.matchAll(escaped)) {
    const [whole, repeated, times, long, short, byte, letter] = match;
    bytes += plain(written.slice(from, match.index));
    from = match.index + whole.length;
    const codePoint = long ?? short;
    if (repeated !== undefined) bytes += bytesIn(repeated).repeat(Number(times));
    else if (byte !== undefined) bytes += String.fromCharCode(Number.parseInt(byte, 16));
    else if (codePoint !== undefined) bytes += plain(String.fromCodePoint(Number.parseInt(codePoint, 16)));
    else bytes += letters[letter!]!;
  }
  return bytes + plain(written.slice(from));
}

function encoded(written: string, encoding: string): Uint8Array {
  const bytes = Buffer.from(bytesIn(written), 'latin1');
  const text = bytes.toString('utf8');
  switch (encoding) {
    case 'utf-8':
      return bytes;
    case 'gzip':
      return gzipSync(bytes);
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'windows-1251':
      return Uint8Array.from(text, (character) => {
        const codePoint = character.codePointAt(0)!;
        return codePoint < 0x80 ? codePoint : codePoint - 0x350; // А to я
      });
    default:
      throw new Error(`no encoding ${encoding}`);
  }
}

async function problemsOf({ section, format, encoding, written }: Case): Promise<readonly Problem[]> {
  const bytes = encoded(written, encoding);
  if (section.kind === 'archive') {
    const unpacked = await unpack(bytes, limits);
    return unpacked.ok ? [] : [unpacked.problem];
  }
  const options = { format, limits };
  if (section.kind === 'references') return listed(parseReferences(bytes, options));
  if (section.kind === 'expected') return listed(parseExpected(bytes, options));
  return listed(parsePredictions(bytes, { ...options, expected: section.expected }));
}

function listed(parsed: { ok: true } | { ok: false; problems: readonly Problem[] }): readonly Problem[] {
  return parsed.ok ? [] : parsed.problems;
}

const kinds = ['predictions', 'references', 'expected', 'archive'];

describe.each(kinds)('problems of %s', (kind) => {
  const ofKind = cases.filter(({ section }) => section.kind === kind);

  test.each(ofKind.map((one) => [one.format, one.written, one] as const))('%s: %s', async (_, __, one) => {
    const places = (await problemsOf(one)).map(({ line, column, code }) => `${line}:${column} ${code}`);
    expect(places.join(', ') || 'ok').toBe(one.places);
  });
});

describe('the table', () => {
  /** What takes a mebibyte, or a hundred thousand problems, has a test of its own. */
  const elsewhere = ['gzip-ratio', 'problems-too-many', 'unit-missing'];
  const tables: Format[] = ['csv', 'tsv'];
  const withPaths: Format[] = ['csv', 'tsv', 'jsonl'];
  /** Codes that more than one format can have. */
  const formatsOf: Record<string, readonly Format[]> = {
    'empty-file': formats,
    'encoding-utf-16': formats,
    'encoding-windows-1251': formats,
    'line-too-long': formats,
    'invalid-utf8': formats,
    'control-character': formats,
    'lone-carriage-return': formats,
    'id-unknown': formats,
    'id-duplicate': formats,
    'id-missing': formats,
    'id-invalid': formats,
    'hypothesis-too-long': formats,
    'id-empty': ['csv', 'tsv', 'jsonl', 'trn'], // blanks before an id of Kaldi's are skipped
    'path-ambiguous': withPaths,
    'seconds-invalid': withPaths,
    'header-missing': tables,
    'column-missing': tables,
    'column-twice': tables,
    'quote-unclosed': tables,
    'text-after-quote': tables,
    'fields-few': tables,
    'fields-many': tables,
  };

  test('has two hundred cases and more, none of them twice', () => {
    const inputs = cases.map((one) => JSON.stringify([one.section, one.format, one.encoding, one.written]));
    expect(inputs.length).toBeGreaterThanOrEqual(200);
    expect(new Set(inputs).size).toBe(inputs.length);
  });

  test('has every code, in every format that can have it', () => {
    const shown = new Set<string>();
    for (const { format, places } of cases) {
      for (const [, code] of places.matchAll(/\d ([\w-]+)/g)) shown.add(code!).add(`${format} ${code}`);
    }
    const codes = Object.keys(messages).filter(
      // Those of a course's tables are in course-files.test.ts; what is found in the log and in boards has no place in a file.
      (code) =>
        !/^(archive|labels|dataset|warning|alternatives|mapping|recordings?|table|cell|roster|results|log|replay)-/.test(
          code,
        ),
    );
    expect(codes.filter((code) => !shown.has(code) && !elsewhere.includes(code))).toEqual([]);
    const wanted = Object.entries(formatsOf).flatMap(([code, some]) => some.map((format) => `${format} ${code}`));
    expect(wanted.filter((one) => !shown.has(one))).toEqual([]);
  });
});
