import { type Clip, secondsOf as clipSecondsOf } from '#scoring/baseline/corpus/clips.ts';
import { sampleRateHz } from '#scoring/baseline/features.ts';
import { spokenText } from '#scoring/baseline/spoken-text.ts';
import type { Vocabulary } from '#scoring/baseline/vocabulary.ts';

/**
 * Speech in memory that threads share, an hour in 58 MB: reading clips anew in every epoch would take longer than learning from
 * them. Utterance i has the samples from `starts[i]` to `starts[i + 1]`, 16 bit, 8 kHz.
 */
export type Utterances = {
  readonly samples: Int16Array;
  readonly starts: Float64Array;
  /** As `spokenText` gives them. */
  readonly texts: readonly string[];
  readonly targets: readonly (readonly number[])[];
  readonly isRecorded: readonly boolean[];
};

const fullScale = 32_768;

/** 2.9 GB. */
export const mostHours = 50;

/** More speech than training holds in memory. */
export class TooMuchSpeechError extends Error {
  readonly hours: number;

  constructor(hours: number) {
    super(`${hours} hours of speech where at most ${mostHours} can be held`);
    this.name = 'TooMuchSpeechError';
    this.hours = hours;
  }
}

/**
 * Reads all clips whose text can be spelled. `unspelled`: ids of the others: digits, Latin letters, no word at all. Throws
 * TooMuchSpeechError.
 */
export async function loadUtterances(
  clips: readonly Clip[],
  vocabulary: Vocabulary,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<{ utterances: Utterances; unspelled: string[] }> {
  const hours = clipSecondsOf(clips) / 3600;
  if (hours > mostHours) throw new TooMuchSpeechError(hours);
  const spelled: { clip: Clip; text: string; target: number[] }[] = [];
  const unspelled: string[] = [];
  for (const clip of clips) {
    const text = spokenText(clip.text);
    const target = text === '' ? null : vocabulary.indicesOf(text);
    if (target === null) unspelled.push(clip.id);
    else spelled.push({ clip, text, target });
  }
  const sounds: Int16Array[] = [];
  for (const { clip } of spelled) {
    sounds.push(toInt16(await clip.readSamples()));
    onProgress(sounds.length, spelled.length);
  }
  const utterances = {
    ...inSharedMemory(sounds),
    texts: spelled.map(({ text }) => text),
    targets: spelled.map(({ target }) => target),
    isRecorded: spelled.map(({ clip }) => clip.source === 'recorded'),
  };
  return { utterances, unspelled };
}

function toInt16(samples: Float32Array): Int16Array {
  const sound = new Int16Array(samples.length);
  for (const [i, sample] of samples.entries()) {
    sound[i] = Math.max(-fullScale, Math.min(fullScale - 1, Math.round(sample * fullScale)));
  }
  return sound;
}

function inSharedMemory(sounds: readonly Int16Array[]): Pick<Utterances, 'samples' | 'starts'> {
  const starts = new Float64Array(sounds.length + 1);
  for (const [index, { length }] of sounds.entries()) starts[index + 1] = starts[index]! + length;
  const samples = new Int16Array(new SharedArrayBuffer(2 * starts[sounds.length]!));
  for (const [index, sound] of sounds.entries()) samples.set(sound, starts[index]!);
  return { samples, starts };
}

/** Mono, −1 to 1, 8 kHz. */
export function samplesOf({ samples, starts }: Utterances, index: number): Float32Array {
  const sound = new Float32Array(samples.subarray(starts[index]!, starts[index + 1]!));
  for (let i = 0; i < sound.length; i++) sound[i]! /= fullScale;
  return sound;
}

export function secondsOf({ starts }: Utterances, index: number): number {
  return (starts[index + 1]! - starts[index]!) / sampleRateHz;
}
