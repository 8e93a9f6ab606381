import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLadder, foldLadder, type LadderEntry, ladderThreshold, thresholdAtTry } from '#lib/ladder.ts';
import { deltaEstimate, deltaOfDifference } from '#scoring/statistics/delta.ts';

/** 200 utterances of 10 words by 40 speakers. */
const unitOf = Array.from({ length: 200 }, (_, i) => Math.floor(i / 5));
const referenceWords = unitOf.map(() => 10);
const entry = (errors: readonly number[]): LadderEntry => ({ errors, referenceWords });
const baseline = entry(unitOf.map((_, i) => 2 + (i % 3)));
const start = { baseline, unitOf };

/** The baseline with one error fewer in every utterance of the first `units` speakers. */
const betterIn = (units: number, by = 1) => entry(baselineErrors().map((e, i) => (unitOf[i]! < units ? e - by : e)));
const baselineErrors = () => Array.from(baseline.errors);

function pooled({ errors, referenceWords }: LadderEntry, units: readonly number[]) {
  const sums = { errors: new Float64Array(Math.max(...units) + 1), lengths: new Float64Array(Math.max(...units) + 1) };
  units.forEach((unit, i) => {
    sums.errors[unit]! += errors[i]!;
    sums.lengths[unit]! += referenceWords[i]!;
  });
  return sums;
}

describe('the ladder', () => {
  test('begins at the baseline: what does not beat it significantly has no number', () => {
    const blank = entry([...referenceWords]);
    expect(foldLadder(start, [blank, entry(baselineErrors()), betterIn(2), betterIn(20)])).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test('shows nothing of steps up from blanks to the baseline', () => {
    const steps = Array.from({ length: 40 }, (_, step) =>
      entry(baselineErrors().map((errors, i) => (unitOf[i]! < step ? errors : 10))),
    );
    expect(foldLadder(start, steps)).not.toContain(true);
    const fromBlank = { baseline: entry([...referenceWords]), unitOf };
    expect(foldLadder(fromBlank, steps).filter((shown) => shown).length).toBeGreaterThan(5);
  });

  test('measures each entry against the best that was accepted, not against the last', () => {
    const ladder = createLadder(start);
    expect([betterIn(20), baseline, betterIn(20), betterIn(21), betterIn(40)].map(ladder.step)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  test('takes more than 0.1 points, however sure', () => {
    const units = Array.from({ length: 1000 }, (_, i) => i);
    const words = units.map(() => 100);
    const of = (errors: number) => ({ errors: units.map((i) => (i === 0 ? 500 : errors)), referenceWords: words });
    const even = { errors: units.map(() => 20), referenceWords: words };
    const begun = { baseline: even, unitOf: units };
    const fewer = (count: number) => ({ errors: units.map((i) => (i < count ? 19 : 20)), referenceWords: words });
    expect(foldLadder(begun, [fewer(100), fewer(101)])).toEqual([false, true]);
    expect(foldLadder(begun, [of(19), of(20)])).toEqual([false, false]);
  });

  test('asks more of a team that has tried more than a hundred times', () => {
    const useless = Array.from({ length: 100 }, () => baseline);
    // Better in 8 of 40 speakers: z is about 3.1, between 2.33 and what 2,000 tries take.
    expect(foldLadder(start, [...useless.slice(1), betterIn(8)]).at(-1)).toBe(true);
    const many = Array.from({ length: 2000 }, () => baseline);
    expect(foldLadder(start, [...many, betterIn(8)]).at(-1)).toBe(false);
  });

  test('accepts exactly where 2.33 standard errors of the paired difference are passed, wordings of other lengths too', () => {
    let accepted = 0;
    const counts = fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.integer({ min: 1, max: 12 }), fc.nat(1), fc.nat(5)), {
      minLength: 12,
      maxLength: 40,
    });
    fc.assert(
      fc.property(counts, (rows) => {
        const units = rows.map((_, i) => Math.floor(i / 2));
        const first = {
          errors: rows.map(([a, , , , skill]) => Math.max(0, a - skill)),
          referenceWords: rows.map(([, , n]) => n),
        };
        const second = { errors: rows.map(([, b]) => b), referenceWords: rows.map(([, , n, longer]) => n + longer) };
        const estimate = deltaOfDifference(pooled(first, units), pooled(second, units))!;
        const difference = (estimate.interval[0] + estimate.interval[1]) / 2;
        const expected = difference < -Math.max(2.33 * estimate.standardError, 0.001);
        expect(foldLadder({ baseline: second, unitOf: units }, [first])).toEqual([expected]);
        accepted += Number(expected);
      }),
      { seed: 1, numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(50);
    expect(accepted).toBeLessThan(450);
  });

  test('accepts nothing where a single unit tells nothing, or no word was said', () => {
    const alone = { baseline: entry(baselineErrors()), unitOf: unitOf.map(() => 0) };
    expect(foldLadder(alone, [betterIn(40)])).toEqual([false]);
    const silent = { errors: [3, 3], referenceWords: [0, 0] };
    expect(foldLadder({ baseline: silent, unitOf: [0, 1] }, [{ ...silent, errors: [0, 0] }])).toEqual([false]);
  });

  test('refuses an entry of another length', () => {
    expect(() => createLadder(start).step({ errors: [1], referenceWords: [1] })).toThrow(RangeError);
  });
});

describe('the announced threshold', () => {
  test('is z standard errors of the baseline over utterances, in steps of 0.1 points', () => {
    const { standardError } = deltaEstimate(pooled(baseline, [...unitOf.keys()]))!;
    expect(ladderThreshold(start)).toBe(Math.max(1, Math.round(2330 * standardError)));
    expect(ladderThreshold({ baseline: { ...baseline, errors: unitOf.map((u) => u % 7) }, unitOf })).toBeGreaterThan(5);
  });

  test('grows with the tries beyond a hundred, and is none where units are too few', () => {
    const uneven = { baseline: entry(unitOf.map((u) => u % 7)), unitOf };
    const first = ladderThreshold(uneven)!;
    expect(thresholdAtTry(first, 100)).toBe(first);
    expect(thresholdAtTry(first, 1000) / first).toBeCloseTo(Math.sqrt(2 * Math.log(1000)) / 2.33, 1);
    expect(ladderThreshold({ baseline, unitOf: unitOf.map(() => 0) })).toBeNull();
  });
});
