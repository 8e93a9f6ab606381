import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { spreadsheetCsv, spreadsheetXlsx } from '#lib/spreadsheet.ts';
import { hostileSheet as sheet } from '../hostile-sheet.ts';

const office = ['/usr/bin/soffice', '/usr/bin/libreoffice'].find(existsSync);

describe.skipIf(office === undefined)('in LibreOffice', () => {
  test('both files open with no formula and no error in any cell', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rostrum-sheet-'));
    try {
      writeFileSync(join(folder, 'a.xlsx'), await spreadsheetXlsx(sheet));
      writeFileSync(join(folder, 'b.csv'), spreadsheetCsv(sheet));
      // The control: a formula is seen where there is one.
      writeFileSync(join(folder, 'c.fods'), formulaSheet);
      const home = `-env:UserInstallation=file://${folder}/profile`;
      const files = ['a.xlsx', 'b.csv', 'c.fods'].map((name) => join(folder, name));
      const out = join(folder, 'out');
      await promisify(execFile)(office!, [home, '--headless', '--convert-to', 'fods', '--outdir', out, ...files]);
      const formulas = (name: string) =>
        [...readFileSync(join(out, `${name}.fods`), 'utf8').matchAll(/table:formula=/g)].length;
      expect([formulas('a'), formulas('b'), formulas('c')]).toEqual([0, 0, 1]);
      const text = readFileSync(join(out, 'a.fods'), 'utf8');
      expect(text).toContain('office:value-type="float" office:value="46.67"');
      expect(text).toContain('>007<');
      expect(text).not.toMatch(/#(?:NAME|REF|VALUE)/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});

const formulaSheet = `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.2"
  office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet><table:table
  table:name="S"><table:table-row><table:table-cell table:formula="of:=1+1"/></table:table-row></table:table>
  </office:spreadsheet></office:body></office:document>`;
