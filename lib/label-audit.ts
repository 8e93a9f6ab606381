import type { LabelText } from '#lib/label-desk.ts';

/*
 * What the desk of the scoring side answers about audits of labels, as JSON: written there, read in an organiser's browser, and nowhere
 * between. Instants are ISO 8601.
 */

/** Who heard it: a file of the organisers', or an entry, which has a number until the reveal and its team's name afterwards. */
export type AuditSystem = { kind: 'file'; name: string } | { kind: 'entry'; number: number; team: string | null };

/** `failure` has a sentence: `audit.failure-…`. */
export type AuditRun =
  | { state: 'queued' | 'running' }
  | { state: 'failed'; failure: string }
  | { state: 'done'; finishedAt: string; audited: number; effectiveSystems: number };

export type AuditOutput = { id: string; name: string; format: string; addedAt: string };

export type AuditState = {
  labelVersion: number;
  /** Null where none was ever asked for. */
  last: AuditRun | null;
  systems: readonly AuditSystem[];
  outputs: readonly AuditOutput[];
  /** Entries that an audit would hear today. */
  entries: number;
  counts: Readonly<Record<AuditFilter, number>>;
};

export type AuditFilter = 'open' | 'changed' | 'dismissed';

/** A step of the label against the consensus, with the words on both sides. */
export type AuditStep = {
  kind: 'hit' | 'substitution' | 'deletion' | 'insertion';
  reference: string | null;
  hypothesis: string | null;
};

/** Systems, by their place in AuditState.systems, that say the same; `steps` against the label. */
export type AuditSaying = { systems: readonly number[]; steps: readonly AuditStep[] };

/** How much the systems' agreement says. */
export type Strength = 'strong' | 'medium' | 'weak';

export type AuditEvidence = {
  strength: Strength;
  consensus: string;
  steps: readonly AuditStep[];
  /** The most said first. */
  sayings: readonly AuditSaying[];
};

export type FlagNote = { note: string; at: string; isLookedAt: boolean };

/** `evidence` null: no system hears anything else, only teams say that something is wrong. */
export type AuditItem = {
  id: string;
  seconds: number | null;
  label: LabelText;
  state: AuditFilter;
  evidence: AuditEvidence | null;
  flags: readonly FlagNote[];
  dismissal: { reason: string; by: string | null; at: string } | null;
};

export type AuditPage = { total: number; pageSize: number; items: readonly AuditItem[] };
