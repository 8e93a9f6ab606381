import { expect, test } from 'vitest';
import { newsId } from '#lib/live-news.ts';
import { isNewer, isOlder, withNews } from '../../public/live-news.js';

test.each([
  [newsId('board', 12), '11', true],
  [newsId('board', 12), '12', false],
  [newsId('board', 12), '13,reveal-1', false],
  [newsId('reveal', 2), '12', true],
  [newsId('reveal', 2), '12,reveal-1', true],
  [newsId('reveal', 2), '12,reveal-2', false],
  [newsId('board', 3), 'reveal-7', true],
])('news %s is newer than a page that shows %s: %s', (id, held, expected) => {
  expect(isNewer(id, held)).toBe(expected);
});

test('a page that has shown a step by itself is ahead of one that was fetched before', () => {
  const held = withNews('12,talk-3,reveal-4', newsId('reveal', 5));
  expect(held).toBe('12,talk-3,reveal-5');
  expect(isOlder('12,talk-3,reveal-4', held)).toBe(true);
  expect(isOlder('13,talk-3,reveal-5', held)).toBe(false);
});
