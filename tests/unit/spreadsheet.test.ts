import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { spreadsheetCsv, spreadsheetXlsx } from '#lib/spreadsheet.ts';
import { listZip, unpackEntry, withArchive } from '#lib/zip-reader.ts';
import { hostileTexts as hostile, hostileSheet as sheet } from '../hostile-sheet.ts';

describe('an XLSX file', () => {
  test('says of each cell what it is: no text is a formula or a number, and no number a text', async () => {
    const xml = await partOf(await spreadsheetXlsx(sheet), 'xl/worksheets/sheet1.xml');
    expect(xml).not.toMatch(/<f[ >]/);
    const cells = [...xml.matchAll(/<c r="([A-C])(\d+)"([^>]*)>/g)].map((match) => ({
      column: match[1]!,
      line: Number(match[2]),
      isText: /t="(?:s|inlineStr|str)"/.test(match[3]!),
    }));
    expect(cells.filter(({ column }) => column === 'A').every(({ isText }) => isText)).toBe(true);
    const numbers = cells.filter(({ column, line }) => column !== 'A' && line > 1);
    expect(numbers).toHaveLength(hostile.length + hostile.length / 2);
    expect(numbers.some(({ isText }) => isText)).toBe(false);
  });
});

describe('a CSV file', () => {
  test('begins with the mark of UTF-8, and has no cell that would be calculated', () => {
    const text = spreadsheetCsv(sheet);
    expect(text.startsWith('\ufeffИмя,')).toBe(true);
    const cells = text
      .slice(1)
      .split('\r\n')
      .flatMap((line) => line.match(/"(?:[^"]|"")*"|[^,]*/g) ?? []);
    expect(cells.filter((cell) => /^"?\s*[=+@＝]/.test(cell))).toEqual([]);
    // The control: the same check finds what was not made safe.
    expect(hostile.filter((cell) => /^"?\s*[=+@＝]/.test(cell)).length).toBeGreaterThan(5);
    expect(text).toContain(',-0.5,46.67');
  });
});

async function partOf(file: Buffer, name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'rostrum-xlsx-'));
  try {
    writeFileSync(join(folder, 'sheet.xlsx'), file);
    await withArchive(join(folder, 'sheet.xlsx'), async (archive) => {
      const entry = (await listZip(archive)).find((one) => one.name === name);
      if (entry === undefined) throw new Error(`no ${name} in the file`);
      const target = await open(join(folder, 'part'), 'w');
      await unpackEntry(archive, entry, target);
      await target.close();
    });
    return readFileSync(join(folder, 'part'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
