import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { separatePairs } from '#scoring/statistics/all-pairs.ts';
import { createBootstrap } from '#scoring/statistics/bootstrap.ts';
import { tieClasses, tieRuns } from '#scoring/statistics/ties.ts';
import type { UnitCounts } from '#scoring/statistics/units.ts';
import type { Figure } from './measure.ts';
import { simulateFold, sumByUnit, total } from './simulated.ts';

const simulations = 200;
/** A private fold on which each system has speakers of its own that it hears badly. */
const shape = { utterances: 800, speakers: 40, systemAtSpeaker: 0.3 };
const { resampledSums } = createStatisticsKernel(loadModule('statistics'));

type Unit = 'speaker' | 'utterance';
/** The class of each place, in their order. */
type FindClasses = (counts: readonly UnitCounts[], seed: number) => readonly number[];

/**
 * How often tie classes set equally good systems apart, in % of 200 simulations: 5 % are meant, 3 % are the chance of so few. Two
 * controls must be seen to fail: taking utterances for independent where speakers are not, and testing each leader as if it had not
 * been chosen by the same data. Then how often really better systems are set apart from the others, against that second control.
 */
export async function places(): Promise<Figure[]> {
  const figure = (what: string, value: number): Figure => ({ what, value, unit: '%' });
  const at = (rate: number, count: number) => new Array<number>(count).fill(rate);
  const falsely = (rates: readonly number[], find: FindClasses, by?: Unit) => shareApart(rates, find, isFalse, by);
  const rightly = (best: number, find: FindClasses) => shareApart([best, ...at(0.15, 7)], find, isTrue);
  return [
    { ...figure('two equal systems set apart, by speaker', falsely(at(0.15, 2), allPairs)), most: 8 },
    { ...figure('two equal systems set apart, by utterance', falsely(at(0.15, 2), allPairs, 'utterance')), least: 8 },
    { ...figure('any of eight equal systems set apart', falsely(at(0.15, 8), allPairs)), most: 8 },
    { ...figure('any of 40 equal systems set apart', falsely(at(0.15, 40), allPairs)), most: 8 },
    {
      ...figure('equals of four at 15 % and four at 25 %', falsely([...at(0.15, 4), ...at(0.25, 4)], allPairs)),
      most: 8,
    },
    { ...figure('any of eight equal ones, each leader tested alone', falsely(at(0.15, 8), leadersAlone)), least: 8 },
    ...[0.12, 0.11, 0.1].flatMap((rate) => [
      figure(`one at ${100 * rate} % told from some of seven at 15 %`, rightly(rate, allPairs)),
      figure('the same, each leader tested alone', rightly(rate, leadersAlone)),
    ]),
  ];
}

/** Of two systems that were set apart, the true error rates, the leader's first. */
type IsMeant = (leader: number, other: number) => boolean;
const isFalse: IsMeant = (leader, other) => leader >= other;
const isTrue: IsMeant = (leader, other) => leader < other;

const allPairs: FindClasses = (counts, seed) => {
  const { rates } = createBootstrap(counts, { seed, resamples: 2000, sums: resampledSums });
  return tieRuns(counts.length, separatePairs(counts, [...counts.keys()].map(rates)));
};

const leadersAlone: FindClasses = (counts, seed) => {
  const { pValue } = createBootstrap(counts, { seed, sums: resampledSums });
  return tieClasses(counts.length, pValue).map(({ number }) => number);
};

/** In % of the simulations, how often some class begins with a system that `isMeant` holds against the leader of the one before. */
function shareApart(rates: readonly number[], find: FindClasses, isMeant: IsMeant, by: Unit = 'speaker'): number {
  let apart = 0;
  for (let seed = 0; seed < simulations; seed += 1) {
    const { unitOf, words, drawSystem } = simulateFold(shape, seed);
    const ranked = rates.map((rate) => ({ rate, errors: drawSystem(rate) }));
    ranked.sort((a, b) => total(a.errors) - total(b.errors));
    const counts = ranked.map(({ errors }) => sumByUnit(errors, words, by === 'speaker' ? unitOf : undefined));
    const classes = find(counts, seed);
    const leaders = ranked.filter((_, place) => classes[place] !== classes[place - 1]);
    if (leaders.some(({ rate }, i) => i > 0 && isMeant(leaders[i - 1]!.rate, rate))) apart += 1;
  }
  return (100 * apart) / simulations;
}
