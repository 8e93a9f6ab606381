import { describe, expect, test } from 'vitest';
import { checkTeamName, longestTeamName } from '#lib/team-name.ts';

function problemOf(typed: string): string | null {
  const checked = checkTeamName(typed);
  return checked.ok ? null : checked.problem;
}

function keyOf(typed: string): string {
  const checked = checkTeamName(typed);
  if (!checked.ok) throw new Error(`${typed}: ${checked.problem}`);
  return checked.key;
}

describe('a team may be called', () => {
  test.each([
    'Шёпот',
    'Тихий час',
    'Фонема и Ко',
    'wav2vec',
    'Команда №1',
    'Émile & les Ñandúes',
    '★ 42 ★',
    '☆☆',
    '語音認識',
    'O’Brien-Smith',
    'Team Волна',
    'Супер№1',
  ])('%s', (name) => {
    expect(checkTeamName(name)).toMatchObject({ ok: true, name });
  });

  test('a family emoji and a letter: the joiner inside an emoji is no hidden character', () => {
    expect(problemOf('👩‍👩‍👧‍👦 A')).toBeNull();
  });

  test('40 letters, and no more', () => {
    expect(problemOf('ж'.repeat(longestTeamName))).toBeNull();
    expect(problemOf('ж'.repeat(longestTeamName + 1))).toBe('too-long');
  });

  test('what people perceive as two characters, however many code points they take', () => {
    expect(problemOf('🇷🇺')).toBe('too-short');
    expect(problemOf('🇷🇺🇫🇮')).toBeNull();
    expect(problemOf('й')).toBe('too-short');
    expect(problemOf('и\u0306')).toBe('too-short');
  });
});

describe('a team may not be called', () => {
  test.each([
    ['nothing', '', 'too-short'],
    ['spaces', '   \u00a0\u3000 ', 'too-short'],
    ['one letter', ' Ж ', 'too-short'],
    ['a page of emoji that counts as few characters', '👩‍👩‍👧‍👦'.repeat(39), 'too-long'],
    ['markup', '<b>ok</b>', 'characters'],
    ['a null', 'ab\u0000c', 'characters'],
    ['text that turns the line round', 'abc\u202edef', 'characters'],
    ['a word with a soft hyphen', 'ab\u00adcd', 'characters'],
    ['a word with a zero-width space', 'ab\u200bcd', 'characters'],
    ['signs that unfold to a sentence', 'ﷺﷺﷺ', 'too-long'],
    ['half a surrogate pair', 'ab\ud83d', 'characters'],
    ['a private character', 'ab\ue000', 'characters'],
    ['letters under a tower of marks', 'Z\u0300\u0301\u0302\u0303\u0304algo', 'marks'],
    ['a Latin word with a Cyrillic letter', 'Аlpha', 'mixed-scripts'],
    ['a Latin word with a Greek letter', 'αlpha', 'mixed-scripts'],
  ])('%s', (_what, typed, problem) => {
    expect(problemOf(typed)).toBe(problem);
  });
});

describe('two names look alike', () => {
  test.each([
    ['different case', 'Шёпот', 'ШЁПОТ'],
    ['ё for е', 'Шёпот', 'Шепот'],
    ['spaces and signs', 'Тихий час!', '  тихий-час! '],
    ['a Cyrillic twin of a Latin word', 'COCA', 'СОСА'],
    ['a sign at the end', 'Белый шум', 'БЕЛЫЙ шум!!!'],
    ['a sign for a letter', 'Alpha', 'A!pha'],
    ['zero for o', 'Solo', 'S0l0'],
    ['one for l', 'Lola', '1o1a'],
    ['full-width letters', 'Alpha', 'Ａｌｐｈａ'],
    ['accents', 'Emile', 'Émile'],
    ['bold letters of mathematics', 'Alpha', '𝐀𝐥𝐩𝐡𝐚'],
  ])('%s', (_why, first, second) => {
    expect(keyOf(first)).toBe(keyOf(second));
  });

  test('and different ones do not', () => {
    const names = ['Шёпот', 'Тихий час', 'Фонема', 'Alpha', 'Beta', '☆☆', '★★', '语音', 'Команда 2', 'Команда 4'];
    expect(new Set(names.map(keyOf)).size).toBe(names.length);
  });
});

test('spaces at the ends and in a row are tidied', () => {
  expect(checkTeamName('  Тихий \t час ')).toMatchObject({ ok: true, name: 'Тихий час' });
});
