import { chooseUnits } from '#lib/datasets/folds.ts';
import type { Connection } from '#lib/db/client.ts';
import { listDevReferences, listTestReferences } from '#lib/db/labels.ts';
import type { Claim } from '#lib/db/scoring.ts';
import { profileHash } from '#scoring/profile-hash.ts';
import { createNormaliser, isProfileName, type Normaliser, type Words } from '#scoring/wer/normalise.ts';

/** One utterance as it is scored: normalised wordings, and where its counts go. Dev has no folds. */
export type PreparedUtterance = {
  id: string;
  seconds: number | null;
  references: readonly Words[];
  unit: string;
  fold: 'public' | 'private' | null;
};
/** `normaliser` is what hypotheses go through too, `profileHash` what its rules are known by. */
export type PreparedReferences = {
  normaliser: Normaliser;
  profileHash: string;
  utterances: readonly PreparedUtterance[];
};

export type ReferenceStore = (claim: Claim) => Promise<PreparedReferences>;

/**
 * Keeps normalised references between submissions, those used last, up to `maxCharacters` of reference text in all (some ten
 * bytes of memory each). References of test are kept by label version, which no change leaves the same; those of dev may be
 * imported anew under it and are read each time.
 */
export function keepReferences(db: Connection, maxCharacters: number): ReferenceStore {
  const kept = new Map<string, { prepared: PreparedReferences; characters: number }>();
  return async (claim) => {
    if (claim.split === 'dev') return prepareDev(db, claim, rulesOf(claim));
    const rules = rulesOf(claim);
    const key = `${claim.competitionId}:${claim.labelVersion}:${rules.profileHash}`;
    const entry = kept.get(key) ?? (await prepareTest(db, claim, rules));
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

async function prepareTest(db: Connection, claim: Claim, rules: Rules) {
  const rows = await listTestReferences(db, claim.competitionId, claim.labelVersion);
  const characters = rows.flatMap((row) => row.references).reduce((sum, text) => sum + text.length, 0);
  const utterances = rows.map(({ id, seconds, references, unit, fold }) => ({
    id,
    seconds,
    references: references.map(rules.normaliser.words),
    unit,
    fold,
  }));
  return { prepared: { ...rules, utterances }, characters };
}

async function prepareDev(db: Connection, claim: Claim, rules: Rules): Promise<PreparedReferences> {
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
    references: references.map(rules.normaliser.words),
    unit: unitOf[i]!,
    fold: null,
  }));
  return { ...rules, utterances };
}

type Rules = Pick<PreparedReferences, 'normaliser' | 'profileHash'>;

function rulesOf({ competitionId, profile, mapping }: Claim): Rules {
  if (!isProfileName(profile)) throw new Error(`competition ${competitionId} has an unknown profile "${profile}"`);
  return { normaliser: createNormaliser(profile), profileHash: profileHash(profile, mapping) };
}
