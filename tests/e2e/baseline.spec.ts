import { expect, test } from '@playwright/test';
import { modelFolder } from '#lib/baseline-models.ts';
import { createBaselineRun } from '#lib/db/baseline-runs.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { translator } from '#lib/messages/translate.ts';
import { writeModel } from '#scoring/baseline/model-folder.ts';
import { usualRecipe } from '#scoring/baseline/training/recipe.ts';
import { anUntrainedModel } from '../baseline-model.ts';
import { aUser } from '../builders.ts';
import { expectNoBarriers } from './barriers.ts';
import { aContest, ownerEnvironment } from './contest.ts';
import { origin, ownerDatabase } from './people.ts';

test.use({ locale: 'ru-RU' });
const t = translator('ru');

test('everybody sees what made the baseline, how it was trained, and can take it along', async ({ page }) => {
  test.setTimeout(120_000);
  const home = ownerEnvironment().ROSTRUM_HOME!;
  const dev = (loss: number) => ({ loss, characterErrorRate: loss / 2, wordErrorRate: loss });
  const curves = [3, 1, 0.5].map((trainLoss, i) => ({
    ...{ epoch: i + 1, steps: 10 * (i + 1), seconds: 1, heardSeconds: 60, learningRate: 0.002 / (i + 1), trainLoss },
    dev: dev([2, 0.9, 1.2][i]!),
  }));
  const data = [{ name: 'Prompts', seconds: 90, licence: 'CC BY 3.0', attribution: '© Somebody.' }];
  const model = { ...anUntrainedModel(), facts: { ...anUntrainedModel().facts, data } };
  const card = '# Untrained\n\nIt hears nothing.\n';
  await writeModel(modelFolder(home, 'small'), model, { card, curves, recipe: { ...usualRecipe, seed: 42 } });
  const { slug } = await aContest('baseline');
  const { id: competitionId } = await getCompetition(ownerDatabase(), slug);
  const address = `${origin()}/c/${slug}/baseline`;
  await page.goto(address);
  await expect(page.getByText(t('baseline.page-none'))).toBeVisible();
  await expect(page.getByRole('link', { name: t('baseline.tab'), exact: true })).toHaveCount(0);

  const organiser = await aUser(ownerDatabase());
  const wanted = { competitionId, split: 'test', model: 'small', decoding: 'greedy', name: 'Базовое решение' } as const;
  await createBaselineRun(ownerDatabase(), wanted, organiser.id);
  await expect(async () => {
    await page.goto(address);
    await expect(page.getByText(t('baseline.page-decoded-greedy'))).toBeVisible({ timeout: 1000 });
    // Drawn from another question to the database than the text: between the two it may have been recorded.
    await expect(page.getByRole('link', { name: t('baseline.tab'), exact: true })).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByText('It hears nothing.')).toBeVisible();
  await expect(page.getByRole('img', { name: t('baseline.page-loss') })).toBeVisible();
  await expect(page.getByText(t('baseline.page-outcome', { epoch: 2, last: 3 }))).toBeVisible();
  await expect(page.getByText('--seed 42')).toBeVisible();
  await expect(page.getByRole('cell', { name: 'CC BY 3.0' })).toBeVisible();
  await page.getByText(t('baseline.page-numbers')).click();
  await expect(page.getByRole('row').filter({ hasText: '1,200' })).toBeVisible();
  await expectNoBarriers(page);

  const link = page.getByRole('link', { name: 'MODEL_CARD.md' });
  const taken = await page.request.get(new URL((await link.getAttribute('href'))!, origin()).href);
  expect(await taken.text()).toBe(card);
});
