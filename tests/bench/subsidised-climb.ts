import { drawBelow } from '#scoring/statistics/random.ts';
import { type Attack, type Contest, first, type Mixture, whole } from './attacks.ts';
import { total } from './simulated.ts';

/** The utterances that one try changes: one in so many. */
const spacing = 15;
/** Words that have to be won back for a try whose changes are worth nothing to be shown nearly never, and a good one mostly. */
const subsidyDeviations = 1.33;

/**
 * What the ladder does not withstand as well as the eight attacks: words that both systems hear alike, and so surely rightly, are
 * left out at first. Bringing some of them back in every try is a sure gain which pays for the significance of changes that are
 * not sure, and the number then tells what these were worth.
 */
export const subsidisedClimb: Attack = (contest) => {
  const { utterances, apart, totalWords, tries } = contest;
  const flips = Math.round(utterances / spacing);
  const subsidy = Math.round(subsidyDeviations * Math.sqrt((flips * total(apart)) / utterances));
  let dropped = dropWords(contest, 0.95 * contest.lead);
  let best = whole(contest, first);
  let points: number | null = null;
  for (let t = 0; t < tries; t += 1) {
    if (points === null) {
      points = contest.submit(best, dropped);
      if (points === null) dropped = restoreWords(contest, dropped, totalWords / 250);
      continue;
    }
    const mixture = flip(contest, best, flips);
    const left = restoreWords(contest, dropped, subsidy);
    const answer = contest.submit(mixture, left);
    if (answer === null) continue;
    const withoutFlips: number = points - (100 * (total(dropped) - total(left))) / totalWords;
    if (answer < withoutFlips) best = mixture;
    [points, dropped] = [Math.min(answer, withoutFlips), left];
  }
  return best;
};

function flip({ utterances, random }: Contest, mixture: Mixture, count: number): Mixture {
  const flipped = mixture.slice();
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(drawBelow(random, utterances));
  for (const u of chosen) flipped[u] = 1 - flipped[u]!;
  return flipped;
}

/** How many words are left out of each utterance: about as many of all, and at least three stay. */
function dropWords({ utterances, words }: Contest, count: number): Int32Array {
  const dropped = new Int32Array(utterances);
  let left = Math.round(count);
  for (let most = 1; left > 0 && most < Math.max(...words); most += 1) {
    for (let u = 0; u < utterances && left > 0; u += 1) {
      if (dropped[u]! >= most || dropped[u]! >= words[u]! - 3) continue;
      dropped[u]! += 1;
      left -= 1;
    }
  }
  return dropped;
}

/** One word an utterance from a random one on, round and round: evenly over speakers. */
function restoreWords({ utterances, random }: Contest, dropped: Int32Array, count: number): Int32Array {
  const restored = dropped.slice();
  let left = Math.min(Math.ceil(count), total(dropped));
  for (let u = drawBelow(random, utterances); left > 0; u = (u + 1) % utterances) {
    if (restored[u] === 0) continue;
    restored[u]! -= 1;
    left -= 1;
  }
  return restored;
}
