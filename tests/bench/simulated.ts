import { createRandom, drawBelow, type RandomSource } from '#scoring/statistics/random.ts';
import type { UnitCounts } from '#scoring/statistics/units.ts';

/*
 * Made-up folds whose errors go together by speaker and by utterance, as real ones do. They serve to compare rules, not to say
 * anything of a real data set.
 */

export type SimulatedFold = {
  /** The speaker of each utterance, from 0 on. */
  readonly unitOf: Int32Array;
  /** Reference words of each utterance. */
  readonly words: Int32Array;
  readonly totalWords: number;
  /** Errors of a new system whose true error rate is `rate`, a ratio. */
  drawSystem(rate: number): Int32Array;
  /** Errors of one version after the other of a system, at these true error rates. */
  drawVersions(rates: readonly number[]): Int32Array[];
  readonly random: RandomSource;
};

/** Standard deviations of the logarithm of an error rate: what all systems find hard, and what one of them does. */
const usualSpread = { speaker: 0.3, utterance: 0.4, systemAtSpeaker: 0.08, systemAtUtterance: 0.5 };
/** Of the words, this share is heard anew by the next version of a system: its gains and its losses. */
const relearnt = 0.2;

export type FoldShape = { utterances: number; speakers: number };

export function simulateFold(
  { utterances, speakers, ...given }: FoldShape & Partial<typeof usualSpread>,
  seed: number,
): SimulatedFold {
  const spread = { ...usualSpread, ...given };
  const wholeSpread = Math.hypot(...Object.values(spread));
  const random = createRandom(seed);
  const unitOf = Int32Array.from({ length: utterances }, (_, i) => i % speakers);
  const words = Int32Array.from({ length: utterances }, () => 4 + drawBelow(random, 14));
  const ofSpeaker = normals(random, speakers, spread.speaker);
  const ofUtterance = normals(random, utterances, spread.utterance);
  const hardness = () => {
    const atSpeaker = normals(random, speakers, spread.systemAtSpeaker);
    const atUtterance = normals(random, utterances, spread.systemAtUtterance);
    return atUtterance.map((own, i) =>
      Math.exp(own + atSpeaker[unitOf[i]!]! + ofUtterance[i]! + ofSpeaker[unitOf[i]!]! - wholeSpread ** 2 / 2),
    );
  };
  const drawVersions = (rates: readonly number[]) => versionsOf(hardness(), words, rates, random);
  return {
    unitOf,
    words,
    totalWords: total(words),
    drawSystem: (rate) => drawVersions([rate])[0]!,
    drawVersions,
    random,
  };
}

/** Every word is heard by chance, as well as its utterance allows; what is not heard anew comes out as in the version before. */
function versionsOf(hardness: Float64Array, words: Int32Array, rates: readonly number[], random: RandomSource) {
  const utteranceOf = [...words.keys()].flatMap((u) => new Array<number>(words[u]!).fill(u));
  const ears = Float64Array.from(utteranceOf, () => uniform(random));
  return rates.map((rate, version) => {
    for (let word = 0; word < ears.length; word += 1)
      if (version > 0 && uniform(random) < relearnt) ears[word] = uniform(random);
    const errors = new Int32Array(words.length);
    for (const [word, u] of utteranceOf.entries()) if (ears[word]! < rate * hardness[u]!) errors[u]! += 1;
    return errors;
  });
}

/** Every unit's errors and words; by default each utterance is a unit of its own. */
export function sumByUnit(errors: ArrayLike<number>, words: ArrayLike<number>, unitOf?: Int32Array): UnitCounts {
  const units = unitOf === undefined ? words.length : Math.max(...unitOf) + 1;
  const sums = { errors: new Float64Array(units), lengths: new Float64Array(units) };
  for (let u = 0; u < words.length; u += 1) {
    const unit = unitOf?.[u] ?? u;
    sums.errors[unit]! += errors[u]!;
    sums.lengths[unit]! += words[u]!;
  }
  return sums;
}

export function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  return sum;
}

export function mean(values: readonly number[]): number {
  return total(values) / values.length;
}

/** From 0 to below 1. */
export function uniform(random: RandomSource): number {
  return random() / 2 ** 32;
}

/** Normal draws around 0. Source: Box & Muller (1958). */
function normals(random: RandomSource, count: number, deviation: number): Float64Array {
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(random)));
    return deviation * radius * Math.cos(2 * Math.PI * uniform(random));
  });
}
