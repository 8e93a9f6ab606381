import { existsSync } from 'node:fs';
import { bands, type Features, rawLogMel } from '#scoring/baseline/features.ts';
import { findSound, readSound } from '#scoring/baseline/sound.ts';
import { shadesPng } from './png.ts';

/** A recording to be looked at: `peaks` as in peaksOf, and the PNG of its spectrogram in base64. */
export type SoundPicture = { readonly peaks: readonly number[]; readonly spectrogram: string };

/** Columns of a drawn waveform, and at most of a spectrogram. */
const peakColumns = 320;
const mostColumns = 640;
/** Power this far below the loudest is drawn as silence: 43 dB. */
const shownNats = 10;

/** Null where the recording is not here or cannot be decoded. */
export function pictureOfFile(path: string): SoundPicture | null {
  const file = existsSync(path) ? findSound(path) : null;
  if (file === null || 'code' in file) return null;
  const samples = readSound(file);
  return { peaks: peaksOf(samples), spectrogram: Buffer.from(spectrogramPng(rawLogMel(samples))).toString('base64') };
}

/** The largest magnitude in each of up to 320 stretches of a recording, 0 to 1 of the loudest. */
export function peaksOf(samples: Float32Array): number[] {
  const count = Math.min(peakColumns, samples.length);
  const peaks = Array.from({ length: count }, (_, column) => {
    const [from, to] = stretchOf(column, count, samples.length);
    let peak = 0;
    for (let i = from; i < to; i += 1) peak = Math.max(peak, Math.abs(samples[i]!));
    return peak;
  });
  const loudest = Math.max(...peaks, 0);
  return loudest === 0 ? peaks : peaks.map((peak) => peak / loudest);
}

/** A spectrogram as shades of transparency, time from left to right, the highest band on top; long ones are averaged over time. */
export function spectrogramPng({ frames, data }: Features): Uint8Array {
  const width = Math.min(mostColumns, frames);
  const loudest = data.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const shades = new Float32Array(width * bands);
  for (let column = 0; column < width; column += 1) {
    const [from, to] = stretchOf(column, width, frames);
    for (let band = 0; band < bands; band += 1) {
      let sum = 0;
      for (let frame = from; frame < to; frame += 1) sum += data[frame * bands + band]!;
      shades[(bands - 1 - band) * width + column] = 1 + (sum / (to - from) - loudest) / shownNats;
    }
  }
  return shadesPng(shades, width);
}

function stretchOf(column: number, columns: number, length: number): [from: number, to: number] {
  return [Math.floor((column * length) / columns), Math.floor(((column + 1) * length) / columns)];
}
