import { errorRate } from '#lib/counts.ts';
import { type CountColumns, totalOf } from '#scoring/columns.ts';
import type { AlignmentStep } from '#scoring/wer/align.ts';
import { type BootstrapOptions, pairedBootstrap } from './bootstrap.ts';
import { deltaOfDifference } from './delta.ts';
import { rateDifferences } from './differences.ts';
import { collectEvents, type EventColumns, eventsOf } from './events.ts';
import { mapsswe } from './mapsswe.ts';
import { mcnemar } from './mcnemar.ts';
import { signTest } from './sign.ts';
import { poolByUnit, type UnitCounts } from './units.ts';
import { wilcoxon } from './wilcoxon.ts';

export const testNames = ['mapsswe', 'bootstrap', 'mcnemar', 'wilcoxon', 'sign'] as const;

export type TestName = (typeof testNames)[number];

/** One system on the common utterances. `events` is asked for by MAPSSWE alone, since it takes alignments. */
export type System = { readonly words: CountColumns; readonly events: () => EventColumns };

/** An utterance's alignment; `chosen` is the number of the wording that counts. */
type Aligned = { readonly steps: readonly AlignmentStep[]; readonly chosen: number };

/** Alignments are asked for once, and when they are needed: null for an utterance that has no error and one wording alone. */
export function systemOf(words: CountColumns, alignedAt: (i: number) => Aligned | null): System {
  let events: EventColumns | undefined;
  const eventsAt = (i: number) => {
    const { steps, chosen } = alignedAt(i) ?? { steps: [], chosen: 0 };
    return eventsOf(steps, chosen);
  };
  return {
    words,
    events() {
      events ??= collectEvents(Array.from({ length: words.hits.length }, (_, i) => eventsAt(i)));
      return events;
    },
  };
}

/** `difference` and `interval`: first WER minus second as ratios; null where a rate or a test does not exist. */
export type Comparison = {
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
  readonly pValue: number | null;
  readonly test: TestName;
};

export type CompareOptions = BootstrapOptions & {
  /** Names each utterance's unit by a number from 0 on; without it every utterance is a unit of its own. */
  readonly unitOf?: ArrayLike<number> | null;
  /** The bootstrap test always has its own. */
  readonly interval?: 'delta' | 'bootstrap';
};

/**
 * Do two systems differ? MAPSSWE looks at segments and McNemar at utterances; bootstrap, Wilcoxon and sign look at units, as does
 * the interval. All tests are two-sided, and null where ΣN is 0 for either system.
 */
export function compareSystems(
  test: TestName,
  first: System,
  second: System,
  options: CompareOptions = {},
): Comparison {
  const [rateA, rateB] = [errorRate(totalOf(first.words)), errorRate(totalOf(second.words))];
  if (rateA === null || rateB === null) return { difference: null, interval: null, pValue: null, test };
  const units = [first, second].map(({ words }) => poolByUnit(words, options.unitOf ?? null)) as [
    UnitCounts,
    UnitCounts,
  ];
  const difference = rateA - rateB;
  if (test === 'bootstrap' || options.interval === 'bootstrap') {
    const paired = pairedBootstrap(...units, options);
    const pValue = test === 'bootstrap' ? (paired?.pValue ?? null) : pValueOf(test, first, second, units);
    return { difference, interval: paired?.interval ?? null, pValue, test };
  }
  const interval = deltaOfDifference(...units)?.interval ?? null;
  return { difference, interval, pValue: pValueOf(test, first, second, units), test };
}

function pValueOf(
  test: Exclude<TestName, 'bootstrap'>,
  first: System,
  second: System,
  units: [UnitCounts, UnitCounts],
): number | null {
  switch (test) {
    case 'mapsswe':
      return mapsswe(first.events(), second.events()).pValue;
    case 'mcnemar':
      return mcnemar(first.words, second.words).pValue;
    case 'wilcoxon':
      return wilcoxon(rateDifferences(...units)).pValue;
    case 'sign':
      return signTest(rateDifferences(...units)).pValue;
  }
}
