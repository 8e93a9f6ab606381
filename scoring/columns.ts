import type { ErrorCounts } from '#lib/counts.ts';

/**
 * Counts of many utterances, a column each: position i belongs to utterance i of the references. The currency between kernel,
 * statistics and reports.
 */
export type CountColumns = {
  readonly hits: Int32Array;
  readonly substitutions: Int32Array;
  readonly deletions: Int32Array;
  readonly insertions: Int32Array;
};

export function createColumns(utterances: number): CountColumns {
  const column = () => new Int32Array(utterances);
  return { hits: column(), substitutions: column(), deletions: column(), insertions: column() };
}

export function setCounts(columns: CountColumns, i: number, counts: ErrorCounts): void {
  columns.hits[i] = counts.hits;
  columns.substitutions[i] = counts.substitutions;
  columns.deletions[i] = counts.deletions;
  columns.insertions[i] = counts.insertions;
}

export function countsAt({ hits, substitutions, deletions, insertions }: CountColumns, i: number): ErrorCounts {
  return { hits: hits[i]!, substitutions: substitutions[i]!, deletions: deletions[i]!, insertions: insertions[i]! };
}

/** The counts of these utterances, in this order. */
export function selectColumns(
  { hits, substitutions, deletions, insertions }: CountColumns,
  which: readonly number[],
): CountColumns {
  // Int32Array.from takes ten times as long.
  const of = (column: Int32Array) => {
    const selected = new Int32Array(which.length);
    for (let i = 0; i < which.length; i += 1) selected[i] = column[which[i]!]!;
    return selected;
  };
  return { hits: of(hits), substitutions: of(substitutions), deletions: of(deletions), insertions: of(insertions) };
}

/** Pooled over all utterances. */
export function totalOf({ hits, substitutions, deletions, insertions }: CountColumns): ErrorCounts {
  return { hits: sum(hits), substitutions: sum(substitutions), deletions: sum(deletions), insertions: sum(insertions) };
}

function sum(column: Int32Array): number {
  let total = 0;
  for (let i = 0; i < column.length; i += 1) total += column[i]!;
  return total;
}
