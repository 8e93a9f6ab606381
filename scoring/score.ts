import type { Score } from '#lib/db/scoring.ts';
import type { Format } from '#lib/predictions/records.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import { type CountColumns, countsAt, selectColumns, totalOf } from '#scoring/columns.ts';
import { prepareReferences, type References, scoreFile } from '#scoring/corpus.ts';
import { profileHash } from '#scoring/profile-hash.ts';
import type { Split } from '#scoring/references.ts';
import { deltaEstimate } from '#scoring/statistics/delta.ts';
import { numberUnits, poolByUnit } from '#scoring/statistics/units.ts';
import { createNormaliser } from '#scoring/wer/normalise.ts';
import { SCORER_VERSION } from '#scoring/wer/score.ts';

/** Places of a fold in the split, and the unit of each, numbered from 0 on. */
type PreparedFold = { places: readonly number[]; unitOf: Int32Array };

/** A split ready for any number of files. */
export type PreparedSplit = Split & {
  references: References;
  profileHash: string;
  folds: Record<'public' | 'private', PreparedFold>;
};

/** A file as the team sent it; `format` is how it was read when it came, where it was not detected. */
export type SentFile = { sent: Uint8Array; split: 'dev' | 'test'; format: Format | undefined };

/** What came of a file: its score, or why the platform that took it in cannot score it. */
export type Outcome = { ok: true; score: Score } | { ok: false; reason: 'no-references' | 'unreadable' };

export function prepareSplit(split: Split): PreparedSplit {
  const { profile, mapping, utterances } = split;
  return {
    ...split,
    references: prepareReferences(utterances, createNormaliser(profile, mapping)),
    profileHash: profileHash(profile, mapping),
    folds: { public: prepareFold(split, 'public'), private: prepareFold(split, 'private') },
  };
}

function prepareFold({ utterances }: Split, name: 'public' | 'private'): PreparedFold {
  const places = [...utterances.keys()].filter((i) => utterances[i]!.fold === name);
  return { places, unitOf: numberUnits(places.map((i) => utterances[i]!.unit)) };
}

/** Scores a file that was read without problems when it came; what is missing in it counts as deleted. */
export async function scoreSent(prepared: PreparedSplit, { sent, split, format }: SentFile): Promise<Outcome> {
  if (prepared.utterances.length === 0) return { ok: false, reason: 'no-references' };
  const unpacked = await unpack(sent);
  if (!unpacked.ok) return { ok: false, reason: 'unreadable' };
  const characters = split === 'dev' ? 'with-spaces' : null;
  const scored = scoreFile(prepared.references, unpacked.bytes, { characters, format });
  if (!scored.ok) return { ok: false, reason: 'unreadable' };
  const rules = { scorerVersion: String(SCORER_VERSION), profileHash: prepared.profileHash };
  const score = scored.characters
    ? devScore(prepared, scored.words, scored.characters)
    : testScore(prepared, scored.words);
  return { ok: true, score: { ...rules, ...score } };
}

function testScore({ folds }: PreparedSplit, words: CountColumns) {
  const fold = ({ places, unitOf }: PreparedFold) => {
    const { counts, standardError } = measured(selectColumns(words, places), unitOf);
    return { counts, standardError };
  };
  const { errors, lengths } = poolByUnit(words, null);
  const each = { errors: [...errors], referenceWords: [...lengths] };
  return { split: 'test' as const, public: fold(folds.public), private: fold(folds.private), utterances: each };
}

function devScore({ utterances }: PreparedSplit, words: CountColumns, characters: CountColumns) {
  const { counts, interval } = measured(words, numberUnits(utterances.map(({ unit }) => unit)));
  const dev = {
    words: counts,
    characters: totalOf(characters),
    interval,
    utterances: utterances.map(({ id }, i) => ({ id, words: countsAt(words, i) })),
  };
  return { split: 'dev' as const, dev };
}

function measured(words: CountColumns, unitOf: Int32Array) {
  const estimate = deltaEstimate(poolByUnit(words, unitOf));
  const { interval = null, standardError = null } = estimate ?? {};
  return { counts: totalOf(words), interval, standardError };
}
