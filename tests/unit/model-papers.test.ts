import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { modelFolder } from '#lib/baseline-models.ts';
import { translator } from '#lib/messages/translate.ts';
import { readModelPapers, trainingCommand } from '#lib/model-papers.ts';
import { writeModel } from '#scoring/baseline/model-folder.ts';
import { usualRecipe } from '#scoring/baseline/training/recipe.ts';
import { trainCommand } from '../../bin/commands/baseline/train.ts';
import { anUntrainedModel } from '../baseline-model.ts';

const home = mkdtempSync(join(tmpdir(), 'rostrum-papers-'));
afterAll(() => rmSync(home, { recursive: true }));

const point = { epoch: 1, steps: 9, seconds: 2, heardSeconds: 60, learningRate: 0.002, trainLoss: 3.5, dev: null };

test('a model’s card, curves, recipe and files are read for its page', async () => {
  const papers = { card: '# Ours\n', curves: [point], recipe: { ...usualRecipe, seed: 7 } };
  await writeModel(modelFolder(home, 'ours'), anUntrainedModel(), papers);
  const read = (await readModelPapers(home, 'ours'))!;
  expect(read).toMatchObject({ title: 'Untrained', card: '# Ours\n', recipe: { seed: 7 } });
  expect(read.curve).toEqual([{ epoch: 1, heardSeconds: 60, learningRate: 0.002, trainLoss: 3.5, dev: null }]);
  const names = ['MODEL_CARD.md', 'model.json', 'weights.bin', 'recipe.json', 'curves.json'];
  expect(read.files.map(({ name }) => name)).toEqual(names);
  expect(read.files[0]).toMatchObject({ address: '/models/ours/MODEL_CARD.md', bytes: 7 });
});

test('papers that are gone or damaged leave the rest readable', async () => {
  await writeModel(modelFolder(home, 'old'), anUntrainedModel(), { card: '', curves: [], recipe: null });
  for (const file of ['curves.json', 'recipe.json']) writeFileSync(join(modelFolder(home, 'old'), file), '{"a":');
  rmSync(join(modelFolder(home, 'old'), 'MODEL_CARD.md'));
  expect(await readModelPapers(home, 'old')).toMatchObject({ card: '', curve: [], recipe: null });
  expect(await readModelPapers(home, 'none')).toBeNull();
});

test('the command that is shown is one that the command line takes', () => {
  const recipes = [
    usualRecipe,
    { ...usualRecipe, length: { kind: 'epochs', count: 30 }, patience: 5 },
    { ...usualRecipe, schedule: { ...usualRecipe.schedule, name: 'power' } },
  ] as const;
  for (const recipe of recipes) {
    const command = trainCommand(translator('en')).exitOverride();
    const words = trainingCommand(recipe)
      .split(/[\s\\]+/)
      .slice(3);
    command.parseOptions(words);
    const { length, schedule, patience } = recipe;
    expect(command.opts()).toMatchObject({
      seed: recipe.seed,
      [length.kind]: length.count,
      learningRate: schedule.learningRate,
      schedule: schedule.name,
      channels: recipe.shape.channels,
      synthetic: recipe.syntheticTexts,
      ...(patience === null ? {} : { patience }),
    });
  }
});
