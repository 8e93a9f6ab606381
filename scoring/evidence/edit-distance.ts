import { errorsOf } from '#lib/counts.ts';
import type { Outputs } from '../labels/systems.ts';
import { countErrors } from '../wer/align.ts';

/** Between two calls of `pause`. */
const utterancesAtOnce = 256;

/** Edits of words that turn one file into the other, utterance by utterance, over the words of the longer one; 0 for two empty files. */
export async function editDistanceOf(
  first: Outputs,
  second: Outputs,
  pause: () => Promise<void> = async () => {},
): Promise<number> {
  let [edits, firstWords, secondWords] = [0, 0, 0];
  for (const [utterance, words] of first.entries()) {
    if (utterance % utterancesAtOnce === 0) await pause();
    const others = second[utterance]!;
    edits += errorsOf(countErrors(words, others));
    firstWords += words.length;
    secondWords += others.length;
  }
  return edits / Math.max(1, firstWords, secondWords);
}
