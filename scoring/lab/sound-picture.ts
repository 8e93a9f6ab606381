import { existsSync } from 'node:fs';
import { type Features, rawLogMel } from '#scoring/baseline/features.ts';
import { findSound, readSound } from '#scoring/baseline/sound.ts';
import { shadesPng } from './png.ts';
import { peaksOf, shadesOf } from './sound-shades.ts';

/** A recording to be looked at: `peaks` as in peaksOf, and the PNG of its spectrogram in base64. */
export type SoundPicture = { readonly peaks: readonly number[]; readonly spectrogram: string };

/** Columns of a drawn waveform, and at most of a spectrogram. */
const peakColumns = 320;
const mostColumns = 640;

/** Null where the recording is not here or cannot be decoded. */
export function pictureOfFile(path: string): SoundPicture | null {
  const file = existsSync(path) ? findSound(path) : null;
  if (file === null || 'code' in file) return null;
  const samples = readSound(file);
  const spectrogram = Buffer.from(spectrogramPng(rawLogMel(samples))).toString('base64');
  return { peaks: peaksOf(samples, peakColumns), spectrogram };
}

/** A spectrogram as shades of transparency. */
export function spectrogramPng(features: Features): Uint8Array {
  const { opacities, width } = shadesOf(features, mostColumns);
  return shadesPng(opacities, width);
}
