import { expect, test } from 'vitest';
import { translator } from '#lib/messages/translate.ts';
import { boardNews } from '#ui/board-news.ts';
import { boardTexts } from '#ui/board-texts.ts';
import { formatsFor } from '#ui/format.ts';
import { aSnapshotOf } from '../snapshots.ts';

const heard = (before: ReturnType<typeof aSnapshotOf>, after: ReturnType<typeof aSnapshotOf>) =>
  boardNews(before, after, boardTexts(translator('ru'), 4, after), formatsFor('ru'));

test('what is heard of a changed board names the best three whose number changed, and how many others did', () => {
  const [before, after] = [aSnapshotOf(6, 0), aSnapshotOf(6, 0)];
  const rows = after.rows.map((row, i) => (i < 5 ? { ...row, wer: (row.wer ?? 0) - 0.001 } : row));
  const news = heard(before, { ...after, rows });
  const [first] = rows;
  expect(news).toMatch(/^Таблица обновилась\. .+, место 1; .+; .+; и ещё 2\.$/);
  expect(news).toContain(`${first?.team}: ${formatsFor('ru').percent(first?.wer ?? 0)}, место 1`);
});

test('the baseline is heard without a place, and a name is read as it is, whatever stands in it', () => {
  const [before, after] = [aSnapshotOf(1, 0), aSnapshotOf(1, 0)];
  const rows = after.rows.map((row) => (row.isBaseline ? { ...row, team: '{place} $& {wer}', wer: 0.5 } : row));
  expect(heard(before, { ...after, rows })).toBe('Таблица обновилась. {place} $& {wer}: 50,0\u00a0%.');
});

test('a board on which no number changed is no news, a first number is', () => {
  const board = aSnapshotOf(2, 0);
  expect(heard(board, aSnapshotOf(2, 0))).toBeNull();
  expect(heard({ ...board, rows: [] }, board)).toContain('место 1');
});
