import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fromFloat16, toFloat16 } from '#scoring/baseline/float16.ts';
import type { BaselineModel } from '#scoring/baseline/model.ts';
import { readModel, writeModel } from '#scoring/baseline/model-folder.ts';
import { weightCountOf } from '#scoring/baseline/network.ts';

const files = mkdtempSync(join(tmpdir(), 'rostrum-model-'));
afterAll(() => rmSync(files, { recursive: true }));

const papers = { card: '# A model\n', curves: { epochs: [] }, recipe: { seed: 1 } };
const shape = { bands: 2, channels: 2, firstKernel: 3, stride: 3, kernel: 1, dilations: [1], symbols: 3 };
const aModel: BaselineModel = {
  sampleRateHz: 8000,
  shape,
  symbols: ['', ' ', 'а'],
  weights: Float32Array.from({ length: weightCountOf(shape) }, (_, i) => (i - 10) / 3),
  decoding: { languageModel: Uint8Array.of(1, 2, 3), words: ['да', 'нет'], options: { beam: 32, lambda: 0.8 } },
  facts: {
    name: 'A model',
    seed: 1,
    epochs: 2,
    trainingSeconds: 3,
    heardSeconds: 6,
    data: [{ name: 'prompts', seconds: 3, licence: 'CC-BY-3.0', attribution: 'somebody' }],
    figures: [{ split: 'dev', decoding: 'beam', slice: '', wordErrorRate: 0.5, characterErrorRate: 0.2 }],
  },
};

let made = 0;
async function aFolder(): Promise<string> {
  made += 1;
  const folder = join(files, `model-${made}`);
  await writeModel(folder, aModel, papers, 'float32');
  return folder;
}

const notAModel = { code: 'not-a-model' };

function describeAs(folder: string, changes: object): void {
  const path = join(folder, 'model.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...changes }));
}

describe('half precision', () => {
  test('keeps every number that it can write, both ways', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, i) => i).filter((half) => (half & 0x7c00) !== 0x7c00);
    expect(toFloat16(fromFloat16(all))).toEqual(all);
  });

  test('rounds to the nearest, and to even in the middle', () => {
    const ulp = 2 ** -10;
    const values = Float32Array.of(1 + 0.4 * ulp, 1 + 0.5 * ulp, 1 + 0.6 * ulp, 1 + 1.5 * ulp, 65_519, 2 ** -26);
    expect([...fromFloat16(toFloat16(values))]).toEqual([1, 1, 1 + ulp, 1 + 2 * ulp, 65_504, 0]);
  });

  test('says beyond its range that a number is infinite, and of no number that it is none', () => {
    const values = Float32Array.of(65_520, -1e9, Number.POSITIVE_INFINITY, Number.NaN);
    expect([...fromFloat16(toFloat16(values))]).toEqual([Infinity, -Infinity, Infinity, Number.NaN]);
  });
});

describe('a model folder', () => {
  test('gives back what was written into it', async () => {
    expect(await readModel(await aFolder())).toEqual(aModel);
  });

  test('keeps weights to 2⁻¹¹ of their size in half the bytes', async () => {
    const folder = join(files, 'half');
    await writeModel(folder, aModel, papers);
    const { weights } = await readModel(folder);
    aModel.weights.forEach((weight, i) => {
      expect(Math.abs(weights[i]! - weight)).toBeLessThanOrEqual(Math.abs(weight) * 2 ** -11);
    });
    expect(readFileSync(join(folder, 'weights.bin'))).toHaveLength(2 * weights.length);
  });

  test('needs no language model', async () => {
    const folder = join(files, 'greedy');
    await writeModel(folder, { ...aModel, decoding: null }, papers);
    expect((await readModel(folder)).decoding).toBeNull();
  });

  test('is replaced as a whole, and leaves nothing beside', async () => {
    const folder = await aFolder();
    await writeModel(folder, { ...aModel, decoding: null }, papers);
    expect(readdirSync(folder).sort()).toEqual([
      'MODEL_CARD.md',
      'curves.json',
      'model.json',
      'recipe.json',
      'weights.bin',
    ]);
    expect(readdirSync(files).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('a folder that is no model is refused where', () => {
  test('it is not there', async () => {
    await expect(readModel(join(files, 'nowhere'))).rejects.toMatchObject({ code: 'absent' });
  });

  test.each<[string, (folder: string) => void, object]>([
    ['a bit of the weights is another', (folder) => flip(folder, 'weights.bin'), { code: 'damaged' }],
    ['a bit of the language model is another', (folder) => flip(folder, 'language-model.bin'), { code: 'damaged' }],
    [
      'the weights are cut off',
      (folder) => writeFileSync(join(folder, 'weights.bin'), new Uint8Array(31)),
      { code: 'wrong-size', values: { actual: 31, expected: weightCountOf(shape) * 4 } },
    ],
    ['words are missing', (folder) => rmSync(join(folder, 'words.txt')), { code: 'absent' }],
    ['model.json is no JSON', (folder) => writeFileSync(join(folder, 'model.json'), '{'), { code: 'not-json' }],
    ['model.json is of something else', (folder) => writeFileSync(join(folder, 'model.json'), '[]'), notAModel],
    ['its format is newer', (folder) => describeAs(folder, { version: 2 }), { code: 'other-version' }],
    ['a field is unknown', (folder) => describeAs(folder, { extra: 1 }), { code: 'wrong-description' }],
    [
      'it has another number of symbols than the network',
      (folder) => describeAs(folder, { symbols: ['', ' '] }),
      { code: 'wrong-description', values: { details: '2 symbols, the network has 3' } },
    ],
    [
      'the weights are those of another network',
      (folder) => describeAs(folder, { shape: { ...shape, dilations: [1, 1] } }),
      { code: 'wrong-description', values: { details: expect.stringContaining('the network needs') } },
    ],
  ])('%s', async (_, damage, problem) => {
    const folder = await aFolder();
    damage(folder);
    await expect(readModel(folder)).rejects.toMatchObject(problem);
  });

  test('a weight is not finite', async () => {
    const folder = join(files, 'infinite');
    await writeModel(folder, { ...aModel, weights: aModel.weights.map(() => 1e9) }, papers);
    await expect(readModel(folder)).rejects.toMatchObject({ code: 'not-finite' });
  });
});

function flip(folder: string, file: string): void {
  const bytes = readFileSync(join(folder, file));
  bytes[0]! ^= 1;
  writeFileSync(join(folder, file), bytes);
}
