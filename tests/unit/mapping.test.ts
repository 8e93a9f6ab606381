import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mappingLimits, readMapping } from '#lib/mapping.ts';
import { createNormaliser, normalise, type ProfileName, profileNames } from '#scoring/wer/normalise.ts';

type Rules = Record<string, string>;

const mapped = (text: string, rules: Rules, profile: ProfileName = 'en') =>
  createNormaliser(
    profile,
    Object.entries(rules).map(([from, to]) => ({ from, to })),
  )
    .words(text)
    .join('|');

describe('a mapping', () => {
  test.each<[what: string, text: string, rules: Rules, words: string]>([
    ['replaces a word', 'it is ok', { ok: 'okay' }, 'it|is|okay'],
    ['replaces whole words only', 'okra ok', { ok: 'okay' }, 'okra|okay'],
    [
      'goes through the profile on both sides',
      "It’s O'Hare",
      { 'IT’S': 'It is', 'o’hare!': 'airport' },
      'it|is|airport',
    ],
    ['replaces runs of words', 'new york is new', { 'New York': 'NY' }, 'ny|is|new'],
    ['takes the longest that stands there', 'a b c a b', { a: '1', 'a b': '2', 'a b c': '3' }, '3|2'],
    ['goes from left to right', 'a b c', { 'a b': '1', 'b c': '2' }, '1|c'],
    ['does not look again at what it put in', 'a b', { a: 'b', b: 'c' }, 'b|c'],
    ['may leave nothing', 'well uh no', { uh: '' }, 'well|no'],
    ['may put in several words', 'gonna go', { gonna: 'going to' }, 'going|to|go'],
    ['counts the first of rules that come to the same', 'ok', { 'OK!': 'one', ok: 'two' }, 'one'],
    ['never meets a rule without words', 'a', { '—': 'b' }, 'a'],
    ['knows words named like properties of objects', 'constructor __proto__', { constructor: 'x' }, 'x|proto'],
  ])('%s', (_, text, rules, words) => {
    expect(mapped(text, rules)).toBe(words);
  });

  test('is told with the normaliser, and none is told where it has no rule', () => {
    expect(createNormaliser('en', [{ from: 'a', to: 'b' }]).mapping).toHaveLength(1);
    expect(createNormaliser('en', []).mapping).toBeNull();
    expect(createNormaliser('en').mapping).toBeNull();
  });

  test.each(profileNames)('of words that do not stand in a text changes nothing in profile %s', (profile) => {
    const normaliser = createNormaliser(profile, [{ from: 'zzz', to: 'y' }]);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abАБёй \u0301-.()') }), (text) => {
        expect(normaliser.words(text)).toEqual(normalise(text, profile));
      }),
      { seed: 20260301, numRuns: 300 },
    );
  });
});

describe('a table of spellings', () => {
  const rulesIn = (text: string) => {
    const parsed = readMapping(new TextEncoder().encode(text));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.mapping.map(({ from, to }) => `${from}=${to}`);
  };
  const problemsIn = (text: string) => {
    const parsed = readMapping(new TextEncoder().encode(text));
    return parsed.ok ? [] : parsed.problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
  };

  test.each([
    ['ok,okay\r\n\r\n# why\r\nuh,\r\n', ['ok=okay', 'uh=']],
    ['from,to\nok,okay', ['ok=okay']],
    ['from\tto\nnew york\tNY\nuh\t\n', ['new york=NY', 'uh=']],
    ['gonna => going to\nuh =>\n', ['gonna=going to', 'uh=']],
    ['"a, b" , "say ""c"""\n', ['a, b=say "c"']],
    ['и\u0306од,йод\n', ['йод=йод']],
    ['# nothing yet', []],
  ])('%j is read', (text, rules) => {
    expect(rulesIn(text)).toEqual(rules);
  });

  test('is refused with all its problems, each with its place', () => {
    const text = [
      'ok,okay',
      '  no rule',
      ',b',
      'ok,fine',
      '"a,b',
      'a,b,c',
      'a => b => c',
      `${'x'.repeat(201)},`,
      'a\u0007,b',
    ];
    expect(problemsIn(text.join('\n'))).toEqual([
      '2:3 mapping-line',
      '3:1 mapping-from-empty',
      '4:1 mapping-twice',
      '5:1 mapping-line',
      '6:1 mapping-line',
      '7:1 mapping-line',
      '8:1 mapping-side-long',
      '9:2 control-character',
    ]);
  });

  test('may have so many rules and bytes, and no more', () => {
    const lines = Array.from({ length: mappingLimits.rules }, (_, i) => `w${i},x`);
    expect(rulesIn(lines.join('\n'))).toHaveLength(mappingLimits.rules);
    expect(problemsIn([...lines, 'one,more'].join('\n'))).toEqual([`${mappingLimits.rules + 1}:1 mapping-too-many`]);
    const comment = `#${'ы'.repeat(mappingLimits.bytes / 2 - 1)}`;
    expect(rulesIn(comment)).toEqual([]);
    expect(problemsIn(`${comment}ы`)).toEqual(['0:0 file-too-large']);
  });
});
