import type { Competition } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import {
  type Fold,
  findErrorsOnFold,
  findLabelRevision,
  getFold,
  listScorers,
  type UtteranceErrors,
} from '#lib/db/utterance-errors.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import type { Distances } from '#scoring/statistics/all-pairs.ts';
import { createBootstrap } from '#scoring/statistics/bootstrap.ts';
import type { UnitCounts } from '#scoring/statistics/units.ts';

/*
 * What the places of a board are tested by. A new score changes one of many systems: what a worker knows of the others, it keeps for the
 * boards that it drew last. Nothing of it can be out of date: errors of a submission under a revision of the labels, counted by one
 * scorer, are written once, and all else follows from them and the seed.
 */

/** A submission's errors by unit, and its rate in every resample; null where it has none. */
export type KeptSystem = { readonly counts: UnitCounts; readonly rates: Float64Array | null };
export type Resampling = { readonly seed: number; readonly resamples: number };
export type KeptBoard = {
  readonly fold: Fold;
  readonly units: number;
  /** By submission and scorer. */
  readonly systems: Map<string, KeptSystem>;
  /** Of the systems that were tested last. */
  distances: Distances | null;
};

const boards = new Map<string, KeptBoard>();
const mostBoards = 4;
/** Beyond, those that were not asked for are let go. */
const spareSystems = 100;

/** What is known of the public fold under the labels as they stand. */
export async function keptBoard(
  tx: Connection,
  { id, labelVersion }: Pick<Competition, 'id' | 'labelVersion'>,
  { seed, resamples }: Resampling,
): Promise<KeptBoard> {
  const key = [id, labelVersion, await findLabelRevision(tx, id, labelVersion), seed, resamples].join(' ');
  const known = boards.get(key) ?? (await anEmptyBoard(tx, id, labelVersion));
  boards.delete(key);
  boards.set(key, known);
  for (const oldest of [...boards.keys()].slice(0, -mostBoards)) boards.delete(oldest);
  return known;
}

async function anEmptyBoard(tx: Connection, id: string, labelVersion: number): Promise<KeptBoard> {
  const fold = await getFold(tx, id, labelVersion, 'public');
  return { fold, units: new Set(fold.unitOf).size, systems: new Map(), distances: null };
}

/** The systems of these submissions, in their order; null while one is from before every utterance was kept. */
export async function readSystems(
  tx: Connection,
  labelVersion: number,
  { fold, units, systems }: KeptBoard,
  submissionIds: readonly string[],
  resampling: Resampling,
): Promise<readonly KeptSystem[] | null> {
  const scorers = await listScorers(tx, fold, labelVersion, submissionIds);
  const keyOf = (id: string) => `${id} ${scorers.get(id)}`;
  const isNew = (id: string) => !systems.has(keyOf(id));
  if (submissionIds.some((id) => !scorers.has(id))) return null;
  const added = submissionIds.filter(isNew);
  const errors = await findErrorsOnFold(tx, fold, labelVersion, added);
  const counts = added.map((id) => poolUnits(errors.get(id)!, fold, units));
  const { resampledSums } = createStatisticsKernel(loadModule('statistics'));
  const { rates } = createBootstrap(counts, { ...resampling, sums: resampledSums });
  for (const [i, id] of added.entries()) systems.set(keyOf(id), { counts: counts[i]!, rates: rates(i) });
  const asked = submissionIds.map((id) => systems.get(keyOf(id))!);
  if (systems.size > asked.length + spareSystems) forgetOthers(systems, asked);
  return asked;
}

function forgetOthers(systems: Map<string, KeptSystem>, asked: readonly KeptSystem[]): void {
  const wanted = new Set(asked);
  for (const [key, system] of systems) if (!wanted.has(system)) systems.delete(key);
}

export function poolUnits({ errors, referenceWords }: UtteranceErrors, { unitOf }: Fold, units: number): UnitCounts {
  const pooled = { errors: new Float64Array(units), lengths: new Float64Array(units) };
  for (let i = 0; i < unitOf.length; i += 1) {
    pooled.errors[unitOf[i]!]! += errors[i]!;
    pooled.lengths[unitOf[i]!]! += referenceWords[i]!;
  }
  return pooled;
}
