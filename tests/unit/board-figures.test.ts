import { expect, test } from 'vitest';
import type { BoardRow } from '#lib/board.ts';
import { along, axisOf, brackets, staircase, timesOf } from '#ui/board-figures.ts';

function aRow(row: Partial<BoardRow>): BoardRow {
  return {
    rank: 1,
    team: 'Шёпот',
    isBaseline: false,
    wer: null,
    interval: null,
    tied: null,
    entries: 1,
    lastAt: null,
    change: null,
    history: [],
    teamId: 'a',
    kind: 'team',
    isGuest: false,
    isDemo: false,
    members: 2,
    ...row,
  };
}

function aRate(wer: number, half = 0.01): BoardRow {
  return aRow({ wer, interval: [wer - half, wer + half] });
}

test('the axis holds every interval, on round numbers', () => {
  const axis = axisOf([aRate(0.118), aRate(0.153), aRate(0.273)]);
  expect(axis.low).toBeCloseTo(0.1);
  expect(axis.high).toBeCloseTo(0.3);
  expect(along(axis, 0.1)).toBe(0);
  expect(along(axis, 0.2)).toBe(50);
});

test('one hopeless entry does not squeeze the others into a corner', () => {
  const axis = axisOf([aRate(0.12), aRate(0.13), aRate(0.14), aRate(0.16), aRate(1.4)]);
  expect(axis.high).toBeLessThan(0.35);
  expect(along(axis, 1.4)).toBe(100);
});

test('the baseline is on the axis however far the teams have left it behind', () => {
  const axis = axisOf([aRate(0.05), aRate(0.06), { ...aRate(0.4), isBaseline: true }]);
  expect(axis.high).toBeGreaterThanOrEqual(0.41);
});

test('a board without scores, or with equal ones, still has an axis', () => {
  expect(axisOf([aRow({})])).toEqual({ low: 0, high: 1 });
  const { low, high } = axisOf([aRow({ wer: 0.2 }), aRow({ wer: 0.2 })]);
  expect(high).toBeGreaterThan(low);
});

test('a bracket holds a tied class together, and whoever stands between', () => {
  const ranked = [1, 2, null, 3, 4, 5, 5, 7];
  const rows = [1, 1, null, 1, null, 3, 3, null].map((tied, i) => aRow({ tied, rank: ranked[i]! }));
  expect(brackets(rows)).toEqual([
    { part: 'top', places: '1–3' },
    { part: 'middle', places: '1–3' },
    { part: 'middle', places: null },
    { part: 'bottom', places: '1–3' },
    null,
    { part: 'top', places: '5' },
    { part: 'bottom', places: '5' },
    null,
  ]);
});

test('a staircase falls as the best result does and reaches the present', () => {
  const at = '2026-11-20T00:00:00.000Z';
  const history = [
    ['2026-11-10T00:00:00.000Z', 0.3],
    ['2026-11-15T00:00:00.000Z', 0.2],
  ] as const;
  expect(staircase(history, timesOf([aRow({ history })], at))).toBe('M0 2H40V18H80');
});

test('a small improvement is not drawn as large as a great one', () => {
  const at = '2026-11-20T00:00:00.000Z';
  const history = [
    ['2026-11-10T00:00:00.000Z', 0.21],
    ['2026-11-15T00:00:00.000Z', 0.2],
  ] as const;
  expect(staircase(history, timesOf([aRow({ history })], at))).toBe('M0 15H40V18H80');
});
