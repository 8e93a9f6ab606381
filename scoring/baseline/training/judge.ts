import { add, type ErrorCounts, errorRate, noCounts } from '#lib/counts.ts';
import type { CurvePoint } from '#scoring/baseline/training/checkpoint.ts';
import { onLanes, type TrainingLane, type TrainingMemory } from '#scoring/baseline/training/lanes.ts';
import { secondsOf, type Utterances } from '#scoring/baseline/training/utterances.ts';
import { normalise } from '#scoring/wer/normalise.ts';
import { scoreCharacters, scoreWords } from '#scoring/wer/score.ts';

/** Half a minute of sound at a time. */
const batchSeconds = 30;

/** Loss and greedy error rates of the averaged weights on dev; null where there is none. */
export async function judgeDev(memory: TrainingMemory, lanes: readonly TrainingLane[]): Promise<CurvePoint['dev']> {
  const { dev } = memory;
  if (dev.texts.length === 0) return null;
  const batches = byLength(dev);
  const results = await onLanes(
    lanes,
    batches.map((batch) => ({ kind: 'judge', batch })),
  );
  let [words, characters]: [ErrorCounts, ErrorCounts] = [noCounts, noCounts];
  for (const [index, batch] of batches.entries()) {
    for (const [row, utterance] of batch.entries()) {
      const reference = normalise(dev.texts[utterance]!, 'ru-yo');
      const hypothesis = normalise(results[index]!.texts[row]!, 'ru-yo');
      words = add(words, scoreWords([reference], hypothesis));
      characters = add(characters, scoreCharacters([reference], hypothesis));
    }
  }
  const sum = (key: 'loss' | 'symbols') => results.reduce((total, result) => total + result[key], 0);
  return {
    loss: sum('loss') / Math.max(1, sum('symbols')),
    characterErrorRate: errorRate(characters)!,
    wordErrorRate: errorRate(words)!,
  };
}

function byLength(utterances: Utterances): number[][] {
  const order = [...utterances.texts.keys()].sort((a, b) => secondsOf(utterances, b) - secondsOf(utterances, a));
  const batches: number[][] = [];
  for (const index of order) {
    const batch = batches.at(-1);
    if (batch && secondsOf(utterances, batch[0]!) * (batch.length + 1) <= batchSeconds) batch.push(index);
    else batches.push([index]);
  }
  return batches;
}
