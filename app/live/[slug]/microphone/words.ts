import type { Heard } from '#scoring/baseline/browser-listener.ts';

/** `probability`: of its least likely letter; null where the text could not be put on the sound. */
export type HeardWord = { readonly text: string; readonly probability: number | null; readonly isUnsure: boolean };

/** Below this a letter is less likely than not. */
export const unsureBelow = 0.5;

export function wordsOf({ text, letters }: Pick<Heard, 'text' | 'letters'>): HeardWord[] {
  let at = 0;
  return text.split(' ').map((word) => {
    const length = [...word].length;
    const own = letters.slice(at, at + length);
    at += length + 1;
    const probability = own.length === 0 ? null : Math.min(...own.map((letter) => letter.probability));
    return { text: word, probability, isUnsure: probability !== null && probability < unsureBelow };
  });
}
