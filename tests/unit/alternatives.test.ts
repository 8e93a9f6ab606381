import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorsOf } from '#lib/counts.ts';
import { expandAlternatives, maxWordings, silence } from '#lib/predictions/alternatives.ts';
import { parseReferences } from '#lib/predictions/references.ts';
import { countsAt } from '#scoring/columns.ts';
import { readReferences, scoreFile } from '#scoring/corpus.ts';
import { createNormaliser } from '#scoring/wer/normalise.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function wordingsOf(text: string): readonly string[] {
  const expanded = expandAlternatives(text);
  if (!expanded.ok) throw new Error(`too many from ${expanded.at} on`);
  return expanded.wordings;
}

describe('braces with a slash', () => {
  test.each([
    ['да', ['да']],
    ['{ чуть-чуть / чуть чуть } тише', ['чуть-чуть тише', 'чуть чуть тише']],
    ['{a/b/c} d', ['a d', 'b d', 'c d']],
    ['a {b / @} c', ['a b c', 'a c']],
    ['a {b / } c', ['a b c', 'a c']],
    ['{a / b} {c / d}', ['a c', 'a d', 'b c', 'b d']],
    ['{a / {b / c} d} e', ['a e', 'b d e', 'c d e']],
    ['{a / a}', ['a']],
    ['{ten / 10}%', ['ten%', '10%']],
    [silence, ['']],
  ])('%s stands for %j', (text, wordings) => {
    expect(wordingsOf(text)).toEqual(wordings);
  });

  test.each(['a / b', '{шум}', 'a } b { c', '{a / b', 'a / b}', '/ {x} /', '{}', '}{', '@', '{ @ }', 'a  b'])(
    '(control) %s stands for itself',
    (text) => {
      expect(wordingsOf(text)).toEqual([text]);
    },
  );

  test('beside text that stands for itself leave it as it is', () => {
    expect(wordingsOf('{x} {a / b} y/z {')).toEqual(['{x} a y/z {', '{x} b y/z {']);
    expect(wordingsOf('{ {a / b} c')).toEqual(['{ a c', '{ b c']);
  });

  test('may make so many wordings, and no more', () => {
    expect(wordingsOf('{a / b} '.repeat(8))).toHaveLength(maxWordings);
    expect(expandAlternatives('{a / b} '.repeat(9))).toEqual({ ok: false, at: 64 });
    const many = Array.from({ length: maxWordings + 1 }, (_, i) => `w${i}`).join(' / ');
    expect(expandAlternatives(`да {${many}}`)).toEqual({ ok: false, at: 3 });
  });

  test('leave nothing to expand in what they stood for, however they are strewn', () => {
    const strewn = fc.string({ unit: fc.constantFrom(...'{}/@ ab'), maxLength: 24 });
    fc.assert(
      fc.property(strewn, (text) => {
        const expanded = expandAlternatives(text);
        if (!expanded.ok) return;
        for (const wording of expanded.wordings) expect(wordingsOf(wording)).toEqual([wording]);
      }),
      { seed: 20260301, numRuns: 3000 },
    );
  });

  test('are read in a time that grows with the text', () => {
    const start = process.cpuUsage();
    for (const piece of ['{', '}', '{}', '{/', '/}', '{/}', '{{a/b}/']) expandAlternatives(piece.repeat(100_000));
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});

describe('references with several wordings', () => {
  const read = (file: string) => {
    const parsed = parseReferences(bytes(file));
    if (parsed.ok) return [...parsed.references];
    return parsed.problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
  };

  test.each([
    ['u1 {да / ага} {/}нет\n', [['u1', ['да нет', 'ага нет']]]],
    ['{ да / ага } (u1)\n', [['u1', ['да', 'ага']]]],
    [
      'id,text,text_2,Text3\nu1,да,ага,{угу / да}\nu2,нет,,\nu3,,,тихо\nu4,,,\n',
      [
        ['u1', ['да', 'ага', 'угу']],
        ['u2', ['нет']],
        ['u3', ['тихо']],
        ['u4', ['']],
      ],
    ],
    ['text_2\tid\ttext\nага\tu1\tда\n', [['u1', ['да', 'ага']]]],
    ['{"id":"u1","text":"да","text_2":"ага","text_10":""}\n', [['u1', ['да', 'ага']]]],
    ['{"id":"u1","text":["да","{ага / @}"]}\n', [['u1', ['да', 'ага', '']]]],
  ] as const)('%j are read', (file, references) => {
    expect(read(file)).toEqual(references);
  });

  test.each([
    ['columns of another name', 'id,text,text_1,text_x,context2\nu1,да,a,b,c\n', [['u1', ['да']]]],
    ['a list of something else', '{"id":"u1","text":[1]}\n', ['1:19 json-field-type']],
    ['an empty list', '{"id":"u1","text":[]}\n', ['1:19 json-field-type']],
    ['a further text that is none', '{"id":"u1","text":"a","text_2":2}\n', ['1:32 json-field-type']],
    [
      'a control character in a further text',
      '{"id":"u1","text":"a","text_2":"\\u0000"}\n',
      ['1:32 control-character'],
    ],
  ] as const)('(control) %s', (_, file, expected) => {
    expect(read(file)).toEqual(expected);
  });

  const many = '{a / b} '.repeat(9).trim();

  test('are refused where there are too many, with the place of the braces', () => {
    expect(read(`u0 да\nu1  ${many}\n`)).toEqual(['2:69 alternatives-too-many']);
    expect(read(`id,text,text_2\nu1,да,"${many}"\n`)).toEqual(['2:72 alternatives-too-many']);
    const columns = Array.from({ length: 300 }, (_, i) => `text_${i + 2}`);
    const cells = columns.map((_, i) => `w${i}`);
    expect(read(`id,text,${columns.join()}\nu1,да,${cells.join()}\n`)[0]).toMatch(/^2:\d+ alternatives-too-many$/);
  });

  test('count by the cheapest, while braces of a hypothesis are words', () => {
    const normaliser = createNormaliser('raw');
    const references = readReferences(bytes('u1 { чуть-чуть / чуть чуть } тише\n'), normaliser);
    if (!references.ok) throw new Error('not read');
    const errors = (hypothesis: string) => {
      const scored = scoreFile(references.references, bytes(`u1 ${hypothesis}\n`), {
        characters: null,
        format: 'kaldi',
      });
      return scored.ok ? errorsOf(countsAt(scored.words, 0)) : null;
    };
    expect([errors('чуть-чуть тише'), errors('чуть чуть тише'), errors('чуть тише')]).toEqual([0, 0, 1]);
    expect(errors('{ чуть-чуть / чуть чуть } тише')).toBe(4);
  });
});
