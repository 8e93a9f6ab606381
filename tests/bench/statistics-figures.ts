import { backends } from '#lib/settings.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel, type StatisticsKernel } from '#scoring/kernel/statistics.ts';
import { measureSumsRatio } from '#scoring/runtime/sums.ts';
import { openRuntime } from '#scoring/runtime.ts';
import { defaultResamples, resampledSums } from '#scoring/statistics/bootstrap.ts';
import { collectEvents, type ErrorEvents, type EventColumns } from '#scoring/statistics/events.ts';
import { segmentSumsOfPairs } from '#scoring/statistics/mapsswe.ts';
import { createRandom, defaultSeed, drawBelow, type RandomSource } from '#scoring/statistics/random.ts';
import type { Figure } from './measure.ts';
import { median } from './measure.ts';

const utterances = 10_000;
const systems = 200;
/** Plain TypeScript is timed on so many resamples of all systems, and on all pairs of so few; its time grows with both. */
const fewResamples = 100;
const fewSystems = 20;

/** A whole class at once: 200 systems on 10,000 utterances of 4 to 20 words, at about 15 % WER. CPU time, medians of 7. */
export async function statistics(): Promise<Figure[]> {
  const random = createRandom();
  const lengths = Float64Array.from({ length: utterances }, () => 4 + drawBelow(random, 17));
  const events = Array.from({ length: systems }, () =>
    collectEvents(Array.from(lengths, (n) => drawnEvents(random, n))),
  );
  const columns = [...events.map(errorsByUtterance), lengths];
  const kernel = createStatisticsKernel(loadModule('statistics'));

  const seed = defaultSeed;
  const bootstrap = cpuSeconds(() => kernel.resampledSums(columns, { seed, resamples: defaultResamples }));
  const pairs = cpuSeconds(() => kernel.segmentSumsOfPairs(events));
  const plainBootstrap = cpuSeconds(() => resampledSums(columns, { seed, resamples: fewResamples }), 3);
  const plainPairs = cpuSeconds(() => segmentSumsOfPairs(events.slice(0, fewSystems)), 3);
  const shareOfBootstrap = fewResamples / defaultResamples;
  const shareOfPairs = (fewSystems * (fewSystems - 1)) / (systems * (systems - 1));
  return [
    { what: 'bootstrap, 10,000 resamples of 200 systems, CPU', value: bootstrap, unit: 's', most: 1.5 },
    { what: 'plain TypeScript (from a part) to that', value: plainBootstrap / shareOfBootstrap / bootstrap, unit: '×' },
    ...(await ladderFigures(columns, kernel)),
    { what: 'MAPSSWE, 19,900 pairs of systems, CPU', value: pairs, unit: 's', most: 8 },
    { what: 'plain TypeScript (from a part) to that', value: plainPairs / shareOfPairs / pairs, unit: '×' },
  ];
}

/** How many times the kernel's time each rung takes that is there; the faster of the two is what bootstrapAllSystems uses. */
async function ladderFigures(columns: readonly Float64Array[], kernel: StatisticsKernel): Promise<Figure[]> {
  const { resampledSums: kernelSums, createCountDraws: createDraws } = kernel;
  const figures: Figure[] = [];
  for (const wanted of backends) {
    const runtime = await openRuntime({ wanted }).catch(() => null);
    if (runtime === null) continue;
    for (const [systems, resamples] of [
      [20, 500],
      [200, 500],
    ] as const) {
      const some = columns.slice(-1 - systems);
      const comparable = { columns: some, seed: defaultSeed, resamples, kernelSums, createDraws };
      const value = 1 / (await measureSumsRatio(runtime.tf, comparable));
      figures.push({ what: `bootstrap of ${systems} systems by ${wanted} to that by the kernel`, value, unit: '×' });
    }
    runtime.close();
  }
  return figures;
}

function drawnEvents(random: RandomSource, words: number): ErrorEvents {
  const places: number[] = [];
  const errors: number[] = [];
  for (let place = 0; place <= 2 * words; place += 1) {
    const isWord = place % 2 === 1;
    if (drawBelow(random, 1000) >= (isWord ? 120 : 22)) continue;
    places.push(place);
    errors.push(!isWord && drawBelow(random, 8) === 0 ? 2 : 1);
  }
  return { wording: 0, places, errors };
}

function errorsByUtterance({ starts, errors }: EventColumns): Float64Array {
  const sums = new Float64Array(utterances);
  for (let i = 0; i < utterances; i += 1) {
    for (let event = starts[i]!; event < starts[i + 1]!; event += 1) sums[i]! += errors[event]!;
  }
  return sums;
}

function cpuSeconds(act: () => unknown, runs = 7): number {
  const seconds = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  return median(seconds);
}
