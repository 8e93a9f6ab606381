import { errorsOf } from '#lib/counts.ts';
import { countErrors } from '../wer/align.ts';
import type { Words } from '../wer/normalise.ts';
import { scoreWords } from '../wer/score.ts';
import { slotsOf, textOf } from './slots.ts';
import type { Trusts } from './systems.ts';

/** What was said in one utterance according to its label, further wordings that are as good, and to each system. */
export type Heard = { readonly wordings: readonly Words[]; readonly hypotheses: readonly Words[] };

export type Consensus = {
  readonly text: Words;
  /** Logarithm of how many times more probable the outputs are if this was said than if the label was; 0 where it is the label. */
  readonly evidence: number;
};

/** A system's error rate in one utterance is that of all its words, as if so many of them, and of this utterance's. */
const ratePriorWords = 8;
/** Places of one utterance where systems are wrong come together: how far one tells what another does. */
const likeness = 0.5;

/**
 * The text that systems agree on most, and how surely it was said rather than what the label says.
 *
 * Every text is a row of places (slots.ts) along the one with the smallest weighted number of errors to all of them; at each
 * place what has most weight wins, the label's vote counting like one system of middling weight, and for it where votes are equal.
 * The evidence is Σ w · ln((1 − e) / (e · q)) · (errors against the label − errors against the consensus) over systems, where w
 * is a system's weight, q the chance that two wrong systems are wrong alike, and e its error rate in this utterance: what it is
 * elsewhere, corrected by how much it differs from the consensus here, so that agreement amid noise counts for little. Where the label
 * and the consensus differ in n words, the sum counts 1 / (1 + (n − 1) / 2): what is hard to hear is misheard in several words.
 *
 * Sources: the vote by places after Fiscus, A post-processing system to yield reduced word error rates: ROVER (1997), whose
 * alignment of one system after the other would make their order matter; the text of least expected errors after Goel & Byrne
 * (2000); the weights are log odds of independent voters (Nitzan & Paroush, 1982); the last factor is a design effect (Kish, 1965).
 */
export function findConsensus({ wordings, hypotheses }: Heard, { systems, coincidence }: Trusts): Consensus {
  const label = wordings[0]!;
  const votes = systems.map(({ errorRate, weight }) => weight * reliability(errorRate, coincidence));
  const labelVote = votes.reduce((sum, vote) => sum + vote, 0) / votes.length;
  const text = vote([{ text: label, vote: labelVote }, ...hypotheses.map((text, i) => ({ text, vote: votes[i]! }))]);
  if (wordings.some((wording) => isSame(wording, text))) return { text: label, evidence: 0 };
  let evidence = 0;
  for (const [i, hypothesis] of hypotheses.entries()) {
    const { errorRate, weight } = systems[i]!;
    const here = distance(text, hypothesis);
    const words = Math.max(text.length, hypothesis.length);
    const rate = (ratePriorWords * errorRate + here) / (ratePriorWords + words);
    const gained = errorsOf(scoreWords(wordings, hypothesis)) - here;
    evidence += weight * reliability(rate, coincidence) * gained;
  }
  const places = Math.min(...wordings.map((wording) => distance(wording, text)));
  return { text, evidence: evidence / (1 + likeness * (places - 1)) };
}

/** How much one word of a system says; never against it, however bad it is. */
function reliability(errorRate: number, coincidence: number): number {
  return Math.max(0, Math.log((1 - errorRate) / (errorRate * coincidence)));
}

type Voter = { readonly text: Words; readonly vote: number };

/** Of equal votes what the first voter says counts, else what comes first in code units: no order of the others matters. */
function vote(voters: readonly Voter[]): Words {
  const along = middleOf(voters);
  const rows = voters.map(({ text }) => slotsOf(along, text));
  const width = 2 * along.length + 1;
  const won: string[] = [];
  for (let place = 0; place < width; place += 1) {
    const sums = new Map<string, number>();
    for (const [i, row] of rows.entries()) sums.set(row[place]!, (sums.get(row[place]!) ?? 0) + voters[i]!.vote);
    won.push(heaviest(sums, rows[0]![place]!));
  }
  const together = textOf(won);
  return costOf(together, voters) <= costOf(along, voters) + negligible ? together : along;
}

/** Sums of the same votes in another order may differ by this. */
const negligible = 1e-9;

function heaviest(sums: ReadonlyMap<string, number>, labels: string): string {
  let best = labels;
  for (const [heard, sum] of sums) {
    const ahead = sum - sums.get(best)!;
    if (ahead > negligible || (ahead >= -negligible && best !== labels && heard < best)) best = heard;
  }
  return best;
}

/** Of all texts the one that differs least from all by weight. */
function middleOf(voters: readonly Voter[]): Words {
  const distinct = new Map(voters.map(({ text }) => [text.join(' '), text]));
  const label = voters[0]!.text;
  let best = { text: label, cost: costOf(label, voters) };
  for (const [, text] of [...distinct].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const cost = costOf(text, voters);
    if (cost < best.cost - negligible) best = { text, cost };
  }
  return best.text;
}

function costOf(text: Words, voters: readonly Voter[]): number {
  return voters.reduce((sum, voter) => sum + voter.vote * distance(text, voter.text), 0);
}

function distance(text: Words, hypothesis: Words): number {
  return isSame(text, hypothesis) ? 0 : errorsOf(countErrors(text, hypothesis));
}

function isSame(a: Words, b: Words): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}
