import { createPowerSpectrum } from '#scoring/baseline/fft.ts';

export const sampleRateHz = 8000;
export const bands = 40;
/** 25 ms. */
const windowSamples = 200;
/** 10 ms. */
const hopSamples = 80;
const fftSamples = 256;
const lowestHz = 60;
const highestHz = 3800;
const preEmphasis = 0.97;
/**
 * Added to every band's power: 75 dB below a full-scale tone. The pauses of telephone recordings lie a little above and below it,
 * and a synthesiser's are digital silence: with the floor they look alike, and say nothing about who speaks.
 */
const powerFloor = 1e-4;
/**
 * Mean-free features are divided by this, so that they vary by about 1: the standard deviation of rawLogMel less each band's mean
 * over the utterance, taken over all frames and bands of the 358 recordings (902 s) of the demo's training split.
 */
const featureDeviation = 2.93;

/** Spectrogram of an utterance. `data` [frames, bands], row by row: natural logarithms of power. */
export type Features = { readonly frames: number; readonly data: Float32Array };

/**
 * What the network hears: rawLogMel, less each band's mean over the utterance (so that neither loudness nor the line's colour
 * matters), divided by one constant. `samples` as there.
 */
export function logMel(samples: Float32Array): Features {
  const { frames, data } = rawLogMel(samples);
  for (let band = 0; band < bands; band++) {
    let sum = 0;
    for (let at = band; at < data.length; at += bands) sum += data[at]!;
    const mean = sum / frames;
    for (let at = band; at < data.length; at += bands) data[at] = (data[at]! - mean) / featureDeviation;
  }
  return { frames, data };
}

/**
 * Log-mel spectrogram. `samples` [n]: mono, −1 to 1, 8 kHz, finite. Natural logarithm of the power in 40 triangular bands, equally
 * wide in mel from 60 to 3800 Hz, of Hamming windows of 25 ms, one each 10 ms: frames = 1 + floor((n − 200) / 80), and one frame
 * padded with silence where n < 200. Every value is finite. Source: Davis & Mermelstein (1980), without the cosine transform.
 */
export function rawLogMel(samples: Float32Array): Features {
  const frames = 1 + Math.max(0, Math.floor((samples.length - windowSamples) / hopSamples));
  const data = new Float32Array(frames * bands);
  for (let frame = 0; frame < frames; frame++) {
    loadWindow(samples, frame * hopSamples);
    spectrum.transform();
    writeBands(data, frame * bands);
  }
  return { frames, data };
}

/** One for all calls: a frame is transformed at a time. */
const spectrum = createPowerSpectrum(fftSamples);
const hamming = Float64Array.from(
  { length: windowSamples },
  (_, i) => 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (windowSamples - 1)),
);

function loadWindow(samples: Float32Array, start: number): void {
  const { frame } = spectrum;
  const count = Math.min(windowSamples, samples.length - start);
  // Before the first sample the signal stays as it is there: a jump from zero would click in every band.
  let previous = start > 0 ? samples[start - 1]! : (samples[0] ?? 0);
  for (let i = 0; i < count; i++) {
    const sample = samples[start + i]!;
    frame[i] = (sample - preEmphasis * previous) * hamming[i]!;
    previous = sample;
  }
  frame.fill(0, count);
}

type Band = { readonly firstBin: number; readonly weights: Float64Array };

const bank: readonly Band[] = Array.from({ length: bands }, (_, band) => triangle(band));

function writeBands(data: Float32Array, offset: number): void {
  const { power } = spectrum;
  for (let band = 0; band < bands; band++) {
    const { firstBin, weights } = bank[band]!;
    let sum = powerFloor;
    for (let i = 0; i < weights.length; i++) sum += weights[i]! * power[firstBin + i]!;
    data[offset + band] = Math.log(sum);
  }
}

/** Rises in mel from the centre of the band below to 1 at its own and falls to 0 at the centre of the band above. */
function triangle(band: number): Band {
  const stepMel = (melOf(highestHz) - melOf(lowestHz)) / (bands + 1);
  const centreMel = melOf(lowestHz) + (band + 1) * stepMel;
  const weights = Array.from({ length: fftSamples / 2 + 1 }, (_, bin) =>
    Math.max(0, 1 - Math.abs(melOf((bin * sampleRateHz) / fftSamples) - centreMel) / stepMel),
  );
  const firstBin = weights.findIndex((weight) => weight > 0);
  return { firstBin, weights: Float64Array.from(weights.filter((weight) => weight > 0)) };
}

function melOf(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}
