import { spawnSync } from 'node:child_process';
import type { Recording } from '#lib/datasets/recording.ts';

/** The container of a file, as ffmpeg calls it: what it says it is, and never a playlist that names other files. */
const demuxers: Partial<Record<Recording['extension'], string>> = { flac: 'flac', ogg: 'ogg', opus: 'ogg', mp3: 'mp3' };

/** Decoding runs at some hundred times the speed of speech; a file that is made to be slow is given up. */
const startMs = 30_000;
const msPerSecond = 100;

let isThere: boolean | null = null;

/** Whether ffmpeg is installed, which decodes what is no WAV. */
export function hasFfmpeg(): boolean {
  isThere ??= spawnSync('ffmpeg', ['-hide_banner', '-version'], { timeout: startMs }).status === 0;
  return isThere;
}

export type Stretch = { readonly startSeconds: number; readonly durationSeconds: number };

/**
 * The samples of a stretch of a compressed recording: mono, −1 to 1, at `sampleRateHz`. It waits for ffmpeg, and so belongs in a
 * thread or a command. Throws with what ffmpeg says where it cannot read the file.
 */
export function decodeWithFfmpeg(
  path: string,
  extension: Recording['extension'],
  sampleRateHz: number,
  { startSeconds, durationSeconds }: Stretch,
): Float32Array {
  const demuxer = demuxers[extension];
  if (demuxer === undefined) throw new Error(`${path}: ffmpeg is not asked to read ${extension}`);
  const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'];
  const input = ['-f', demuxer, '-ss', String(startSeconds), '-t', String(durationSeconds), '-i', `file:${path}`];
  const output = ['-map', '0:a:0', '-ac', '1', '-ar', String(sampleRateHz), '-f', 's16le', 'pipe:1'];
  const { status, stdout, stderr, error } = spawnSync('ffmpeg', [...quiet, ...input, ...output], {
    maxBuffer: 2 * Math.ceil((durationSeconds + 1) * sampleRateHz) + 65_536,
    timeout: startMs + msPerSecond * durationSeconds,
  });
  if (error || status !== 0) {
    const said = stderr?.toString().trim().split('\n').at(-1) ?? '';
    throw new Error(`${path}: ffmpeg cannot read it: ${said || error?.message}`, { cause: error });
  }
  const samples = new Float32Array(stdout.length >> 1);
  for (let i = 0; i < samples.length; i += 1) samples[i] = stdout.readInt16LE(2 * i) / 32_768;
  return samples;
}
