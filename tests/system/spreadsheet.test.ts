import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { csv } from '#lib/csv.ts';
import { spreadsheetCsv, spreadsheetXlsx } from '#lib/spreadsheet.ts';
import { hostileSheet as sheet } from '../hostile-sheet.ts';

const office = ['/usr/bin/soffice', '/usr/bin/libreoffice'].find(existsSync);

describe.skipIf(office === undefined)('in LibreOffice', () => {
  test('both files open with no formula and no error in any cell', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rostrum-sheet-'));
    try {
      writeFileSync(join(folder, 'a.xlsx'), await spreadsheetXlsx(sheet));
      writeFileSync(join(folder, 'b.csv'), spreadsheetCsv(sheet));
      // The control: the same cells as they were typed are calculated.
      writeFileSync(join(folder, 'c.csv'), csv(sheet.header, sheet.rows));
      const home = `-env:UserInstallation=file://${folder}/profile`;
      const files = ['a.xlsx', 'b.csv', 'c.csv'].map((name) => join(folder, name));
      const out = join(folder, 'out');
      await promisify(execFile)(office!, [home, '--headless', '--convert-to', 'fods', '--outdir', out, ...files]);
      const formulas = (name: string) =>
        [...readFileSync(join(out, `${name}.fods`), 'utf8').matchAll(/table:formula=/g)].length;
      expect([formulas('a'), formulas('b')]).toEqual([0, 0]);
      expect(formulas('c')).toBeGreaterThan(1);
      const text = readFileSync(join(out, 'a.fods'), 'utf8');
      expect(text).toContain('office:value-type="float" office:value="46.67"');
      expect(text).toContain('>007<');
      expect(text).not.toMatch(/#(?:NAME|REF|VALUE)/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});
