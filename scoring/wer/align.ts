import type { ErrorCounts } from '#lib/counts.ts';
import type { Characters, Words } from './normalise.ts';

/** Both sides of an alignment are tokens of one kind. */
export type Tokens = Words | Characters;

/** Whatever can be compared one by one. */
type Sequence = ArrayLike<string | number>;

/** One step of an alignment; numbers are 0-based positions of tokens. */
export type AlignmentStep =
  | { readonly kind: 'hit' | 'substitution'; readonly reference: number; readonly hypothesis: number }
  | { readonly kind: 'deletion'; readonly reference: number }
  | { readonly kind: 'insertion'; readonly hypothesis: number };

/**
 * Counts of the canonical alignment: fewest errors at unit costs, then most hits. That fixes S, D and I whatever the
 * implementation and direction; swapping the sides swaps D and I. Time grows with length × errors, memory with length.
 * Source: Levenshtein (1966), band after Ukkonen (1985); the tie rule is ours.
 */
export function countErrors<T extends Tokens>(reference: T, hypothesis: T): ErrorCounts {
  const { prefix, suffix } = commonEnds(reference, hypothesis);
  const best = fewestBetween(reference, hypothesis, prefix, suffix);
  const hits = best.hits + prefix + suffix;
  return {
    hits,
    substitutions: reference.length + hypothesis.length - 2 * hits - best.errors,
    deletions: best.errors - hypothesis.length + hits,
    insertions: best.errors - reference.length + hits,
  };
}

/** What `fewestErrors` says of what lies between the common ends. */
function fewestBetween(reference: Tokens, hypothesis: Tokens, prefix: number, suffix: number) {
  const ends = prefix + suffix;
  const longer = Math.max(reference.length, hypothesis.length) - ends;
  if (longer > fewWords || reference instanceof Int32Array || hypothesis instanceof Int32Array) {
    const middle = middleOf(reference, hypothesis, prefix, suffix);
    return fewestErrors(middle.reference, middle.hypothesis);
  }
  const unit = longer + 1;
  const key = keyOfFew(reference, hypothesis, prefix, reference.length - suffix, hypothesis.length - suffix, unit);
  const errors = Math.ceil(key / unit);
  return { errors, hits: errors * unit - key };
}

/** Up to so many words are compared with each other as they are: to number them first takes longer. */
const fewWords = 24;
const rowOfFew = new Int32Array(fewWords + 1);

/** As the last of `lastRow`, of the words from `from` on. */
function keyOfFew(
  reference: Words,
  hypothesis: Words,
  from: number,
  referenceEnd: number,
  hypothesisEnd: number,
  unit: number,
): number {
  const width = hypothesisEnd - from;
  for (let j = 0; j <= width; j += 1) rowOfFew[j] = j * unit;
  for (let i = from; i < referenceEnd; i += 1) {
    const word = reference[i]!;
    let diagonal = rowOfFew[0]!;
    let left = diagonal + unit;
    rowOfFew[0] = left;
    for (let j = 1; j <= width; j += 1) {
      const above = rowOfFew[j]!;
      let key = diagonal + (hypothesis[from + j - 1] === word ? -1 : unit);
      if (above + unit < key) key = above + unit;
      if (left + unit < key) key = left + unit;
      rowOfFew[j] = key;
      diagonal = above;
      left = key;
    }
  }
  return rowOfFew[width]!;
}

/**
 * One canonical alignment from start to end; its steps add up to `countErrors`. Memory is bounded for any length. Of equal
 * ones the one that pairs latest, so that errors stand as early as can be: where NIST's sclite puts them. Long texts that
 * are divided pair their common start first.
 */
export function align<T extends Tokens>(reference: T, hypothesis: T): AlignmentStep[] {
  let { prefix, suffix } = commonEnds(reference, hypothesis);
  if (reference.length * hypothesis.length <= maxCells) {
    prefix = 0;
    const shorter = Math.min(reference.length, hypothesis.length);
    while (suffix < shorter && reference.at(-1 - suffix) === hypothesis.at(-1 - suffix)) suffix += 1;
  }
  const middle = middleOf(reference, hypothesis, prefix, suffix);
  const steps: AlignmentStep[] = [];
  for (let i = 0; i < prefix; i += 1) steps.push({ kind: 'hit', reference: i, hypothesis: i });
  alignPart(middle, { reference: prefix, hypothesis: prefix }, keyUnit(middle), steps);
  for (let i = suffix; i > 0; i -= 1) {
    steps.push({ kind: 'hit', reference: reference.length - i, hypothesis: hypothesis.length - i });
  }
  return steps;
}

