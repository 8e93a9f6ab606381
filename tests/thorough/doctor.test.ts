import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readOwnerEnv } from '#lib/env.ts';
import { translator } from '#lib/messages/translate.ts';
import type { S3Place } from '#lib/objects/s3-client.ts';
import { type Check, checkInstallation } from '../../bin/commands/doctor/checks.ts';
import { startS3, type TestS3 } from '../s3.ts';

vi.setConfig({ testTimeout: 60_000 });

const root = join(import.meta.dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'rostrum-doctor-'));
afterAll(() => rmSync(home, { recursive: true }));

/** Runs a program of ours in a terminal that promises no Cyrillic. */
async function run(program: string, args: string[], env: Record<string, string> = {}, nodeArgs: string[] = []) {
  const child = spawn(process.execPath, [...nodeArgs, join(root, program), ...args], {
    env: { ...process.env, LANG: 'C', LC_ALL: '', LC_MESSAGES: '', ROSTRUM_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status, stdout, stderr, marked: stdout.split('\n').filter((line) => line.startsWith('✗')) };
}

const doctor = (args: string[], env: Record<string, string> = {}) =>
  run('dist/rostrum.mjs', ['--language', 'en', 'admin', 'doctor', ...args], env);

describe('rostrum admin doctor', () => {
  test('says in one document what is there and what computes', async () => {
    const { status, stdout, stderr } = await doctor(['--json']);
    expect([status, stderr]).toEqual([0, '']);
    const { checks, backend, ladder } = JSON.parse(stdout);
    expect(checks.map(({ name }: { name: string }) => name)).toEqual([
      'node',
      'home',
      'database',
      'kernel',
      'ffmpeg',
      'model',
      'sign-in',
      'mail',
      'backup',
      'metrics',
      'users',
    ]);
    expect(checks[0].message).toBe(`Node.js ${process.versions.node}.`);
    expect(ladder.map((rung: { backend: string }) => rung.backend)).toEqual([
      'tfjs-node-gpu',
      'webgpu',
      'tfjs-node',
      'wasm',
    ]);
    expect(ladder).toContainEqual(
      expect.objectContaining({ backend, status: 'passed', gigaflops: expect.any(Number) }),
    );
  });

  test('marks what is wrong, and exits with 3', async () => {
    const { status, stdout, stderr, marked } = await doctor([], {
      ROSTRUM_BACKEND: 'tfjs-node-gpu',
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    });
    expect([status, stderr]).toEqual([3, '2 problems found, marked with ✗.\n']);
    expect(marked).toEqual([
      expect.stringMatching(/^✗ The database does not answer: /),
      expect.stringMatching(/^✗ tfjs-node-gpu {3}/),
    ]);
    // A database that was not asked may know of one.
    expect(stdout).toContain('when the last one was made is known once the database answers');
  });
});

describe('a bucket out of order is told by doctor,', () => {
  let s3: TestS3;
  const stops: (() => void)[] = [];
  beforeAll(async () => {
    s3 = await startS3();
  });
  afterAll(() => {
    for (const stop of stops) stop();
    return s3.stop();
  });

  /** The address of a server with this answer to everything. */
  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    stops.push(() => server.close().closeAllConnections());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** The store, before it a policy by which our key may not use one method. */
  function forbidding(method: string): Promise<string> {
    const denied = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>';
    return serve((asked, answer) => {
      if (asked.method === method) {
        answer.writeHead(403, { 'Content-Type': 'application/xml' }).end(denied);
        return;
      }
      const { url, headers } = asked;
      const passed = request(`${s3.place.endpoint}${url}`, { method: asked.method!, headers }, (given) => {
        answer.writeHead(given.statusCode!, given.headers);
        given.pipe(answer);
      });
      asked.pipe(passed);
    });
  }

  /** The variables of a store about which something is other than it should be. */
  function variables(wrong: Partial<S3Place>): Record<string, string> {
    const { endpoint, bucket, keyId, secret, region } = { ...s3.place, ...wrong };
    return {
      ROSTRUM_HOME: home,
      ROSTRUM_S3_URL: endpoint,
      ROSTRUM_S3_BUCKET: bucket,
      ROSTRUM_S3_KEY_ID: keyId,
      ROSTRUM_S3_SECRET: secret,
      ROSTRUM_S3_REGION: region,
    };
  }

  /** What is said of the bucket. */
  async function saidOf(wrong: Partial<S3Place>): Promise<Check> {
    const checks = await checkInstallation(readOwnerEnv(variables(wrong)), translator('en'));
    return checks.find(({ name }) => name === 'objects')!;
  }

  test('a missing one, and a key that is not known', async () => {
    const missing = expect.stringContaining(`There is no bucket another at ${s3.place.endpoint}.`);
    expect(await saidOf({ bucket: 'another' })).toMatchObject({ status: 'problem', message: missing });
    const refused = expect.stringContaining('(s3:PutObject: InvalidAccessKeyId: ');
    expect(await saidOf({ keyId: 'nobody' })).toMatchObject({ status: 'problem', message: refused });
  });

  test('one that our key may only read, or only write, by the right that it lacks', async () => {
    expect(await saidOf({ endpoint: await forbidding('PUT') })).toMatchObject({
      status: 'problem',
      message: expect.stringMatching(/refuses .* \(s3:PutObject: AccessDenied: Access Denied\.\)/),
    });
    expect(await saidOf({ endpoint: await forbidding('GET') })).toMatchObject({
      status: 'problem',
      message: expect.stringMatching(/refuses .* \(s3:GetObject: AccessDenied: Access Denied\.\)/),
    });
  });

  test('an address where no store is; and a sound one is not complained of', async () => {
    const website = await serve((_, answer) => {
      answer.writeHead(404, { 'Content-Type': 'text/html' }).end('<html>Not Found</html>');
    });
    expect(await saidOf({ endpoint: website })).toMatchObject({
      status: 'problem',
      message: expect.stringMatching(`${website} does not answer as it should \\(.*\\)\\. Check ROSTRUM_S3_URL`),
    });
    expect(await saidOf({})).toMatchObject({ status: 'ok' });
  });

  test('which ends with 3, speaks the reader’s language, and says nothing that libraries would add', async () => {
    const wrong = variables({ endpoint: await forbidding('GET') });
    const { status, stderr, marked } = await run('dist/rostrum.mjs', ['--language', 'ru', 'admin', 'doctor'], wrong);
    expect(status).toBe(3);
    expect(marked).toEqual([
      expect.stringMatching(/отказывает .* \(s3:GetObject: AccessDenied: Access Denied\.\).*права/),
    ]);
    expect(stderr.split('\n').filter(Boolean)).toHaveLength(1);
  });
});

describe('on a Node that calls itself 18', () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } });`;

  test.each([
    ['dist/rostrum.mjs', 3],
    ['dist/client/dist/rostrum.mjs', 3],
    ['bin/start.mjs', 1],
    ['bin/test.mjs', 1],
  ])('%s says so, and loads nothing that such a Node could not read', async (program, code) => {
    const asked = await run(program, ['admin', 'doctor'], {}, [
      '--import',
      `data:text/javascript,${encodeURIComponent(older)}`,
    ]);
    expect(asked).toMatchObject({
      status: code,
      stderr: expect.stringMatching(/^Rostrum needs Node\.js .*18\.20\.8.*\n$/),
    });
  });
});
