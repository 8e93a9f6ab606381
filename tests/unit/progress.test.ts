import { expect, test } from 'vitest';
import type { BoardRow } from '#lib/board.ts';
import { picture, progressOf } from '#ui/progress.ts';

const at = '2026-11-24T12:00:00.000Z';

function aRow(team: string, history: BoardRow['history'], given: Partial<BoardRow> = {}): BoardRow {
  const wer = history.at(-1)?.[1] ?? null;
  const shown = { rank: 1, isBaseline: false, interval: null, tied: null, entries: 1, lastAt: at, change: null };
  const identity = {
    teamId: team,
    kind: 'team',
    isGuest: false,

    isDemo: false,
    members: 1,
  } as const;
  return { ...shown, ...identity, team, wer, history, ...given };
}

const boardOf = (rows: readonly BoardRow[]) => ({ version: 1, at, frozen: false, ties: null, rows });

test('a team’s line steps down when it gets better, and reaches to the instant of the board', () => {
  const rows = [
    aRow('a', [
      ['2026-11-24T10:00:00.000Z', 0.4],
      ['2026-11-24T11:00:00.000Z', 0.2],
    ]),
  ];
  const { lines, ticks } = progressOf(boardOf(rows))!;
  const right = picture.width - picture.right;
  const middle = (picture.left + right) / 2;
  const [top, bottom] = [picture.top, picture.height - picture.bottom];
  expect(lines[0]!.path).toBe(`M${picture.left}.0 ${top}.0H${middle.toFixed(1)}V${bottom}.0H${right}.0`);
  expect([ticks[0]!.rate, ticks.at(-1)!.rate]).toEqual([0.2, 0.4]);
});

test('the baseline lies over the whole time, whenever it was pinned', () => {
  const pinned = aRow('b', [['2026-11-24T11:30:00.000Z', 0.3]], { isBaseline: true, rank: null, kind: 'baseline' });
  const { lines } = progressOf(boardOf([aRow('a', [['2026-11-24T10:00:00.000Z', 0.2]]), pinned]))!;
  expect(lines[1]!.path).toMatch(new RegExp(`^M${picture.left}\\.0 `));
  expect(lines[0]!.isFirst).toBe(true);
});

test('names never touch, and of forty teams only the best are named', () => {
  const rows = Array.from({ length: 40 }, (_, i) =>
    aRow(`t${i}`, [['2026-11-24T10:00:00.000Z', 0.2]], { rank: i + 1 }),
  );
  const named = progressOf(boardOf(rows))!.lines.flatMap(({ labelY }) => labelY ?? []);
  expect(named).toHaveLength(11);
  const sorted = named.toSorted((a, b) => a - b);
  expect(Math.min(...sorted.slice(1).map((y, i) => y - sorted[i]!))).toBeGreaterThanOrEqual(15);
  expect(sorted[0]).toBeGreaterThanOrEqual(picture.top);
  expect(sorted.at(-1)).toBeLessThanOrEqual(picture.height - picture.bottom);
});

test('without a number there is no chart', () => {
  expect(progressOf(boardOf([aRow('a', [])]))).toBeNull();
});
