import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { translator } from '#lib/messages/translate.ts';
import { profileHash } from '#scoring/profile-hash.ts';
import {
  bracketsRemovedBy,
  charactersOf,
  normalise,
  type ProfileName,
  profileNames,
  profiles,
  rulesOf,
} from '#scoring/wer/normalise.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

/** A text and what each profile makes of it, words parted by |. */
type Row = [what: string, text: string, words: Partial<Record<ProfileName, string>>];

const rows: Row[] = [
  ['words as they are', 'Мама мыла раму', { raw: 'Мама|мыла|раму', ru: 'мама|мыла|раму', en: 'мама|мыла|раму' }],
  [
    'every Unicode space',
    'а\t\n\u000b\u000c\r \u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000б',
    { raw: 'а|б' },
  ],
  ['no word at all', ' \u00a0\ufeff ', { raw: '', ru: '', en: '' }],
  [
    'a byte order mark and zero-width characters',
    '\ufeffма\u200bма\u200d мы\u2060ла',
    { raw: 'мама|мыла', ru: 'мама|мыла' },
  ],
  ['й typed as two code points', 'мои\u0306 и\u0306од', { raw: 'мой|йод', ru: 'мой|йод', 'ru-yo': 'мой|йод' }],
  ['ё', 'Ёлка всё е\u0308ж', { raw: 'Ёлка|всё|ёж', ru: 'ёлка|всё|ёж', 'ru-yo': 'елка|все|еж', en: 'ёлка|всё|ёж' }],
  ['stress marks', 'за\u0301мок замо\u0301к и\u0300ду', { raw: 'за\u0301мок|замо\u0301к|ѝду', ru: 'замок|замок|иду' }],
  ['stress on ё, in either order of marks', 'ё\u0301лка е\u0301\u0308лка', { ru: 'ёлка|ёлка', 'ru-yo': 'елка|елка' }],
  ['a composed stress', 'ѐсть ѝ', { ru: 'есть|и', 'ru-yo': 'есть|и' }],
  ['a Latin accent is a letter', 'Café cafe\u0301', { raw: 'Café|café', ru: 'café|café', en: 'café|café' }],
  ['a soft hyphen', 'пере\u00adнос', { raw: 'пере\u00adнос', ru: 'перенос' }],
  ['punctuation', '«Да!», — сказал он… (тихо)', { raw: '«Да!»,|—|сказал|он…|(тихо)', ru: 'да|сказал|он|тихо' }],
  ['hyphens within words only', 'кто-нибудь из\u2011за - а -б в- г--д', { ru: 'кто-нибудь|из-за|а|б|в|г|д' }],
  ['apostrophes within words only', "don’t об\u02bcём 'quoted' rock'n'roll", { en: "don't|об'ём|quoted|rock'n'roll" }],
  ['numbers', '3,14 10:30 №5 1.000,5 1, 2. и т.е.', { ru: '3,14|10:30|№5|1.000,5|1|2|и|т|е' }],
  [
    'bracketed text is a word, not a mark to remove',
    '[шум] <unk> (смех)',
    { raw: '[шум]|<unk>|(смех)', ru: 'шум|<unk>|смех' },
  ],
  ['İ', 'İ', { raw: 'İ', ru: 'i\u0307', en: 'i\u0307' }],
  // What follows of whisper-basic was measured with Whisper's own code.
  ['a hyphen and a stress mark for Whisper', 'За\u0301мок, кто-нибудь!', { 'whisper-basic': 'за|мок|кто|нибудь' }],
  ['vowel signs of Hindi', 'हिन्दी', { raw: 'हिन्दी', ru: 'हिन्दी', en: 'हिन्दी', 'whisper-basic': 'ह|न|द' }],
  ['signs and numbers for Whisper', '№5 3,14 10 000 ½', { 'whisper-basic': 'no5|3|14|10|000|1|2' }],
  ['text in brackets for Whisper', '[шум] да (смех) <unk> ()', { 'whisper-basic': 'да' }],
  ['brackets that do not close, or close each other', '[шум да) <unk] (нет', { 'whisper-basic': 'нет' }],
  ['zero-width characters for Whisper', 'ма\u200bма', { 'whisper-basic': 'ма\u200bма' }],
  ['İ for Whisper', 'İstanbul', { 'whisper-basic': 'i|stanbul' }],
  ['й and ё for Whisper', 'Ёлка и\u0306од е\u0308ж', { 'whisper-basic': 'ёлка|йод|ёж' }],
  ['spaces of Python', 'а\u001cб\u00a0в\tг', { raw: 'а\u001cб|в|г', 'whisper-basic': 'а|б|в|г' }],
  ['names of every object', '__proto__ constructor', { raw: '__proto__|constructor', ru: 'proto|constructor' }],
];

