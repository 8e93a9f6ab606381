import type { Mapping } from '#lib/mapping.ts';
import type { ReferenceRecord } from '#scoring/corpus.ts';
import { type AlignedUtterance, alignWords } from '#scoring/wer/analyse.ts';
import { createNormaliser, type Normaliser, type ProfileName } from '#scoring/wer/normalise.ts';

/** How texts are read. */
export type LabRules = { readonly profile: ProfileName; readonly mapping: Mapping | null };

/** `chosen` is the number of the wording that counts. */
export type Aligned = AlignedUtterance & { readonly chosen: number };

export function normaliserOf({ profile, mapping }: LabRules): Normaliser {
  return createNormaliser(profile, mapping);
}

/** One utterance as it is scored: both sides normalised, against the wording that counts. */
export function alignTexts(
  { references }: Pick<ReferenceRecord, 'references'>,
  text: string,
  normaliser: Normaliser,
): Aligned {
  const hypothesis = normaliser.words(text);
  const wordings = references.map((reference) => normaliser.words(reference));
  return { hypothesis, ...alignWords(wordings, hypothesis) };
}
