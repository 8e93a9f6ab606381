import { bands, type Features, sampleRateHz } from '#scoring/baseline/features.ts';
import { resample } from '#scoring/baseline/resample.ts';
import type { RandomSource } from '#scoring/statistics/random.ts';

/*
 * Variations of training speech, drawn anew each time a clip is heard, so that the network learns what they have in common. All
 * are pure: the same draws give the same result, the arguments stay as they are.
 */

export const noiseColours = ['white', 'pink', 'hum'] as const;
export type NoiseColour = (typeof noiseColours)[number];

export type MaskSizes = {
  readonly timeMasks: number;
  /** Each hides up to so many frames… */
  readonly mostFrames: number;
  /** …and up to this share of the utterance: short words must stay words. */
  readonly mostShare: number;
  readonly bandMasks: number;
  readonly mostBands: number;
};

const defaultMasks: MaskSizes = { timeMasks: 2, mostFrames: 20, mostShare: 0.1, bandMasks: 2, mostBands: 6 };

/** Ratios of a hundredth: the filters of so few are tabulated once. */
const speeds = { least: 0.9, most: 1.12 };
const gains = { leastDecibels: -12, mostDecibels: 6 };
const tilt = { most: 0.6 };
const noise = { share: 0.5, leastDecibels: 10, mostDecibels: 35 };

/**
 * One hearing of a clip: speed from 0.9 to 1.12 times, spectral tilt, in half of the cases noise at 10 to 35 dB, gain from −12 to
 * 6 dB (after the noise, clipped at ±1 as a telephone line would). `samples` [n]: mono, −1 to 1, 8 kHz; the result has n / speed.
 */
export function varySpeech(samples: Float32Array, random: RandomSource): Float32Array {
  const speed = Math.round(100 * between(random, speeds.least, speeds.most)) / 100;
  let result = tilted(changeSpeed(samples, speed), between(random, -tilt.most, tilt.most));
  if (fraction(random) < noise.share) {
    const colour = noiseColours[Math.floor(fraction(random) * noiseColours.length)]!;
    result = withNoise(result, between(random, noise.leastDecibels, noise.mostDecibels), colour, random);
  }
  return amplified(result, between(random, gains.leastDecibels, gains.mostDecibels));
}

/** Played `speed` times as fast, with the pitch that follows; more than 0. */
export function changeSpeed(samples: Float32Array, speed: number): Float32Array {
  return resample(samples, sampleRateHz * speed, sampleRateHz);
}

/** Louder by `decibels`, clipped to −1 … 1. */
export function amplified(samples: Float32Array, decibels: number): Float32Array {
  const factor = 10 ** (decibels / 20);
  return samples.map((sample) => Math.max(-1, Math.min(1, sample * factor)));
}

/**
 * The line's colour: y[t] = x[t] − slope · x[t − 1], scaled so that white noise keeps its loudness. `slope` from −0.9 (dull) over
 * 0 (as it is) to 0.9 (shrill).
 */
export function tilted(samples: Float32Array, slope: number): Float32Array {
  const scale = 1 / Math.sqrt(1 + slope * slope);
  return samples.map((sample, i) => scale * (sample - slope * (samples[i - 1] ?? 0)));
}

/**
 * With noise added, `signalDecibels` quieter than the clip's mean power; silence stays silence. Hum is a mains frequency around
 * 50 Hz with harmonics up to 1 kHz, which a telephone line lets through.
 */
export function withNoise(
  samples: Float32Array,
  signalDecibels: number,
  colour: NoiseColour,
  random: RandomSource,
): Float32Array {
  const added = noiseOf(colour, samples.length, random);
  const scale = Math.sqrt(meanPower(samples) / (meanPower(added) || 1)) * 10 ** (-signalDecibels / 20);
  return samples.map((sample, i) => sample + scale * added[i]!);
}

function noiseOf(colour: NoiseColour, length: number, random: RandomSource): Float32Array {
  if (colour === 'hum') return hum(length, random);
  const white = new Float32Array(length).map(() => fraction(random) * 2 - 1);
  return colour === 'white' ? white : pink(white);
}

/** About 3 dB less per octave from 50 Hz to 4 kHz: three first-order low-passes added (Kellet's economy filter). */
function pink(white: Float32Array): Float32Array {
  let [slow, middle, fast] = [0, 0, 0];
  return white.map((value) => {
    slow = 0.99765 * slow + value * 0.099046;
    middle = 0.963 * middle + value * 0.2965164;
    fast = 0.57 * fast + value * 1.0526913;
    return slow + middle + fast + value * 0.1848;
  });
}

function hum(length: number, random: RandomSource): Float32Array {
  const hertz = between(random, 49.5, 50.5);
  const result = new Float32Array(length);
  for (let harmonic = 1; harmonic <= 20; harmonic++) {
    const amplitude = fraction(random) / harmonic;
    const phase = 2 * Math.PI * fraction(random);
    const radians = (2 * Math.PI * hertz * harmonic) / sampleRateHz;
    // sin(a + w) = 2 cos(w) sin(a) − sin(a − w): twenty sines for each sample would take most of a training step's preparation.
    const twice = 2 * Math.cos(radians);
    let before = amplitude * Math.sin(phase - radians);
    let now = amplitude * Math.sin(phase);
    for (let t = 0; t < length; t++) {
      result[t]! += now;
      [before, now] = [now, twice * now - before];
    }
  }
  return result;
}

function meanPower(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
}

/**
 * SpecAugment: some stretches of frames and some bands are hidden behind 0, the mean of normalised features. `features` as from
 * logMel; sizes are drawn uniformly from 0 to the most, places uniformly. Source: Park et al. (2019), without time warping.
 */
export function withMasks(features: Features, random: RandomSource, sizes: MaskSizes = defaultMasks): Features {
  const data = features.data.slice();
  const { frames } = features;
  const mostFrames = Math.min(sizes.mostFrames, Math.floor(frames * sizes.mostShare));
  for (let mask = 0; mask < sizes.timeMasks; mask++) {
    const [from, to] = stretch(frames, mostFrames, random);
    data.fill(0, from * bands, to * bands);
  }
  for (let mask = 0; mask < sizes.bandMasks; mask++) {
    const [from, to] = stretch(bands, sizes.mostBands, random);
    for (let frame = 0; frame < frames; frame++) data.fill(0, frame * bands + from, frame * bands + to);
  }
  return { frames, data };
}

/** A stretch of 0 to `most` out of `length`, [from, to). */
function stretch(length: number, most: number, random: RandomSource): [number, number] {
  const size = Math.floor(fraction(random) * (most + 1));
  const from = Math.floor(fraction(random) * (length - size + 1));
  return [from, from + size];
}

function between(random: RandomSource, least: number, most: number): number {
  return least + (most - least) * fraction(random);
}

/** From 0 to just below 1. */
function fraction(random: RandomSource): number {
  return random() / 2 ** 32;
}
