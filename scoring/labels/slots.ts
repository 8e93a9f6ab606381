import { align } from '../wer/align.ts';
import { normalise, type Words } from '../wer/normalise.ts';

/**
 * What a hypothesis says at each place of a text: at 2i + 1 what it has for word i, '' where it has nothing; at 2i what it has in
 * the gap before word i, words with one space between them, '' as a rule. [2 × words + 1]
 */
export type Slots = readonly string[];

/** By the canonical alignment. */
export function slotsOf(text: Words, hypothesis: Words): Slots {
  const slots = new Array<string>(2 * text.length + 1).fill('');
  let gap = 0;
  for (const step of align(text, hypothesis)) {
    if (step.kind === 'insertion') {
      const word = hypothesis[step.hypothesis]!;
      slots[gap] = slots[gap] === '' ? word : `${slots[gap]} ${word}`;
      continue;
    }
    gap = 2 * step.reference + 2;
    if (step.kind !== 'deletion') slots[gap - 1] = hypothesis[step.hypothesis]!;
  }
  return slots;
}

/** The text that has all of this one after another. */
export function textOf(slots: Slots): Words {
  return normalise(slots.filter((heard) => heard !== '').join(' '));
}
