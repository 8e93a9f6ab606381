import { expect, test } from 'vitest';
import type { ModelFacts } from '#scoring/baseline/model.ts';
import { cardOf } from '#scoring/baseline/training/card.ts';
import { usualRecipe, usualShape } from '#scoring/baseline/training/recipe.ts';

const facts: ModelFacts = {
  name: 'first',
  seed: 7,
  epochs: 12,
  trainingSeconds: 900,
  heardSeconds: 36_000,
  data: [
    { name: 'Prompts', seconds: 600, licence: 'CC BY 3.0', attribution: '© Somebody.' },
    { name: 'Own recordings', seconds: 300, licence: '', attribution: '' },
  ],
  figures: [{ split: 'dev', decoding: 'greedy', slice: '', wordErrorRate: 0.8125, characterErrorRate: 0.25 }],
};

test('a model card names data, licences, figures, seed and limits', () => {
  const card = cardOf({ facts, shape: usualShape, recipe: { ...usualRecipe, seed: 7 } });
  expect(card).toContain('- Prompts: 10.0 min. Licence: CC BY 3.0. © Somebody.');
  expect(card).toContain('- Own recordings: 5.0 min. Licence: not stated.');
  expect(card).toContain('15.0 min of sound, 10.0 h heard in 12 epochs');
  expect(card).toContain('| dev | greedy | 81.3 % | 25.0 % |');
  expect(card).toContain('Dev chose');
  expect(card).toContain('Seed 7; 60 minutes; adam, learning rate 0.002, schedule cosine');
  expect(card).toContain('## Limits');
});

test('a model card without a dev split claims no figures', () => {
  const card = cardOf({ facts: { ...facts, figures: [] }, shape: usualShape, recipe: usualRecipe });
  expect(card).toContain('None: there was no dev split.');
  expect(card).not.toContain('Dev chose');
});
