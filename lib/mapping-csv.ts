import type { Mapping } from '#lib/mapping.ts';

/** A mapping as `readMapping` reads it back. Every cell is quoted: a rule may begin with `#`, which would be a comment. */
export function mappingCsv(mapping: Mapping): string {
  return ['from,to', ...mapping.map(({ from, to }) => `${quoted(from)},${quoted(to)}`), ''].join('\r\n');
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
