import { normalise } from '#scoring/wer/normalise.ts';

/**
 * A text as the network spells it: in the profile `ru-yo`, words one space apart. A hyphen is not heard, so that its word is two here
 * and is scored as two.
 */
export function spokenText(text: string): string {
  return normalise(text, 'ru-yo').join(' ').replaceAll('-', ' ');
}
