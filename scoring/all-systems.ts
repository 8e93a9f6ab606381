import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel, type StatisticsKernel } from '#scoring/kernel/statistics.ts';
import { type Backend, packageOf, usualFolders } from '#scoring/runtime/open.ts';
import { locatePackage } from '#scoring/runtime/packages.ts';
import { measureSumsRatio, sumsOnRung } from '#scoring/runtime/sums.ts';
import { NoRuntimeError, openRuntime, type Runtime } from '#scoring/runtime.ts';
import {
  type Bootstrap,
  type BootstrapOptions,
  defaultResamples,
  layOutBootstrap,
  type ResampledSums,
} from '#scoring/statistics/bootstrap.ts';
import { isExactProduct, isLargeProduct } from '#scoring/statistics/bootstrap-product.ts';
import { defaultSeed } from '#scoring/statistics/random.ts';
import type { UnitCounts } from '#scoring/statistics/units.ts';

/*
 * The bootstrap of many systems where it is computed fastest: in the kernel, whose products are of whole numbers, or on a rung of the
 * runtime ladder. The sums are the same, bit for bit.
 */

export type ComputedOn = 'kernel' | Backend;

export type AllSystemsOptions = Omit<BootstrapOptions, 'sums'> & {
  /** A rung that is open anyway, and stays so. Without it, one is opened only for work that is worth its start. */
  readonly runtime?: Runtime | null;
};

/** Resamples all systems at once, as createBootstrap does, and says what did it. */
export async function bootstrapAllSystems(
  systems: readonly UnitCounts[],
  { seed = defaultSeed, resamples = defaultResamples, runtime = null }: AllSystemsOptions = {},
): Promise<{ readonly bootstrap: Bootstrap; readonly computedOn: ComputedOn }> {
  const { columns, read } = layOutBootstrap(systems);
  const { sums, computedOn } = await fastestSums(columns, { seed, resamples, runtime });
  return { bootstrap: read(sums), computedOn };
}

/** So many resamples tell which is faster. */
const measuredResamples = 256;

type SumsOptions = Parameters<ResampledSums>[1] & { readonly runtime?: Runtime | null };

/** The sums of `resampledSums`, and what computed them. */
export async function fastestSums(
  columns: readonly Float64Array[],
  { runtime = null, ...options }: SumsOptions,
): Promise<{ readonly sums: readonly Float64Array[]; readonly computedOn: ComputedOn }> {
  const kernel = createStatisticsKernel(loadModule('statistics'));
  const inKernel = () => ({ sums: kernel.resampledSums(columns, options), computedOn: 'kernel' as const });
  if (options.resamples <= 2 * measuredResamples || !isExactProduct(columns)) return inKernel();
  const rung = runtime ?? (isLargeProduct(columns, options.resamples) ? await openDevice() : null);
  if (rung === null) return inKernel();
  try {
    const { tf, backend } = rung;
    if ((await ratioOn(tf, columns, kernel)) <= 1) return inKernel();
    return { sums: await sumsOnRung(tf, columns, options, kernel.createCountDraws), computedOn: backend };
  } finally {
    if (rung !== runtime) rung.close();
  }
}

/** A rung beside WebAssembly, which is slower at it than the kernel; null where there is none, as on most machines. */
async function openDevice(): Promise<Runtime | null> {
  if (Object.values(packageOf).every((name) => locatePackage(name, usualFolders) === null)) return null;
  try {
    return await openRuntime({ except: ['wasm'] });
  } catch (error) {
    if (error instanceof NoRuntimeError) return null;
    throw error;
  }
}

function ratioOn(
  tf: Runtime['tf'],
  columns: readonly Float64Array[],
  { resampledSums, createCountDraws }: StatisticsKernel,
): Promise<number> {
  const options = { seed: defaultSeed, resamples: measuredResamples };
  return measureSumsRatio(tf, { columns, ...options, kernelSums: resampledSums, createDraws: createCountDraws });
}
