import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeModel } from '#scoring/baseline/model-folder.ts';
import { anUntrainedModel } from '../baseline-model.ts';

/*
 * The model that comes with Rostrum, as whoever has just installed it would ask what it is worth. The recordings come from a Debian
 * package.
 */

const program = join(import.meta.dirname, '../../dist/rostrum.mjs');
const home = mkdtempSync(join(tmpdir(), 'rostrum-shipped-'));
afterAll(() => rmSync(home, { recursive: true }));

function evaluate(...args: string[]) {
  const run = spawnSync(process.execPath, [program, '--language', 'en', 'baseline', 'evaluate', ...args], {
    env: { ...process.env, ROSTRUM_HOME: home, ROSTRUM_BACKEND: 'wasm' },
    encoding: 'utf8',
  });
  return { code: run.status, out: run.stdout, problems: run.stderr };
}

type Figures = { errorRate: number; interval: [number, number] };
type Evaluation = { profile: string; utterances: number; words: Figures; characters: Figures; backend: string };

test('the shipped model stays below 40 % WER and 13 % CER on the demo’s test split', async (context) => {
  const { code, out, problems } = evaluate('--json');
  if (code === 3) {
    expect(problems).toMatch(/^The recordings of the demonstration cannot be had: \S/);
    return context.skip(problems.trim());
  }
  const { profile, utterances, words, characters, backend } = JSON.parse(out) as Evaluation;
  expect([code, profile, backend]).toEqual([0, 'ru-yo', 'wasm']);
  expect(utterances).toBeGreaterThan(100);
  expect(words.errorRate).toBeLessThan(0.4);
  expect(characters.errorRate).toBeLessThan(0.13);
  expect(words.interval[0]).toBeLessThan(words.errorRate);

  const greedy = JSON.parse(evaluate('--json', '--greedy').out) as Evaluation;
  expect(greedy.characters.errorRate).toBeLessThan(0.22);
  expect(greedy.words.errorRate).toBeGreaterThan(words.errorRate);

  // Control: a model that has learned nothing.
  const untrained = join(home, 'untrained');
  await writeModel(untrained, anUntrainedModel(), { card: '', curves: [], recipe: null });
  expect((JSON.parse(evaluate('--json', '--model', untrained).out) as Evaluation).characters.errorRate).toBeGreaterThan(
    0.8,
  );
});
