import { profileNames } from '#scoring/wer/normalise.ts';

/** What to look through: the competition's own rules, or a profile by itself. */
export type Choice = 'own' | (typeof profileNames)[number];

export const choices: readonly Choice[] = ['own', ...profileNames];
