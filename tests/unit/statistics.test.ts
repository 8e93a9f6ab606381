import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createColumns, setCounts } from '#scoring/columns.ts';
import { measure } from '#scoring/measure.ts';
import { bootstrapInterval, createBootstrap, pairedBootstrap } from '#scoring/statistics/bootstrap.ts';
import { deltaEstimate, deltaOfDifference } from '#scoring/statistics/delta.ts';
import { fairTail, fairTwoSided, normalDistribution, normalSurvival } from '#scoring/statistics/distributions.ts';
import { holm } from '#scoring/statistics/holm.ts';
import { createRandom, defaultSeed, drawBelow, statesOf } from '#scoring/statistics/random.ts';
import { signTest } from '#scoring/statistics/sign.ts';
import { tieClasses } from '#scoring/statistics/ties.ts';
import type { UnitCounts } from '#scoring/statistics/units.ts';
import { wilcoxon } from '#scoring/statistics/wilcoxon.ts';

/** Relative distance, of which 0 and 0 have none. */
const apart = (a: number, b: number) => (a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)));

describe('draws', () => {
  test('follow the published algorithm from any state', () => {
    // xoshiro128** with a 64-bit intermediate, as printed by its authors.
    const states = statesOf(7);
    const state = [0, 4, 8, 12].map((first) => BigInt(states[first]!));
    const word = (value: bigint) => BigInt.asUintN(32, value);
    const rotate = (value: bigint, by: bigint) => word((value << by) | (value >> (32n - by)));
    const random = createRandom(7);
    for (let i = 0; i < 200; i += 1) {
      const expected = word(rotate(word(state[1]! * 5n), 7n) * 9n);
      const shifted = word(state[1]! << 9n);
      state[2]! ^= state[0]!;
      state[3]! ^= state[1]!;
      state[1]! ^= state[2]!;
      state[0]! ^= state[3]!;
      state[2]! ^= shifted;
      state[3] = rotate(state[3]!, 11n);
      expect(BigInt(random())).toBe(expected);
    }
  });

  test('are the same for one seed and others for another', () => {
    const some = (seed?: number) => Array.from({ length: 5 }, createRandom(seed));
    expect(some()).toEqual(some(defaultSeed));
    expect(some(1)).toEqual(some(1));
    expect(some(1)).not.toEqual(some(2));
  });

  test('below a bound are the upper half of the product, and none is likelier than another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (bound, value) => {
        const queue = [value, 0xffff_ffff];
        const drawn = drawBelow(() => queue.shift() ?? 0xffff_fffe, bound);
        const wide = BigInt(value) * BigInt(bound);
        const kept = BigInt.asUintN(32, wide) >= 2n ** 32n % BigInt(bound);
        expect(drawn).toBeLessThan(bound);
        if (kept) expect([BigInt(drawn), queue.length]).toEqual([wide >> 32n, 1]);
        else expect(queue).toEqual([]);
      }),
    );
    const random = createRandom(3);
    const seen = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i += 1) seen[drawBelow(random, 6)]! += 1;
    for (const count of seen) expect(Math.abs(count - 10_000)).toBeLessThan(400); // 4 standard deviations
  });
});

describe('distributions', () => {
  test.each([
    [0, 0.5],
    [0.5, 0.3085375387259869],
    [1, 0.15865525393145705],
    [1.96, 0.024997895148220435],
    [2.82, 0.002401182474189876],
    [2.83, 0.00232740020673155],
    [3, 0.0013498980316300933],
    [5, 2.866515718791939e-7],
    [10, 7.619853024160527e-24],
    [30, 4.906713927148187e-198],
  ])('beyond %d standard deviations lies %d', (z, tail) => {
    expect(apart(normalSurvival(z), tail)).toBeLessThan(1e-12);
    expect(apart(normalDistribution(z), 1 - tail)).toBeLessThan(1e-12);
    expect(apart(normalDistribution(-z), tail)).toBeLessThan(1e-12);
  });

  test('tosses of a fair coin are counted exactly', () => {
    for (const n of [1, 2, 7, 20, 21, 64, 301, 1000]) {
      let choose = 1n;
      let sum = 0n;
      for (let k = 0; k <= n; k += 1) {
        sum += choose;
        const exact = Number((sum * 10n ** 330n) / 2n ** BigInt(n)) / 1e300 / 1e30;
        if (Number.isFinite(exact) && exact > 1e-290) expect(apart(fairTail(k, n), exact)).toBeLessThan(1e-12);
        choose = (choose * BigInt(n - k)) / BigInt(k + 1);
      }
    }
    expect(fairTail(-1, 5)).toBe(0);
    expect(fairTail(5, 5)).toBe(1);
  });

  test('what sc_stats calls significant with more than 20 pairs is not', () => {
    expect(fairTwoSided(33, 40)).toBeCloseTo(0.48278855684401023, 12);
    expect(fairTwoSided(309, 344)).toBeCloseTo(0.18330307564340184, 12);
    expect(fairTwoSided(500_000, 502_000)).toBeCloseTo(2 * normalSurvival(1999 / Math.sqrt(1_002_000)), 6);
  });
});

