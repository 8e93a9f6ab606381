import { type Split, splits } from '#lib/competition.ts';

/** One line of a manifest: a recording, or a stretch of one, and what is said in it. */
export type Utterance = {
  /** Where its line begins in the manifest's text: problems found later are reported there. */
  at: number;
  id: string;
  /** The recording's path as the manifest gives it; for prompts without a file extension. */
  audio: string;
  /** The stretch begins here; null where the utterance is the whole recording. */
  offsetSeconds: number | null;
  durationSeconds: number | null;
  text: string;
  /** Other wordings that are as good. */
  alternatives: readonly string[];
  /** The transcript as it stood in the manifest, where a reader's rule changed it; else null. */
  originalText: string | null;
  split: Split | null;
  speaker: string | null;
  group: string | null;
  slices: Readonly<Record<string, string>>;
};

export type ManifestOptions = {
  /** Where the manifest is of one split as a whole. */
  split?: Split | undefined;
  /** The column or key that names the speaker. */
  speakerKey?: string | undefined;
  /** The column or key that names the group of utterances that belong together. */
  groupKey?: string | undefined;
};

export function isSplit(text: string): text is Split {
  return (splits as readonly string[]).includes(text);
}
