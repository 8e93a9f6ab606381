import { errorsOf } from '#lib/counts.ts';
import { align, countErrors } from '../wer/align.ts';
import type { Words } from '../wer/normalise.ts';

/** What somebody heard of every utterance, as numbers, so that hundreds of files fit into memory. */
export type Heard = {
  /** Every mistake by its key, ascending: the place in the labels, and what stands there instead. */
  readonly mistakes: Float64Array;
  /** A fingerprint of each utterance's words; equal texts have equal ones. */
  readonly texts: Float64Array;
  /** Whether each utterance is word for word its label. */
  readonly isRight: Uint8Array;
};

/** Numbers of places and words are kept apart in one exact number below 2⁵³. */
const mostWordings = 2 ** 24;

/**
 * Reads files against the same labels, further wordings of each utterance after its first. Mistakes of two files have the same key where both
 * have the same instead of the same words of a label, or the same words in the same gap.
 */
export function createListener(labels: readonly (readonly Words[])[]) {
  const numbers = new Map<string, number>();
  const numberOf = (heard: string): number => {
    const known = numbers.get(heard);
    if (known !== undefined) return known;
    if (numbers.size + 1 >= mostWordings) throw new RangeError('more different words than can be numbered');
    numbers.set(heard, numbers.size + 1);
    return numbers.size;
  };
  const starts = labels.map(() => [] as number[]);
  const utterances: number[] = []; // of each wording that has places, in their order
  const firsts: number[] = [];
  let places = 0;
  for (const [utterance, wordings] of labels.entries()) {
    for (const wording of wordings) {
      starts[utterance]!.push(places);
      utterances.push(utterance);
      firsts.push(places);
      places += 2 * wording.length + 1;
    }
  }
  return {
    /** Adds up what one utterance of a file says. */
    createFile() {
      const mistakes: number[] = [];
      const texts = new Float64Array(labels.length);
      const isRight = new Uint8Array(labels.length);
      return {
        hear(utterance: number, words: Words): void {
          texts[utterance] = fingerprint(words, numberOf);
          const wordings = labels[utterance]!;
          const nearest = nearestOf(wordings, words);
          const found = mistakesIn(wordings[nearest]!, words);
          isRight[utterance] = Number(found.length === 0);
          const start = starts[utterance]![nearest]!;
          for (const { place, heard } of found) mistakes.push((start + place) * mostWordings + numberOf(heard));
        },
        heard: (): Heard => ({ mistakes: Float64Array.from(mistakes).sort(), texts, isRight }),
      };
    },
    utteranceOf(key: number): number {
      const place = Math.floor(key / mostWordings);
      let [low, high] = [0, firsts.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (firsts[middle]! <= place) low = middle;
        else high = middle - 1;
      }
      return utterances[low]!;
    },
  };
}
export type Listener = ReturnType<typeof createListener>;

/** The place of the wording with the fewest errors, the first of equals. */
export function nearestOf(wordings: readonly Words[], words: Words): number {
  if (wordings.length === 1) return 0;
  const errors = wordings.map((wording) => errorsOf(countErrors(wording, words)));
  return errors.indexOf(Math.min(...errors));
}

type Mistake = { readonly place: number; readonly heard: string };

/** Places as in scoring/labels/slots.ts: 2i + 1 for word i, 2i for the gap before it; '' for a word that is missing. */
function mistakesIn(label: Words, words: Words): Mistake[] {
  if (isSame(label, words)) return [];
  const found: Mistake[] = [];
  let gap = 0;
  let inserted = '';
  const closeGap = () => {
    if (inserted !== '') found.push({ place: gap, heard: inserted });
    inserted = '';
  };
  for (const step of align(label, words)) {
    if (step.kind === 'insertion') {
      inserted = inserted === '' ? words[step.hypothesis]! : `${inserted} ${words[step.hypothesis]!}`;
      continue;
    }
    closeGap();
    gap = 2 * step.reference + 2;
    if (step.kind === 'deletion') found.push({ place: gap - 1, heard: '' });
    if (step.kind === 'substitution') found.push({ place: gap - 1, heard: words[step.hypothesis]! });
  }
  closeGap();
  return found;
}

function isSame(a: Words, b: Words): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}

/** 53 bits of two hashes over the numbers of the words. Source: FNV-1a (Fowler, Noll & Vo), by words. */
function fingerprint(words: Words, numberOf: (word: string) => number): number {
  let [a, b] = [0x811c9dc5, 0x01234567];
  for (const word of words) {
    const number = numberOf(word);
    a = Math.imul(a ^ number, 0x01000193);
    b = Math.imul(b ^ (number + 0x9e3779b9), 0x85ebca6b);
    b ^= b >>> 13;
  }
  return (a >>> 0) * 2 ** 21 + ((b >>> 0) % 2 ** 21);
}
