import type { BoardRow } from '#lib/board.ts';

/** What is shown of a team: `wer` is a ratio in steps of 0.001, null without a score; `rank` is null for the unranked. */
export type Shown = Pick<BoardRow, 'rank' | 'wer' | 'interval'>;

/** A row that would look different. Null where the team has no row on that board. */
export type Move = { teamId: string; team: string; isBaseline: boolean; before: Shown | null; after: Shown | null };

/** Of two public boards; `unchanged` counts the rows that look the same on both. */
export type BoardDifference = { moves: readonly Move[]; unchanged: number };

/** What people would see change, in the order of the later board; who is gone from it comes last. */
export function compareBoards(before: readonly BoardRow[], after: readonly BoardRow[]): BoardDifference {
  const earlier = new Map(before.map((row) => [row.teamId, row]));
  const later = new Set(after.map((row) => row.teamId));
  const pairs = [
    ...after.map((row) => ({ row, before: shown(earlier.get(row.teamId)), after: shown(row) })),
    ...before.filter(({ teamId }) => !later.has(teamId)).map((row) => ({ row, before: shown(row), after: null })),
  ];
  const moves = pairs
    .filter((pair) => JSON.stringify(pair.before) !== JSON.stringify(pair.after))
    .map(({ row: { teamId, team, isBaseline }, before, after }) => ({ teamId, team, isBaseline, before, after }));
  return { moves, unchanged: pairs.length - moves.length };
}

function shown(row: BoardRow | undefined): Shown | null {
  return row === undefined ? null : { rank: row.rank, wer: row.wer, interval: row.interval };
}
