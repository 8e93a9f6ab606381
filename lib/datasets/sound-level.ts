import type { ByteSource } from '#lib/datasets/byte-source.ts';
import { cutWav, decodeWav, type WavHeader } from '#lib/datasets/wav.ts';
import type { WarningCode } from '#lib/problems.ts';

/** Of samples between −1 and 1. `clippedShare`: of samples that stand at full scale, three or more in a row. */
export type SoundLevel = { peak: number; rootMeanSquare: number; clippedShare: number };

/** Below this peak (−50 dB of full scale) nobody hears anything; below this mean (−45 dB) little. */
const silentPeak = 10 ** (-50 / 20);
const quietMean = 10 ** (-45 / 20);
const clippedMost = 0.001;
const fullScale = 0.9999;
/** Decoded at a time. */
const pieceSeconds = 60;

/**
 * The level of a WAV's stretch, in bounded memory. 16-bit PCM, which most corpora are, is read as it stands. `onPiece` sees the pieces
 * it is read in, as WAV files of the plainest form.
 */
export function soundLevel(
  source: ByteSource,
  header: WavHeader,
  from: number,
  seconds: number,
  onPiece: (wav: Uint8Array) => void = () => {},
): SoundLevel {
  const level = { peak: 0, squares: 0, samples: 0, clipped: 0, run: 0 };
  for (let start = 0; start < seconds; start += pieceSeconds) {
    const bytes = cutWav(source, header, from + start, Math.min(pieceSeconds, seconds - start));
    onPiece(bytes);
    const isPlain = header.encoding === 'pcm' && header.bitsPerSample === 16;
    if (isPlain) add(new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.length - 44) >> 1), 32_768, level);
    else add(decodeWav(bytes).samples, 1, level);
  }
  const count = Math.max(1, level.samples);
  return {
    peak: level.peak,
    rootMeanSquare: Math.sqrt(level.squares / count),
    clippedShare: level.clipped / count,
  };
}

/** What an organiser should listen to before a contest is held on it. */
export function levelWarning({ peak, rootMeanSquare, clippedShare }: SoundLevel): WarningCode | null {
  if (peak < silentPeak) return 'warning-dataset-silent';
  if (rootMeanSquare < quietMean) return 'warning-dataset-quiet';
  return clippedShare > clippedMost ? 'warning-dataset-clipped' : null;
}

type Sums = { peak: number; squares: number; samples: number; clipped: number; run: number };

function add(samples: Int16Array | Float32Array, scale: number, level: Sums): void {
  const limit = fullScale * scale;
  let { peak, run, clipped } = level;
  let squares = 0;
  peak *= scale;
  for (let i = 0; i < samples.length; i += 1) {
    const value = samples[i]!;
    const size = value < 0 ? -value : value;
    if (size > peak) peak = size;
    squares += value * value;
    if (size < limit) run = 0;
    else {
      run += 1;
      if (run >= 3) clipped += run === 3 ? 3 : 1;
    }
  }
  level.peak = peak / scale;
  level.squares += squares / scale ** 2;
  level.samples += samples.length;
  level.clipped = clipped;
  level.run = run;
}
