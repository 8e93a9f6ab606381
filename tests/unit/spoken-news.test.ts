import { expect, test } from 'vitest';
import { translator } from '#lib/messages/translate.ts';
import { boardTexts } from '#ui/board-texts.ts';
import { type Heard, newsOf } from '../../public/live-heard.js';
import { boardNews, type Line } from '../../public/spoken-news.js';
import { aSnapshotOf } from '../snapshots.ts';

const words = boardTexts(translator('ru'), 4, aSnapshotOf(1, 0));

const lines: Line[] = ['Фонема', 'Акустики', 'Шум', 'Речь', 'Эхо', 'Тишина'].map((team, i) => ({
  ...{ teamId: team, team, wer: `1${i},0`, place: String(i + 1) },
}));
const changed = (count: number) => lines.map((line, i) => (i < count ? { ...line, wer: `0${i},5` } : line));

test('what is heard of a changed board names the best three whose number changed, and how many others did', () => {
  expect(boardNews(lines, changed(5), words)).toBe(
    'Таблица обновилась. Фонема: 00,5\u00a0%, место 1; Акустики: 01,5\u00a0%, место 2; Шум: 02,5\u00a0%, место 3; и ещё 2.',
  );
});

test('the baseline is heard without a place, and a name is read as it is, whatever stands in it', () => {
  const baseline = { teamId: 'baseline', team: '{place} $& {wer}', wer: '50,0', place: null };
  expect(boardNews(lines, [...lines, baseline], words)).toBe('Таблица обновилась. {place} $& {wer}: 50,0\u00a0%.');
});

test('a board on which no number changed is no news, a first number is', () => {
  const unscored = lines.map((line) => ({ ...line, wer: null }));
  expect(boardNews(lines, [...lines].reverse(), words)).toBeNull();
  expect(boardNews(lines, unscored, words)).toBeNull();
  expect(boardNews(unscored, lines, words)).toContain('место 1');
});

const shown = (given: Partial<Heard>): Heard => ({
  standing: ['Приём открыт до 7 декабря'],
  title: '',
  lines: null,
  ...given,
});

test('in the hall one hears whose talk it is, that the board is frozen, and what changed on it', () => {
  const board = shown({ title: 'Публичная таблица', lines });
  const talk = shown({ title: 'Доклад. Фонема. Как мы победили шум' });
  expect(newsOf(board, talk, words)).toBe('Доклад. Фонема. Как мы победили шум.');
  expect(newsOf(talk, board, words)).toBe('Публичная таблица.');
  const frozen = { ...board, standing: [...board.standing, 'Таблица заморожена с 10:00'], lines: changed(1) };
  expect(newsOf(board, frozen, words)).toBe(
    'Таблица заморожена с 10:00. Таблица обновилась. Фонема: 00,5\u00a0%, место 1.',
  );
  expect(newsOf(frozen, board, words)).toContain('Фонема: 10,0');
});

test('in the hall one hears nothing where nothing changed, nor of a reveal, which speaks for itself', () => {
  const board = shown({ title: 'Публичная таблица', lines });
  expect(newsOf(board, board, words)).toBeNull();
  expect(newsOf(board, shown({}), words)).toBeNull();
});
