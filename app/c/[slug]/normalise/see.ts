import type { Visit } from '../visit.ts';
import type { Choice } from './choices.ts';
import { longestText, look, type SeenLine } from './look.ts';
import { rulesFor } from './rules.ts';

/** What was asked for comes back with the answer: without JavaScript the page that shows it is a new one. */
export type Asked = { text: string; choice: Choice };
export type Seen =
  | { status: 'refused'; sentence: string; asked?: Asked }
  | { status: 'seen'; lines: readonly SeenLine[]; asked: Asked };

/** A text through the chosen rules, or the sentence that says why it is not shown. */
export function see(asked: Asked, { competition, t, formats }: Pick<Visit, 'competition' | 't' | 'formats'>): Seen {
  const { text, choice } = asked;
  const length = [...text].length;
  if (length > longestText) {
    const values = { length: formats.number(length), most: formats.number(longestText) };
    return { status: 'refused', sentence: t('scoring.normalise-too-long', values), asked };
  }
  const { plain, full } = rulesFor(choice, competition);
  const lines = look(text, plain, full);
  return lines.length > 0
    ? { status: 'seen', lines, asked }
    : { status: 'refused', sentence: t('scoring.normalise-empty'), asked };
}
