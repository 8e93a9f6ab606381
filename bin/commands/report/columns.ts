import type { AlignmentStep } from '#scoring/wer/align.ts';
import type { AlignedUtterance } from '#scoring/wer/analyse.ts';

/** What one system has in a column; `word` is null where it left the word out. */
type Cell = { readonly kind: AlignmentStep['kind']; readonly word: string | null };

/** A word of the reference, or null in a gap; a system that has nothing in a gap has null there. */
export type Column = { readonly reference: string | null; readonly cells: readonly (Cell | null)[] };

/** Alignments of several hypotheses with one reference, side by side: a gap is as wide as its longest row of insertions. */
export function columnsOf(alignments: readonly AlignedUtterance[]): Column[] {
  const sides = alignments.map(sideOf);
  const reference = alignments[0]?.reference ?? [];
  const columns: Column[] = [];
  for (let word = 0; word <= reference.length; word += 1) {
    const inserted = sides.map(({ gaps }) => gaps[word]!);
    const widest = Math.max(0, ...inserted.map(({ length }) => length));
    for (let i = 0; i < widest; i += 1) {
      columns.push({
        reference: null,
        cells: inserted.map((gap) => (i < gap.length ? { kind: 'insertion', word: gap[i]! } : null)),
      });
    }
    if (word === reference.length) break;
    columns.push({ reference: reference[word]!, cells: sides.map(({ words }) => words[word]!) });
  }
  return columns;
}

/** Words by the reference word they stand at, and by the gap: gap g is before word g, the last one behind all. */
function sideOf({ reference, hypothesis, steps }: AlignedUtterance): { words: Cell[]; gaps: string[][] } {
  const words: Cell[] = [];
  const gaps: string[][] = Array.from({ length: reference.length + 1 }, () => []);
  for (const step of steps) {
    if (step.kind === 'insertion') gaps[words.length]!.push(hypothesis[step.hypothesis]!);
    else words.push({ kind: step.kind, word: step.kind === 'deletion' ? null : hypothesis[step.hypothesis]! });
  }
  return { words, gaps };
}
