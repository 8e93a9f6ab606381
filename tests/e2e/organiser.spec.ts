import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { modelFolder } from '#lib/baseline-models.ts';
import { users } from '#lib/db/schema.ts';
import { translator } from '#lib/messages/translate.ts';
import { toLocalInput } from '#lib/time.ts';
import { writeModel } from '#scoring/baseline/model-folder.ts';
import { anUntrainedModel } from '../baseline-model.ts';
import { expectNoBarriers } from './barriers.ts';
import { aDatasetFolder, ownerEnvironment, predictions } from './contest.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn } from './people.ts';

test.use({ locale: 'ru-RU' });

const t = translator('ru');
const slug = () => ofThisTry('autumn');
const zone = 'Europe/Moscow';
const day = 24 * 3600 * 1000;
const inDays = (days: number) => toLocalInput(new Date(Date.now() + days * day), zone);

test('an organiser opens a competition of their own: dates, data, a baseline, and the public sees it', async ({
  page,
  browser,
}) => {
  test.setTimeout(180_000);
  const person = await aMember();
  await ownerDatabase()
    .update(users)
    .set({ isAdministrator: true })
    .where(eq(users.emailKey, person.email.toLowerCase()));
  const contest = aDatasetFolder(join(ownerEnvironment().ROSTRUM_HOME ?? '', 'import', 'autumn'));
  const model = modelFolder(ownerEnvironment().ROSTRUM_HOME ?? '', 'untrained');
  await writeModel(model, anUntrainedModel(), { card: '# Untrained\n', curves: [], recipe: null });
  await signedIn(page, person);

  await page.goto(`${origin()}/organise`);
  await page.getByLabel(t('organise.slug'), { exact: true }).fill(slug());
  await page.getByLabel(t('organise.name-ru')).fill('Осень');
  await page.getByLabel(t('organise.name-en')).fill('Autumn');
  await page.getByLabel(t('organise.submissions-start')).fill(inDays(-1));
  await page.getByLabel(t('organise.submissions-end')).fill(inDays(7));
  await page.getByRole('button', { name: t('organise.create'), exact: true }).click();
  await page.waitForURL(`${origin()}/organise/${slug()}`);
  await expect(page.getByRole('main')).toContainText(t('organise.profile-ru-yo'));
  const stranger = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  expect((await stranger.goto(`${origin()}/c/${slug()}`))?.status()).toBe(404);

  await openPage(page, 'data');
  await page.getByLabel(t('organise.import-path'), { exact: true }).fill('../outside.csv');
  await page.getByRole('button', { name: t('organise.import'), exact: true }).click();
  await expect(page.getByText(t('common.error-import-outside'))).toBeVisible();
  await page.getByLabel(t('organise.import-path'), { exact: true }).fill('autumn/manifest.csv');
  await page.getByRole('button', { name: t('organise.import'), exact: true }).click();
  await expect(page.getByText(t('organise.import-done'), { exact: true })).toBeVisible({ timeout: 30_000 });

  await openPage(page, 'baseline');
  const baseline = predictions(contest.test, 1);
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'baseline.csv', mimeType: 'text/csv', buffer: baseline });
  await page.getByRole('button', { name: t('organise.baseline-pin'), exact: true }).click();
  await expect(page.getByText(t('organise.baseline-pinned'))).toBeVisible();

  // A model of the installation is run by a worker, which pins what it wrote.
  const asking = page.locator('form').filter({ has: page.getByLabel(t('organise.baseline-run-model')) });
  await asking.getByLabel(t('organise.baseline-run-model')).selectOption('untrained');
  await asking.getByLabel(t('organise.baseline-split')).selectOption('dev');
  await asking.getByRole('button', { name: t('organise.baseline-run'), exact: true }).click();
  await expect(page.getByRole('main').locator('li').getByText(t('organise.import-done'), { exact: true })).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText('untrained-greedy.csv')).toBeVisible();
  await expectNoBarriers(page);

  const publish = async () => {
    await page.getByRole('button', { name: t('organise.publish'), exact: true }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('organise.publish'), exact: true })
      .click();
  };
  await openPage(page, 'overview');
  // Nobody publishes recordings without saying whose they are.
  await expect(page.getByText(t('organise.publish-first'))).toBeVisible();
  await expect(page.getByRole('button', { name: t('organise.publish'), exact: true })).toHaveCount(0);
  await page.goto(`${origin()}/organise/${slug()}/texts`);
  await page.getByLabel(t('organise.licence'), { exact: true }).fill('CC BY 4.0');
  await page.getByLabel(t('organise.attribution'), { exact: true }).fill('Записано на кафедре');
  await page.getByRole('button', { name: t('organise.save'), exact: true }).click();
  await expect(page.getByText(t('organise.saved'))).toBeVisible();
  await openPage(page, 'overview');
  await publish();
  await expect.poll(async () => (await stranger.goto(`${origin()}/c/${slug()}/board`))?.status()).toBe(200);
  await expect(stranger.getByRole('row').filter({ hasText: '20,0' })).toBeVisible({ timeout: 20_000 });
  await stranger.goto(`${origin()}/c/${slug()}/baseline`);
  await expect(stranger.getByText('baseline.csv')).toBeVisible();
  await expect(stranger.getByText('20,0 %').first()).toBeVisible();

  // A published date moves with a reason only.
  await openPage(page, 'timeline');
  const close = page.getByLabel(t('organise.field-submissionsEndAt'));
  await close.fill(inDays(9));
  const dates = page.locator('form').filter({ has: close });
  await dates.getByRole('button', { name: t('organise.save'), exact: true }).click();
  await expect(dates.getByText(t('common.error-reason-required'))).toBeVisible();
  await dates.getByLabel(t('organise.reason'), { exact: true }).fill('Сбой сети в общежитии');
  await dates.getByRole('button', { name: t('organise.save'), exact: true }).click();
  await expect(dates.getByText(t('organise.saved'))).toBeVisible();
  await openPage(page, 'log');
  await expect(page.getByText('Сбой сети в общежитии').last()).toBeVisible();
  // The worker chains within seconds.
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/^[0-9a-f]{64}$/)).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await page.getByLabel(t('log.group'), { exact: true }).selectOption('teams');
  await page.getByRole('button', { name: t('log.show'), exact: true }).click();
  await expect(page.getByText(t('log.none-filtered'))).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: t('log.export') }).click();
  expect((await download).suggestedFilename()).toBe(`${slug()}-log.csv`);
});

/** By the console's own menu. */
async function openPage(page: Page, name: 'overview' | 'data' | 'baseline' | 'timeline' | 'log'): Promise<void> {
  const menu = page.getByRole('navigation', { name: t('people.console') });
  await menu.getByRole('link', { name: t(`console.${name}`), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: t(`console.${name}`) })).toBeVisible();
}