describe('tests by unit', () => {
  const signPatterns = (n: number) => Array.from({ length: 2 ** n }, (_, bits) => bits);

  test('the sign test is the share of all sign patterns at least as uneven', () => {
    for (let n = 1; n <= 10; n += 1) {
      for (let above = 0; above <= n; above += 1) {
        const uneven = (bits: number) => Math.abs(2 * bits.toString(2).replaceAll('0', '').length - n);
        const share = signPatterns(n).filter((bits) => uneven(bits) >= Math.abs(2 * above - n)).length / 2 ** n;
        const differences = Array.from({ length: n }, (_, i) => (i < above ? 1 : -1));
        expect(signTest([...differences, 0]).pValue).toBeCloseTo(share, 12);
      }
    }
  });

  test('Wilcoxon is the share of all sign patterns at least as uneven in ranks', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 9 }),
        fc.nat(),
        (sizes, signs) => {
          const n = sizes.length;
          const ranks = sizes.map((size) => sizes.filter((other) => other <= size).length);
          const uneven = (bits: number) =>
            Math.abs(ranks.reduce((sum, rank, i) => sum + ((bits >> i) & 1 ? rank : -rank), 0));
          const own = signs % 2 ** n;
          const share = signPatterns(n).filter((bits) => uneven(bits) >= uneven(own)).length / 2 ** n;
          const found = wilcoxon(sizes.map((size, i) => ((own >> i) & 1 ? size : -size)));
          expect(found.exact).toBe(true);
          expect(found.pValue).toBeCloseTo(share, 12);
        },
      ),
    );
  });

  test('Wilcoxon with equal sizes takes mean ranks and the corrected variance', () => {
    // Ranks 1, 2.5, 2.5, 4: 7.5 above 0; variance 7.5 − 6/48; |7.5 − 5| − 1/2 = 2.
    const found = wilcoxon([1, 2, -2, 3, 0]);
    expect(found).toMatchObject({ rankSum: 7.5, pairs: 4, exact: false });
    expect(found.pValue).toBeCloseTo(2 * normalSurvival(2 / Math.sqrt(7.375)), 12);
  });

  test('nothing but equal pairs is no difference', () => {
    expect(signTest([0, 0]).pValue).toBe(1);
    expect(wilcoxon([0, 0]).pValue).toBe(1);
    expect(wilcoxon([]).pValue).toBe(1);
  });
});

