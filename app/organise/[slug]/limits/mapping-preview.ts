import { setImmediate } from 'node:timers/promises';
import type { LabelledUtterance } from '#lib/db/labels.ts';
import type { Mapping } from '#lib/mapping.ts';
import { createNormaliser, type ProfileName } from '#scoring/wer/normalise.ts';

/** What a mapping does to the references of dev. `of` counts all of them, `touched` those with a wording that changes. */
export type MappingPreview = {
  rules: number;
  firstRules: Mapping;
  touched: number;
  of: number;
  examples: { id: string; before: string; after: string }[];
};

const shownRules = 20;
const shownExamples = 5;
/** So many references are read before other requests get their turn: some milliseconds. */
const slice = 1000;

export async function previewMapping(
  mapping: Mapping,
  profile: ProfileName,
  references: readonly LabelledUtterance[],
): Promise<MappingPreview> {
  const [plain, full] = [createNormaliser(profile), createNormaliser(profile, mapping)];
  const examples: MappingPreview['examples'] = [];
  let touched = 0;
  for (const [i, { id, references: wordings }] of references.entries()) {
    const readings = wordings.map((text) => ({
      before: plain.words(text).join(' '),
      after: full.words(text).join(' '),
    }));
    const changed = readings.find(({ before, after }) => before !== after);
    if (changed !== undefined) {
      touched += 1;
      if (examples.length < shownExamples) examples.push({ id, ...changed });
    }
    if (i % slice === slice - 1) await setImmediate();
  }
  return { rules: mapping.length, firstRules: mapping.slice(0, shownRules), touched, of: references.length, examples };
}
