import type { Snapshot } from '#lib/board.ts';
import type { RevealState } from '#lib/reveal.ts';
import type { ShownTalk } from './talk.ts';

/** What is stored of an evening; what is not going on is null. */
export type Stage = { board: Snapshot; talk: ShownTalk | null; reveal: RevealState | null };

/** What the audience sees. */
export type Scene =
  | { name: 'board'; board: Snapshot }
  | { name: 'talk'; talk: ShownTalk }
  | { name: 'reveal'; reveal: RevealState };

/** Of all that is going on, what the audience is to see: the board, unless there is more. The reveal ends the evening. */
export function sceneOf({ board, talk, reveal }: Stage): Scene {
  if (reveal?.isShown) return { name: 'reveal', reveal };
  if (talk !== null) return { name: 'talk', talk };
  return { name: 'board', board };
}
