import type { BoardDifference } from '#lib/board-difference.ts';

/*
 * What the desk of the scoring side answers about labels, as JSON: it is written there and read in an organiser's browser, and nowhere
 * between. Instants are ISO 8601.
 */

/** How an utterance stands: what was said, wordings that are as good, and whether it counts. */
export type LabelText = { reference: string; alternatives: readonly string[]; excluded: boolean };

/** `before` is how it stands in the version that the draft began with; null where the draft leaves it alone. */
export type ListedLabel = LabelText & { id: string; seconds: number | null; before: LabelText | null };
export type LabelFilter = 'all' | 'changed' | 'excluded';
export type LabelPage = { total: number; pageSize: number; labels: readonly ListedLabel[] };

export type LabelVersionState = 'draft' | 'applied' | 'discarded';

/** How an utterance stood after an edit; the first entry is how it was imported, which nobody gave a reason for. */
export type LabelHistoryEntry = LabelText & {
  labelVersion: number;
  state: LabelVersionState;
  reason: string;
  editedBy: string | null;
  editedAt: string;
};
export type LabelHistory = { entries: readonly LabelHistoryEntry[] };

/** What a draft changes, in utterances: other words; other wordings beside the same words; out of the scoring, and into it again. */
export type LabelChanges = { corrected: number; alternatives: number; excluded: number; restored: number };

export type RescoreState = {
  state: 'queued' | 'running' | 'done' | 'failed';
  /** Files. */
  done: number;
  total: number | null;
  failure: string | null;
  difference: BoardDifference | null;
  /** It counted the draft as it stands now. */
  isCurrent: boolean;
};
export type DraftState = { version: number; changes: LabelChanges; rescore: RescoreState | null };

export type ListedVersion = {
  version: number;
  state: LabelVersionState;
  reason: string;
  createdBy: string | null;
  createdAt: string;
  /** Utterances that were edited in it. */
  edited: number;
};
export type LabelState = {
  labelVersion: number;
  isFrozen: boolean;
  draft: DraftState | null;
  versions: readonly ListedVersion[];
};

/** How many utterances came to stand otherwise. */
export type Edited = { changed: number };
