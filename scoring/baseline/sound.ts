import { decodeWithFfmpeg, hasFfmpeg } from '#lib/datasets/ffmpeg.ts';
import { withFile } from '#lib/datasets/file-source.ts';
import { inspectRecording } from '#lib/datasets/recording.ts';
import { cutWav, decodeWav, type Refusal, type WavHeader } from '#lib/datasets/wav.ts';
import { sampleRateHz } from '#scoring/baseline/features.ts';
import { resample } from '#scoring/baseline/resample.ts';

/** A recording, or a stretch of one, that was found sound before. Plain data, for another thread. */
export type SoundFile = {
  readonly path: string;
  readonly stretch: { readonly startSeconds: number; readonly durationSeconds: number } | null;
  readonly seconds: number;
};

/**
 * A whole recording as it lies on disk, or why it cannot be heard: `problems.${code}` in lib/messages. Throws what the system says
 * where it cannot be read at all.
 */
export function findSound(path: string): SoundFile | Refusal {
  const reading = withFile(path, inspectRecording);
  if (reading.status === 'refused') return { code: reading.code, values: reading.values };
  const { wav, durationSeconds: seconds, extension } = reading.recording;
  if (wav === null && !hasFfmpeg()) return { code: 'recording-needs-ffmpeg', values: { format: extension } };
  return seconds === null ? { code: 'recording-length-unknown', values: {} } : { path, stretch: null, seconds };
}

/** Whole seconds, so that a piece begins on a sample at either rate and resampling it changes nothing. */
const pieceSeconds = 60;
/** More than the resampling filter is wide. */
const marginSeconds = 1;

/**
 * The samples as the network hears them: mono, −1 to 1, 8 kHz. A long recording is decoded in pieces, so that beside the result
 * only a minute of it is in memory, however many channels it has. What is no WAV is decoded by ffmpeg. Throws where the file is no
 * longer what it was.
 */
export function readSound({ path, stretch, seconds }: SoundFile): Float32Array {
  return withFile(path, (source) => {
    const reading = inspectRecording(source);
    if (reading.status === 'refused') throw new Error(`${path} is no readable recording any more: ${reading.code}`);
    const { extension, wav: header } = reading.recording;
    const begin = stretch?.startSeconds ?? 0;
    if (header === null) {
      return decodeWithFfmpeg(path, extension, sampleRateHz, { startSeconds: begin, durationSeconds: seconds });
    }
    const read = (from: number, to: number) => pieceOf(cutWav(source, header, begin + from, to - from));
    if (seconds <= pieceSeconds) return read(0, seconds);
    return join(seconds, header, read);
  });
}

function pieceOf(wav: Uint8Array): Float32Array {
  const { samples, sampleRateHz: fromHz } = decodeWav(wav);
  return resample(samples, fromHz, sampleRateHz);
}

function join(seconds: number, header: WavHeader, read: (from: number, to: number) => Float32Array): Float32Array {
  const inputSamples = Math.round(seconds * header.sampleRateHz);
  const whole = new Float32Array(Math.round((inputSamples * sampleRateHz) / header.sampleRateHz));
  for (let start = 0; start < seconds; start += pieceSeconds) {
    const from = Math.max(0, start - marginSeconds);
    const piece = read(from, Math.min(seconds, start + pieceSeconds + marginSeconds));
    const at = start * sampleRateHz;
    const skipped = (start - from) * sampleRateHz;
    const count = Math.min(pieceSeconds * sampleRateHz, whole.length - at, piece.length - skipped);
    whole.set(piece.subarray(skipped, skipped + count), at);
  }
  return whole;
}
