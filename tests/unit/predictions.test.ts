import { describe, expect, test, vi } from 'vitest';
import { translator } from '#lib/messages/translate.ts';
import { uploadLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { listedPerCode } from '#lib/predictions/report.ts';
import { type ParsedPredictions, parsePredictions } from '#lib/predictions.ts';
import { sentenceOf } from '#lib/problems.ts';

// The machine may be busy with others; where time is the matter, it is the processor's.
vi.setConfig({ testTimeout: 60_000 });

const expected = [
  { id: 'u-1', seconds: 1 },
  { id: 'u-2', seconds: null },
];

function parse(
  file: string | Uint8Array,
  format?: Format,
  ids: readonly { id: string; seconds: number | null }[] = expected,
) {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  return parsePredictions(bytes, { expected: ids, format });
}

function textsOf(parsed: ParsedPredictions): Record<string, string> | string[] {
  return parsed.ok ? Object.fromEntries(parsed.hypotheses) : placesOf(parsed);
}

/** `line:column code` of every problem. */
function placesOf(parsed: ParsedPredictions): string[] {
  return parsed.ok ? [] : parsed.problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

function bytesOf(...parts: (string | number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)),
  );
}

const spoken = { 'u-1': 'да нет', 'u-2': '' };

describe('a file is read as', () => {
  const files: [format: Format, what: string, file: string, texts?: Record<string, string>][] = [
    ['csv', 'with commas', 'id,text\nu-1,да нет\nu-2,\n'],
    ['csv', 'with semicolons', 'id;text\nu-1;да нет\nu-2;\n'],
    ['csv', 'with CRLF and without an end to the last line', 'id,text\r\nu-1,да нет\r\nu-2,'],
    ['csv', 'with a byte order mark', '\ufeffid,text\nu-1,да нет\nu-2,\n'],
    ['csv', 'with quoted names and fields', '"id","text"\n"u-1","да нет"\n"u-2",""\n'],
    ['csv', 'with names in capitals and blanks around', ' ID , Text \n u-1 ,да нет\nu-2,\n'],
    ['csv', 'with other columns', 'speaker,text,id\na,да нет,u-1\nb,,u-2\n'],
    ['csv', 'with blank lines', '\n\nid,text\n\nu-1,да нет\n  \r\nu-2,\n\n'],
    ['csv', 'in another order', 'id,text\nu-2,\nu-1,да нет\n'],
    [
      'csv',
      'with doubled quotes, delimiters and line ends in quotes',
      'id,text\nu-1,"а ""б"", в\r\nг"\nu-2,\n',
      { 'u-1': 'а "б", в\r\nг', 'u-2': '' },
    ],
    [
      'csv',
      'with a quote within an unquoted field',
      'id,text\nu-1,он сказал "да"\nu-2,\n',
      { 'u-1': 'он сказал "да"', 'u-2': '' },
    ],
    ['csv', 'by NeMo’s names', 'audio_filepath,text,pred_text\n/data/u-1.wav,эталон,да нет\n/data/u-2.wav,эталон,\n'],
    ['tsv', 'with tabs', 'id\ttext\nu-1\tда нет\nu-2\t\n'],
    ['tsv', 'with quotes', 'id\ttext\nu-1\t"да нет"\nu-2\t""\n'],
    ['jsonl', 'of ids and texts', '{"id":"u-1","text":"да нет"}\n{"id":"u-2","text":""}\n'],
    ['jsonl', 'with blanks and CRLF', ' { "id" : "u-1" , "text" : "да нет" } \r\n\r\n{"id":"u-2","text":""}'],
    ['jsonl', 'with escapes', '{"id":"u\\u002d1","text":"\\u0434\\u0430 нет"}\n{"id":"u-2","text":""}\n'],
    [
      'jsonl',
      'by NeMo',
      '{"audio_filepath":"a/u-1.wav","duration":1.5,"text":"эталон","pred_text":"да нет","x":[1,{"y":null}]}\n{"audio_filepath":"a/u-2.flac","text":"эталон","pred_text":""}\n',
    ],
    [
      'jsonl',
      'with a name given twice, the last counts',
      '{"id":"x","id":"u-1","text":"да нет"}\n{"id":"u-2","text":""}\n',
    ],
    ['kaldi', 'of ids and words', 'u-1 да нет\nu-2\n'],
    ['kaldi', 'with tabs and blanks', '  u-1\t да нет\r\n\nu-2 \n', { 'u-1': 'да нет', 'u-2': '' }],
    [
      'kaldi',
      'with delimiters and brackets in the words',
      'u-1 да, нет; (смех)\nu-2 (шум)\n',
      { 'u-1': 'да, нет; (смех)', 'u-2': '(шум)' },
    ],
    ['trn', 'of words and ids', 'да нет (u-1)\n(u-2)\n', { 'u-1': 'да нет ', 'u-2': '' }],
    [
      'trn',
      'with comments and brackets',
      ';; made by hand\n(да) нет (u-1) \r\n(u-2)\n',
      { 'u-1': '(да) нет ', 'u-2': '' },
    ],
  ];

  test.each(files)('%s, %s', (format, _, file, texts = spoken) => {
    const parsed = parse(file);
    expect(textsOf(parsed)).toEqual(texts);
    expect(parsed.format).toBe(format);
  });

  test('a forced format rather than the one it looks like', () => {
    expect(textsOf(parse('u-1 да (u-2)\nu-2 нет (u-1)\n', 'trn'))).toEqual({ 'u-1': 'u-2 нет ', 'u-2': 'u-1 да ' });
  });
});

