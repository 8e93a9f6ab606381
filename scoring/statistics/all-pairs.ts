import type { UnitCounts } from './units.ts';

/*
 * All pairs of systems at once, so that whoever is picked afterwards for having come first was tested against everybody. Testing the
 * best of many as if it had been named beforehand sets some of eight equal systems apart in a fifth of all cases.
 */

/** The chance that any pair of equal systems is told apart, however good the others are. */
const familyLevel = 0.05;

/** All pairs, then the rest of them; further steps lower the limit by next to nothing. */
const steps = 2;

/** Whether the data tell two systems apart. */
export type Apart = (first: number, second: number) => boolean;

/**
 * Which pairs of systems differ: |difference of rates| over its standard error by unit, against the greatest of these among all pairs
 * in resamples around the observed rates; then once more among the pairs not yet told apart. Standard errors come from G units: the
 * limit, a quantile of normal tails, is read as one of Student's t with G − 1 degrees of freedom. `rates` are those of each system in
 * every resample; one without is told apart from nobody. Source: Romano & Wolf, Stepwise Multiple Testing as Formalized Data Snooping
 * (2005).
 */
export function separatePairs(
  systems: readonly UnitCounts[],
  rates: readonly (Float64Array | null)[],
  distances: Distances = measureDistances(systems),
): Apart {
  const count = systems.length;
  const units = systems[0]?.errors.length ?? 0;
  const observed = pairRatios(distances, units);
  const resampled = layOutDeviations(distances.rates, rates);
  const isApart = new Uint8Array(count * count);
  for (let step = 0; units > 1 && step < steps; step += 1) {
    const limit = studentLimit(highQuantile(resampled, observed.weights), units - 1);
    for (let pair = 0; pair < isApart.length; pair += 1) {
      if (!(observed.ratios[pair]! > limit)) continue;
      isApart[pair] = 1;
      observed.weights[pair] = 0;
    }
  }
  return (first, second) => isApart[first * count + second] === 1;
}

/** Both by pair, first × systems + second. */
type PairRatios = {
  /** |difference of rates| over its standard error; NaN where there is none, Infinity where all units agree on it. */
  readonly ratios: Float64Array;
  /** What a resampled difference is to be multiplied by to be such a ratio; 0 where it is of no account. */
  readonly weights: Float64Array;
};

function pairRatios({ rates, squares: all }: Distances, units: number): PairRatios {
  const count = rates.length;
  const [ratios, weights] = [new Float64Array(count * count), new Float64Array(count * count)];
  for (let first = 0; first < count; first += 1) {
    for (let second = first + 1; second < count; second += 1) {
      const squares = all[first * count + second]!;
      const difference = Math.abs(rates[first]! - rates[second]!);
      const ratio = difference === 0 ? 0 : difference / Math.sqrt((squares * units) / (units - 1));
      // Resamples vary by (G − 1) / G less than the standard error says.
      const weight = squares > 0 ? 1 / Math.sqrt(squares) : 0;
      for (const pair of [first * count + second, second * count + first]) {
        ratios[pair] = ratio;
        weights[pair] = weight;
      }
    }
  }
  return { ratios, weights };
}

/**
 * How far systems are from each other: `squares`, by pair (first × systems + second), sums over the units the squared difference of their
 * parts in the rates.
 */
export type Distances = {
  readonly systems: readonly UnitCounts[];
  readonly rates: readonly number[];
  readonly squares: Float64Array;
};

/** Pairs that `known` has, by the very same counts, are taken from there. */
export function measureDistances(systems: readonly UnitCounts[], known: Distances | null = null): Distances {
  const count = systems.length;
  const placeOf = new Map(known?.systems.map((system, i) => [system, i]));
  const before = systems.map((system) => placeOf.get(system) ?? -1);
  const parts = systems.map(unitParts);
  const squares = new Float64Array(count * count);
  for (let first = 0; first < count; first += 1) {
    const row = before[first]! < 0 ? -1 : before[first]! * (known?.systems.length ?? 0);
    for (let second = first + 1; second < count; second += 1) {
      const isKnown = row >= 0 && before[second]! >= 0;
      const square = isKnown
        ? known!.squares[row + before[second]!]!
        : squaredDistance(parts[first]!.parts, parts[second]!.parts);
      squares[first * count + second] = square;
      squares[second * count + first] = square;
    }
  }
  return { systems, rates: parts.map(({ rate }) => rate), squares };
}

/** The rate ΣE/ΣN, and each unit's part (E − rate × N) / ΣN in how it varies, by the delta method. */
type UnitParts = { readonly rate: number; readonly parts: Float64Array };

function unitParts({ errors, lengths }: UnitCounts): UnitParts {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const rate = errors.reduce((sum, error) => sum + error, 0) / total;
  return { rate, parts: errors.map((error, i) => (error - rate * lengths[i]!) / total) };
}

/** In two sums, so that additions do not wait for one another: boards have thousands of pairs. */
function squaredDistance(first: Float64Array, second: Float64Array): number {
  let even = 0;
  let odd = 0;
  const last = first.length - 1;
  for (let i = 0; i < last; i += 2) {
    const a = first[i]! - second[i]!;
    const b = first[i + 1]! - second[i + 1]!;
    even += a * a;
    odd += b * b;
  }
  const rest = last % 2 === 0 ? first[last]! - second[last]! : 0;
  return even + odd + rest * rest;
}

