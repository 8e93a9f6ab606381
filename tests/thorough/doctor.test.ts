import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

const program = join(import.meta.dirname, '../../dist/rostrum.mjs');
const home = mkdtempSync(join(tmpdir(), 'rostrum-doctor-'));
afterAll(() => rmSync(home, { recursive: true }));

function doctor(args: string[], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [program, '--language', 'en', 'admin', 'doctor', ...args], {
    env: { ...process.env, ROSTRUM_HOME: home, ...env },
    encoding: 'utf8',
  });
}

describe('rostrum admin doctor', () => {
  test('says in one document what is there and what computes', () => {
    const { status, stdout, stderr } = doctor(['--json']);
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

  test('marks what is wrong, and exits with 3', () => {
    const { status, stdout, stderr } = doctor([], {
      ROSTRUM_BACKEND: 'tfjs-node-gpu',
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    });
    expect([status, stderr]).toEqual([3, '2 problems found, marked with ✗.\n']);
    const marked = stdout.split('\n').filter((line) => line.startsWith('✗'));
    expect(marked).toEqual([
      expect.stringMatching(/^✗ The database does not answer: /),
      expect.stringMatching(/^✗ tfjs-node-gpu {3}/),
    ]);
  });
});