describe('ids are matched by value:', () => {
  const matched = (file: string, ids: string[]) =>
    textsOf(
      parse(
        file,
        undefined,
        ids.map((id) => ({ id, seconds: null })),
      ),
    );

  test('ids of every object are ordinary', () => {
    const ids = ['__proto__', 'constructor', 'toString'];
    const parsed = parse(
      ids.map((id) => `${id} ${id}!`).join('\n'),
      undefined,
      ids.map((id) => ({ id, seconds: null })),
    );
    expect(parsed.ok && [...parsed.hypotheses]).toEqual(ids.map((id) => [id, `${id}!`]));
  });

  test('numbers in JSON are ids too', () => {
    expect(matched('{"id":17,"text":"да"}', ['17'])).toEqual({ '17': 'да' });
  });

  test('a decomposed й is й', () => {
    expect(matched('id,text\nзаи\u0306,да\n', ['зай'])).toEqual({ зай: 'да' });
  });

  test.each([
    ['its base name', '/data/clips/1.wav', ['1', '2'], '1'],
    ['a base name with the extension', '/data/1.wav', ['1.wav', '2.wav'], '1.wav'],
    ['its longest end', '/data/b/1.wav', ['1', 'b/1', 'a/1'], 'b/1'],
    ['a path of Windows', 'C:\\data\\b\\1.wav', ['a/1', 'b/1'], 'b/1'],
    ['the base name of an id', '/tmp/1.opus', ['test/1.wav', 'test/2.wav'], 'test/1.wav'],
    ['a Cyrillic name', '/tmp/Дом.wav', ['Дом', 'дом'], 'Дом'],
  ])('audio_filepath by %s', (_, path, ids, id) => {
    const others = ids.filter((other) => other !== id).map((other) => JSON.stringify({ id: other, text: 'нет' }));
    const file = [JSON.stringify({ audio_filepath: path, pred_text: 'да' }), ...others].join('\n');
    expect(matched(file, ids)).toMatchObject({ [id]: 'да' });
  });

  test('a base name of several ids is nobody’s', () => {
    expect(matched('{"audio_filepath":"/x/1.wav","text":"да"}', ['a/1', 'b/1'])).toContain('1:19 path-ambiguous');
  });

  test('two paths with one base name are duplicates', () => {
    const file = '{"audio_filepath":"a/1.wav","text":"да"}\n{"audio_filepath":"b/1.wav","text":"да"}\n';
    expect(matched(file, ['1'])).toEqual(['2:19 id-duplicate']);
  });

  test('an id is not taken for a path', () => {
    expect(matched('id,text\na/1.wav,да\n', ['1'])).toEqual(['2:1 id-unknown', '0:0 id-missing']);
  });
});

