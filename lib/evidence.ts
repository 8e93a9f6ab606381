import type { AuditStep } from '#lib/label-audit.ts';

/*
 * What the desk of the scoring side answers about pairs of teams, as JSON: written there, read in an organiser's browser, and nowhere between.
 * Evidence for people who decide, and never a decision. Instants are ISO 8601.
 */

/** What is the same in the files of two teams; whole numbers count mistakes, utterances or words. */
export type PairEvidence = {
  standsOut: boolean;
  /** Mistakes that few teams and no known system make: that both make, that each makes, and that two such teams would share by chance. */
  sharedRare: number;
  rare: readonly [number, number];
  /** Null where there are too few other teams to say; so is `q`, the share of false ones among pairs as improbable as this. */
  expected: number | null;
  z: number | null;
  q: number | null;
  /** Mistakes that these two make and nobody else. */
  onlyTheirs: number;
  /** Of all mistakes of either, those that both make; 0 to 1. */
  jaccard: number;
  utterances: number;
  sameTexts: number;
  /** Where one of the two is wrong at least, and where they are word for word the same there. */
  wrongTexts: number;
  sameWrongTexts: number;
  /** Word edits that turn one file into the other, over the words of the longer one; 0 to 1. */
  editDistance: number;
  /** Whether any files of the two, of whatever time, are the same to the byte. */
  hasSameBytes: boolean;
};

/** An utterance with mistakes that nobody else makes; words as they are scored. */
export type PairExample = {
  id: string;
  seconds: number | null;
  label: string;
  texts: readonly [string, string];
  onlyTheirs: number;
};

export type ComparisonRun =
  | { state: 'queued' | 'running' }
  | { state: 'failed'; failure: string }
  | { state: 'done'; finishedAt: string; teams: number; knownSystems: number };

export type PairNote = { note: string; by: string | null; at: string };

export type PairSide = { teamId: string; team: string; submissionId: string; fileName: string };

export type ListedPair = {
  sides: readonly [PairSide, PairSide];
  figures: PairEvidence;
  examples: number;
  notes: readonly PairNote[];
};

export type EvidenceState = {
  /** Teams with a scored entry, and systems that anybody may build on, as a comparison would take them today. */
  teams: number;
  knownSystems: number;
  /** Null where none was ever asked for. */
  last: ComparisonRun | null;
  /** Of the last comparison that came to an end. */
  pairs: readonly ListedPair[];
};

export type ShownExample = Omit<PairExample, 'label' | 'texts'> & {
  steps: readonly [readonly AuditStep[], readonly AuditStep[]];
};
export type PairExamples = { items: readonly ShownExample[] };
