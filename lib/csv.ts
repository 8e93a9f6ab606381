export type Cell = string | number | boolean | null;

/** RFC 4180 lines with CRLF, the header first. Texts stay as they are: for data that programs read back. */
export function csv(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  return csvLines([header]) + csvLines(rows);
}

/** Lines alone, for what is sent piece by piece. */
export function csvLines(rows: Iterable<readonly Cell[]>): string {
  let text = '';
  for (const row of rows) text += `${row.map(field).join(',')}\r\n`;
  return text;
}

/**
 * For texts that people typed and others open in a spreadsheet: what would start a formula there, full-width signs included,
 * gets an apostrophe in front. Numbers need none.
 */
export function withoutFormula(text: string): string {
  return /^\s*[=+\-@＝＋－＠]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
}

function field(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
