import { chooseUnits } from '#lib/datasets/folds.ts';
import type { Connection } from '#lib/db/client.ts';
import { listDevReferences, listTestReferences } from '#lib/db/labels.ts';
import type { Claim } from '#lib/db/scoring.ts';
import { isProfileName, normalise, type ProfileName, type Words } from '#scoring/wer/normalise.ts';

/** One utterance as it is scored: normalised wordings, and where its counts go. Dev has no folds. */
export type PreparedUtterance = {
  id: string;
  seconds: number | null;
  references: readonly Words[];
  unit: string;
  fold: 'public' | 'private' | null;
};
export type PreparedReferences = { profile: ProfileName; utterances: readonly PreparedUtterance[] };

export type ReferenceStore = (claim: Claim) => Promise<PreparedReferences>;

/**
 * Keeps normalised references between submissions, those used last, up to `maxCharacters` of reference text in all (some ten
 * bytes of memory each). References of test are kept by label version, which no change leaves the same; those of dev may be
 * imported anew under it and are read each time.
 */
export function keepReferences(db: Connection, maxCharacters: number): ReferenceStore {
  const kept = new Map<string, { prepared: PreparedReferences; characters: number }>();
  return async (claim) => {
    if (claim.split === 'dev') return prepareDev(db, claim);
    const key = `${claim.competitionId}:${claim.labelVersion}:${claim.profile}`;
    const entry = kept.get(key) ?? (await prepareTest(db, claim));
    kept.delete(key);
    kept.set(key, entry);
    let characters = [...kept.values()].reduce((sum, other) => sum + other.characters, 0);
    for (const [oldest, { characters: freed }] of kept) {
      if (characters <= maxCharacters || oldest === key) break;
      kept.delete(oldest);
      characters -= freed;
    }
    return entry.prepared;
  };
}

async function prepareTest(db: Connection, claim: Claim) {
  const profile = profileOf(claim);
  const rows = await listTestReferences(db, claim.competitionId, claim.labelVersion);
  const characters = rows.flatMap((row) => row.references).reduce((sum, text) => sum + text.length, 0);
  const utterances = rows.map(({ id, seconds, references, unit, fold }) => ({
    id,
    seconds,
    references: references.map((text) => normalise(text, profile)),
    unit,
    fold,
  }));
  return { prepared: { profile, utterances }, characters };
}

async function prepareDev(db: Connection, claim: Claim): Promise<PreparedReferences> {
  const profile = profileOf(claim);
  const rows = await listDevReferences(db, claim.competitionId);
  const divided = rows.map(({ id, speaker, seconds, references }) => ({
    id,
    speaker,
    group: null,
    seconds,
    reference: references[0],
  }));
  const { unitOf } = chooseUnits(divided);
  const utterances = rows.map(({ id, seconds, references }, i) => ({
    id,
    seconds,
    references: references.map((text) => normalise(text, profile)),
    unit: unitOf[i]!,
    fold: null,
  }));
  return { profile, utterances };
}

function profileOf({ competitionId, profile }: Claim): ProfileName {
  if (!isProfileName(profile)) throw new Error(`competition ${competitionId} has an unknown profile "${profile}"`);
  return profile;
}
