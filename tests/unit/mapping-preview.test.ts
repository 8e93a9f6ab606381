import { expect, test } from 'vitest';
import { previewMapping } from '../../app/organise/[slug]/limits/mapping-preview.ts';

const reference = (id: string, ...references: [string, ...string[]]) => ({ id, seconds: 1, speaker: null, references });

const dev = [
  reference('d1', 'Ну, ок.'),
  reference('d2', 'окна'),
  reference('d3', 'Хорошо', 'ОК'),
  reference('d4', 'и так далее'),
];

test('a preview counts the recordings with a wording that changes, and shows how the first of them do', async () => {
  const rules = [{ from: 'ок', to: 'окей' }];
  expect(await previewMapping(rules, 'ru', dev)).toEqual({
    rules: 1,
    firstRules: rules,
    touched: 2,
    of: 4,
    examples: [
      { id: 'd1', before: 'ну ок', after: 'ну окей' },
      { id: 'd3', before: 'ок', after: 'окей' },
    ],
  });
});

test('(control) a rule that is met nowhere touches nothing', async () => {
  expect(await previewMapping([{ from: 'окно', to: 'рама' }], 'ru', dev)).toMatchObject({ touched: 0, examples: [] });
});

test('a preview of a long table and a large split stays short', async () => {
  const rules = Array.from({ length: 500 }, (_, i) => ({ from: `слово${i}`, to: `${i}` }));
  const many = Array.from({ length: 2500 }, (_, i) => reference(`d${i}`, `слово${i % 500}`));
  const { firstRules, examples, touched } = await previewMapping(rules, 'ru', many);
  expect([firstRules.length, examples.length, touched]).toEqual([20, 5, 2500]);
});
