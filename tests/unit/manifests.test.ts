import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import { detectManifestFormat, type ManifestFormat, readManifest } from '#lib/datasets/manifest.ts';
import { spellRussianNumbers } from '#lib/datasets/russian-numbers.ts';
import { createReport } from '#lib/predictions/report.ts';

type Read = { utterances: Utterance[]; problems: string[]; warnings: string[] };

/** Problems as `line:column code`, warnings as `code count`. */
async function read(
  manifest: string | Uint8Array,
  format?: ManifestFormat,
  options: ManifestOptions = {},
): Promise<Read> {
  const report = createReport();
  const bytes = typeof manifest === 'string' ? Buffer.from(manifest) : manifest;
  const { text, utterances } = await readManifest(bytes, format, options, report);
  return {
    utterances,
    problems: report.finish(text).problems.map(({ line, column, code }) => `${line}:${column} ${code}`),
    warnings: report.warnings(text, () => ({})).map(({ code, values }) => `${code} ${values.count}`),
  };
}

test('columns that mean nothing to us become slices', async () => {
  const { utterances, problems } = await read('id,audio,text,split,room,mic\nu1,a/1.wav,"да, да",test,kitchen,\n');
  expect(problems).toEqual([]);
  expect(utterances).toEqual([
    {
      at: 29,
      id: 'u1',
      audio: 'a/1.wav',
      offsetSeconds: null,
      durationSeconds: null,
      text: 'да, да',
      alternatives: [],
      originalText: null,
      split: 'test',
      speaker: null,
      group: null,
      slices: { room: 'kitchen' },
    },
  ]);
});

test('other wordings stand in braces and in further columns, and are no slices', async () => {
  const manifest = 'id,audio,text,text_2,text_3,room\nu1,1.wav,{да / ага} нет,,и так,hall\nu2,2.wav,,тихо,,hall\n';
  const { utterances, problems, warnings } = await read(manifest);
  expect([problems, warnings]).toEqual([[], []]);
  expect(utterances).toMatchObject([
    { text: 'да нет', alternatives: ['ага нет', 'и так'], slices: { room: 'hall' } },
    { text: 'тихо', alternatives: [], slices: { room: 'hall' } },
  ]);
  const nemo = '{"audio_filepath":"1.wav","text":"{да / ага}","text_2":"угу","room":"hall"}\n';
  expect((await read(nemo)).utterances).toMatchObject([
    { text: 'да', alternatives: ['ага', 'угу'], slices: { room: 'hall' } },
  ]);
});

test('too many wordings are refused where they stand, and texts of further columns like the first', async () => {
  const many = '{a / b}'.repeat(9);
  const manifest = `audio,text,text_2\n1.wav,${many},\n2.wav,да,${many}\n3.wav,да,${'д'.repeat(20_001)}\n`;
  expect((await read(manifest)).problems).toEqual([
    '2:7 alternatives-too-many',
    '3:10 alternatives-too-many',
    '4:10 dataset-text-long',
  ]);
});

test('the speaker and the group are read from the columns that are named, whatever their case', async () => {
  const manifest = 'audio;text;Voice;Session\n1.wav;да;Анна;s1\n';
  const { utterances } = await read(manifest, undefined, { speakerKey: 'Voice', groupKey: 'session' });
  expect(utterances[0]).toMatchObject({ speaker: 'Анна', group: 's1', slices: {} });
});

test('a column called speaker names the speakers, where every row has one and no other column is named', async () => {
  const header = 'audio,text,Speaker,voice\n';
  expect((await read(`${header}1.wav,да,anna,v1\n`)).utterances).toMatchObject([
    { speaker: 'anna', slices: { voice: 'v1' } },
  ]);
  expect((await read(`${header}1.wav,да,anna,v1\n`, undefined, { speakerKey: 'voice' })).utterances).toMatchObject([
    { speaker: 'v1', slices: { speaker: 'anna' } },
  ]);
  const patchy = await read(`${header}1.wav,да,anna,v1\n2.wav,нет,,v1\n`);
  expect(patchy.problems).toEqual([]);
  expect(patchy.utterances).toMatchObject([{ speaker: null, slices: { speaker: 'anna' } }, { speaker: null }]);
});

