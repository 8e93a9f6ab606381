import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';
import { formats } from '#lib/predictions/records.ts';

/*
 * The kernel as a browser runs it: with nothing of Node at hand.
 */

const root = join(import.meta.dirname, '../..');

test('the kernel counts in a browser what plain TypeScript counts, in every format', async ({ page }) => {
  await page.goto('about:blank');
  await page.addScriptTag({ content: await bundled() });
  const kernel = readFileSync(join(root, 'dist/kernel.wasm')).toString('base64');
  const found = await page.evaluate((bytes) => (globalThis as unknown as Compared).compareInBrowser(bytes), kernel);
  expect(found).toEqual({ formats, files: 12 * formats.length, different: [] });
});

type Compared = { compareInBrowser(kernel: string): unknown };

/** As a browser gets it: what is Node's own stays outside, and the build fails where it is asked for. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'kernel-in-browser.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    absWorkingDir: root,
  });
  return outputFiles[0]!.text;
}
