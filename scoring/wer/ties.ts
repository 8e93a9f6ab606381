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
  if (ties === 'canonical') return countErrors(reference, hypothesis);
  let hits = reference.length;
  let substitutions = 0;
  for (const { middle } of partsUnder(ties, reference, hypothesis)) {
    const totals = lastCell(rules[ties], middle);
    hits += totals.hits - middle.reference.length;
    substitutions += totals.substitutions;
  }
  const paired = hits + substitutions;
  return { hits, substitutions, deletions: reference.length - paired, insertions: hypothesis.length - paired };
}

/** Rules of other tools: they look at every cell. */
export type ForeignTies = Exclude<Ties, 'canonical'>;

/** What a tool aligns by itself: tokens from these positions on. Whatever lies between two parts is equal on both sides. */
export type Part = { readonly middle: Middle; readonly reference: number; readonly hypothesis: number };

/** The parts from start to end. jiwer's lays common ends aside and divides long texts; the others take all in one. */
export function partsUnder<T extends Tokens>(ties: ForeignTies, reference: T, hypothesis: T): Part[] {
  const whole = { middle: middleOf(reference, hypothesis, 0, 0), reference: 0, hypothesis: 0 };
  return ties === 'jiwer' ? jiwerParts(whole, Math.max(reference.length, hypothesis.length), null) : [whole];
}

type Totals = { hits: number; substitutions: number };

/** The ways into a cell. */
const diagonally = 0;
export const downwards = 1; // a deletion
export const rightwards = 2; // an insertion

/**
 * What a tool does in every cell of the table: `choose` is given the costs of arriving there in each of three ways, and the cost of
 * the cell diagonally before it. It always takes one of the smallest. The way into a cell never depends on what comes after it,
 * so counts travel forward with the costs, also for tools that walk back from the end.
 */
export type Rule = {
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

export const rules: Record<ForeignTies, Rule> = { jiwer: rapidfuzz, kaldi, sclite };

/** Shorter sides than this are not worth a narrower band. */
const short = 64;

/**
 * So many diagonals on either side of the corners' that a path beyond them has gaps enough to cost more than the canonical
 * alignment, and so more than the cheapest; cells beyond are never chosen, whatever is written there.
 */
export function marginFor({ substitution, gap }: Rule, { reference, hypothesis }: Middle): number {
  const longer = Math.max(reference.length, hypothesis.length);
  if (longer <= short) return longer;
  const { errors, hits } = fewestErrors(reference, hypothesis);
  const substitutions = reference.length + hypothesis.length - 2 * hits - errors;
  const cost = substitution * substitutions + gap * (errors - substitutions);
  const difference = Math.abs(hypothesis.length - reference.length);
  return Math.floor((cost / gap - difference) / 2);
}

/** More than any cost, and still a small integer when a few costs are added to it. */
const unreachable = 2 ** 29;

/**
 * One row of a table [reference.length + 1, hypothesis.length + 1], moved down row by row. Diagonals (position in the hypothesis −
 * position in the reference) below `lowest` and above `highest` are out of reach.
 */
export type TableRow = {
  readonly middle: Middle;
  readonly lowest: number;
  readonly highest: number;
  readonly costs: Int32Array;
  readonly hits: Int32Array;
  readonly substitutions: Int32Array;
};

/** The row before the first reference token; cells further than `margin` diagonals from those of the corners are out of reach. */
export function firstRow({ gap }: Rule, middle: Middle, margin: number): TableRow {
  const { reference, hypothesis } = middle;
  const difference = hypothesis.length - reference.length;
  const highest = Math.max(0, difference) + margin;
  const costs = new Int32Array(hypothesis.length + 1).fill(unreachable);
  for (let j = 0; j <= Math.min(hypothesis.length, highest); j += 1) costs[j] = j * gap;
  const hits = new Int32Array(hypothesis.length + 1);
  const substitutions = new Int32Array(hypothesis.length + 1);
  return { middle, lowest: Math.min(0, difference) - margin, highest, costs, hits, substitutions };
}

/** Puts the row back to where these costs were its own; its counts are no longer of use. */
export function resetRow({ costs }: TableRow, from: number, kept: Int32Array): void {
  costs.fill(unreachable);
  costs.set(kept, from);
}

/** From row `first` down to row `last`. Ways, where wanted, are written row after row: that of diagonal d at place d − lowest. */
export function moveDown(rule: Rule, row: TableRow, first: number, last: number, ways: Uint8Array | null): void {
  const { middle, lowest, highest, costs, hits, substitutions } = row;
  const { reference, hypothesis } = middle;
  const { substitution, gap } = rule;
  const width = highest - lowest + 1;
  for (let i = first + 1; i <= last; i += 1) {
    const from = Math.max(1, i + lowest);
    const to = Math.min(hypothesis.length, i + highest);
    const at = (i - 1 - first) * width - i - lowest;
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
      if (ways !== null) ways[at + j] = way;
      cost = above;
      hit = hitAbove;
      substituted = substitutedAbove;
    }
  }
}

/** Counts of the path that the rule takes, all of which lies within the band. */
function lastCell(rule: Rule, middle: Middle): Totals {
  const row = firstRow(rule, middle, marginFor(rule, middle));
  moveDown(rule, row, 0, middle.reference.length, null);
  const end = middle.hypothesis.length;
  return { hits: row.hits[end]!, substitutions: row.substitutions[end]! };
}

/**
 * rapidfuzz lays common ends aside, and divides what would need a table of a mebibyte. `most` is the number of errors that it
 * knows not to be exceeded, which sets the size of its table; `errors` the least number where known. Source:
 * levenshtein_align_hirschberg of rapidfuzz-cpp 3.3 (MIT), its rules of division only.
 */
function jiwerParts({ middle: whole, ...at }: Part, most: number, errors: number | null): Part[] {
  const { prefix, suffix } = commonEnds(whole.reference, whole.hypothesis);
  const reference = whole.reference.subarray(prefix, whole.reference.length - suffix);
  const hypothesis = whole.hypothesis.subarray(prefix, whole.hypothesis.length - suffix);
  const start = { reference: at.reference + prefix, hypothesis: at.hypothesis + prefix };
  const band = Math.min(reference.length, 2 * Math.min(most, Math.max(reference.length, hypothesis.length)) + 1);
  const bytes = Math.floor((2 * band * hypothesis.length) / 8);
  if (bytes < 2 ** 20 || reference.length < 65 || hypothesis.length < 10) {
    return [{ middle: { reference, hypothesis }, ...start }];
  }
  const halves = divide({ reference, hypothesis }, errors ?? fewestErrors(reference, hypothesis).errors);
  return halves.flatMap(({ middle, errors, ...cut }) => {
    const part = { middle, reference: start.reference + cut.reference, hypothesis: start.hypothesis + cut.hypothesis };
    return jiwerParts(part, errors, errors);
  });
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
      reference: 0,
      hypothesis: 0,
    },
    {
      middle: { reference: reference.subarray(cut), hypothesis: hypothesis.subarray(half) },
      errors: after(reference.length - cut),
      reference: cut,
      hypothesis: half,
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
