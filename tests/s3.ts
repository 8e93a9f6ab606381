import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { S3Place } from '#lib/objects/s3-client.ts';
import { freePort } from '../bin/start/address.ts';

/**
 * A real S3-compatible server, s3rver, as a process of its own that can be killed and started again on the same files. It knows keys by
 * their names and does not check signatures.
 */
export type TestS3 = {
  place: S3Place;
  /** Where its objects lie. */
  folder: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

const program = join(import.meta.dirname, '../node_modules/s3rver/bin/s3rver.js');

export async function startS3(): Promise<TestS3> {
  const folder = mkdtempSync(join(tmpdir(), 'rostrum-s3-'));
  mkdirSync(join(folder, 'rostrum'));
  const port = await freePort('127.0.0.1');
  let running: ChildProcess | null = null;
  const start = async () => {
    running = spawn(
      process.execPath,
      [program, '-d', folder, '-a', '127.0.0.1', '-p', String(port), '--silent', '--configure-bucket', 'rostrum'],
      { stdio: 'ignore' },
    );
    while (!(await answers(port))) await pause(50);
  };
  const kill = async () => {
    if (running === null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    running = null;
    await ended;
  };
  await start();
  return {
    place: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      bucket: 'rostrum',
      keyId: 'S3RVER',
      secret: 'S3RVER',
      pathStyle: true,
    },
    folder,
    kill,
    start,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
