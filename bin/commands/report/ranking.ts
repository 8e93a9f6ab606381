import { errorRate } from '#lib/counts.ts';
import { totalOf } from '#scoring/columns.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { type CompareOptions, compareSystems, type System, type TestName } from '#scoring/statistics/compare.ts';
import { mapssweOf } from '#scoring/statistics/mapsswe.ts';
import { tieClasses } from '#scoring/statistics/ties.ts';

/** A line of the ranking. Numbers of systems are those of the command line, from 0 on. */
export type Ranked = {
  readonly system: number;
  /** From 1 on; equal rates share a place. Null where there is no rate. */
  readonly place: number | null;
  /** Of systems that the test does not tell from the class's first one, from 0 on. */
  readonly tieClass: number;
  /** The system it was tested against, the best of its class or of the class above; null for the first. */
  readonly against: number | null;
  /** This rate minus that one's; null where either does not exist. */
  readonly difference: number | null;
  /** With Holm's correction over all tests against that system. */
  readonly pValue: number | null;
};

/** Lowest rate first, those without one last; equals in the order in which they were given. */
export function rankSystems(test: TestName, systems: readonly System[], options: CompareOptions): Ranked[] {
  const rates = systems.map(({ words }) => errorRate(totalOf(words)));
  const order = [...systems.keys()].sort((a, b) => (rates[a] ?? Infinity) - (rates[b] ?? Infinity) || a - b);
  const pValueOf = pValuesOf(test, systems, options);
  const classes = tieClasses(order.length, (leader, other) => pValueOf(order[leader]!, order[other]!));
  return order.map((system, i) => {
    const { number: tieClass, leader, pValue } = classes[i]!;
    const rate = rates[system]!;
    const best = rates[order[leader]!]!;
    const place = rate === null ? null : 1 + rates.filter((other) => other !== null && other < rate).length;
    const isFirst = i === 0;
    const difference = isFirst || rate === null || best === null ? null : rate - best;
    return { system, place, tieClass, against: isFirst ? null : order[leader]!, difference, pValue };
  });
}

type PValueOf = (a: number, b: number) => number | null;

/** MAPSSWE asks about all pairs at once, in the kernel. */
function pValuesOf(test: TestName, systems: readonly System[], options: CompareOptions): PValueOf {
  const rates = systems.map(({ words }) => errorRate(totalOf(words)));
  if (test !== 'mapsswe') return (a, b) => compareSystems(test, systems[a]!, systems[b]!, options).pValue;
  const { segmentSumsOfPairs } = createStatisticsKernel(loadModule('statistics'));
  const sums = segmentSumsOfPairs(systems.map(({ events }) => events()));
  const places = new Map<string, number>();
  for (let a = 0; a < systems.length; a += 1) {
    for (let b = a + 1; b < systems.length; b += 1) places.set(`${a} ${b}`, places.size);
  }
  return (a, b) => {
    if (rates[a] === null || rates[b] === null) return null;
    return mapssweOf(sums[places.get(`${Math.min(a, b)} ${Math.max(a, b)}`)!]!).pValue;
  };
}