describe('many tests at once', () => {
  test('Holm by hand', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  const numbersOf = (...list: Parameters<typeof tieClasses>) => tieClasses(...list).map(({ number }) => number);

  test('a class runs from its leader to just before the first that differs from it', () => {
    const levels = [0, 1, 10, 11, 12, 30];
    const far = (leader: number, other: number) => (levels[other]! - levels[leader]! > 5 ? 0.0001 : 0.5);
    expect(numbersOf(6, far)).toEqual([0, 0, 1, 1, 1, 2]);
  });

  test('a difference that Holm does not let stand separates nobody', () => {
    expect(numbersOf(2, () => 0.03)).toEqual([0, 1]);
    expect(numbersOf(3, () => 0.03)).toEqual([0, 0, 0]);
    expect(numbersOf(2, () => null)).toEqual([0, 0]);
    expect(numbersOf(0, () => 1)).toEqual([]);
  });

  test('one that is alike the leader ends no class, though it stands below one that differs', () => {
    expect(numbersOf(3, (leader, other) => (leader === 0 && other === 1 ? 0.001 : 0.9))).toEqual([0, 1, 1]);
  });

  test('each place tells whom it was tested against, with Holm’s correction over those tests', () => {
    const pValueOf = (leader: number, other: number) => [[0, 0.5, 0.001], [], []][leader]![other] ?? 0.2;
    expect(tieClasses(3, pValueOf)).toEqual([
      { number: 0, leader: 0, pValue: null },
      { number: 0, leader: 0, pValue: 0.5 },
      { number: 1, leader: 0, pValue: 0.002 },
    ]);
    expect(tieClasses(2, () => null)[1]).toEqual({ number: 0, leader: 0, pValue: null });
  });
});

/** Units whose errors follow their lengths, more or less. */
function drawnUnits(units: number, seed: number): UnitCounts {
  const random = createRandom(seed);
  const lengths = Float64Array.from({ length: units }, () => 5 + drawBelow(random, 20));
  return { errors: lengths.map((length) => drawBelow(random, Math.ceil(length / 2))), lengths };
}

describe('the bootstrap', () => {
  const counts = drawnUnits(400, 1);

  test('agrees with the delta method where there are many units', () => {
    const [low, high] = bootstrapInterval(counts, { resamples: 4_000 })!;
    const [expectedLow, expectedHigh] = deltaEstimate(counts)!.interval;
    expect(apart(high - low, expectedHigh - expectedLow)).toBeLessThan(0.06);
    expect(apart(low, expectedLow)).toBeLessThan(0.02);
    const better = { ...counts, errors: counts.errors.map((errors, i) => (i % 3 === 0 ? errors * 0 : errors)) };
    const paired = pairedBootstrap(counts, better, { resamples: 4_000 })!;
    const delta = deltaOfDifference(counts, better)!.interval;
    expect(apart(paired.interval[1] - paired.interval[0], delta[1] - delta[0])).toBeLessThan(0.06);
    expect(paired).toMatchObject({ firstBetter: 0, pValue: 2 / 4_001 });
  });

  test('is the same for one seed and another for another', () => {
    const interval = (seed?: number) =>
      bootstrapInterval(counts, { resamples: 200, ...(seed === undefined ? {} : { seed }) });
    expect(interval()).toEqual(interval(defaultSeed));
    expect(interval(5)).toEqual(interval(5));
    expect(interval(5)).not.toEqual(interval(6));
  });

  test('of systems together is that of each pair', () => {
    const other = { ...counts, errors: drawnUnits(400, 2).errors };
    const together = createBootstrap([counts, other], { resamples: 300 });
    expect(together.interval(0)).toEqual(bootstrapInterval(counts, { resamples: 300 }));
    expect(together.interval(1)).toEqual(bootstrapInterval(other, { resamples: 300 }));
    expect(together.compare(0, 1)).toEqual(pairedBootstrap(counts, other, { resamples: 300 }));
  });

  test('has one p-value, whether it is asked for alone or not, over the same words and over others', () => {
    const other = { ...counts, errors: drawnUnits(400, 2).errors };
    const apart = drawnUnits(400, 3);
    const sparse = { errors: counts.errors, lengths: counts.lengths.map((length, i) => (i === 0 ? length : 0)) };
    for (const second of [counts, other, apart, sparse]) {
      const { compare, pValue } = createBootstrap([counts, second, sparse], { resamples: 300 });
      expect(pValue(0, 1)).toBe(compare(0, 1)!.pValue);
      expect(pValue(1, 2)).toBe(compare(1, 2)!.pValue);
    }
  });

  test('of a system with itself is no difference', () => {
    expect(pairedBootstrap(counts, counts, { resamples: 100 })).toEqual({
      interval: [0, 0],
      pValue: 1,
      firstBetter: 0.5,
    });
  });

  test('takes the bounds between the sorted resamples in proportion', () => {
    const units: UnitCounts = { errors: Float64Array.of(0, 1), lengths: Float64Array.of(1, 1) };
    const sums = () => [Float64Array.from({ length: 41 }, (_, i) => 40 - i), new Float64Array(41).fill(100)];
    expect(bootstrapInterval(units, { sums })).toEqual([0.01, 0.39]);
  });

  test('leaves out resamples without a word, and has no interval where there is none at all', () => {
    const oneWord: UnitCounts = { errors: Float64Array.of(1, 2), lengths: Float64Array.of(4, 0) };
    const [low, high] = bootstrapInterval(oneWord, { resamples: 500 })!;
    expect(low).toBe(0.25);
    expect(high).toBe(0.75);
    const none: UnitCounts = { errors: Float64Array.of(1, 2), lengths: Float64Array.of(0, 0) };
    expect(bootstrapInterval(none)).toBeNull();
    expect(pairedBootstrap(none, oneWord)).toBeNull();
    expect(bootstrapInterval({ errors: Float64Array.of(1), lengths: Float64Array.of(4) })).toBeNull();
    expect(bootstrapInterval({ errors: new Float64Array(), lengths: new Float64Array() })).toBeNull();
  });

  test('stands in a measure under its name', () => {
    const columns = createColumns(40);
    for (let i = 0; i < 40; i += 1) {
      setCounts(columns, i, { hits: 5 + (i % 7), substitutions: i % 3, deletions: 0, insertions: 0 });
    }
    const found = measure(columns, null, { bootstrap: true, resamples: 500 });
    const plain = measure(columns, null);
    expect(found.intervalMethod).toBe('bootstrap');
    expect(plain.intervalMethod).toBe('delta');
    expect(found.errorRate).toBe(plain.errorRate);
    expect(found.interval![0]).toBeCloseTo(plain.interval![0], 1);
    expect(found.interval).not.toEqual(plain.interval);
  });
});
