import { createHash } from 'node:crypto';
import type { TieMethod } from '#lib/board.ts';
import type { FindTies } from '#lib/db/boards.ts';
import { type Fold, findErrorsOnFold, getFold, type UtteranceErrors } from '#lib/db/utterance-errors.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { separatePairs } from '#scoring/statistics/all-pairs.ts';
import { createBootstrap, defaultResamples } from '#scoring/statistics/bootstrap.ts';
import { tieClasses, tieRuns } from '#scoring/statistics/ties.ts';
import type { UnitCounts } from '#scoring/statistics/units.ts';

/** The limit that all pairs together are held against is a quantile in the body of its distribution, and a board has to be quick. */
const resamplesOf = { 'all-pairs': 2000, leader: defaultResamples } satisfies Record<TieMethod, number>;

/**
 * Which places of the public board are statistically tied, by the units of the public fold. Null where there is a single unit, and
 * while a score is from before every utterance was kept. The seed is the competition's own, so that chance stays the same from one
 * snapshot to the next.
 */
export const findTies: FindTies = async (tx, { id, labelVersion }, submissionIds, method = 'all-pairs') => {
  const fold = await getFold(tx, id, labelVersion, 'public');
  const units = new Set(fold.unitOf).size;
  if (units < 2) return null;
  const errors = await findErrorsOnFold(tx, fold, labelVersion, submissionIds);
  if (submissionIds.some((each) => !errors.has(each))) return null;
  const systems = submissionIds.map((each) => poolUnits(errors.get(each)!, fold, units));
  const chosen = { units, seed: seedOf(id), resamples: resamplesOf[method] };
  // Boards of that method are replayed to the byte, and did not name it.
  const test = method === 'leader' ? chosen : { ...chosen, method };
  const { resampledSums } = createStatisticsKernel(loadModule('statistics'));
  const { pValue, rates } = createBootstrap(systems, { ...test, sums: resampledSums });
  const classes =
    method === 'leader'
      ? tieClasses(systems.length, pValue).map(({ number }) => number + 1)
      : tieRuns(systems.length, separatePairs(systems, [...systems.keys()].map(rates)));
  return { classes, test };
};

export function poolUnits({ errors, referenceWords }: UtteranceErrors, { unitOf }: Fold, units: number): UnitCounts {
  const pooled = { errors: new Float64Array(units), lengths: new Float64Array(units) };
  for (let i = 0; i < unitOf.length; i += 1) {
    pooled.errors[unitOf[i]!]! += errors[i]!;
    pooled.lengths[unitOf[i]!]! += referenceWords[i]!;
  }
  return pooled;
}

/** The first 32 bits of SHA-256 of the competition's id. */
export function seedOf(competitionId: string): number {
  return createHash('sha256').update(competitionId).digest().readUInt32BE();
}
