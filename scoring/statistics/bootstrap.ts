import { createUnitDraws, defaultSeed } from './random.ts';
import type { UnitCounts } from './units.ts';

export const defaultResamples = 10_000;

/** Every number that goes into a bootstrap; reports record the seed. */
export type BootstrapOptions = {
  readonly seed?: number;
  readonly resamples?: number;
  /** The kernel's, where it is loaded; the same sums come out. */
  readonly sums?: ResampledSums;
};

/** Columns hold whole numbers ≥ 0, one per unit; out comes for each its sum in every resample. */
export type ResampledSums = (
  columns: readonly Float64Array[],
  options: {
    readonly seed: number;
    readonly resamples: number;
    /** Told every now and then how many resamples are drawn. */
    readonly onProgress?: (drawn: number, resamples: number) => void;
  },
) => Float64Array[];

/**
 * Draws as many units as there are, with replacement, `resamples` times, and sums each column over them. All columns share the
 * draws, so that systems stay paired. Source: Bisani & Ney (2004).
 */
export const resampledSums: ResampledSums = (columns, { seed, resamples, onProgress }) => {
  const draw = createUnitDraws(seed);
  const units = columns[0]?.length ?? 0;
  const sums = columns.map(() => new Float64Array(resamples));
  const drawn = new Int32Array(units);
  for (let resample = 0; resample < resamples; resample += 1) {
    onProgress?.(resample, resamples);
    draw(drawn);
    columns.forEach((column, c) => {
      let sum = 0;
      for (let i = 0; i < units; i += 1) sum += column[drawn[i]!]!;
      sums[c]![resample] = sum;
    });
  }
  return sums;
};

/** The 95 % percentile interval of ΣE/ΣN; null where ΣN is 0 and where a single unit tells nothing of how units differ. */
export function bootstrapInterval(
  counts: UnitCounts,
  options: BootstrapOptions = {},
): readonly [number, number] | null {
  return createBootstrap([counts], options).interval(0);
}

export type PairedBootstrap = {
  /** 95 % percentile interval of the first rate minus the second. */
  readonly interval: readonly [number, number];
  /**
   * Two-sided: twice the smaller share of resamples in which the difference is at most 0, or at least 0, counting the sample
   * itself among them; at most 1. Source: Davison & Hinkley, Bootstrap Methods (1997), §4.2.
   */
  readonly pValue: number;
  /** Share of resamples in which the first system's rate is the lower one; equal rates count half. */
  readonly firstBetter: number;
};

/** Two systems on the same resamples; null where either has no rate and where there is a single unit. */
export function pairedBootstrap(
  first: UnitCounts,
  second: UnitCounts,
  options: BootstrapOptions = {},
): PairedBootstrap | null {
  return createBootstrap([first, second], options).compare(0, 1);
}

export type Bootstrap = {
  /** Of every resample, not finite where no reference word was drawn; null where the system has no rate, or a single unit. */
  rates(system: number): Float64Array | null;
  interval(system: number): readonly [number, number] | null;
  compare(first: number, second: number): PairedBootstrap | null;
  /** That of `compare` alone, in a fraction of the time. */
  pValue(first: number, second: number): number | null;
};

/** Resamples all systems at once; what is asked of them later costs no draws. */
export function createBootstrap(systems: readonly UnitCounts[], options: BootstrapOptions = {}): Bootstrap {
  const { seed = defaultSeed, resamples = defaultResamples, sums = resampledSums } = options;
  const { columns, read } = layOutBootstrap(systems);
  return read(sums(columns, { seed, resamples }));
}

export type BootstrapLayout = {
  /** What is to be summed over the resamples: the columns of the systems, those with the same values once. */
  readonly columns: readonly Float64Array[];
  /** Takes their sums, in the same order. */
  read(resampled: readonly Float64Array[]): Bootstrap;
};

/** For those who sum the columns their own way. */
export function layOutBootstrap(systems: readonly UnitCounts[]): BootstrapLayout {
  const columns: Float64Array[] = [];
  const errorsAt = systems.map(({ errors }) => columns.push(errors) - 1);
  const lengthsAt = systems.map(({ lengths }) => {
    const known = placeOf(lengths, columns);
    return known < 0 ? columns.push(lengths) - 1 : known;
  });
  return { columns, read: (resampled) => bootstrapOf(systems, resampled, { errorsAt, lengthsAt }) };
}

/** Numbers of the columns by the number of the system. */
type Places = { readonly errorsAt: readonly number[]; readonly lengthsAt: readonly number[] };

