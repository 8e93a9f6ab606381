import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { installNative } from '../../bin/start/native-packages.mjs';

const home = mkdtempSync(join(tmpdir(), 'rostrum-native-'));
afterAll(() => rmSync(home, { recursive: true }));

const wanted = { name: '@fast/gpu', version: '1.2.3' };

let made = 0;
/** Installs over an older version, with a program in npm's place. */
async function installBy(npm: string, { timeoutMs = 20_000, accepts = true } = {}) {
  made += 1;
  const folder = join(home, String(made), 'gpu');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'old'), '');
  const script = join(home, `npm-${made}.js`);
  writeFileSync(script, npm);
  const seen: boolean[] = [];
  const outcome = await installNative(wanted, {
    folder,
    logFile: join(home, 'install.log'),
    timeoutMs,
    env: { PATH: '', npm_execpath: script },
    accept: async (unfinished) => {
      seen.push(existsSync(join(unfinished, 'made')));
      return accepts;
    },
  });
  return { outcome, holds: readdirSync(folder), beside: readdirSync(join(home, String(made))), seen };
}

const writes = "require('fs').writeFileSync('made', process.argv.slice(2).join(' '));";

test('a native package takes the place of the older one when it was fetched and accepted', async () => {
  const { outcome, holds, beside, seen } = await installBy(writes);
  expect(outcome).toEqual({ status: 'installed' });
  expect([holds.sort(), beside, seen]).toEqual([['made', 'package.json'], ['gpu'], [true]]);
  const args = readFileSync(join(home, '1/gpu/made'), 'utf8');
  // npm run names the installation's own folder in the environment, which must not be the one that is changed.
  expect(args).toMatch(/^install @fast\/gpu@1\.2\.3 --prefix \S+gpu\.part /);
});

test.each([
  ['its library cannot be fetched', "console.error('getaddrinfo ENOTFOUND x'); process.exit(1);", 'no-network'],
  ['npm fails', "console.error('npm error code X\\nnpm error no such version'); process.exit(1);", 'failed'],
])('where %s, everything stays as it was', async (_, npm, status) => {
  const { outcome, holds, beside } = await installBy(npm);
  expect(outcome).toEqual(status === 'failed' ? { status, reason: 'no such version' } : { status });
  expect([holds, beside]).toEqual([['old'], ['gpu']]);
});

test('where it is turned down, everything stays as it was', async () => {
  const { outcome, holds, beside } = await installBy(writes, { accepts: false });
  expect([outcome, holds, beside]).toEqual([{ status: 'turned-down' }, ['old'], ['gpu']]);
});

test('where nothing answers, it is given up after its time, with all that was started', async () => {
  const waits = `require('child_process').spawnSync(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);`;
  const begun = performance.now();
  const { outcome, holds, beside } = await installBy(waits, { timeoutMs: 500 });
  expect([outcome, holds, beside]).toEqual([{ status: 'timed-out' }, ['old'], ['gpu']]);
  expect(performance.now() - begun).toBeLessThan(20_000);
});
