import { drawBelow, type RandomSource } from '#scoring/statistics/random.ts';
import { mean, total, uniform } from './simulated.ts';

/*
 * How a team learns hidden references from scores: it has two systems, submits mixtures of their outputs, and keeps from each
 * answer what it tells of which system is better where. Sources: Blum & Hardt (2015); Hardt, Competing in a data science contest
 * without reading the data (2015); Whitehill, Climbing the Kaggle leaderboards (2017).
 */

/** Whose output stands for an utterance. */
export const first = 0;
export const second = 1;
export const blank = 2;
export type Mixture = Uint8Array;

/** What an attacker has. */
export type Contest = {
  readonly utterances: number;
  /** In how many words the two outputs differ, by utterance: what the truth about it may be worth. */
  readonly apart: ArrayLike<number>;
  /** Words of each reference, which the outputs tell nearly. */
  readonly words: Int32Array;
  readonly totalWords: number;
  /** By how many errors the first system is likely to beat the baseline: teams know that of dev. */
  readonly lead: number;
  readonly tries: number;
  readonly random: RandomSource;
  /**
   * The error rate in points as near as everything shown tells it; null where no new number is shown. `dropped`, by utterance, are
   * words left out that both systems hear rightly: one error each.
   */
  submit(mixture: Mixture, dropped?: Int32Array): number | null;
};

/** Returns the mixture that the attacker would hand in. */
export type Attack = (contest: Contest) => Mixture;

export const attacks: Record<string, Attack> = {
  'ridge regression': ridge,
  vote,
  'hill-climb 5 %': climb(0.05),
  'hill-climb 10 %': climb(0.1),
  'hill-climb 20 %': climb(0.2),
  'hill-climb 50 %': climb(0.5),
  'staircase 20': staircase(20),
  'staircase 60': staircase(60),
};

/** Random halves are as many weighings of the same coins: the differences by utterance are fitted to the answers. */
function ridge(contest: Contest): Mixture {
  const rows = weighings(contest);
  if (rows.length === 0) return whole(contest, first);
  const centre = mean(rows.map(({ points }) => points));
  const perWord = 100 / contest.totalWords;
  // An utterance's difference has as many ±1 as the outputs differ in words.
  const prior = Float64Array.from(contest.apart, (words) => words * perWord ** 2);
  const answers = rows.map(({ points }) => points - centre);
  const kernel = rows.map((a, i) => rows.map((b, j) => product(a.signs, b.signs, prior) + (i === j ? 1e-3 : 0)));
  const weights = solve(kernel, answers);
  return Uint8Array.from(prior, (_, u) =>
    rows.reduce((sum, { signs }, i) => sum + weights[i]! * signs[u]!, 0) < 0 ? second : first,
  );
}

function product(a: Float64Array, b: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let u = 0; u < a.length; u += 1) sum += a[u]! * b[u]! * weights[u]!;
  return sum;
}

/** Every mixture speaks for its choices as much as its answer is better than the mean one, by its sign alone. */
function vote(contest: Contest): Mixture {
  const rows = weighings(contest);
  const centre = mean(rows.map(({ points }) => points));
  const speaks = ({ points }: Weighing) => (rows.length > 1 ? Math.sign(centre - points) : 1);
  return Uint8Array.from({ length: contest.utterances }, (_, u) =>
    rows.reduce((sum, row) => sum + speaks(row) * row.signs[u]!, 0) > 0 ? second : first,
  );
}

type Weighing = { signs: Float64Array; points: number };

/** Both systems and as many random halves as there are tries; those that were answered with a number. */
function weighings(contest: Contest): Weighing[] {
  const mixtures = Array.from({ length: contest.tries }, (_, t) => {
    if (t < 2) return whole(contest, t);
    return Uint8Array.from({ length: contest.utterances }, () => drawBelow(contest.random, 2));
  });
  return mixtures.flatMap((mixture) => {
    const points = contest.submit(mixture);
    return points === null ? [] : [{ signs: Float64Array.from(mixture, (choice) => choice - 0.5), points }];
  });
}