test('without an id, the path of the recording is one', async () => {
  const { utterances } = await read('audio\ttext\n./eval/0001.wav\tда\n../b.flac\tнет\n');
  expect(utterances.map(({ id }) => id)).toEqual(['eval/0001', 'b']);
});

test('a manifest of one split needs no column for it', async () => {
  expect((await read('audio,text\n1.wav,да\n', 'csv', { split: 'dev' })).utterances[0]?.split).toBe('dev');
});

test('everything wrong with a manifest is in one report', async () => {
  const manifest = [
    'id,audio,text,split,duration',
    'u1,1.wav,да,test,1.5',
    'u1,2.wav,да,test,1.5',
    'u 3,3.wav,да,test,1.5',
    'u4,,да,test,1.5',
    'u5,5.wav,да,tset,1.5',
    'u6,6.wav,да,test,long',
    'u7,7.wav,да',
    'u8,8.wav,да,,1',
    'u9,9.wav,"да,test,1',
  ].join('\n');
  expect((await read(manifest)).problems).toEqual([
    '3:1 id-duplicate',
    '4:1 dataset-id-shape',
    '5:4 dataset-audio-empty',
    '6:1 dataset-split-partly',
    '6:13 dataset-split-unknown',
    '7:18 seconds-invalid',
    '8:1 fields-few',
    '10:10 quote-unclosed',
  ]);
});

test('columns that are missing are named at the header', async () => {
  expect((await read('id,audio\nu1,1.wav\n')).problems).toEqual(['1:1 column-missing']);
  expect((await read('audio,text\n1.wav,да\n', 'csv', { speakerKey: 'voice' })).problems).toEqual([
    '1:1 column-missing',
  ]);
  expect((await read('audio,text,text\n1.wav,да,да\n')).problems).toEqual(['1:1 column-twice']);
});

test.each([
  '../etc/passwd',
  '/etc/passwd',
  'a//b',
  '.hidden',
  'a/../b',
  '-rf',
  '=1+1',
  'a\\b',
  'a b',
  'a,b',
  'x'.repeat(201),
])('"%s" cannot be an id', async (id) => {
  expect((await read(`id,audio,text\n"${id}",1.wav,да\n`)).problems).toEqual(['2:1 dataset-id-shape']);
});

test('a NeMo manifest gives durations, stretches and slices', async () => {
  const lines = [
    {
      audio_filepath: 'crowd/0.opus',
      duration: 3.25,
      text: 'привет',
      id: 'c0',
      domain: 'crowd',
      clean: true,
      list: [1],
    },
    { audio_filepath: 'talk.wav', duration: 2, offset: 12.5, text: 'как дела' },
  ];
  const { utterances, problems } = await read(lines.map((line) => JSON.stringify(line)).join('\n'));
  expect(problems).toEqual([]);
  expect(utterances[0]).toMatchObject({ id: 'c0', durationSeconds: 3.25, slices: { domain: 'crowd', clean: 'true' } });
  expect(utterances[1]).toMatchObject({ id: 'talk@12.5', audio: 'talk.wav', offsetSeconds: 12.5, durationSeconds: 2 });
});

