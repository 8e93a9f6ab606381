import type { Split } from '#lib/competition.ts';

/** Speech with its words, whose samples are read when they are needed: hours of it do not fit into memory. */
export type Clip = {
  readonly id: string;
  /** As its source has it, with capitals and punctuation. */
  readonly text: string;
  readonly source: 'recorded' | 'synthetic';
  /** Who speaks; of recordings without names of speakers, 'recorded'. */
  readonly voice: string;
  readonly seconds: number;
  /** Mono, −1 to 1, 8 kHz. Throws where the file is no longer what it was. */
  readonly readSamples: () => Promise<Float32Array>;
};

export type ClipSplits<Kind extends Clip = Clip> = Readonly<Record<Split, readonly Kind[]>>;

export function secondsOf(clips: readonly Clip[]): number {
  return clips.reduce((sum, clip) => sum + clip.seconds, 0);
}