/** Resampled less observed rates, [resamples, systems]; 0 where a resample has no reference word. */
type Deviations = { readonly values: Float64Array; readonly systems: number };

function layOutDeviations(observedRates: readonly number[], rates: readonly (Float64Array | null)[]): Deviations {
  const values = new Float64Array((rates.find((rate) => rate !== null)?.length ?? 0) * observedRates.length);
  rates.forEach((rate, system) => {
    const observed = observedRates[system]!;
    for (let resample = 0; rate !== null && resample < rate.length; resample += 1) {
      const deviation = rate[resample]! - observed;
      if (Number.isFinite(deviation)) values[resample * observedRates.length + system] = deviation;
    }
  });
  return { values, systems: observedRates.length };
}

/** Systems that are looked at together; neighbours on a list deviate by much the same. */
const blockSize = 16;

/**
 * What the greatest weighted distance of two systems passes in at most 5 % of the resamples and the sample itself. Only as many of
 * the greatest as that takes are ever computed: pairs of blocks that cannot come to more than the least of them are passed over.
 */
function highQuantile({ values, systems }: Deviations, weights: Float64Array): number {
  const resamples = values.length / systems;
  const kept = Math.floor((resamples + 1) * familyLevel);
  if (kept < 1) return Infinity;
  const blocks = layOutBlocks(systems, weights);
  const greatest: number[] = []; // in ascending order, at most `kept` of them
  for (let resample = 0; resample < resamples; resample += 1) {
    const least = greatest.length < kept ? 0 : greatest[0]!;
    const deviations = values.subarray(resample * systems, (resample + 1) * systems);
    const ratio = greatestRatio(deviations, weights, blocks, least);
    if (greatest.length === kept && ratio <= least) continue;
    if (greatest.length === kept) greatest.shift();
    const place = greatest.findIndex((other) => other >= ratio);
    greatest.splice(place < 0 ? greatest.length : place, 0, ratio);
  }
  return greatest[0] ?? Infinity;
}

/** The greatest weight of any two systems of two blocks, first × blocks + second. */
type Blocks = {
  readonly count: number;
  readonly weights: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
};

function layOutBlocks(systems: number, weights: Float64Array): Blocks {
  const count = Math.ceil(systems / blockSize);
  const greatest = new Float64Array(count * count);
  for (let first = 0, pair = 0; first < systems; first += 1) {
    const row = Math.floor(first / blockSize) * count;
    for (let second = 0; second < systems; second += 1, pair += 1) {
      const at = row + Math.floor(second / blockSize);
      if (weights[pair]! > greatest[at]!) greatest[at] = weights[pair]!;
    }
  }
  return { count, weights: greatest, low: new Float64Array(count), high: new Float64Array(count) };
}

/** At least `least`, whatever the systems come to. */
function greatestRatio(deviations: Float64Array, weights: Float64Array, blocks: Blocks, least: number): number {
  const { count, low, high } = blocks;
  boundBlocks(deviations, blocks);
  let greatest = least > 0 ? least : outermost(deviations, weights, blocks);
  for (let first = 0; first < count; first += 1) {
    for (let second = first; second < count; second += 1) {
      const distance = Math.max(high[first]! - low[second]!, high[second]! - low[first]!);
      if (distance * blocks.weights[first * count + second]! <= greatest) continue;
      greatest = Math.max(greatest, greatestOfBlocks(deviations, weights, first * blockSize, second * blockSize));
    }
  }
  return greatest;
}

/** Of the two blocks that lie furthest apart: mostly nearly the greatest, and with it most others are passed over. */
function outermost(deviations: Float64Array, weights: Float64Array, { low, high }: Blocks): number {
  const [lowest, highest] = [low.indexOf(Math.min(...low)), high.indexOf(Math.max(...high))];
  return greatestOfBlocks(deviations, weights, lowest * blockSize, highest * blockSize);
}

function boundBlocks(deviations: Float64Array, { low, high }: Blocks): void {
  for (let from = 0, block = 0; from < deviations.length; from += blockSize, block += 1) {
    const end = Math.min(deviations.length, from + blockSize);
    let least = Infinity;
    let most = -Infinity;
    for (let i = from; i < end; i += 1) {
      if (deviations[i]! < least) least = deviations[i]!;
      if (deviations[i]! > most) most = deviations[i]!;
    }
    low[block] = least;
    high[block] = most;
  }
}

/** Of pairs of the block that begins at `first` with the one at `second`. */
function greatestOfBlocks(deviations: Float64Array, weights: Float64Array, first: number, second: number): number {
  const systems = deviations.length;
  const endOfFirst = Math.min(systems, first + blockSize);
  const endOfSecond = Math.min(systems, second + blockSize);
  let greatest = 0;
  for (let a = first; a < endOfFirst; a += 1) {
    const own = deviations[a]!;
    for (let b = second, pair = a * systems + second; b < endOfSecond; b += 1, pair += 1) {
      const ratio = Math.abs(deviations[b]! - own) * weights[pair]!;
      if (ratio > greatest) greatest = ratio;
    }
  }
  return greatest;
}

/**
 * The quantile of Student's t where the normal distribution has its quantile `normal`, to a few thousandths. Source: Wallace, Bounds
 * on Normal Approximations to Student's and the Chi-Square Distributions (1959).
 */
function studentLimit(normal: number, degrees: number): number {
  const spread = (normal * (8 * degrees + 3)) / (8 * degrees + 1);
  return Math.sqrt(degrees * Math.expm1(spread ** 2 / degrees));
}
