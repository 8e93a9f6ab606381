import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../bin/start/address.ts';
import { type Figure, secondsOf } from './measure.ts';

const root = join(import.meta.dirname, '../..');

/** A bare clone to ready, and ready again; against installing the packages alone. */
export async function start(): Promise<Figure[]> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-bench-'));
  try {
    execFileSync('git', ['clone', '--quiet', root, join(folder, 'clone')]);
    execFileSync('git', ['clone', '--quiet', root, join(folder, 'peer')]);
    const cold = await secondsToReady(join(folder, 'clone'));
    const warm = await secondsToReady(join(folder, 'clone'));
    const install = await secondsOf(async () =>
      execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: join(folder, 'peer'), stdio: 'ignore' }),
    );
    return [
      { what: 'bare clone to ready', value: cold, unit: 's', most: 120 },
      { what: 'warm start to ready', value: warm, unit: 's', most: 3 },
      { what: 'npm ci alone', value: install, unit: 's' },
      { what: 'bare clone to ready against npm ci alone', value: cold / install, unit: '×' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From `npm start` to its word that it is ready; then stops it. */
async function secondsToReady(cwd: string): Promise<number> {
  const port = String(await freePort('127.0.0.1'));
  const clean = Object.entries(process.env).filter(([name]) => !/^(npm_|ROSTRUM_|DATABASE_)/.test(name));
  const env = {
    ...Object.fromEntries(clean),
    PORT: port,
    LANG: 'en_GB.UTF-8',
    LC_ALL: 'en_GB.UTF-8',
  } as unknown as NodeJS.ProcessEnv;
  const child = spawn('npm', ['start'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  let output = '';
  const seconds = await secondsOf(
    () =>
      new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk: Buffer) => {
          output += chunk;
          if (/Rostrum is ready at/.test(output)) resolve();
        });
        child.stderr.on('data', (chunk: Buffer) => {
          output += chunk;
        });
        ended.then(() => reject(new Error(`npm start ended:\n${output}`)));
      }),
  );
  child.kill('SIGTERM');
  await ended;
  await released(join(cwd, '.rostrum/running.json'));
  return seconds;
}

/** npm does not wait for what it had started, which holds its home for a second or two more. */
async function released(lock: string): Promise<void> {
  for (let tries = 0; existsSync(lock); tries += 1) {
    if (tries > 100) throw new Error(`${lock} is still held after 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
