import { describe, expect, test } from 'vitest';
import { isLegalId, parseExpected, parseReferences } from '#lib/predictions/references.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function placesOf(parsed: ReturnType<typeof parseReferences> | ReturnType<typeof parseExpected>): string[] {
  return parsed.ok ? [] : parsed.problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

describe('references', () => {
  test('are read from any format of predictions, in the order of the file', () => {
    const files = ['id,text\nb,да\na,нет\n', 'b да\na нет\n', '{"id":"b","text":"да"}\n{"id":"a","text":"нет"}\n'];
    for (const file of files) {
      const parsed = parseReferences(bytes(file));
      expect(parsed.ok && [...parsed.references]).toEqual([
        ['b', ['да']],
        ['a', ['нет']],
      ]);
    }
  });

  test('stand under "text" where NeMo put a hypothesis beside them', () => {
    const parsed = parseReferences(bytes('{"audio_filepath":"a.wav","text":"да","pred_text":"нет"}\n'));
    expect(parsed.ok && [...parsed.references]).toEqual([['a.wav', ['да']]]);
  });

  test('may be empty texts, but not have an id twice, none, or one that is no word', () => {
    const parsed = parseReferences(bytes('id,text\na,\n,да\nb c,да\na,нет\n'));
    expect(placesOf(parsed)).toEqual(['3:1 id-empty', '4:1 id-invalid', '5:1 id-duplicate']);
  });
});

describe('expected ids', () => {
  const read = (file: string) => {
    const parsed = parseExpected(bytes(file));
    return parsed.ok ? parsed.expected.map(({ id, seconds }) => [id, seconds]) : placesOf(parsed);
  };

  test('are lines of one id each', () => {
    expect(read('u-1\nа/б.wav\r\n\nu-3')).toEqual([
      ['u-1', null],
      ['а/б.wav', null],
      ['u-3', null],
    ]);
  });

  test('are a column, with durations where there are any', () => {
    expect(read('id,split,seconds\nu-1,test,1.5\nu-2,test,\n')).toEqual([
      ['u-1', 1.5],
      ['u-2', null],
    ]);
    expect(read('id\nu-1\n')).toEqual([['u-1', null]]);
    expect(read('id,text\nu-1,\n')).toEqual([['u-1', null]]);
  });

  test('are members of JSON lines, with NeMo’s durations', () => {
    expect(read('{"id":"u-1","duration":2.25}\n{"id":"u-2"}\n')).toEqual([
      ['u-1', 2.25],
      ['u-2', null],
    ]);
  });

  test('do not take a word for a duration', () => {
    expect(read('id,seconds\nu-1,-1\nu-2,два\n')).toEqual(['2:5 seconds-invalid', '3:5 seconds-invalid']);
  });
});

test.each([
  ['u-1', true],
  ['папка/Файл 1', false],
  ['папка/Файл_1.wav', true],
  ['__proto__', true],
  ['', false],
  ['a\u00a0b', false],
  ['a\u200bb', false],
  ['a\u202eb', false],
  ['x'.repeat(200), true],
  ['x'.repeat(201), false],
  ['\u{1f600}'.repeat(200), true],
])('%j is an id: %s', (id, isLegal) => {
  expect(isLegalId(id)).toBe(isLegal);
});