/** Tokens as numbers that are equal where the tokens are. */
export type Middle = { reference: Int32Array; hypothesis: Int32Array };

/**
 * How many tokens both sides share at the start and at the end. Pairing them is canonical: an alignment that does
 * otherwise spends at least as many errors and wins no hit by it (exchange the first pairing for theirs).
 */
export function commonEnds(reference: Sequence, hypothesis: Sequence): { prefix: number; suffix: number } {
  const shorter = Math.min(reference.length, hypothesis.length);
  let prefix = 0;
  while (prefix < shorter && reference[prefix] === hypothesis[prefix]) prefix += 1;
  let suffix = 0;
  while (
    suffix < shorter - prefix &&
    reference[reference.length - 1 - suffix] === hypothesis[hypothesis.length - 1 - suffix]
  ) {
    suffix += 1;
  }
  return { prefix, suffix };
}

/** What lies between the common ends. Code points are numbers already; words are numbered by the reference. */
export function middleOf(reference: Tokens, hypothesis: Tokens, prefix: number, suffix: number): Middle {
  const referenceEnd = reference.length - suffix;
  const hypothesisEnd = hypothesis.length - suffix;
  if (reference instanceof Int32Array && hypothesis instanceof Int32Array) {
    return {
      reference: reference.subarray(prefix, referenceEnd),
      hypothesis: hypothesis.subarray(prefix, hypothesisEnd),
    };
  }
  const ids = new Map<string | number, number>();
  for (let i = prefix; i < referenceEnd; i += 1) if (!ids.has(reference[i]!)) ids.set(reference[i]!, ids.size);
  const absent = -1; // equal to no reference token, and hypothesis tokens are never compared with each other
  const numbered = (tokens: Tokens, end: number) =>
    Int32Array.from({ length: end - prefix }, (_, i) => ids.get(tokens[prefix + i]!) ?? absent);
  return { reference: numbered(reference, referenceEnd), hypothesis: numbered(hypothesis, hypothesisEnd) };
}

/**
 * (errors, hits) travel as one number to be made small: errors × unit − hits, where the unit is more than any number of hits.
 * It stays exact in a double up to 90 million tokens a side.
 */
export function keyUnit({ reference, hypothesis }: Middle): number {
  return Math.min(reference.length, hypothesis.length) + 1;
}

/**
 * Widens the band until the answer proves itself: a path that leaves a band of `margin` diagonals on either side of the
 * corners' has more than difference + 2 × margin + 1 errors, so an answer within that is the best of all paths. Any answer
 * says how wide a band can still be worth it.
 */
export function fewestErrors(reference: Int32Array, hypothesis: Int32Array): { errors: number; hits: number } {
  const longer = Math.max(reference.length, hypothesis.length);
  if (reference.length === 0 || hypothesis.length === 0) return { errors: longer, hits: 0 };
  const unit = keyUnit({ reference, hypothesis });
  const difference = Math.abs(hypothesis.length - reference.length);
  for (let margin = 2; ; ) {
    const key = lastRow(reference, hypothesis, unit, margin)[hypothesis.length]!;
    const errors = Math.ceil(key / unit);
    if (errors <= difference + 2 * margin + 1) return { errors, hits: errors * unit - key };
    margin = Math.min(2 * margin, Math.ceil((errors - difference - 1) / 2));
  }
}

/**
 * Keys of the whole reference against every prefix of the hypothesis: [hypothesis.length + 1]. One row is kept, and only
 * cells within `margin` diagonals of the corners' are filled; the rest stay infinite.
 */
