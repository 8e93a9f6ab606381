/** Power spectra of real frames of one fixed length; all memory is taken once. */
export type PowerSpectrum = {
  /** [length]: write a frame here, then call `transform`, which destroys it. */
  readonly frame: Float64Array;
  /** [length / 2 + 1]: |X|² of the frame from 0 to half of the sampling rate, unscaled. */
  readonly power: Float64Array;
  readonly transform: () => void;
};

/**
 * The discrete Fourier transform of a real frame by a complex one of half its length, whose real parts are the even samples and
 * whose imaginary parts are the odd ones. `length` is a power of 2, at least 4. Source: Press et al., Numerical Recipes, §12.3.
 */
export function createPowerSpectrum(length: number): PowerSpectrum {
  const half = length / 2;
  const frame = new Float64Array(length);
  const power = new Float64Array(half + 1);
  const reversed = reversedBits(half);
  // cos and sin of 2πk/length: the complex transform of half the length uses every second one.
  const cosines = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / length));
  const sines = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / length));
  const real = new Float64Array(half);
  const imaginary = new Float64Array(half);

  const transform = () => {
    for (let i = 0; i < half; i++) {
      const from = reversed[i]! * 2;
      real[i] = frame[from]!;
      imaginary[i] = frame[from + 1]!;
    }
    butterflies(real, imaginary, cosines, sines);
    unpack(real, imaginary, cosines, sines, power);
  };
  return { frame, power, transform };
}

function reversedBits(length: number): Uint16Array {
  const reversed = new Uint16Array(length);
  for (let i = 1; i < length; i++) reversed[i] = (reversed[i >> 1]! >> 1) | (i & 1 ? length >> 1 : 0);
  return reversed;
}

/** In place, decimation in time; the input is in bit-reversed order. */
function butterflies(real: Float64Array, imaginary: Float64Array, cosines: Float64Array, sines: Float64Array): void {
  const length = real.length;
  for (let span = 1; span < length; span *= 2) {
    const stride = length / span;
    for (let k = 0; k < span; k++) {
      const cosine = cosines[k * stride]!;
      const sine = sines[k * stride]!;
      for (let low = k; low < length; low += 2 * span) {
        const high = low + span;
        const re = real[high]! * cosine + imaginary[high]! * sine;
        const im = imaginary[high]! * cosine - real[high]! * sine;
        real[high] = real[low]! - re;
        imaginary[high] = imaginary[low]! - im;
        real[low] = real[low]! + re;
        imaginary[low] = imaginary[low]! + im;
      }
    }
  }
}

/** From Z, the transform of even + i·odd samples: X[k] = E[k] + exp(−2πik/length)·O[k], X[half − k] = conj(E[k] − …). */
function unpack(
  real: Float64Array,
  imaginary: Float64Array,
  cosines: Float64Array,
  sines: Float64Array,
  power: Float64Array,
): void {
  const half = real.length;
  power[0] = (real[0]! + imaginary[0]!) ** 2;
  power[half] = (real[0]! - imaginary[0]!) ** 2;
  for (let k = 1; k <= half / 2; k++) {
    const evenRe = (real[k]! + real[half - k]!) / 2;
    const evenIm = (imaginary[k]! - imaginary[half - k]!) / 2;
    const oddRe = (imaginary[k]! + imaginary[half - k]!) / 2;
    const oddIm = (real[half - k]! - real[k]!) / 2;
    const turnedRe = oddRe * cosines[k]! + oddIm * sines[k]!;
    const turnedIm = oddIm * cosines[k]! - oddRe * sines[k]!;
    power[k] = (evenRe + turnedRe) ** 2 + (evenIm + turnedIm) ** 2;
    power[half - k] = (evenRe - turnedRe) ** 2 + (evenIm - turnedIm) ** 2;
  }
}
