import type { Snapshot } from '#lib/board.ts';

/** What is stored of an evening; what is not going on is null. */
export type Stage = { board: Snapshot };

/** What the audience sees. */
export type Scene = { name: 'board'; board: Snapshot };

/** Of all that is going on, what the audience is to see: the board, unless there is more. */
export function sceneOf({ board }: Stage): Scene {
  return { name: 'board', board };
}
