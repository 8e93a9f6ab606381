import type { ErrorCounts } from '#lib/counts.ts';
import {
  commonEnds,
  countErrors,
  fewestErrors,
  keyUnit,
  lastRow,
  type Middle,
  middleOf,
  type Tokens,
} from './align.ts';

/**
 * How errors are divided into substitutions, deletions and insertions where several alignments are as cheap: our own rule, or
 * that of another tool, so that its figures can be checked. `sclite` weighs errors, too, and may find one more than needed.
 */
export const tieRules = ['canonical', 'jiwer', 'kaldi', 'sclite'] as const;

export type Ties = (typeof tieRules)[number];

/** Counts of the alignment that the tool of this name would choose. Time grows with length × errors, memory with length. */
export function countErrorsUnder<T extends Tokens>(ties: Ties, reference: T, hypothesis: T): ErrorCounts {
  switch (ties) {
    case 'canonical':
      return countErrors(reference, hypothesis);
    case 'jiwer':
      return countsOf(reference.length, hypothesis.length, jiwerTotals(reference, hypothesis));
    case 'kaldi':
      return countsOf(reference.length, hypothesis.length, cheapest(kaldi, middleOf(reference, hypothesis, 0, 0)));
    case 'sclite':
      return countsOf(reference.length, hypothesis.length, cheapest(sclite, middleOf(reference, hypothesis, 0, 0)));
  }
}

type Totals = { hits: number; substitutions: number };

function countsOf(reference: number, hypothesis: number, { hits, substitutions }: Totals): ErrorCounts {
  const paired = hits + substitutions;
  return { hits, substitutions, deletions: reference - paired, insertions: hypothesis - paired };
}

const diagonally = 0;
const downwards = 1; // a deletion
const rightwards = 2; // an insertion

/**
 * What a tool does in every cell of the table: `choose` is given the costs of arriving there in each of three ways, and the cost of
 * the cell diagonally before it. It always takes one of the smallest. The way into a cell never depends on what comes after it,
 * so counts travel forward with the costs, also for tools that walk back from the end.
 */
type Rule = {
  readonly substitution: number;
  readonly gap: number;
  choose(pairing: number, deletion: number, insertion: number, before: number): number;
};

/** rapidfuzz, under jiwer: a deletion, else an insertion where a pairing could not be as cheap without it, else a pairing. */
const rapidfuzz: Rule = {
  substitution: 1,
  gap: 1,
  choose: (pairing, deletion, insertion, before) => {
    if (deletion <= pairing && deletion <= insertion) return downwards;
    return insertion === before ? rightwards : diagonally;
  },
};

/** compute-wer of Kaldi and kaldialign: an insertion before a deletion before a pairing, even of equal words. */
const kaldi: Rule = {
  substitution: 1,
  gap: 1,
  choose: (pairing, deletion, insertion) => {
    if (pairing < deletion && pairing < insertion) return diagonally;
    return deletion < insertion ? downwards : rightwards;
  },
};

/** sclite of NIST's SCTK: a pairing before an insertion before a deletion. */
const sclite: Rule = {
  substitution: 4,
  gap: 3,
  choose: (pairing, deletion, insertion) => {
    if (pairing <= deletion && pairing <= insertion) return diagonally;
    return deletion < insertion ? downwards : rightwards;
  },
};

/** Shorter sides than this are not worth a narrower band. */
const short = 64;

/** Totals of the path that the rule takes, all of which lies within the band. */
function cheapest(rule: Rule, middle: Middle): Totals {
  const longer = Math.max(middle.reference.length, middle.hypothesis.length);
  return lastCell(rule, middle, longer <= short ? longer : marginFor(rule, middle));
}

/**
 * So many diagonals on either side of the corners' that a path beyond them has gaps enough to cost more than the canonical
 * alignment, and so more than the cheapest; cells beyond are never chosen, whatever is written there.
 */
function marginFor({ substitution, gap }: Rule, { reference, hypothesis }: Middle): number {
  const { errors, hits } = fewestErrors(reference, hypothesis);
  const substitutions = reference.length + hypothesis.length - 2 * hits - errors;
  const cost = substitution * substitutions + gap * (errors - substitutions);
  const difference = Math.abs(hypothesis.length - reference.length);
  return Math.floor((cost / gap - difference) / 2);
}

/** More than any cost, and still a small integer when a few costs are added to it. */
const unreachable = 2 ** 29;

