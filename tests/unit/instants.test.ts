import { expect, test } from 'vitest';
import { instantIn } from '../../bin/client/instants.ts';

test('the command line names zones as the site does', () => {
  const instant = '2026-12-12T15:02:00Z';
  expect(instantIn('ru', 'Europe/Moscow')(instant)).toBe('12 дек., 18:02 МСК');
  expect(instantIn('en', 'Europe/Moscow')(instant)).toBe('12 Dec, 18:02 MSK');
  expect(instantIn('ru', 'Asia/Novosibirsk')(instant)).toBe('12 дек., 22:02 GMT+7');
});
