import { fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/*
 * Why there is no proxy.ts: Next keeps a copy of a body that passes one, cuts it at 10 MiB and says nothing to the route. The fixture
 * is a Next app of its own with our reading of uploads on both sides of a proxy.
 */

const root = join(import.meta.dirname, '../..');
const server = fork(join(root, 'tests/fixtures/behind-proxy/server.ts'), {
  cwd: root,
  execArgv: ['--import', 'tsx'],
  env: { PATH: process.env.PATH, NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' },
  stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
});
const file = randomBytes(10.1 * 2 ** 20);
const sha256 = createHash('sha256').update(file).digest('hex');
let origin: string;

beforeAll(async () => {
  const [port] = await once(server, 'message');
  origin = `http://127.0.0.1:${port}`;
}, 60_000);

afterAll(async () => {
  server.kill();
  await once(server, 'exit');
});

async function upload(path: string): Promise<{ status: number; body: unknown }> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  const response = await fetch(`${origin}${path}`, { method: 'POST', body: file, headers });
  return { status: response.status, body: await response.json() };
}

test('a route that stands alone gets 10.1 MiB whole', async () => {
  expect(await upload('/open')).toEqual({ status: 200, body: { bytes: file.length, sha256 } });
});

test('behind a proxy our reading refuses what was cut, and stores nothing', async () => {
  expect(await upload('/watched')).toEqual({ status: 400, body: { code: 'body-incomplete' } });
});

test('control: a route that trusts what it gets takes the cut file for the whole', async () => {
  const { status, body } = await upload('/watched?trusting');
  expect(status).toBe(200);
  expect((body as { bytes: number }).bytes).toBeLessThan(file.length);
});

test('our own app has no proxy', () => {
  for (const name of ['proxy.ts', 'proxy.js', 'middleware.ts', 'middleware.js', 'app/proxy.ts']) {
    expect(existsSync(join(root, name)), name).toBe(false);
  }
});
