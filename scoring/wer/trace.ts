import { type AlignmentStep, align, type Middle, type Tokens } from './align.ts';
import {
  downwards,
  firstRow,
  marginFor,
  moveDown,
  type Part,
  partsUnder,
  type Rule,
  resetRow,
  rightwards,
  rules,
  type Ties,
} from './ties.ts';

/** The alignment that the tool of this name would choose; its steps add up to `countErrorsUnder`. Memory is bounded for any length. */
export function alignUnder<T extends Tokens>(ties: Ties, reference: T, hypothesis: T): AlignmentStep[] {
  if (ties === 'canonical') return align(reference, hypothesis);
  const steps: AlignmentStep[] = [];
  let at = { reference: 0, hypothesis: 0 };
  const hitUntil = (end: number) => {
    for (let i = 0; at.reference + i < end; i += 1) {
      steps.push({ kind: 'hit', reference: at.reference + i, hypothesis: at.hypothesis + i });
    }
  };
  for (const part of partsUnder(ties, reference, hypothesis)) {
    hitUntil(part.reference);
    for (const step of traced(rules[ties], part)) steps.push(step);
    const { middle } = part;
    at = {
      reference: part.reference + middle.reference.length,
      hypothesis: part.hypothesis + middle.hypothesis.length,
    };
  }
  hitUntil(reference.length);
  return steps;
}

/** Cells whose ways are kept at a time, a byte each, where the table is not so large that more rows are worth it. */
const blockCells = 4_000_000;

/**
 * Walks back from the last cell. Of every block of rows the costs before it are kept, from which its ways are found again when the
 * walk comes to it: the way into a cell depends on costs before it alone, so it is the same each time. Blocks of about the square
 * root of all rows keep memory small for any length.
 */
function traced(rule: Rule, { middle, ...at }: Part): AlignmentStep[] {
  const { length } = middle.reference;
  const row = firstRow(rule, middle, marginFor(rule, middle));
  const width = row.highest - row.lowest + 1;
  const rows = Math.min(length, Math.max(Math.floor(blockCells / width), Math.ceil(2 * Math.sqrt(length))));
  const leftOf = (i: number) => Math.max(0, i + row.lowest);
  const kept: Int32Array[] = [];
  for (let i = 0; i < length; i += rows) {
    kept.push(row.costs.slice(leftOf(i), i + row.highest + 1));
    if (i + rows < length) moveDown(rule, row, i, i + rows, null);
  }
  const ways = new Uint8Array(rows * width);
  const steps: AlignmentStep[] = [];
  let [i, j] = [length, middle.hypothesis.length];
  for (let block = kept.length - 1; block >= 0; block -= 1) {
    const first = block * rows;
    resetRow(row, leftOf(first), kept[block]!);
    moveDown(rule, row, first, i, ways);
    while (i > first) {
      const way = j === 0 ? downwards : ways[(i - 1 - first) * width + j - i - row.lowest]!;
      if (way !== rightwards) i -= 1;
      if (way !== downwards) j -= 1;
      steps.push(stepOf(way, middle, { i, j }, at));
    }
  }
  while (j > 0) {
    j -= 1;
    steps.push({ kind: 'insertion', hypothesis: at.hypothesis + j });
  }
  return steps.reverse();
}

type Place = { readonly reference: number; readonly hypothesis: number };

/** The step that begins at row `i` and column `j`. */
function stepOf(way: number, middle: Middle, { i, j }: { i: number; j: number }, at: Place): AlignmentStep {
  const [reference, hypothesis] = [at.reference + i, at.hypothesis + j];
  if (way === downwards) return { kind: 'deletion', reference };
  if (way === rightwards) return { kind: 'insertion', hypothesis };
  const kind = middle.reference[i] === middle.hypothesis[j] ? 'hit' : 'substitution';
  return { kind, reference, hypothesis };
}
