import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readModel, readPapers, writeModel } from '#scoring/baseline/model-folder.ts';
import { usualRecipe } from '#scoring/baseline/training/recipe.ts';
import { anUntrainedModel } from '../baseline-model.ts';
import { aWav } from '../wav-files.ts';

const program = join(import.meta.dirname, '../../dist/rostrum.mjs');
const files = mkdtempSync(join(tmpdir(), 'rostrum-baseline-'));
afterAll(() => rmSync(files, { recursive: true }));

// A process each, on a machine that may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

/** Runs the command, as installed, in the folder of files. */
function rostrum(args: string, env: Record<string, string> = {}) {
  return new Promise<{ code: number | null; out: string; problems: string }>((resolve) => {
    const child = spawn(process.execPath, [program, '--language', 'en', ...args.split(' ')], {
      cwd: files,
      env: { ...process.env, ROSTRUM_BACKEND: 'wasm', ...env },
    });
    let [out, problems] = ['', ''];
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (problems += text));
    child.on('close', (code) => resolve({ code, out, problems }));
  });
}

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(files, name), content);
  return name;
}

describe.concurrent('rostrum baseline', () => {
  const model = join(files, 'model');
  const sound = (seconds: number) => aWav({ data: new Uint8Array(seconds * 16_000).map((_, i) => (i * i) % 251) });
  const manifest = file('spoken.csv', 'id,audio,text,split\nb,spoken/b.wav,Ёлка,test\na,spoken/deep/a.wav,Да,test\n');

  beforeAll(async () => {
    await writeModel(model, anUntrainedModel(), { card: '', curves: {}, recipe: null });
    mkdirSync(join(files, 'spoken/deep'), { recursive: true });
    file('spoken/b.wav', sound(1));
    file('spoken/deep/a.wav', sound(2));
    file('bad.wav', sound(1).subarray(0, 500));
  });

  test('transcribe writes a file that can be submitted', async () => {
    const { code, out, problems } = await rostrum('baseline transcribe spoken spoken/b.wav --model model --out t.csv');
    expect([code, out]).toEqual([1, '']);
    expect(problems).toMatch(/^spoken\/b\.wav:0:0: recording-id-twice: The id "b" already stands for spoken\/b\.wav\./);
    const again = await rostrum('baseline transcribe spoken --model model --out t.csv');
    expect([again.code, again.problems]).toEqual([0, expect.stringMatching(/^Computing with wasm on \d × WebAss/)]);
    expect(again.out).toMatch(/^t\.csv: 2 texts, 3 s of sound in /);
    expect(readFileSync(join(files, 't.csv'), 'utf8')).toMatch(/^id,text\r\nb,[а-я ]+\r\ndeep\/a,[а-я ]+\r\n$/);
  });

  test('transcribe names every recording that it cannot take, and writes nothing', async () => {
    mkdirSync(join(files, 'empty'));
    const { code, problems } = await rostrum('baseline transcribe bad.wav empty nowhere --model model --out none.csv');
    expect(code).toBe(3);
    expect(problems.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^empty:0:0: recordings-none: /),
      expect.stringMatching(/^nowhere cannot be read: /),
      expect.stringMatching(/^bad\.wav:0:0: dataset-wav-size: /),
    ]);
    expect(existsSync(join(files, 'none.csv'))).toBe(false);
  });

  test('evaluate prints the document of score with the speed and the rung', async () => {
    const { code, out } = await rostrum(`baseline evaluate --data ${manifest} --model model --json`);
    expect(code).toBe(0);
    const figures = expect.objectContaining({ reference: expect.any(Number), errorRate: expect.any(Number) });
    expect(JSON.parse(out)).toEqual({
      profile: 'ru-yo',
      scorerVersion: expect.any(Number),
      utterances: 2,
      words: figures,
      characters: figures,
      timesRealTime: expect.any(Number),
      backend: 'wasm',
    });
  });

  test('evaluate writes what it measured onto the card where that is asked for, once for each split and decoding', async () => {
    const measured = join(files, 'measured');
    await writeModel(measured, anUntrainedModel(), { card: '', curves: [], recipe: usualRecipe });
    for (const _ of [1, 2]) await rostrum(`baseline evaluate --data ${manifest} --model measured --record`);
    const { facts } = await readModel(measured);
    expect(facts.figures.map(({ split, decoding, slice }) => [split, decoding, slice])).toEqual([
      ['test', 'greedy', ''],
    ]);
    const { card } = await readPapers(measured);
    expect(card).toMatch(/\| test \| greedy \| [\d.]+ % \| [\d.]+ % \|\n/);
    expect(card).toContain('Seed 1; 60 minutes; adam');
  });

  test('exits with 3 where the rung that is asked for is not there, or the model', async () => {
    const forced = await rostrum(`baseline evaluate --data ${manifest} --model model`, {
      ROSTRUM_BACKEND: 'tfjs-node-gpu',
    });
    expect(forced).toEqual({
      code: 3,
      out: '',
      problems: expect.stringMatching(/^ROSTRUM_BACKEND asks for tfjs-node-gpu, which cannot be used: .+\.\n$/),
    });
    const absent = await rostrum(`baseline evaluate --data ${manifest} --model nowhere`);
    expect([absent.code, absent.problems]).toEqual([
      3,
      `${join(files, 'nowhere/model.json')} is not there. Name the folder of a model.\n`,
    ]);
  });
});
