import type { Connection } from '#lib/db/client.ts';
import { listDevReferences, listTestReferences } from '#lib/db/labels.ts';
import type { ScoringTask } from '#lib/db/scoring.ts';
import type { Mapping } from '#lib/mapping.ts';
import { devUnits } from '#scoring/dev-units.ts';
import { profileHash } from '#scoring/profile-hash.ts';
import { isProfileName, type ProfileName } from '#scoring/wer/normalise.ts';

/** One utterance that is scored: its wordings, and where its counts go. Dev has no folds. */
export type SplitUtterance = {
  id: string;
  references: readonly [string, ...string[]];
  unit: string;
  fold: 'public' | 'private' | null;
};
/** What a file is scored against, and by which rules; plain data, for another thread. */
export type Split = { profile: ProfileName; mapping: Mapping | null; utterances: readonly SplitUtterance[] };

/**
 * What a split may be kept by between submissions: references of test are never changed under a label version. Those of dev may
 * be imported anew under it and are read each time: null.
 */
export function keyOfSplit(task: ScoringTask): string | null {
  if (task.split === 'dev') return null;
  return `${task.competitionId}:${task.labelVersion}:${profileHash(profileOf(task), task.mapping)}`;
}

/** The references that a submission is scored against. */
export async function readSplit(db: Connection, task: ScoringTask): Promise<Split> {
  const utterances = task.split === 'dev' ? await readDev(db, task) : await readTest(db, task);
  return { profile: profileOf(task), mapping: task.mapping, utterances };
}

async function readTest(db: Connection, { competitionId, labelVersion }: ScoringTask): Promise<SplitUtterance[]> {
  const rows = await listTestReferences(db, competitionId, labelVersion);
  return rows.map(({ id, references, unit, fold }) => ({ id, references, unit, fold }));
}

async function readDev(db: Connection, { competitionId }: ScoringTask): Promise<SplitUtterance[]> {
  const rows = await listDevReferences(db, competitionId);
  const unitOf = devUnits(rows);
  return rows.map(({ id, references }, i) => ({ id, references, unit: unitOf[i]!, fold: null }));
}

function profileOf({ competitionId, profile }: ScoringTask): ProfileName {
  if (!isProfileName(profile)) throw new Error(`competition ${competitionId} has an unknown profile "${profile}"`);
  return profile;
}
