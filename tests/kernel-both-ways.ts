import { expect } from 'vitest';
import { localLimits } from '#lib/predictions/limits.ts';
import { countsAt } from '#scoring/columns.ts';
import {
  type References,
  readReferences,
  readReferencesPlainly,
  type ScoreOptions,
  scoreFile,
  scoreFilePlainly,
} from '#scoring/corpus.ts';
import { residentFromFile } from '#scoring/kernel/resident.ts';
import { createNormaliser, type ProfileName } from '#scoring/wer/normalise.ts';

/** Numbers from 0 to 1, the same ones for a seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export type Random = () => number;
export const below = (chance: Random, most: number) => Math.floor(chance() * most);
export const oneOf = <T>(chance: Random, choices: readonly T[]) => choices[below(chance, choices.length)]!;

/** Both ways, as plain data. The kernel's memory is used again by the next. */
export function bothWays(referenceFile: Uint8Array, file: Uint8Array, profile: ProfileName, options: ScoreOptions) {
  const normaliser = createNormaliser(profile);
  const fast = readReferences(referenceFile, normaliser, { format: undefined });
  const plain = readReferencesPlainly(referenceFile, normaliser, { format: undefined });
  const results = {
    fast: fast.ok ? resultOf(scoreFile(fast.references, file, options), fast.references) : fast,
    plain: plain.ok ? resultOf(scoreFilePlainly(plain.references, file, options), plain.references) : plain,
  };
  if (fast.ok) fast.references.release();
  return results;
}

export function resultOf(scored: ReturnType<typeof scoreFile>, { length, idOf, textsOf }: References) {
  if (!scored.ok) return scored;
  const { format, warnings, words, characters, hypothesisOf } = scored;
  const utterances = Array.from({ length }, (_, i) => ({
    id: idOf(i),
    texts: textsOf(i),
    hypothesis: hypothesisOf(i),
    words: countsAt(words, i),
    characters: characters && countsAt(characters, i),
  }));
  return { format, warnings, utterances };
}

/** Compares big results in a moment where they are the same. */
export function expectSame(fast: unknown, plain: unknown): void {
  if (JSON.stringify(fast) !== JSON.stringify(plain)) expect(fast).toEqual(plain);
}

/** Whether the kernel took both files. */
export function isCounted(referenceFile: Uint8Array, file: Uint8Array, profile: ProfileName): boolean {
  const options = { characters: null, format: undefined, limits: localLimits };
  const resident = residentFromFile(referenceFile, createNormaliser(profile), options);
  return resident !== null && resident.count(file, options) !== null;
}
