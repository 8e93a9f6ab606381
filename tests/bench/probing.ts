import { noCounts } from '#lib/counts.ts';
import { createLadder, type LadderEntry } from '#lib/ladder.ts';
import { type PublicScore, publicScore, rateInterval } from '#lib/scores.ts';
import { deltaEstimate } from '#scoring/statistics/delta.ts';
import { createRandom } from '#scoring/statistics/random.ts';
import { blank, type Contest, type Mixture, second } from './attacks.ts';
import { type SimulatedFold, simulateFold, sumByUnit, total, uniform } from './simulated.ts';

/*
 * A board as a probing team sees it, under each policy: a score goes through the code that publishes it, and comes out with its
 * rounded interval and its place among the others.
 */

export type Policy = 'exact' | 'open' | 'ladder' | 'ladder without a seed';

export type Scene = {
  readonly fold: SimulatedFold;
  readonly baseline: Int32Array;
  /** Errors of the attacker's two systems. */
  readonly systems: readonly [Int32Array, Int32Array];
  /** Errors of an honest team: what it begins with, and thirty versions that it submits. */
  readonly versions: readonly Int32Array[];
  /** Sums of errors of the other teams. */
  readonly others: readonly number[];
};

const speakers = 30;
const otherTeams = 20;
const rates = { attacker: 0.15, baseline: 0.2 };
const versions = 30;

export function setScene(utterances: number, seed: number): Scene {
  const fold = simulateFold({ utterances, speakers }, seed);
  return {
    fold,
    baseline: fold.drawSystem(rates.baseline),
    systems: [fold.drawSystem(rates.attacker), fold.drawSystem(rates.attacker)],
    versions: fold.drawVersions(Array.from({ length: versions + 1 }, (_, v) => 0.2 - (0.08 * v) / versions)),
    others: Array.from({ length: otherTeams }, () => total(fold.drawSystem(0.12 + 0.06 * uniform(fold.random)))),
  };
}

export function errorsOf({ fold, systems }: Scene, mixture: Mixture): Int32Array {
  return Int32Array.from(mixture, (choice, u) =>
    choice === blank ? fold.words[u]! : systems[choice === second ? 1 : 0][u]!,
  );
}

export type Probing = {
  readonly contest: Contest;
  /** Errors of the team's entry that the board counts: the best of those with a number. Infinite where there is none. */
  counted(): number;
};

export function openContest(scene: Scene, policy: Policy, tries: number): Probing {
  const { fold, systems } = scene;
  const random = createRandom(total(scene.baseline));
  const accepts = acceptance(scene, policy);
  let best = Number.POSITIVE_INFINITY;
  const submit = (mixture: Mixture, dropped?: Int32Array) => {
    const errors = errorsOf(scene, mixture).map((sum, u) => sum + (dropped?.[u] ?? 0));
    if (!accepts({ errors, referenceWords: fold.words })) return null;
    const sum = total(errors);
    best = Math.min(best, sum);
    if (policy === 'exact') return (100 * sum) / fold.totalWords;
    return readNumber(scoreOf(fold, errors), sum, fold, scene.others);
  };
  const apart = systems[0].map((errors, u) => errors + systems[1][u]!);
  const { words, totalWords } = fold;
  const lead = (rates.baseline - rates.attacker) * totalWords;
  return {
    contest: { utterances: apart.length, apart, words, totalWords, lead, tries, random, submit },
    counted: () => best,
  };
}

function acceptance({ fold, baseline }: Scene, policy: Policy): (entry: LadderEntry) => boolean {
  if (policy === 'exact' || policy === 'open') return () => true;
  const seed = policy === 'ladder' ? baseline : fold.words;
  return createLadder({ baseline: { errors: seed, referenceWords: fold.words }, unitOf: fold.unitOf }).step;
}

export function scoreOf({ unitOf, words, totalWords }: SimulatedFold, errors: Int32Array): PublicScore {
  const units = sumByUnit(errors, words, unitOf);
  const sum = total(errors);
  // Hits and substitutions, or insertions beside only hits: the score depends on the errors and the words alone.
  const substitutions = Math.min(sum, totalWords);
  const counts = { ...noCounts, hits: totalWords - substitutions, substitutions, insertions: sum - substitutions };
  return publicScore(counts, rateInterval(counts, deltaEstimate(units)!.standardError))!;
}

/**
 * Points, nearer than they are printed. The middle of an interval that is rounded outwards lies within 0.1 of the rate and is off
 * by 0.1/√24; the number is off by 0.1/√12, less where its place tells it from others with the same number.
 */
function readNumber(
  { werPermille, intervalPermille }: PublicScore,
  errors: number,
  { totalWords }: SimulatedFold,
  others: readonly number[],
): number {
  const shownOf = (sum: number) => Math.floor((2000 * sum + totalWords) / (2 * totalWords));
  const same = others.filter((sum) => shownOf(sum) === werPermille);
  const ahead = same.filter((sum) => sum < errors).length;
  const fromPlace = werPermille - 0.5 + (ahead + 0.5) / (same.length + 1);
  const [low, high] = intervalPermille!;
  const weight = (same.length + 1) ** 2;
  return (weight * fromPlace + 2 * ((low + high) / 2)) / (weight + 2) / 10;
}
