import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { readOwnerEnv } from '#lib/env.ts';
import { freePort } from '../../bin/start/address.ts';
import { webEnvironment, workerEnvironment } from '../../bin/start/environments.ts';
import { startTestStack } from '../stack.ts';

test('a web process whose port somebody else took ends each time, and its log says why', async () => {
  const port = await freePort('127.0.0.1');
  const somebody = createServer().listen(port, '127.0.0.1');
  await once(somebody, 'listening');
  try {
    const started = startTestStack(inject('cluster'), { PORT: String(port) });
    await expect(started).rejects.toThrow(/"msg":"web cannot listen"/);
    await expect(started).rejects.toMatchObject({ cause: { name: 'NeverReadyError' } });
  } finally {
    somebody.close();
  }
});

test.each(['server', 'worker'])(
  'a %s that waits for its database as it starts ends with whoever started it',
  async (name) => {
    const home = mkdtempSync(join(tmpdir(), 'rostrum-orphan-'));
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const asked = once(mute, 'connection');
    const url = `postgres://rostrum@127.0.0.1:${(mute.address() as AddressInfo).port}/rostrum`;
    const base = {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(await freePort('127.0.0.1')),
      ROSTRUM_HOME: home,
    };
    const served = { env: readOwnerEnv({ ...base, ROSTRUM_DEMO: '0' }), secret: 'a'.repeat(64), development: false };
    const addresses = { ownerUrl: url, webUrl: url, scorerUrl: url };
    const environment = (name === 'server' ? webEnvironment : workerEnvironment)(base, served, addresses);
    const child = fork(join(import.meta.dirname, '../../dist', `${name}.mjs`), [], {
      env: environment as NodeJS.ProcessEnv,
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    await Promise.race([asked, ended]);
    // The control: it waits, and would for as long as the database says nothing.
    expect([child.exitCode, child.connected]).toEqual([null, true]);
    child.disconnect();
    await ended;
    for (const socket of sockets) socket.destroy();
    mute.close();
    rmSync(home, { recursive: true, force: true });
  },
);