function bootstrapOf(
  systems: readonly UnitCounts[],
  resampled: readonly Float64Array[],
  { errorsAt, lengthsAt }: Places,
): Bootstrap {
  const known: (Float64Array | null)[] = [];
  const rates = (system: number): Float64Array | null => {
    known[system] ??= ratesOf(system);
    return known[system];
  };
  const wholes: (Int32Array | null)[] = [];
  const whole = (system: number): Int32Array | null => {
    wholes[system] ??= hasWords(lengthsAt[system]!) ? wholeNumbers(resampled[errorsAt[system]!]!) : null;
    return wholes[system];
  };
  const worded: boolean[] = [];
  const hasWords = (column: number): boolean => {
    worded[column] ??= resampled[column]!.every((length) => length > 0);
    return worded[column];
  };
  const ratesOf = (system: number): Float64Array | null => {
    const { errors, lengths } = systems[system]!;
    if (errors.length < 2 || lengths.every((length) => length === 0)) return null;
    const [sums, lengthSums] = [resampled[errorsAt[system]!]!, resampled[lengthsAt[system]!]!];
    const found = new Float64Array(sums.length);
    for (let i = 0; i < found.length; i += 1) found[i] = sums[i]! / lengthSums[i]!; // not finite where no word was drawn
    return found;
  };
  return {
    rates,
    interval: (system) => {
      const values = rates(system);
      return values && percentileInterval(values);
    },
    compare: (first, second) => {
      const [a, b] = [rates(first), rates(second)];
      return a && b && compareRates(a, b);
    },
    pValue: (first, second) => {
      if (systems[first]!.errors.length < 2) return null;
      const [m, n] = lengthsAt[first] === lengthsAt[second] ? [whole(first), whole(second)] : [null, null];
      if (m && n) return pValueOf(countWholeSigns(m, n));
      const [a, b] = [rates(first), rates(second)];
      const signs = a && b && countSigns(a, b);
      return signs && signs.total > 0 ? pValueOf(signs) : null;
    },
  };
}

/** Where a column with the same values stands; −1 where there is none. Systems scored against the same words share one. */
export function placeOf(column: Float64Array, columns: readonly Float64Array[]): number {
  return columns.findIndex((other) => other.every((value, i) => value === column[i]));
}

function compareRates(first: Float64Array, second: Float64Array): PairedBootstrap | null {
  const differences = first.map((rate, i) => rate - second[i]!);
  const interval = percentileInterval(differences);
  if (interval === null) return null;
  const signs = countSigns(first, second);
  const { total, below, above } = signs;
  return { interval, pValue: pValueOf(signs), firstBetter: (below + (total - below - above) / 2) / total };
}

type Signs = { total: number; below: number; above: number };

/** In how many resamples the first rate is the lower one, or the higher, of those where both exist. */
function countSigns(first: Float64Array, second: Float64Array): Signs {
  let total = 0;
  let below = 0;
  let above = 0;
  for (let i = 0; i < first.length; i += 1) {
    const difference = first[i]! - second[i]!;
    if (!Number.isFinite(difference)) continue;
    total += 1;
    if (difference < 0) below += 1;
    if (difference > 0) above += 1;
  }
  return { total, below, above };
}

/** Over the same words, with some in every resample, rates are ordered as errors are. Null where those are too many for 32 bits. */
function wholeNumbers(errors: Float64Array): Int32Array | null {
  const numbers = Int32Array.from(errors);
  return errors.every((sum, i) => sum === numbers[i] && sum < 2 ** 30) ? numbers : null;
}

function countWholeSigns(first: Int32Array, second: Int32Array): Signs {
  let below = 0;
  let above = 0;
  for (let i = 0; i < first.length; i += 1) {
    const difference = first[i]! - second[i]!;
    // Signs by shifts: which of the two is lower cannot be foretold, and branches would be taken wrongly half of the time.
    below -= difference >> 31;
    above -= -difference >> 31;
  }
  return { total: first.length, below, above };
}

function pValueOf({ total, below, above }: Signs): number {
  const smaller = total - Math.max(below, above);
  return Math.min(1, (2 * (1 + smaller)) / (total + 1));
}

/**
 * Bounds at 2.5 % and 97.5 %: the value at place (n − 1)·p of the sorted ones, between two places in proportion (Hyndman & Fan's
 * type 7). Resamples without a reference word have no rate and are left out; null where none has one.
 */
function percentileInterval(values: Float64Array): readonly [number, number] | null {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return null;
  const at = (share: number) => {
    const place = (sorted.length - 1) * share;
    const below = Math.floor(place);
    const value = sorted[below]!;
    return value + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - value);
  };
  return [at(0.025), at(0.975)];
}
