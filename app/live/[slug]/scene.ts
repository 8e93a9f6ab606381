import type { Snapshot } from '#lib/board.ts';
import type { RevealState } from '#lib/reveal.ts';

/** What is stored of an evening; what is not going on is null. */
export type Stage = { board: Snapshot; reveal: RevealState | null };

/** What the audience sees. */
export type Scene = { name: 'board'; board: Snapshot } | { name: 'reveal'; reveal: RevealState };

/** Of all that is going on, what the audience is to see: the board, unless there is more. */
export function sceneOf({ board, reveal }: Stage): Scene {
  if (reveal?.isShown) return { name: 'reveal', reveal };
  return { name: 'board', board };
}
