import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { charactersOf, normalise, type ProfileName, profileNames, profiles } from '#scoring/wer/normalise.ts';

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

test('characters are code points with one space between words', () => {
  expect(String.fromCodePoint(...charactersOf(normalise('  да  \u{1f600}\u00a0й ')))).toBe('да \u{1f600} й');
  expect(charactersOf(normalise('\u{1f600}и\u0306'))).toHaveLength(2);
  expect(charactersOf(normalise(''))).toHaveLength(0);
});
