import { describe, expect, test } from 'vitest';
import { fromLocalInput, isTimeZone, localDay, nextLocalDay, toLocalInput } from '#lib/time.ts';

const moscow = 'Europe/Moscow';
const berlin = 'Europe/Berlin';

describe('the calendar day of an instant', () => {
  test.each([
    ['2026-12-05T20:59:59.999Z', moscow, '2026-12-05'],
    ['2026-12-05T21:00:00.000Z', moscow, '2026-12-06'],
    ['2026-12-05T21:00:00.000Z', 'UTC', '2026-12-05'],
    ['2026-12-05T13:00:00.000Z', 'Asia/Vladivostok', '2026-12-05'],
    ['2026-12-05T14:00:00.000Z', 'Asia/Vladivostok', '2026-12-06'],
    ['2026-12-06T11:00:00.000Z', 'Pacific/Kiritimati', '2026-12-07'],
  ])('%s in %s is %s', (instant, zone, day) => {
    expect(localDay(new Date(instant), zone)).toBe(day);
  });
});

describe('the next day begins', () => {
  test.each([
    ['at midnight', '2026-12-05T12:00:00Z', moscow, '2026-12-05T21:00:00.000Z'],
    ['a whole day later for an instant at midnight itself', '2026-12-05T21:00:00Z', moscow, '2026-12-06T21:00:00.000Z'],
    ['23 hours after midnight when clocks go forward', '2026-03-28T23:00:00Z', berlin, '2026-03-29T22:00:00.000Z'],
    ['25 hours after midnight when clocks go back', '2026-10-24T22:00:00Z', berlin, '2026-10-25T23:00:00.000Z'],
    [
      'at one o’clock where midnight is skipped',
      '2026-09-05T12:00:00Z',
      'America/Santiago',
      '2026-09-06T04:00:00.000Z',
    ],
  ])('%s', (_when, instant, zone, expected) => {
    expect(nextLocalDay(new Date(instant), zone).toISOString()).toBe(expected);
  });

  test('after every instant, on another day, and not before that day', () => {
    for (let hour = 0; hour < 24 * 365; hour += 7) {
      const instant = new Date(Date.UTC(2026, 0, 1, hour, 13));
      for (const zone of [moscow, berlin, 'America/Santiago', 'Australia/Lord_Howe']) {
        const next = nextLocalDay(instant, zone);
        expect(next > instant).toBe(true);
        expect(localDay(next, zone)).not.toBe(localDay(instant, zone));
        expect(localDay(new Date(next.getTime() - 1), zone)).toBe(localDay(instant, zone));
      }
    }
  });
});

describe('a time typed by an organiser', () => {
  test('means that time in the zone of the competition', () => {
    expect(fromLocalInput('2026-12-05T23:59', moscow)?.toISOString()).toBe('2026-12-05T20:59:00.000Z');
    expect(fromLocalInput(' 2026-12-05 23:59 ', 'UTC')?.toISOString()).toBe('2026-12-05T23:59:00.000Z');
  });

  test('comes back as it was typed', () => {
    for (const zone of [moscow, berlin, 'Asia/Kolkata']) {
      expect(toLocalInput(fromLocalInput('2026-07-01T08:30', zone)!, zone)).toBe('2026-07-01T08:30');
    }
  });

  test('that the clocks skip is the instant as far after the jump', () => {
    expect(fromLocalInput('2026-03-29T02:30', berlin)?.toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });

  test('that happens twice is the first of the two', () => {
    expect(fromLocalInput('2026-10-25T02:30', berlin)?.toISOString()).toBe('2026-10-25T00:30:00.000Z');
  });

  test.each(['', 'завтра', '2026-12-05', '2026-13-01T00:00', '2026-02-30T10:00', '2026-12-05T25:00', '10:00'])(
    'is refused where it is no date with a time: %j',
    (typed) => {
      expect(fromLocalInput(typed, moscow)).toBeNull();
    },
  );
});

test('a zone is one that the tz database knows', () => {
  expect(isTimeZone('Europe/Moscow')).toBe(true);
  expect(isTimeZone('UTC')).toBe(true);
  expect(isTimeZone('Moscow')).toBe(false);
  expect(isTimeZone('')).toBe(false);
  expect(isTimeZone('Mars/Olympus')).toBe(false);
});
