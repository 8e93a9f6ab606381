import { createHash } from 'node:crypto';
import type { FindTies } from '#lib/db/boards.ts';
import { type Fold, findErrorsOnFold, getFold, type UtteranceErrors } from '#lib/db/utterance-errors.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { createBootstrap, defaultResamples } from '#scoring/statistics/bootstrap.ts';
import { tieClasses } from '#scoring/statistics/ties.ts';
import type { UnitCounts } from '#scoring/statistics/units.ts';

/**
 * Which places of the public board are statistically tied: a paired bootstrap by unit on the public fold, Holm's correction. Null
 * where there is a single unit, and while a score is from before every utterance was kept. The seed is the competition's own, so
 * that a new number moves only the classes that it is part of.
 */
export const findTies: FindTies = async (tx, { id, labelVersion }, submissionIds) => {
  const fold = await getFold(tx, id, labelVersion, 'public');
  const units = new Set(fold.unitOf).size;
  if (units < 2) return null;
  const errors = await findErrorsOnFold(tx, fold, labelVersion, submissionIds);
  if (submissionIds.some((each) => !errors.has(each))) return null;
  const systems = submissionIds.map((each) => poolUnits(errors.get(each)!, fold, units));
  const test = { units, seed: seedOf(id), resamples: defaultResamples };
  const { resampledSums } = createStatisticsKernel(loadModule('statistics'));
  const { pValue } = createBootstrap(systems, { ...test, sums: resampledSums });
  return { classes: tieClasses(systems.length, pValue).map(({ number }) => number + 1), test };
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