describe('every problem is told with its place:', () => {
  const ru1251 = [0xf0, 0xe0, 0xe7, 0x20, 0xe4, 0xe2, 0xe0]; // «раз два»
  const utf16 = (text: string, mark: number[], swap: boolean) =>
    Uint8Array.from([
      ...mark,
      ...[...text].flatMap((c) => {
        const [high, low] = [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 0xff];
        return swap ? [high, low] : [low, high];
      }),
    ]);
  const files: [what: string, file: string | Uint8Array, places: string[], format?: Format][] = [
    ['nothing in it', '', ['0:0 empty-file']],
    ['nothing but blanks', '\ufeff \r\n\t\n', ['0:0 empty-file']],
    ['a header alone', 'id,text\n', ['0:0 id-missing', '0:0 id-missing']],
    ['a missing id', 'u-1 да\n', ['0:0 id-missing']],
    ['an unknown id', 'u-1 да\nu-3 да\nu-2\n', ['2:1 id-unknown']],
    ['a duplicate id', 'id,text\nu-1,да\nu-2,\nu-1,нет\n', ['4:1 id-duplicate']],
    ['an empty id', 'id,text\n,да\nu-1,да\nu-2,\n', ['2:1 id-empty']],
    [
      'all at once',
      'id,text\nu-3,да\n,да\nu-1\nu-1,а,б\n',
      ['2:1 id-unknown', '3:1 id-empty', '4:1 fields-few', '5:1 id-duplicate', '5:7 fields-many', '0:0 id-missing'],
    ],
    ['no header', 'u-1,да\nu-2,нет\n', ['1:1 header-missing']],
    ['no column of ids', 'utterance,text\nu-1,да\n', ['1:1 column-missing']],
    ['no column of texts', 'id,words\nu-1,да\n', ['1:1 column-missing']],
    ['a column twice', 'id,text,id\nu-1,да,u-1\nu-2,,u-2\n', ['1:9 column-twice']],
    ['too few fields', 'id,text\nu-1\nu-2,\n', ['2:1 fields-few']],
    ['an unquoted delimiter', 'id,text\nu-1,да, нет\nu-2,\n', ['2:8 fields-many']],
    ['a quote that is never closed', 'id,text\nu-1,"да\nu-2,\n', ['2:5 quote-unclosed']],
    ['a quote that only the next field closes', 'id,text\nu-1,"да\nu-2,"нет"\n', ['2:5 quote-unclosed']],
    ['text after a closing quote', 'id,text\nu-1,"да" нет\nu-2,\n', ['2:9 text-after-quote']],
    ['columns in code points', 'id,text\nu-1,"\u{1f600}\u{1f600}" нет\nu-2,\n', ['2:9 text-after-quote']],
    ['lines after a quoted line end', 'id,text\nu-1,"а\nб"\nu-3,\nu-2,\n', ['4:1 id-unknown']],
    ['a JSON array', '[{"id":"u-1","text":"да"}]', ['1:1 json-array']],
    [
      'a comma too many in JSON',
      '{"id":"u-1","text":"да",}\nu-2\n',
      ['1:25 json-invalid', '2:1 json-invalid', '0:0 id-missing', '0:0 id-missing'],
    ],
    ['a JSON line cut off', '{"id":"u-1","text":"да', ['1:23 json-invalid', '0:0 id-missing', '0:0 id-missing']],
    ['NaN in JSON', '{"id":"u-1","text":NaN}\n{"id":"u-2","text":""}\n', ['1:20 json-invalid', '0:0 id-missing']],
    [
      'something after the object',
      '{"id":"u-1","text":""} {"id":"u-2","text":""}\n',
      ['1:24 json-invalid', '0:0 id-missing', '0:0 id-missing'],
    ],
    ['a bad escape', '{"id":"u-1","text":"\\x41"}\n{"id":"u-2","text":""}\n', ['1:21 json-invalid', '0:0 id-missing']],
    [
      'JSON nested too deeply',
      `{"id":"u-1","text":"","x":${'['.repeat(100)}${']'.repeat(100)}}\n{"id":"u-2","text":""}\n`,
      ['1:91 json-invalid', '0:0 id-missing'],
    ],
    ['a line that is no object', '{"id":"u-1","text":""}\n"u-2"\n', ['2:1 json-not-object', '0:0 id-missing']],
    [
      'a JSON object without an id',
      '{"id":"u-1","text":""}\n{"text":"да"}\n',
      ['2:1 json-field-missing', '0:0 id-missing'],
    ],
    ['a JSON object without a text', '{"id":"u-1","text":""}\n{"id":"u-2"}\n', ['2:1 json-field-missing']],
    ['a text that is null', '{"id":"u-1","text":""}\n{"id":"u-2","text":null}\n', ['2:20 json-field-type']],
    [
      'a NUL written as an escape',
      '{"id":"u-1","text":"а\\u0000"}\n{"id":"u-2","text":""}\n',
      ['1:20 control-character'],
    ],
    ['half a surrogate pair', '{"id":"u-1","text":"\\ud83d"}\n{"id":"u-2","text":""}\n', ['1:20 lone-surrogate']],
    ['a trn line without an id', 'да (u-1)\nнет\n(u-2)\n', ['2:4 trn-id-missing'], 'trn'],
    ['an empty id in trn', 'да (u-1)\nнет ()\n(u-2)\n', ['2:6 id-empty'], 'trn'],
    ['control characters', 'u-1 д\u0000а\nu-2 \u001b[31m\u0085\n', ['1:6 control-character', '2:5 control-character']],
    [
      'lone carriage returns',
      'u-1 да\ru-2\r',
      ['1:7 lone-carriage-return', '1:11 lone-carriage-return', '0:0 id-missing'],
    ],
    [
      'broken UTF-8',
      bytesOf('u-1 д', [0xd0], '\nu-2 ', [0xff], 'а', [0xe2, 0x82], 'б\n'),
      ['1:6 invalid-utf8', '2:5 invalid-utf8', '2:7 invalid-utf8'],
    ],
    [
      'overlong forms and surrogates in UTF-8',
      bytesOf('u-1 ', [0xc0, 0xaf], '\nu-2 ', [0xed, 0xa0, 0x80], '\n'),
      ['1:5 invalid-utf8', '1:6 invalid-utf8', '2:5 invalid-utf8', '2:6 invalid-utf8', '2:7 invalid-utf8'],
    ],
    ['UTF-8 cut off at the end', bytesOf('u-2\nu-1 д', [0xf0, 0x9f, 0x98]), ['2:6 invalid-utf8']],
    ['Windows-1251', bytesOf('u-1 ', ru1251, '\nu-2\n'), ['0:0 encoding-windows-1251']],
    [
      'Windows-1251, and what else is wrong',
      bytesOf('u-1 ', ru1251, '\nu-3\n'),
      ['0:0 encoding-windows-1251', '2:1 id-unknown', '0:0 id-missing'],
    ],
    ['UTF-16 with a mark, little-endian', utf16('u-1 да\nu-2\n', [0xff, 0xfe], false), ['0:0 encoding-utf-16']],
    ['UTF-16 with a mark, big-endian', utf16('u-1 да\nu-2\n', [0xfe, 0xff], true), ['0:0 encoding-utf-16']],
    ['UTF-16 without a mark', utf16('u-1 да\nu-2\n', [], false), ['0:0 encoding-utf-16']],
    ['a ZIP archive', bytesOf('PK', [3, 4], 'xl/workbook.xml'), ['0:0 zip-archive']],
    ['gzip within gzip', bytesOf([0x1f, 0x8b, 8, 0], 'u-1'), ['0:0 gzip-twice']],
    ['bzip2', bytesOf('BZh91AY&SY', [0xff, 0]), ['0:0 packed-otherwise']],
    ['xz', bytesOf([0xfd], '7zXZ', [0], 'u-1'), ['0:0 packed-otherwise']],
    ['a tar archive of predictions', bytesOf('a.txt'.padEnd(257, '\0'), 'ustar', [0]), ['0:0 packed-otherwise']],
    ['a PDF', bytesOf('%PDF-1.7\n%', [0xe2, 0xe3]), ['0:0 not-text']],
    ['a workbook of old Excel', bytesOf([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), ['0:0 not-text']],
    ['Parquet', bytesOf('PAR1', [0x15, 4], 'PAR1'), ['0:0 not-text']],
    ['a speaker who is called like Parquet', 'PAR1 да\n', ['1:1 id-unknown', '0:0 id-missing', '0:0 id-missing']],
    ['a page in place of the file', '\n<!DOCTYPE html><title>Sign in</title>', ['0:0 web-page']],
    ['too many words for the audio', `u-1 ${'да '.repeat(33)}\nu-2 ${'да '.repeat(33)}\n`, ['1:5 hypothesis-too-long']],
  ];

  test.each(files)('%s', (_, file, places, format) => {
    expect(placesOf(parse(file, format))).toEqual(places);
  });

  test('as many words as the audio allows are no problem', () => {
    expect(placesOf(parse(`u-1 ${'да '.repeat(32)}\nu-2\n`))).toEqual([]);
  });

  test('a line longer than a mebibyte', () => {
    const longest = 'u-1'.padEnd(uploadLimits.lineBytes, ' ');
    expect(placesOf(parse(`\nu-2\n${longest}\n`))).toEqual([]);
    expect(placesOf(parse(`\nu-2\n${longest} \n`))).toEqual(['3:0 line-too-long']);
    expect(placesOf(parse(`\nu-2\n${longest} `))).toEqual(['3:0 line-too-long']);
  });

  test('a file longer than 64 mebibytes', () => {
    expect(placesOf(parse(new Uint8Array(uploadLimits.fileBytes + 1)))).toEqual(['0:0 file-too-large']);
  });

  test('KOI8-R is not named Windows-1251', () => {
    const koi8 = [0xd2, 0xc1, 0xda, 0x20, 0xc4, 0xd7, 0xc1];
    expect(placesOf(parse(bytesOf('u-1 ', koi8, '\nu-2\n')))).toContain('1:5 invalid-utf8');
  });

  test('Russian UTF-8 with one broken byte is not named Windows-1251', () => {
    expect(placesOf(parse(bytesOf('u-1 или мы и они', [0xd0], '\nu-2\n')))).toEqual(['1:17 invalid-utf8']);
  });

  test('problems beyond the listed ones are counted', () => {
    const parsed = parse(`u-1\nu-2\n${Array.from({ length: 1000 }, (_, i) => `x-${i}`).join('\n')}\n`);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.problems).toHaveLength(listedPerCode);
    expect(parsed).toMatchObject({ total: 1000, counts: { 'id-unknown': 1000 } });
  });

  test.each([
    ['unknown ids', 'a\n'],
    ['broken JSON', '{\n'],
    ['control characters', '\u0001\n'],
    ['open quotes', 'id,text\nu,"a\n'],
    ['fields without end', 'id,text\n,,,,,,,,'],
  ])('eight mebibytes of %s are given up on soon', (_, piece) => {
    const started = process.cpuUsage();
    const parsed = parse(Buffer.alloc(uploadLimits.sentBytes, piece));
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
    expect(parsed.ok || parsed.problems.length).toBeLessThan(1000);
  });

  test('after far more problems than utterances the rest of the file is left unread', () => {
    const parsed = parse('x\n'.repeat(200_000));
    expect(parsed).toMatchObject({ ok: false, counts: { 'problems-too-many': 1 } });
  });

  test('what stands in the file cannot steer the terminal that shows it', () => {
    const parsed = parse(`u-1\nu-2\n\u001b[2J\u202e${'x'.repeat(500)} да\n`);
    const id = parsed.ok ? '' : String(parsed.problems.find(({ code }) => code === 'id-unknown')?.values.id);
    expect(id).toMatch(/^\ufffd\[2J\ufffdx+…$/);
    expect(id).toHaveLength(80);
  });

  test('in sentences of both languages', () => {
    const parsed = parse('id,text\nu-1,да\nu-1,нет\n');
    const [duplicate, missing] = parsed.ok ? [] : parsed.problems;
    expect(sentenceOf(duplicate!, translator('en'))).toBe('"u-1" stands on line 2 already. Leave one of them.');
    expect(sentenceOf(missing!, translator('ru'))).toBe(
      'Нет строки для записи «u-2». Добавьте её; текст может быть пустым.',
    );
  });
});

describe('warnings refuse nothing:', () => {
  const warned = (texts: string[]) => {
    const ids = texts.map((_, i) => ({ id: `u-${i}`, seconds: null }));
    const parsed = parse(texts.map((text, i) => JSON.stringify({ id: `u-${i}`, text })).join('\n'), undefined, ids);
    expect(parsed.ok).toBe(true);
    return Object.fromEntries(parsed.warnings.map(({ code, line, values }) => [code, [line, values.count]]));
  };

  test('nan, None and null stand for nothing', () => {
    expect(warned(['да', 'nan', 'None', ' null ', 'нан'])).toEqual({
      'warning-not-a-word': [2, 3],
      'warning-upper-case': [3, 1],
    });
  });

  test('more than 5 % of texts are empty', () => {
    expect(warned(['', ' ', ...Array<string>(37).fill('да')])).toEqual({ 'warning-many-empty': [1, 2] });
    expect(warned(['', '\u00a0', ...Array<string>(38).fill('да')])).toEqual({});
  });

  test('a word mixes Latin and Cyrillic letters', () => {
    expect(warned(['первoе', 'первое one', 'web-сайт', 'пе\u0301рвoе'])).toEqual({ 'warning-mixed-script': [1, 2] });
  });

  test('of unknown ids, how many differ from expected ones by what is hard to see', () => {
    const ids = ['u-1', 'запись-й', 'a/1'].map((id) => ({ id, seconds: null }));
    const alike = (id: string) =>
      parse(`id,text\n${JSON.stringify(id)},да\n`, undefined, ids).warnings.map(({ code, values }) => [
        code,
        values.count,
      ]);
    for (const id of ['U-1', 'u\u200b-1', 'u-1.wav', 'data/test/u-1.WAV', 'C:\\u-1', 'ｕ-1', 'зaпиcь-й', 'a/1.flac']) {
      expect(alike(id), id).toEqual([['warning-ids-alike', 1]]);
    }
    for (const id of ['u-2', 'u1', 'u-1.txt', 'запись-и', '1', 'u-1'.padEnd(500, '\u200b')]) {
      expect(alike(id), id).toEqual([]);
    }
  });

  test('there are digits and upper-case letters', () => {
    expect(warned(['да', 'в 3 часа', 'Ёж и Ёж'])).toEqual({ 'warning-digits': [2, 1], 'warning-upper-case': [3, 1] });
  });

  test('the first places of many are given', () => {
    const parsed = parse('id,text\nu-2,7\nu-1,7\n');
    expect(parsed.warnings[0]?.places).toEqual([
      { line: 2, column: 5 },
      { line: 3, column: 5 },
    ]);
    expect(sentenceOf(parsed.warnings[0]!, translator('ru'))).toBe(
      'В 2 текстах есть цифры. Там, где в эталоне числа записаны словами, это ошибки.',
    );
  });

  test('come with a refused file too', () => {
    expect(parse('u-1 7\n').warnings).toHaveLength(1);
  });
});
