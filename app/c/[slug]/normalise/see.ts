import type { Visit } from '../visit.ts';
import type { Choice } from './choices.ts';
import { longestText, look, type SeenLine } from './look.ts';
import { rulesFor } from './rules.ts';

export type Seen = { status: 'refused'; sentence: string } | { status: 'seen'; lines: readonly SeenLine[] };

/** A text through the chosen rules, or the sentence that says why it is not shown. */
export function see(
  text: string,
  choice: Choice,
  { competition, t, formats }: Pick<Visit, 'competition' | 't' | 'formats'>,
): Seen {
  const length = [...text].length;
  if (length > longestText) {
    const values = { length: formats.number(length), most: formats.number(longestText) };
    return { status: 'refused', sentence: t('scoring.normalise-too-long', values) };
  }
  const { plain, full } = rulesFor(choice, competition);
  const lines = look(text, plain, full);
  return lines.length > 0 ? { status: 'seen', lines } : { status: 'refused', sentence: t('scoring.normalise-empty') };
}
