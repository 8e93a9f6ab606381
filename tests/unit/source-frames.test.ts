import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { describeError } from '#lib/log.ts';
import { inSources } from '#lib/source-frames.ts';

const folder = mkdtempSync(join(tmpdir(), 'rostrum-frames-'));
afterAll(() => rmSync(folder, { recursive: true }));

const source = `type Nothing = never;

export function fails(): Nothing {
  throw new Error('it fails');
}
`;

/** What the source becomes in a bundle, on one line; `name` is its own, as nothing is read twice. */
function bundled(name: string, { withMap }: { withMap: boolean }): string {
  const { code, map } = transformSync(source, { loader: 'ts', minify: true, sourcemap: true, sourcefile: 'fails.ts' });
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  if (withMap) writeFileSync(`${file}.map`, map);
  return file;
}

async function frameOf(file: string): Promise<string> {
  const { fails } = await import(/* @vite-ignore */ pathToFileURL(file).href);
  try {
    return fails();
  } catch (error) {
    return describeError(error).stack!.split('\n')[0]!;
  }
}

test('an error in a bundle is told by its place in the sources', async () => {
  expect(await frameOf(bundled('mapped', { withMap: true }))).toMatch(/fails\.ts:4:9/);
});

test('(control) without a map it is told by its place in the bundle', async () => {
  const file = bundled('bare', { withMap: false });
  expect(await frameOf(file)).toContain(`${file}:1:`);
});

test('frames of no file, of one that is gone and of a map that cannot be read stay as they are', () => {
  const broken = join(folder, 'broken.js');
  writeFileSync(`${broken}.map`, '{');
  const frames = [
    '    at node:internal/timers:5:7',
    `    at f (${folder}/gone.js:1:2)`,
    `    at ${broken}:3:4`,
    '    at <anonymous>',
  ];
  expect(inSources(frames)).toEqual(frames);
});