describe.each(rows)('%s', (_, text, expected) => {
  test.each(Object.entries(expected))('in profile %s', (profile, words) => {
    expect(normalise(text, profile as ProfileName).join('|')).toBe(words);
  });
});

test('raw is the default', () => {
  expect(normalise('А б')).toEqual(normalise('А б', 'raw'));
});

/** Text made of what the rules look at. */
const awkwardText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      ..."абвеёийЁЙѐѝaezİéßΣς019 -'’.,:!«»()[]<>№%_\t\u00a0\u0085\u200b\u2011\u00ad\ufeff\u0300\u0301\u0306\u0308",
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 20,
});

describe.each(profileNames)('profile %s, of any text,', (profile) => {
  const properties = { seed: 20260301, numRuns: 2000 };

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(awkwardText, (text) => {
        const once = normalise(text, profile);
        expect(normalise(once.join(' '), profile)).toEqual(once);
      }),
      properties,
    );
  });

  test('makes words in NFC without any white space', () => {
    fc.assert(
      fc.property(awkwardText, (text) => {
        for (const word of normalise(text, profile)) {
          expect(word).toBe(word.normalize('NFC'));
          expect(word).toMatch(/^\P{White_Space}+$/u);
        }
      }),
      properties,
    );
  });

  test('reads composed and decomposed text alike', () => {
    fc.assert(
      fc.property(awkwardText, (text) => {
        expect(normalise(text.normalize('NFD'), profile)).toEqual(normalise(text.normalize('NFC'), profile));
      }),
      properties,
    );
  });

  test('has a version', () => {
    expect(profiles[profile].version).toBeGreaterThanOrEqual(1);
  });
});

describe('text in brackets', () => {
  test.each(['[шум] да', 'да <unk>', '(смех)'])(
    'of "%s" is removed by whisper-basic alone, and that can be told',
    (text) => {
      expect(profileNames.filter((profile) => bracketsRemovedBy(profile, text))).toEqual(['whisper-basic']);
    },
  );

  test.each(['да', '2 < 3', 'да :)', '()'])('(control) of "%s" there is none', (text) => {
    expect(bracketsRemovedBy('whisper-basic', text)).toBe(false);
  });

  test('is looked for in a time that grows with the text, whatever the brackets', () => {
    for (const brackets of ['<', '(', '([<', '()']) {
      const text = brackets.repeat(300_000 / brackets.length);
      const start = process.cpuUsage();
      expect(normalise(text, 'whisper-basic')).toEqual([]);
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1e6).toBeLessThan(5);
    }
  });
});

describe('what a score says of its rules', () => {
  test('are names in the order in which they are applied', () => {
    expect(rulesOf('raw')).toEqual(['nfc', 'zero-width', 'white-space']);
    expect(rulesOf('ru-yo')).toEqual(['nfc', 'zero-width', 'case', 'stress', 'yo', 'punctuation', 'white-space']);
    expect(rulesOf('whisper-basic')).toEqual(['nfc', 'case', 'brackets', 'compatibility', 'marks', 'white-space']);
  });

  test('each have a sentence in both languages', () => {
    for (const rule of [...new Set(profileNames.flatMap(rulesOf))]) {
      for (const language of ['ru', 'en'] as const) expect(translator(language)(`scoring.rule-${rule}`)).not.toBe('');
    }
  });

  test('is a hash that stays the same while texts are read the same', () => {
    expect(Object.fromEntries(profileNames.map((profile) => [profile, profileHash(profile, null)]))).toEqual({
      raw: '060562f2446e4a13',
      ru: '8ac84453fdde901e',
      'ru-yo': 'ff30502fbf69e5c4',
      en: '2fea3af48744cd22',
      'whisper-basic': '264e4f06a6097c5f',
    });
  });

  test('is another hash with a mapping, with another one, and with its rules in another order', () => {
    const ok = { from: 'ok', to: 'okay' };
    const no = { from: 'nope', to: 'no' };
    const hashes = [null, [ok], [no], [ok, no], [no, ok]].map((mapping) => profileHash('en', mapping));
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(profileHash('en', [])).toBe(profileHash('en', null));
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
  });
});

test('characters are code points with one space between words', () => {
  expect(String.fromCodePoint(...charactersOf(normalise('  да  \u{1f600}\u00a0й ')))).toBe('да \u{1f600} й');
  expect(charactersOf(normalise('\u{1f600}и\u0306'))).toHaveLength(2);
  expect(charactersOf(normalise(''))).toHaveLength(0);
});