/** Changes a random share of the choices, and keeps what is shown to be better. */
function climb(share: number): Attack {
  return (contest) => {
    let best = whole(contest, first);
    let points = contest.submit(best);
    const tryOut = (mixture: Mixture) => {
      const answer = contest.submit(mixture);
      if (answer === null || (points !== null && answer >= points)) return;
      [best, points] = [mixture, answer];
    };
    tryOut(whole(contest, second));
    for (let t = 2; t < contest.tries; t += 1)
      tryOut(best.map((choice) => (uniform(contest.random) < share ? 1 - choice : choice)));
    return best;
  };
}

/**
 * Sandbagging: blanks are filled group by group, each an improvement that has to be shown, and so tells how many errors the group
 * has. Groups that were dearer than the mean go to the other system; then each group is tried the other way round.
 */
function staircase(groups: number): Attack {
  return (contest) => {
    const groupOf = Int32Array.from({ length: contest.utterances }, () => drawBelow(contest.random, groups));
    const { filled, points: known, dearer } = fill(contest, groupOf, groups);
    let best = filled.map((choice, u) => (dearer.has(groupOf[u]!) ? second : choice));
    let points = known;
    for (let t = groups; t < contest.tries; t += 1) {
      const group = t - groups - 1;
      const mixture = best.map((choice, u) => (groupOf[u] === group % groups ? 1 - choice : choice));
      const answer = contest.submit(mixture);
      if (answer !== null && (points === null || answer < points)) [best, points] = [mixture, answer];
    }
    return best;
  };
}

/** From blanks to the first system; `dearer` are groups that came to more errors than the mean, as far as numbers were shown. */
function fill(contest: Contest, groupOf: Int32Array, groups: number) {
  const steps: { groups: number[]; errors: number; words: number }[] = [];
  let filled = whole(contest, blank);
  let points: number | null = null;
  let since: number[] = [];
  for (let group = 0; group < groups; group += 1) {
    filled = filled.map((choice, u) => (groupOf[u] === group ? first : choice));
    since.push(group);
    const answer = contest.submit(filled);
    if (answer === null) continue;
    const words = contest.words.reduce((sum, n, u) => sum + (since.includes(groupOf[u]!) ? n : 0), 0);
    const saved = ((points ?? answer) - answer) * (contest.totalWords / 100);
    if (points !== null) steps.push({ groups: since, errors: words - saved, words });
    [points, since] = [answer, []];
  }
  const share = total(steps.map(({ errors }) => errors)) / total(steps.map(({ words }) => words));
  const dearer = new Set(steps.flatMap((step) => (step.errors > share * step.words ? step.groups : [])));
  return { filled, points, dearer };
}

export function whole({ utterances }: Contest, choice: number): Mixture {
  return new Uint8Array(utterances).fill(choice);
}

/** Solves a positive definite system by Cholesky's decomposition. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): Float64Array {
  const size = right.length;
  const lower = matrix.map(() => new Float64Array(size));
  const known = (i: number, j: number, to: number) => {
    let sum = 0;
    for (let k = 0; k < to; k += 1) sum += lower[i]![k]! * lower[j]![k]!;
    return sum;
  };
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) lower[i]![j] = (matrix[i]![j]! - known(i, j, j)) / lower[j]![j]!;
    lower[i]![i] = Math.sqrt(matrix[i]![i]! - known(i, i, i));
  }
  const solution = Float64Array.from(right);
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < i; k += 1) solution[i]! -= lower[i]![k]! * solution[k]!;
    solution[i]! /= lower[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < size; k += 1) solution[i]! -= lower[k]![i]! * solution[k]!;
    solution[i]! /= lower[i]![i]!;
  }
  return solution;
}