test('a key named like a part of every object is only a slice', async () => {
  const { utterances } = await read('{"audio_filepath":"1.wav","text":"да","__proto__":"x","constructor":"y"}');
  expect(Object.entries(utterances[0]!.slices)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test('broken lines of a NeMo manifest are reported where they break', async () => {
  const manifest = '{"audio_filepath":"1.wav","text":"да"}\n{"audio_filepath":\n[]\n{"text":"да"}\n';
  expect((await read(manifest, 'nemo')).problems).toEqual([
    '2:19 json-invalid',
    '3:1 json-not-object',
    '4:1 dataset-audio-empty',
  ]);
});

test('what cannot be stored or would turn a line around is refused', async () => {
  expect((await read('{"audio_filepath":"1\\u0000.wav","text":"a"}')).problems).toEqual(['1:19 control-character']);
  expect((await read('{"audio_filepath":"1.wav","text":"a\\u0000b"}')).problems).toEqual(['1:34 control-character']);
  expect((await read('{"audio_filepath":"1.wav","text":"\\ud800"}')).problems).toEqual(['1:34 control-character']);
  expect((await read('audio,text\n1.wav,a\u202eb\n')).problems).toEqual(['2:7 control-character']);
});

const prompts = `; Core sounds

activated: Активировано
conf-adminmenu: conf-adminmenu: Нажмите 1, чтобы выйти.
beep: [this is a simple beep tone]
leave: <beep descending>
silence/1: (1 second of silence)
is:
vm-first: перв\u006fe
digits/h-1: первый
`;

test('of telephone prompts, those are read whose text says what is spoken', async () => {
  const { utterances, problems, warnings } = await read(prompts);
  expect(problems).toEqual([]);
  expect(utterances.map(({ id, audio, text, originalText }) => [id, audio, text, originalText])).toEqual([
    ['activated', 'activated', 'Активировано', null],
    ['conf-adminmenu', 'conf-adminmenu', 'Нажмите один, чтобы выйти.', 'conf-adminmenu: Нажмите 1, чтобы выйти.'],
    ['digits/h-1', 'digits/h-1', 'первый', null],
  ]);
  expect(warnings.sort()).toEqual([
    'warning-dataset-prompt-annotated 3',
    'warning-dataset-prompt-digits-spelled 1',
    'warning-dataset-prompt-empty 1',
    'warning-dataset-prompt-letters 1',
  ]);
});

test('in another language digits have no rule, so their prompts are left out', async () => {
  const { utterances, warnings } = await read('press: Press 1 now\nbye: Goodbye\n', 'asterisk');
  expect(utterances.map(({ text }) => text)).toEqual(['Goodbye']);
  expect(warnings).toEqual(['warning-dataset-prompt-digits 1']);
});

test('a prompt without its colon is a problem', async () => {
  expect((await read('activated: Активировано\nнет двоеточия\n', 'asterisk')).problems).toEqual([
    '2:1 dataset-prompt-syntax',
  ]);
});

test.each([
  ['0', 'ноль'],
  ['7', 'семь'],
  ['13', 'тринадцать'],
  ['21', 'двадцать один'],
  ['100', 'сто'],
  ['323', 'триста двадцать три'],
  ['1000', 'тысяча'],
  ['2500', 'две тысячи пятьсот'],
  ['11000', 'одиннадцать тысяч'],
  ['21001', 'двадцать одна тысяча один'],
  ['007', 'ноль ноль семь'],
  ['аш-323', 'аш-триста двадцать три'],
  ['МП3', 'МП три'],
])('%s is read as «%s»', (digits, words) => {
  expect(spellRussianNumbers(digits)).toBe(words);
});

test.each([
  ['audio,text\n', 'csv'],
  ['id\taudio\ttext\n', 'csv'],
  ['\n  {"audio_filepath": "1.wav"}\n', 'nemo'],
  ['; comment: with colon\nname: text\n', 'asterisk'],
] as const)('%j looks like %s', (text, format) => {
  expect(detectManifestFormat(text)).toBe(format);
});

test('a manifest may be packed with gzip; a damaged one is named so', async () => {
  const packed = gzipSync('audio,text\n1.wav,да\n');
  expect((await read(packed)).utterances).toHaveLength(1);
  expect((await read(packed.subarray(0, -10))).problems).toEqual(['0:0 gzip-damaged']);
});

test('a manifest in another encoding is recognised', async () => {
  const windows1251 = Uint8Array.from('audio,text\n1.wav,привет мир\n', (c) => {
    const code = c.charCodeAt(0);
    return code > 0x400 ? code - 0x430 + 0xe0 : code;
  });
  expect((await read(windows1251)).problems).toEqual(['0:0 encoding-windows-1251']);
  expect((await read('')).problems).toEqual(['0:0 empty-file']);
});
