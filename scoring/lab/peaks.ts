import { existsSync, readFileSync } from 'node:fs';
import { decodeWav, readWavHeader } from '#lib/datasets/wav.ts';

/** Columns of a drawn waveform. */
const columns = 320;

/**
 * The largest magnitude in each of `columns` stretches of a recording, 0 to 1 of the loudest; null where it is not
 * here or cannot be decoded.
 */
export function peaksOfFile(path: string): number[] | null {
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  if (readWavHeader(bytes).status === 'refused') return null;
  return peaksOf(decodeWav(bytes).samples);
}

export function peaksOf(samples: Float32Array): number[] {
  const count = Math.min(columns, samples.length);
  const peaks = Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * samples.length) / count);
    const to = Math.floor(((column + 1) * samples.length) / count);
    let peak = 0;
    for (let i = from; i < to; i += 1) peak = Math.max(peak, Math.abs(samples[i]!));
    return peak;
  });
  const loudest = Math.max(...peaks, 0);
  return loudest === 0 ? peaks : peaks.map((peak) => peak / loudest);
}
