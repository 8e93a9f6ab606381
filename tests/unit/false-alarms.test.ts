import { describe, expect, test, vi } from 'vitest';
import { createColumns, setCounts } from '#scoring/columns.ts';
import { compareSystems, type System, testNames } from '#scoring/statistics/compare.ts';
import { collectEvents } from '#scoring/statistics/events.ts';
import { createRandom, drawBelow, type RandomSource } from '#scoring/statistics/random.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

const speakers = 30;
const utterancesOfSpeaker = 8;
const unitOf = Int32Array.from({ length: speakers * utterancesOfSpeaker }, (_, i) =>
  Math.floor(i / utterancesOfSpeaker),
);

/**
 * A system that errs at random, as likely on average as any other with the same `percent`; where `isPartial`, it is much worse
 * with some speakers and better with others.
 */
function drawnSystem(random: RandomSource, percent: number, isPartial: boolean): System {
  const ease = Array.from({ length: speakers }, () => (isPartial ? drawBelow(random, 2 * percent + 1) : percent));
  const words = createColumns(unitOf.length);
  const events = Array.from(unitOf, (speaker, i) => {
    const length = 5 + (i % 6);
    const wrong = Array.from({ length }, (_, word) => word).filter(() => drawBelow(random, 100) < ease[speaker]!);
    setCounts(words, i, { hits: length - wrong.length, substitutions: wrong.length, deletions: 0, insertions: 0 });
    return { wording: 0, places: wrong.map((word) => 2 * word + 1), errors: wrong.map(() => 1) };
  });
  return { words, events: () => collectEvents(events) };
}

/** How often two systems are told apart at 5 %, of 200 pairs. */
function toldApart(
  name: (typeof testNames)[number],
  { percents, isPartial = false, byUnit = true }: { percents: [number, number]; isPartial?: boolean; byUnit?: boolean },
): number {
  const random = createRandom(1);
  const options = { resamples: 200, unitOf: byUnit ? unitOf : null };
  return Array.from({ length: 200 }).filter(() => {
    const [first, second] = percents.map((percent) => drawnSystem(random, percent, isPartial)) as [System, System];
    return compareSystems(name, first, second, options).pValue! < 0.05;
  }).length;
}

describe.each(testNames)('the test %s', (name) => {
  test('tells systems apart that are as good in at most 8 of 100 cases', () => {
    expect(toldApart(name, { percents: [15, 15] })).toBeLessThanOrEqual(16);
  });

  test('tells systems apart that are not', () => {
    expect(toldApart(name, { percents: [15, 25] })).toBeGreaterThan(150);
  });
});

test('what differs by speaker is told apart by chance, unless speakers are the units', () => {
  const partial = { percents: [15, 15], isPartial: true } satisfies { percents: [number, number]; isPartial: boolean };
  expect(toldApart('bootstrap', partial)).toBeLessThanOrEqual(20);
  expect(toldApart('bootstrap', { ...partial, byUnit: false })).toBeGreaterThan(30);
});
