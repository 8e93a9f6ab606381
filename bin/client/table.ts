import { harmless, padEnd, padStart, widthOf } from '../commands/report/width.ts';

/**
 * Rows with aligned columns, two spaces between; `right` are the columns of figures. What came from a server steers no terminal. Columns
 * that are empty in every row are left out.
 */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const lines = [head, ...rows].map((cells) => cells.map(harmless));
  const used = head.map((_, i) => i).filter((i) => rows.some((cells) => cells[i] !== ''));
  const widths = used.map((i) => Math.max(...lines.map((cells) => widthOf(cells[i]!))));
  const pad = (i: number) => (right.includes(i) ? padStart : padEnd);
  return lines
    .map((cells) =>
      used
        .map((i, k) => pad(i)(cells[i]!, widths[k]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
