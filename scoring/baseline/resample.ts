/** Zero crossings of the sinc on each side of its middle. */
const crossings = 24;
/** Kaiser's window: −63 dB beyond half of the lower rate, passing what is below 0.84 of it unchanged. */
const kaiserBeta = 5.9;
const cutoff = 0.92;
/** Positions between two samples for which the filter is tabulated; between them it is interpolated (error below −80 dB). */
const phases = 256;
/** Speed perturbation uses a few dozen ratios over and over. */
const mostFilters = 64;

/** `table` [phases + 1, taps]: row p weighs the `taps` samples around a point p / phases of the way from one to the next. */
type Filter = { readonly taps: number; readonly table: Float32Array };

/**
 * The same sound at another sampling rate; beyond half of the lower rate it is silenced. Both rates are positive; any ratio. The
 * result has round(length × toHz / fromHz) samples, at least one where there was one. Source: Smith, Digital Audio Resampling.
 */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  if (fromHz === toHz) return samples.slice();
  const step = fromHz / toHz;
  const { taps, table } = filterFor(Math.min(1, toHz / fromHz));
  const result = new Float32Array(Math.max(Math.min(samples.length, 1), Math.round((samples.length * toHz) / fromHz)));
  const before = taps / 2 - 1;
  for (let i = 0; i < result.length; i++) {
    const position = i * step;
    const whole = Math.floor(position);
    const phase = (position - whole) * phases;
    const row = Math.floor(phase);
    const share = phase - row;
    const first = whole - before;
    const from = Math.max(0, -first);
    const to = Math.min(taps, samples.length - first);
    let low = 0;
    let high = 0;
    for (let tap = from, at = row * taps + from; tap < to; tap++, at++) {
      const sample = samples[first + tap]!;
      low += sample * table[at]!;
      high += sample * table[at + taps]!;
    }
    result[i] = low + (high - low) * share;
  }
  return result;
}

const filters = new Map<number, Filter>();

function filterFor(scale: number): Filter {
  const known = filters.get(scale);
  if (known !== undefined) return known;
  if (filters.size >= mostFilters) filters.clear();
  const filter = makeFilter(scale);
  filters.set(scale, filter);
  return filter;
}

/** `scale`: how far below the input's half rate the filter cuts, up to 1. Each row sums to 1: a constant stays what it is. */
function makeFilter(scale: number): Filter {
  const taps = 2 * Math.ceil(crossings / scale);
  const table = new Float32Array((phases + 1) * taps);
  for (let row = 0; row <= phases; row++) {
    const weights = Array.from({ length: taps }, (_, tap) => {
      const distance = (tap - (taps / 2 - 1) - row / phases) * scale;
      return sinc(distance * cutoff) * kaiser(distance / crossings);
    });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (let tap = 0; tap < taps; tap++) table[row * taps + tap] = weights[tap]! / sum;
  }
  return { taps, table };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** `x` from −1 to 1; 0 beyond. */
function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(kaiserBeta * Math.sqrt(1 - x * x)) / bessel(kaiserBeta);
}

/** The modified Bessel function I₀ by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
