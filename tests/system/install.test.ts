import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { install } from '../../bin/start/install.mjs';
import { root } from './installation.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-install-'));
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(root, name), join(folder, name));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

// A registry that nobody serves, and a cache that holds nothing.
const withoutNetwork = () => ({
  env: {
    ...process.env,
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_cache: join(folder, 'cache'),
    npm_config_fetch_retries: '0',
  },
  logFile: join(folder, 'install.log'),
  signal: new AbortController().signal,
});

test('without a network the first install says so in one sentence', async () => {
  await expect(install(folder, withoutNetwork())).rejects.toThrow(/no network|нет сети/);
});

test('a stop while packages are fetched ends npm and all that it started', async () => {
  const stop = new AbortController();
  const installing = install(folder, { ...withoutNetwork(), signal: stop.signal });
  setTimeout(() => stop.abort(), 300);
  await expect(installing).rejects.toMatchObject({ name: 'AbortError' });
});
