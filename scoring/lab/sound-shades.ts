import { bands, type Features } from '#scoring/baseline/features.ts';

/* Pictures of a sound as plain numbers, drawn by the lab's page and in the browser of the microphone's. */

/** Power this far below the loudest is drawn as silence: 43 dB. */
const shownNats = 10;

/** The largest magnitude in each of up to `mostColumns` stretches of a recording, 0 to 1 of the loudest. */
export function peaksOf(samples: Float32Array, mostColumns: number): number[] {
  const count = Math.min(mostColumns, samples.length);
  const peaks = Array.from({ length: count }, (_, column) => {
    const [from, to] = stretchOf(column, count, samples.length);
    let peak = 0;
    for (let i = from; i < to; i += 1) peak = Math.max(peak, Math.abs(samples[i]!));
    return peak;
  });
  const loudest = Math.max(...peaks, 0);
  return loudest === 0 ? peaks : peaks.map((peak) => peak / loudest);
}

/** `opacities` row by row from the top, 0 or less where nothing is drawn and 1 where the sound is loudest. */
export type Shades = { readonly width: number; readonly opacities: Float32Array };

/** A spectrogram: time from left to right, the highest of 40 bands on top; more frames than `mostColumns` are averaged over time. */
export function shadesOf({ frames, data }: Features, mostColumns: number): Shades {
  const width = Math.min(mostColumns, frames);
  const loudest = data.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const opacities = new Float32Array(width * bands);
  for (let column = 0; column < width; column += 1) {
    const [from, to] = stretchOf(column, width, frames);
    for (let band = 0; band < bands; band += 1) {
      let sum = 0;
      for (let frame = from; frame < to; frame += 1) sum += data[frame * bands + band]!;
      opacities[(bands - 1 - band) * width + column] = 1 + (sum / (to - from) - loudest) / shownNats;
    }
  }
  return { width, opacities };
}

function stretchOf(column: number, columns: number, length: number): [from: number, to: number] {
  return [Math.floor((column * length) / columns), Math.floor(((column + 1) * length) / columns)];
}
