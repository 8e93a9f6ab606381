import { describe, expect, test } from 'vitest';
import { measureDistances, separatePairs } from '#scoring/statistics/all-pairs.ts';
import { createBootstrap } from '#scoring/statistics/bootstrap.ts';
import { deltaOfDifference } from '#scoring/statistics/delta.ts';
import { createRandom, drawBelow } from '#scoring/statistics/random.ts';
import { tieRuns } from '#scoring/statistics/ties.ts';
import type { UnitCounts } from '#scoring/statistics/units.ts';

describe('all pairs at once', () => {
  /** Which of all pairs are apart, as `first-second`. */
  const apart = (systems: readonly UnitCounts[], resamples = 500) => {
    const { rates } = createBootstrap(systems, { seed: 7, resamples });
    const isApart = separatePairs(systems, [...systems.keys()].map(rates));
    const places = [...systems.keys()];
    return places.flatMap((a) => places.filter((b) => b > a && isApart(a, b)).map((b) => `${a}-${b}`));
  };
  const shifted = ({ errors, lengths }: UnitCounts, share: number): UnitCounts => ({
    errors: errors.map((each, i) => each + Math.round(share * lengths[i]!)),
    lengths,
  });

  test('tell a system that is worse in every unit from all others, and equal ones from nobody', () => {
    const base = drawnUnits(60, 1);
    const equals = [2, 3, 4].map((seed) => ({ errors: drawnUnits(60, seed).errors, lengths: base.lengths }));
    expect(apart([base, ...equals, shifted(base, 0.5)])).toEqual(['0-4', '1-4', '2-4', '3-4']);
    expect(apart([base, base])).toEqual([]);
  });

  test('count a small difference only where no more pairs could have shown it by chance', () => {
    const base = drawnUnits(60, 1);
    const better = {
      errors: base.errors.map((each, i) => (i % 6 === 0 ? Math.max(0, each - 2) : each)),
      lengths: base.lengths,
    };
    const noisy = Array.from({ length: 30 }, (_, i) => ({
      errors: drawnUnits(60, 10 + i).errors,
      lengths: base.lengths,
    }));
    expect(apart([better, base])).toEqual(['0-1']);
    expect(apart([better, base, ...noisy])).not.toContain('0-1');
  });

  test('come to the same as every pair of every resample looked at', () => {
    const lengths = drawnUnits(40, 1).lengths;
    const systems = Array.from({ length: 37 }, (_, i) =>
      shifted({ errors: drawnUnits(40, i).errors, lengths }, 0.02 * (i % 5) * (i % 7)),
    );
    expect(apart(systems)).toEqual(apartByLooking(systems, 500));
  });

  test('are as far from each other by what was measured before as measured anew', () => {
    const systems = Array.from({ length: 9 }, (_, i) => drawnUnits(40, i));
    const known = measureDistances([systems[3]!, systems[0]!, systems[7]!, drawnUnits(40, 99)]);
    expect(measureDistances(systems, known)).toEqual(measureDistances(systems));
    const wrong = { ...known, squares: known.squares.map((square) => square + 1) };
    expect(measureDistances(systems, wrong), '(control) it is used').not.toEqual(measureDistances(systems));
  });

  test('say nothing with one unit or without words, and are cautious with few units', () => {
    const alone = (errors: number): UnitCounts => ({ errors: Float64Array.of(errors), lengths: Float64Array.of(50) });
    expect(apart([alone(1), alone(40)])).toEqual([]);
    const silent = { errors: new Float64Array(30), lengths: new Float64Array(30) };
    expect(apart([silent, silent])).toEqual([]);
    const two = (...errors: number[]): UnitCounts => ({
      errors: Float64Array.from(errors),
      lengths: Float64Array.of(50, 50),
    });
    expect(apart([two(1, 2), two(9, 4)])).toEqual([]);
  });

  test('make runs: a class ends before the first that is apart from its leader', () => {
    expect(tieRuns(5, (leader, other) => other - leader > 1)).toEqual([1, 1, 2, 2, 3]);
    expect(tieRuns(3, (leader, other) => leader === 0 && other === 1)).toEqual([1, 2, 2]);
    expect(tieRuns(0, () => true)).toEqual([]);
  });
});

/** The same two steps by the plainest way. */
function apartByLooking(systems: readonly UnitCounts[], resamples: number): string[] {
  const units = systems[0]!.errors.length;
  const { rates } = createBootstrap(systems, { seed: 7, resamples });
  const pairs = systems.flatMap((a, i) =>
    systems.slice(i + 1).map((b, j) => {
      const { standardError } = deltaOfDifference(a, b)!;
      const [x, y] = [rates(i)!, rates(i + 1 + j)!];
      const [sumA, sumB] = [a, b].map(({ errors, lengths }) => sum(errors) / sum(lengths));
      const scale = standardError / Math.sqrt(units / (units - 1));
      const inResamples = [...x.keys()].map((r) => Math.abs(x[r]! - y[r]! - (sumA! - sumB!)) / scale);
      return { name: `${i}-${i + 1 + j}`, ratio: Math.abs(sumA! - sumB!) / standardError, inResamples };
    }),
  );
  const apart = new Set<string>();
  for (let step = 0; step < 2; step += 1) {
    const left = pairs.filter(({ name }) => !apart.has(name));
    const greatest = Array.from({ length: resamples }, (_, r) => Math.max(...left.map((p) => p.inResamples[r]!)));
    const normal = greatest.sort((a, b) => b - a)[Math.floor((resamples + 1) * 0.05) - 1]!;
    const wallace = (normal * (8 * (units - 1) + 3)) / (8 * (units - 1) + 1);
    const limit = Math.sqrt((units - 1) * Math.expm1(wallace ** 2 / (units - 1)));
    for (const { name, ratio } of left) if (ratio > limit) apart.add(name);
  }
  return pairs.map(({ name }) => name).filter((name) => apart.has(name));
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Units whose errors follow their lengths, more or less. */
function drawnUnits(units: number, seed: number): UnitCounts {
  const random = createRandom(seed);
  const lengths = Float64Array.from({ length: units }, () => 5 + drawBelow(random, 20));
  return { errors: lengths.map((length) => drawBelow(random, Math.ceil(length / 2))), lengths };
}