/** Row by row; cells further than `margin` diagonals from those of the two corners are out of reach. */
function lastCell(rule: Rule, { reference, hypothesis }: Middle, margin: number): Totals {
  const difference = hypothesis.length - reference.length;
  const lowest = Math.min(0, difference) - margin;
  const highest = Math.max(0, difference) + margin;
  const { substitution, gap } = rule;
  const costs = new Int32Array(hypothesis.length + 1).fill(unreachable);
  const hits = new Int32Array(hypothesis.length + 1);
  const substitutions = new Int32Array(hypothesis.length + 1);
  for (let j = 0; j <= Math.min(hypothesis.length, highest); j += 1) costs[j] = j * gap;
  for (let i = 1; i <= reference.length; i += 1) {
    const from = Math.max(1, i + lowest);
    const to = Math.min(hypothesis.length, i + highest);
    // What stood in the cell to the left one row above.
    let [cost, hit, substituted] = [costs[from - 1]!, hits[from - 1]!, substitutions[from - 1]!];
    costs[from - 1] = i + lowest <= 0 ? i * gap : unreachable;
    hits[from - 1] = 0;
    substitutions[from - 1] = 0;
    for (let j = from; j <= to; j += 1) {
      const isHit = reference[i - 1] === hypothesis[j - 1];
      const [above, hitAbove, substitutedAbove] = [costs[j]!, hits[j]!, substitutions[j]!];
      const pairing = cost + (isHit ? 0 : substitution);
      const way = rule.choose(pairing, above + gap, costs[j - 1]! + gap, cost);
      if (way === diagonally) {
        costs[j] = pairing;
        hits[j] = hit + (isHit ? 1 : 0);
        substitutions[j] = substituted + (isHit ? 0 : 1);
      } else if (way === rightwards) {
        costs[j] = costs[j - 1]! + gap;
        hits[j] = hits[j - 1]!;
        substitutions[j] = substitutions[j - 1]!;
      } else costs[j] = above + gap;
      cost = above;
      hit = hitAbove;
      substituted = substitutedAbove;
    }
  }
  const end = hypothesis.length;
  return { hits: hits[end]!, substitutions: substitutions[end]! };
}

/** rapidfuzz lays common ends aside, and divides what would need a table of a mebibyte. */
function jiwerTotals(reference: Tokens, hypothesis: Tokens): Totals {
  const middle = middleOf(reference, hypothesis, 0, 0);
  return dividedTotals(middle, Math.max(reference.length, hypothesis.length), null);
}

/**
 * `most` is the number of errors that rapidfuzz knows not to be exceeded, which sets the size of its table; `errors` the least
 * number where known. Source: levenshtein_align_hirschberg of rapidfuzz-cpp 3.3 (MIT), its rules of division only.
 */
function dividedTotals(whole: Middle, most: number, errors: number | null): Totals {
  const { prefix, suffix } = commonEnds(whole.reference, whole.hypothesis);
  const reference = whole.reference.subarray(prefix, whole.reference.length - suffix);
  const hypothesis = whole.hypothesis.subarray(prefix, whole.hypothesis.length - suffix);
  const band = Math.min(reference.length, 2 * Math.min(most, Math.max(reference.length, hypothesis.length)) + 1);
  const bytes = Math.floor((2 * band * hypothesis.length) / 8);
  let totals: Totals;
  if (bytes < 2 ** 20 || reference.length < 65 || hypothesis.length < 10) {
    totals = cheapest(rapidfuzz, { reference, hypothesis });
  } else {
    const [first, second] = divide({ reference, hypothesis }, errors ?? fewestErrors(reference, hypothesis).errors);
    const [a, b] = [first, second].map((part) => dividedTotals(part.middle, part.errors, part.errors)) as [
      Totals,
      Totals,
    ];
    totals = { hits: a.hits + b.hits, substitutions: a.substitutions + b.substitutions };
  }
  return { hits: totals.hits + prefix + suffix, substitutions: totals.substitutions };
}

/** Halves the hypothesis, and the reference at the first place where both parts together have no more errors than the whole. */
function divide({ reference, hypothesis }: Middle, errors: number) {
  const half = hypothesis.length >> 1;
  const before = distances(hypothesis.subarray(0, half), reference, errors);
  const after = distances(hypothesis.slice(half).reverse(), reference.slice().reverse(), errors);
  const errorsAt = (cut: number) => before(cut) + after(reference.length - cut);
  let cut = 0;
  while (errorsAt(cut) > errors) cut += 1;
  return [
    {
      middle: { reference: reference.subarray(0, cut), hypothesis: hypothesis.subarray(0, half) },
      errors: before(cut),
    },
    {
      middle: { reference: reference.subarray(cut), hypothesis: hypothesis.subarray(half) },
      errors: after(reference.length - cut),
    },
  ] as const;
}

/** Errors between all of `hypothesis` and every start of the reference that a path of at most `most` errors can pass. */
function distances(hypothesis: Int32Array, reference: Int32Array, most: number): (length: number) => number {
  const reachable = reference.subarray(0, hypothesis.length + most);
  const unit = keyUnit({ reference: hypothesis, hypothesis: reachable });
  const keys = lastRow(hypothesis, reachable, unit, most);
  return (length) => (length < keys.length ? Math.ceil(keys[length]! / unit) : Number.POSITIVE_INFINITY);
}
