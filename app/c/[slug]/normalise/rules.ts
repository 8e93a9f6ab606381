import type { Competition } from '#lib/competition.ts';
import { createNormaliser, isProfileName, type Normaliser, type ProfileName } from '#scoring/wer/normalise.ts';
import type { Choice } from './choices.ts';

/** The rules that were chosen to look at: `plain` is the profile alone, `full` the profile with its mapping. */
export type Rules = { profile: ProfileName; plain: Normaliser; full: Normaliser };

export function rulesFor(choice: Choice, { slug, profile: own, mapping }: Competition): Rules {
  const profile = choice === 'own' ? own : choice;
  if (!isProfileName(profile)) throw new Error(`competition ${slug} has an unknown profile "${profile}"`);
  const plain = createNormaliser(profile);
  return { profile, plain, full: choice === 'own' ? createNormaliser(profile, mapping) : plain };
}
