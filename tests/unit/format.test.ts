import { expect, test } from 'vitest';
import { formatsFor } from '#ui/format.ts';

const ru = formatsFor('ru');
const en = formatsFor('en');
const noBreakSpace = '\u00a0';

test('a rate is a percentage with one decimal, written as the language writes decimals', () => {
  expect(ru.rate(0.1234)).toBe('12,3');
  expect(en.rate(0.1234)).toBe('12.3');
  expect(ru.rate(1.02)).toBe('102,0');
  expect(ru.percent(0.123)).toBe(`12,3${noBreakSpace}%`);
  expect(en.percent(0.123)).toBe('12.3%');
});

test('a difference carries its sign, a true minus, and says that it is in points', () => {
  expect(ru.points(-0.012)).toBe(`−1,2${noBreakSpace}п.п.`);
  expect(en.points(-0.012)).toBe(`−1.2${noBreakSpace}pp`);
  expect(en.points(0.004)).toBe(`+0.4${noBreakSpace}pp`);
});

test('an interval names its unit once', () => {
  expect(ru.range(0.111, 0.125)).toBe(`11,1–12,5${noBreakSpace}%`);
  expect(en.range(0.111, 0.125)).toBe('11.1–12.5%');
});

test('an instant is told in the competition’s zone, by the name its people use', () => {
  const at = new Date('2026-12-12T15:02:30Z');
  expect(ru.instant(at, 'Europe/Moscow')).toBe('12\u00a0декабря, 18:02\u00a0МСК');
  expect(en.instant(at, 'Europe/Moscow')).toBe('12\u00a0December, 18:02\u00a0MSK');
  expect(en.instant(at, 'Asia/Novosibirsk')).toBe('12\u00a0December, 22:02\u00a0GMT+7');
  expect(ru.longInstant(at, 'UTC')).toBe('12\u00a0декабря 2026, 15:02\u00a0UTC');
  expect(ru.instant(new Date('2026-12-12T21:00:00Z'), 'Europe/Moscow')).toBe('13\u00a0декабря, 00:00\u00a0МСК');
});

test('time left counts days and a clock, and stands at zero afterwards', () => {
  expect(ru.countdown(6 * 86_400_000 + 4 * 3_600_000 + 12 * 60_000)).toBe(`6${noBreakSpace}дн 04:12:00`);
  expect(en.countdown(59_001)).toBe('00:01:00');
  expect(en.countdown(0)).toBe('00:00:00');
  expect(en.countdown(-5000)).toBe('00:00:00');
});

test('how long ago is told in the largest unit that fits', () => {
  const minute = 60_000;
  expect(ru.ago(18 * minute)).toBe('18 мин назад');
  expect(ru.ago(25 * 60 * minute)).toBe('вчера');
  expect(en.ago(2 * 60 * minute)).toBe('2 hr ago');
  expect(en.ago(-minute)).toBe(en.ago(0));
});

test('sizes are binary', () => {
  expect(ru.bytes(900)).toBe(`900${noBreakSpace}Б`);
  expect(en.bytes(8 * 1024 * 1024)).toBe(`8.0${noBreakSpace}MiB`);
});
