import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { translator } from '#lib/messages/translate.ts';
import { scanJsonLine } from '#lib/predictions/json-line.ts';
import { type Format, formats } from '#lib/predictions/records.ts';
import { parseExpected, parseReferences } from '#lib/predictions/references.ts';
import { parsePredictions } from '#lib/predictions.ts';
import { sentenceOf } from '#lib/problems.ts';

const expected = ['u-1', 'a/2', 'дом', '__proto__'].map((id) => ({ id, seconds: 2 }));
const texts = ['да нет', '', 'он сказал "да", и; (ушёл)', 'первoе 1 \u{1f600} и\u0306'];
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const files: Record<Format, string> = {
  csv: `\ufeffid;"text"\r\n${expected.map(({ id }, i) => `${id};${quoted(texts[i]!)}`).join('\r\n')}`,
  tsv: `id\ttext\n${expected.map(({ id }, i) => `${id}\t${quoted(texts[i]!)}`).join('\n')}\n`,
  jsonl: expected
    .map(({ id }, i) => JSON.stringify({ audio_filepath: `/x/${id}.wav`, n: [1, {}], pred_text: texts[i] }))
    .join('\n'),
  kaldi: expected.map(({ id }, i) => `${id} ${texts[i]}\n`).join(''),
  trn: expected.map(({ id }, i) => `${texts[i]} (${id})\n`).join(''),
};

/** Bytes and pieces that mean something to a parser. */
const piece = fc.oneof(
  fc
    .constantFrom(
      ...[
        '"',
        '""',
        ',',
        ';',
        '\t',
        '\n',
        '\r\n',
        '\r',
        '{',
        '}',
        '[',
        '\\',
        '\\u',
        '(',
        ')',
        ';;',
        '\0',
        '\ufeff',
        'id,text\n',
        'u-1',
        '\u0308',
        ' ',
      ],
    )
    .map((text) => [...new TextEncoder().encode(text)]),
  fc.array(fc.nat(255), { maxLength: 4 }),
);
const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), removed: fc.nat(6), inserted: piece });

function mutated(file: string, edits: { at: number; removed: number; inserted: number[] }[]): Uint8Array {
  const bytes = [...new TextEncoder().encode(file)];
  for (const { at, removed, inserted } of edits) bytes.splice(Math.floor(at * bytes.length), removed, ...inserted);
  return Uint8Array.from(bytes);
}

const properties = { seed: 20260301, numRuns: 600 };

// Hundreds of files each, on a machine that may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

describe.each(formats)('a %s file', (format) => {
  test('is read when it is whole', () => {
    const parsed = parsePredictions(new TextEncoder().encode(files[format]), { expected });
    expect(parsed.ok && parsed.format).toBe(format);
  });

  test('never makes the parser throw, however it is broken, and every problem has a place and a sentence', () => {
    fc.assert(
      fc.property(
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        fc.option(fc.constantFrom(...formats)),
        (edits, forced) => {
          const bytes = mutated(files[format], edits);
          const parsed = parsePredictions(bytes, { expected, format: forced ?? undefined });
          if (parsed.ok) expect([...parsed.hypotheses.keys()]).toEqual(expected.map(({ id }) => id));
          else expect(parsed.total).toBeGreaterThan(0);
          for (const problem of [...parsed.warnings, ...(parsed.ok ? [] : parsed.problems)]) {
            expect(problem.line === 0 ? problem.column === 0 : problem.line > 0 && problem.column >= 0).toBe(true);
            expect(sentenceOf(problem, translator('ru'))).not.toBe(problem.code);
          }
          parseReferences(bytes);
          parseExpected(bytes);
        },
      ),
      properties,
    );
  });
});

describe('the scanner of JSON lines', () => {
  const isObject = (text: string) => {
    try {
      const value = JSON.parse(text);
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    } catch {
      return false;
    }
  };

  test('takes every object and its strings as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 })), (object) => {
        const text = JSON.stringify(object);
        const line = scanJsonLine(text, 0, text.length);
        expect(line.status === 'object' && line.members.map(({ key }) => key)).toEqual(Object.keys(object));
        if (line.status !== 'object') return;
        for (const { key, from, to } of line.members) {
          expect(JSON.parse(text.slice(from, to))).toEqual(JSON.parse(JSON.stringify(object[key])));
        }
      }),
      { ...properties, numRuns: 200 },
    );
  });

  test('refuses whatever JSON.parse refuses', () => {
    const text = fc
      .tuple(
        fc.array(edit, { maxLength: 3 }),
        fc.constantFrom('{"a":"\\u0041\\n","b":[1.5e-3,{},[]],"c":true}', '{}', '{"a":-0}'),
      )
      .map(([edits, source]) => new TextDecoder().decode(mutated(source, edits)));
    fc.assert(
      fc.property(text, (line) => {
        // A line has no line end in it, and JSON.parse takes blanks before the brace.
        fc.pre(!line.includes('\n') && line.startsWith('{'));
        expect(scanJsonLine(line, 0, line.length).status === 'object').toBe(isObject(line));
      }),
      properties,
    );
  });
});
