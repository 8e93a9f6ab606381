import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import { type Cell, csv, withoutFormula } from '#lib/csv.ts';

/** A table that somebody opens in a spreadsheet: a header over rows. */
export type Spreadsheet = { name: string; header: readonly string[]; rows: readonly (readonly Cell[])[] };

const byteOrderMark = '\ufeff';

/** CSV for people: with the mark by which spreadsheets see UTF-8, and no text that would become a formula. */
export function spreadsheetCsv({ header, rows }: Spreadsheet): string {
  const safe = (cell: Cell) => (typeof cell === 'string' ? withoutFormula(cell) : cell);
  return (
    byteOrderMark +
    csv(
      header.map(withoutFormula),
      rows.map((row) => row.map(safe)),
    )
  );
}

/** XLSX whose cells say what they are: numbers are numbers, and a text is a text whatever it begins with. */
export async function spreadsheetXlsx({ name, header, rows }: Spreadsheet): Promise<Buffer> {
  const data: SheetData = [
    header.map((value) => ({ value: printable(value), type: String, fontWeight: 'bold' as const })),
    ...rows.map((row) => row.map(cellOf)),
  ];
  const columns = header.map((title, i) => ({ width: widthOf([title, ...rows.map((row) => row[i] ?? '')]) }));
  return writeXlsxFile(data, { sheet: name, columns, stickyRowsCount: 1 }).toBuffer();
}

function cellOf(cell: Cell): SheetData[number][number] {
  if (cell === null || cell === '') return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  if (typeof cell === 'boolean') return { value: cell, type: Boolean };
  return { value: printable(cell), type: String };
}

/** XML has no place for control characters. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '');
}

function widthOf(cells: readonly Cell[]): number {
  return Math.min(50, 2 + Math.max(...cells.map((cell) => String(cell ?? '').length)));
}
