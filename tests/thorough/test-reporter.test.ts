import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Account } from '../../bin/test/reporter.mjs';
import { runVitest } from '../../bin/test/suites.mjs';

const root = join(import.meta.dirname, '../..');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-reporter-'));
  folders.push(folder);
  return folder;
}

/** What a run of Vitest over one file came to. */
function runOf(source: string): { status: number | null; account: Account } {
  const folder = aFolder();
  writeFileSync(join(folder, 'a.test.js'), source);
  const file = join(folder, 'account.json');
  const reporter = `--reporter=${join(root, 'bin/test/reporter.mjs')}`;
  const args = ['run', '--root', folder, '--globals', reporter];
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: folder,
    env: { ...process.env, ROSTRUM_TEST_ACCOUNT: file },
  });
  return { status, account: JSON.parse(readFileSync(file, 'utf8')) };
}

test('the account of a run tells why a hook of an inner group failed, and which tests did not run for it', () => {
  const { status, account } = runOf(`
    test('counts', () => {});
    test.skip('is left out', () => {});
    test('waits', { retry: 1 }, ({ task }) => { if (task.result.retryCount === 0) throw new Error('too late'); });
    test('places ties', () => { throw new Error('not equal'); });
    describe('behind', () => {
      describe('a proxy', () => {
        beforeAll(() => { throw new Error('it did not start'); });
        test('uploads', () => {});
      });
    });`);
  const [file] = account.files;
  const firstLine = (error: string | null) => error?.split('\n')[0] ?? null;
  expect(status).toBe(1);
  expect(file!.file).toBe('a.test.js');
  expect(file!.tests.map(({ name, state, error }) => [name, state, firstLine(error)])).toEqual([
    ['counts', 'passed', null],
    ['is left out', 'skipped', null],
    ['waits', 'passed', 'Error: too late'],
    ['places ties', 'failed', 'Error: not equal'],
    ['behind › a proxy › uploads', 'not run', null],
  ]);
  expect(file!.broken.map(({ name, error }) => [name, firstLine(error)])).toEqual([
    ['behind › a proxy', 'Error: it did not start'],
  ]);
});

test('a file that cannot be loaded, and an error that no test waited for, are in it', () => {
  const unloadable = runOf("import './is-not-there.js'; test('counts', () => {});").account;
  expect(unloadable.files[0]!.broken.map(({ name }) => name)).toEqual(['']);
  expect(unloadable.files[0]!.broken[0]!.error).toContain('is-not-there.js');
  const unwatched = runOf("test('counts', () => void Promise.reject(new Error('nobody waited')));").account;
  expect(unwatched.errors.map((error) => error.split('\n')[0])).toEqual(['Error: nobody waited']);
});

describe('a hook that fails once', () => {
  /** A suite whose hook fails the first time only, as `npm test` runs it. */
  function outcome(more: Record<string, string>) {
    const folder = aFolder();
    for (const name of ['node_modules', 'bin']) symlinkSync(join(root, name), join(folder, name));
    mkdirSync(join(folder, 'tests'));
    const files = "{ name: 'system', globals: true, include: ['tests/*.test.js'] }";
    writeFileSync(join(folder, 'vitest.config.mjs'), `export default { test: { projects: [{ test: ${files} }] } };`);
    writeFileSync(join(folder, 'tests/counts.test.js'), "test('counts', () => {});");
    writeFileSync(
      join(folder, 'tests/proxy.test.js'),
      `import { existsSync, writeFileSync } from 'node:fs';
      describe('behind a proxy', () => {
        beforeAll(() => {
          if (existsSync('begun')) return;
          writeFileSync('begun', '');
          throw new Error('it did not start');
        });
        test('uploads', () => {});
      });`,
    );
    const { CI: _, ...env } = process.env;
    return runVitest(
      { root: folder, results: folder, env: { ...env, ...more }, signal: new AbortController().signal },
      'system',
    );
  }

  const trouble = { test: 'tests/proxy.test.js › behind a proxy', error: 'Error: it did not start' };

  test('is tried once more in CI, and named', async () => {
    const { passed, failed, troubles } = await outcome({ CI: 'true' });
    expect([passed, failed, troubles]).toEqual([2, 0, [{ ...trouble, isFailed: false }]]);
  });

  test('(control) fails elsewhere', async () => {
    const { passed, failed, troubles } = await outcome({});
    expect([passed, failed, troubles]).toEqual([1, 1, [{ ...trouble, isFailed: true }]]);
  });
});
