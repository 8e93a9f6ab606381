import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { createBootstrap } from '#scoring/statistics/bootstrap.ts';
import { tieClasses } from '#scoring/statistics/ties.ts';
import type { Figure } from './measure.ts';
import { simulateFold, sumByUnit, total } from './simulated.ts';

const simulations = 200;
/** A private fold on which each system has speakers of its own that it hears badly. */
const shape = { utterances: 800, speakers: 40, systemAtSpeaker: 0.3 };
const rate = 0.15;
const { resampledSums } = createStatisticsKernel(loadModule('statistics'));

/**
 * How often the tie classes set equally good systems apart, in % of 200 simulations: 5 % are meant, 3 % are the chance of so few.
 * Taking utterances for independent where speakers are not must be seen to fail.
 */
export async function places(): Promise<Figure[]> {
  const figure = (what: string, value: number): Figure => ({ what, value, unit: '%' });
  return [
    { ...figure('two equal systems set apart, by speaker', falseAlarms(2, 'speaker')), most: 8 },
    { ...figure('two equal systems set apart, by utterance', falseAlarms(2, 'utterance')), least: 8 },
    figure('any of eight equal systems set apart, by speaker', falseAlarms(8, 'speaker')),
  ];
}

function falseAlarms(systems: number, by: 'speaker' | 'utterance'): number {
  let apart = 0;
  for (let seed = 0; seed < simulations; seed += 1) {
    const { unitOf, words, drawSystem } = simulateFold(shape, seed);
    const ranked = Array.from({ length: systems }, () => drawSystem(rate)).sort((a, b) => total(a) - total(b));
    const counts = ranked.map((errors) => sumByUnit(errors, words, by === 'speaker' ? unitOf : undefined));
    const { pValue } = createBootstrap(counts, { seed, sums: resampledSums });
    if (tieClasses(systems, pValue).at(-1)!.number > 0) apart += 1;
  }
  return (100 * apart) / simulations;
}
