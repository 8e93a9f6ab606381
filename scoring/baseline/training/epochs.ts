import { secondsOf, type Utterances } from '#scoring/baseline/training/utterances.ts';
import { createRandom, drawBelow, type RandomSource } from '#scoring/statistics/random.ts';

/** What is to be heard in one epoch. */
export type EpochPlan = {
  /** Indices of utterances, in the order in which they are heard. */
  readonly batches: readonly (readonly number[])[];
  /** Seconds of sound in all of them. */
  readonly seconds: number;
  /** How many synthetic utterances have been taken since the beginning, for the next epoch to go on from. */
  readonly syntheticTaken: number;
};

export type EpochOptions = {
  readonly seed: number;
  readonly epoch: number;
  /** Recorded sound as a share of all, more than 0; counts only where there is sound of both kinds. */
  readonly recordedShare: number;
  readonly syntheticTaken: number;
  readonly batchSeconds: number;
};

/** Neighbours in length differ from epoch to epoch, so that batches do not repeat. */
const lengthJitter = 0.2;

/**
 * Every recorded utterance once, and as much synthetic speech as its share allows, going round through all of it in an order that
 * is drawn anew for each round. Without recordings, all synthetic speech once. Pure: the same arguments, the same plan.
 */
export function planEpoch(utterances: Utterances, options: EpochOptions): EpochPlan {
  const { seed, epoch, batchSeconds } = options;
  const indices = [...utterances.isRecorded.keys()];
  const recorded = indices.filter((index) => utterances.isRecorded[index]);
  const synthetic = indices.filter((index) => !utterances.isRecorded[index]);
  const drawn = drawSynthetic(utterances, recorded, synthetic, options);
  const chosen = [...recorded, ...drawn];
  const batches = bucketed(utterances, chosen, batchSeconds, createRandom(mixed(seed, 2 * epoch + 1)));
  const seconds = chosen.reduce((sum, index) => sum + secondsOf(utterances, index), 0);
  return { batches, seconds, syntheticTaken: options.syntheticTaken + drawn.length };
}

function drawSynthetic(
  utterances: Utterances,
  recorded: readonly number[],
  synthetic: readonly number[],
  { seed, recordedShare, syntheticTaken }: EpochOptions,
): number[] {
  if (synthetic.length === 0 || recorded.length === 0) return [...synthetic];
  const recordedSeconds = recorded.reduce((sum, index) => sum + secondsOf(utterances, index), 0);
  let missingSeconds = (recordedSeconds * (1 - recordedShare)) / recordedShare;
  const drawn: number[] = [];
  let round = -1;
  let order: number[] = [];
  while (missingSeconds > 0) {
    const taken = syntheticTaken + drawn.length;
    const roundNow = Math.floor(taken / synthetic.length);
    if (roundNow !== round) order = shuffled(synthetic, createRandom(mixed(seed, 2 * roundNow)));
    round = roundNow;
    const index = order[taken % synthetic.length]!;
    drawn.push(index);
    missingSeconds -= Math.max(secondsOf(utterances, index), 0.01);
  }
  return drawn;
}

/** Batches of about equally long utterances, each with at most so many seconds, padding included, or with one utterance. */
function bucketed(
  utterances: Utterances,
  indices: readonly number[],
  batchSeconds: number,
  random: RandomSource,
): number[][] {
  const keys = new Map(
    indices.map((index) => [
      index,
      secondsOf(utterances, index) * (1 + (lengthJitter * drawBelow(random, 1000)) / 1000),
    ]),
  );
  const batches: number[][] = [];
  let [batch, longest]: [number[], number] = [[], 0];
  // An utterance may come twice where synthetic speech is little; both copies then lie side by side.
  for (const index of [...indices].sort((a, b) => keys.get(a)! - keys.get(b)! || a - b)) {
    const next = Math.max(longest, secondsOf(utterances, index));
    if (batch.length > 0 && next * (batch.length + 1) > batchSeconds) {
      batches.push(batch);
      [batch, longest] = [[], 0];
    }
    batch.push(index);
    longest = Math.max(longest, secondsOf(utterances, index));
  }
  if (batch.length > 0) batches.push(batch);
  return shuffled(batches, random);
}

/** Source: Fisher & Yates, in Durstenfeld's form. */
function shuffled<Item>(items: readonly Item[], random: RandomSource): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = drawBelow(random, last + 1);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

/** A seed for the nth draw that is not that of its neighbours. */
export function mixed(seed: number, n: number): number {
  return (Math.imul(seed ^ 0x5bd1e995, 0x27d4eb2f) + Math.imul(n + 1, 0x9e3779b1)) >>> 0;
}