export function lastRow(reference: Int32Array, hypothesis: Int32Array, unit: number, margin: number): Float64Array {
  const difference = hypothesis.length - reference.length;
  const lowest = Math.min(0, difference) - margin; // diagonals: position in the hypothesis − position in the reference
  const highest = Math.max(0, difference) + margin;
  const row = new Float64Array(hypothesis.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let j = 0; j <= Math.min(hypothesis.length, highest); j += 1) row[j] = j * unit;
  for (let i = 1; i <= reference.length; i += 1) {
    const token = reference[i - 1]!;
    const from = Math.max(1, i + lowest);
    const to = Math.min(hypothesis.length, i + highest);
    let diagonal = row[from - 1]!;
    let left = i + lowest <= 0 ? i * unit : Number.POSITIVE_INFINITY;
    row[from - 1] = left;
    for (let j = from; j <= to; j += 1) {
      const above = row[j]!;
      let key = diagonal + (hypothesis[j - 1] === token ? -1 : unit);
      if (above + unit < key) key = above + unit;
      if (left + unit < key) key = left + unit;
      row[j] = key;
      diagonal = above;
      left = key;
    }
  }
  return row;
}

/** Beyond this many cells, a byte each, a part is divided instead of kept whole. */
const maxCells = 4_000_000;

/** Appends the steps of a part that starts at `at`. Dividing: Hirschberg (1975), exact here because keys add up. */
function alignPart(part: Middle, at: { reference: number; hypothesis: number }, unit: number, steps: AlignmentStep[]) {
  const { reference, hypothesis } = part;
  if (reference.length <= 1 || reference.length * hypothesis.length <= maxCells) {
    for (const step of traced(part, at, unit)) steps.push(step);
    return;
  }
  const half = reference.length >> 1;
  const everything = reference.length + hypothesis.length;
  const before = lastRow(reference.subarray(0, half), hypothesis, unit, everything);
  const after = lastRow(reference.slice(half).reverse(), hypothesis.slice().reverse(), unit, everything);
  let cut = 0;
  const keyAt = (j: number) => before[j]! + after[hypothesis.length - j]!;
  for (let j = 1; j <= hypothesis.length; j += 1) if (keyAt(j) < keyAt(cut)) cut = j;
  const first = { reference: reference.subarray(0, half), hypothesis: hypothesis.subarray(0, cut) };
  const second = { reference: reference.subarray(half), hypothesis: hypothesis.subarray(cut) };
  alignPart(first, at, unit, steps);
  alignPart(second, { reference: at.reference + half, hypothesis: at.hypothesis + cut }, unit, steps);
}

const diagonally = 0;
const downwards = 1; // a deletion
const rightwards = 2; // an insertion

/** The steps of a small part, walked back from its end; of equal ways a pairing is taken first, then a deletion. */
function traced(part: Middle, at: { reference: number; hypothesis: number }, unit: number): AlignmentStep[] {
  const ways = cameFrom(part, unit);
  const width = part.hypothesis.length + 1;
  const steps: AlignmentStep[] = [];
  let i = part.reference.length;
  let j = part.hypothesis.length;
  while (i > 0 || j > 0) {
    const way = ways[i * width + j];
    if (way !== rightwards) i -= 1;
    if (way !== downwards) j -= 1;
    const reference = at.reference + i;
    const hypothesis = at.hypothesis + j;
    if (way === downwards) steps.push({ kind: 'deletion', reference });
    else if (way === rightwards) steps.push({ kind: 'insertion', hypothesis });
    else {
      const kind = part.reference[i] === part.hypothesis[j] ? 'hit' : 'substitution';
      steps.push({ kind, reference, hypothesis });
    }
  }
  return steps.reverse();
}

/** For every cell [reference.length + 1, hypothesis.length + 1] the way that leads to it at the smallest key. */
function cameFrom({ reference, hypothesis }: Middle, unit: number): Uint8Array {
  const width = hypothesis.length + 1;
  const ways = new Uint8Array((reference.length + 1) * width);
  const row = new Float64Array(width);
  for (let j = 1; j < width; j += 1) {
    row[j] = j * unit;
    ways[j] = rightwards;
  }
  for (let i = 1; i <= reference.length; i += 1) {
    let diagonal = row[0]!;
    row[0] = i * unit;
    ways[i * width] = downwards;
    for (let j = 1; j < width; j += 1) {
      const above = row[j]!;
      let key = diagonal + (hypothesis[j - 1] === reference[i - 1] ? -1 : unit);
      let way = diagonally;
      if (above + unit < key) [key, way] = [above + unit, downwards];
      if (row[j - 1]! + unit < key) [key, way] = [row[j - 1]! + unit, rightwards];
      row[j] = key;
      ways[i * width + j] = way;
      diagonal = above;
    }
  }
  return ways;
}
