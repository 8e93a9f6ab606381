import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tonesOf, toneTexts } from '../tones.ts';
import { aWav, samples16 } from '../wav-files.ts';

const root = join(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostrum-train-'));
  await mkdir(join(folder, 'data'));
  const rows = ['id,audio,text,split'];
  for (const [index, text] of toneTexts.entries()) {
    const samples = Array.from(tonesOf(text), (sample) => Math.round(32_767 * sample));
    await writeFile(join(folder, 'data', `${index}.wav`), aWav({ data: samples16(samples) }));
    rows.push(`u${index},${index}.wav,${text},${index < 6 ? 'train' : 'dev'}`);
  }
  await writeFile(join(folder, 'data', 'manifest.csv'), `${rows.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const recipe = ['--synthetic', '0', '--channels', '16', '--epochs', '30', '--seed', '5'];

function startTraining(out: string, ...options: string[]) {
  const args = ['--language', 'en', 'baseline', 'train', '--out', join(folder, out), '--data', join(folder, 'data')];
  const child = spawn(process.execPath, [join(root, 'dist/rostrum.mjs'), ...args, '--json', ...options], {
    env: { ...process.env, ROSTRUM_HOME: join(folder, 'home'), ROSTRUM_BACKEND: 'wasm' },
  });
  let [said, complaints] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaints += text;
  });
  const ended = new Promise<{ code: number | null; said: string; complaints: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, said, complaints }));
  });
  return { child, ended };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

test('a training that is killed goes on to the weights that it would have had', async () => {
  const whole = await startTraining('whole', ...recipe).ended;
  expect(whole.code, whole.complaints).toBe(0);

  const cut = startTraining('cut', ...recipe);
  await until(() => existsSync(join(folder, 'cut.checkpoint')) || cut.child.exitCode !== null);
  cut.child.kill('SIGKILL');
  expect((await cut.ended).code).toBeNull();
  expect(existsSync(join(folder, 'cut'))).toBe(false);

  const again = await startTraining('cut', ...recipe).ended;
  expect(again.code).toBe(3);
  expect(again.complaints).toContain('--resume');
  const otherRecipe = await startTraining('cut', '--resume', '--epochs', '2').ended;
  expect(otherRecipe.code).toBe(2);

  const finished = await startTraining('cut', '--resume').ended;
  expect(finished.code, finished.complaints).toBe(0);
  expect(JSON.parse(finished.said)).toMatchObject({ epochs: 30, steps: 30 });
  expect(await readFile(join(folder, 'cut/weights.bin'))).toEqual(await readFile(join(folder, 'whole/weights.bin')));
  expect(existsSync(join(folder, 'cut.checkpoint'))).toBe(false);
});

test('a checkpoint of other recordings is refused', async () => {
  const cut = startTraining('other', ...recipe);
  await until(() => existsSync(join(folder, 'other.checkpoint')) || cut.child.exitCode !== null);
  cut.child.kill('SIGKILL');
  await cut.ended;
  const elsewhere = join(folder, 'elsewhere');
  await mkdir(elsewhere);
  const manifest = await readFile(join(folder, 'data', 'manifest.csv'), 'utf8');
  for (const index of toneTexts.keys()) {
    await writeFile(join(elsewhere, `${index}.wav`), await readFile(join(folder, 'data', `${index}.wav`)));
  }
  await writeFile(join(elsewhere, 'manifest.csv'), manifest.replace('нет', 'нету'));
  const resumed = await startTraining('other', '--resume', '--data', elsewhere).ended;
  expect(resumed.code).toBe(3);
  expect(resumed.complaints).toContain('other recordings');
});
