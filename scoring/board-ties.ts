import { createHash } from 'node:crypto';
import type { TieMethod } from '#lib/board.ts';
import type { FindTies } from '#lib/db/boards.ts';
import { type KeptBoard, type KeptSystem, keptBoard, type Resampling, readSystems } from '#scoring/kept-systems.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { measureDistances, separatePairs } from '#scoring/statistics/all-pairs.ts';
import { createBootstrap, defaultResamples } from '#scoring/statistics/bootstrap.ts';
import { tieClasses, tieRuns } from '#scoring/statistics/ties.ts';

/** The limit that all pairs together are held against is a quantile in the body of its distribution, and a board has to be quick. */
const resamplesOf = { 'all-pairs': 2000, leader: defaultResamples } satisfies Record<TieMethod, number>;

/**
 * Which places of the public board are statistically tied, by the units of the public fold. Null where there is a single unit, and
 * while a score is from before every utterance was kept. The seed is the competition's own, so that chance stays the same from one
 * snapshot to the next.
 */
export const findTies: FindTies = async (tx, competition, submissionIds, method = 'all-pairs') => {
  const resampling = { seed: seedOf(competition.id), resamples: resamplesOf[method] };
  const board = await keptBoard(tx, competition, resampling);
  const { units } = board;
  if (units < 2) return null;
  const systems = await readSystems(tx, competition.labelVersion, board, submissionIds, resampling);
  if (systems === null) return null;
  const classes = method === 'leader' ? classesByLeader(systems, resampling) : classesOfAllPairs(systems, board);
  const test = { units, ...resampling };
  // Boards of the method by leader are replayed to the byte, and did not name it.
  return { classes, test: method === 'leader' ? test : { ...test, method } };
};

function classesOfAllPairs(systems: readonly KeptSystem[], board: KeptBoard): number[] {
  const counts = systems.map((system) => system.counts);
  const distances = measureDistances(counts, board.distances);
  board.distances = distances;
  const rates = systems.map((system) => system.rates);
  return tieRuns(systems.length, separatePairs(counts, rates, distances));
}

function classesByLeader(systems: readonly KeptSystem[], resampling: Resampling): number[] {
  const { resampledSums } = createStatisticsKernel(loadModule('statistics'));
  const counts = systems.map((system) => system.counts);
  const { pValue } = createBootstrap(counts, { ...resampling, sums: resampledSums });
  return tieClasses(systems.length, pValue).map(({ number }) => number + 1);
}

/** The first 32 bits of SHA-256 of the competition's id. */
export function seedOf(competitionId: string): number {
  return createHash('sha256').update(competitionId).digest().readUInt32BE();
}
