import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { translator } from '#lib/messages/translate.ts';
import { aContest, type Contest, predictions } from './contest.ts';
import { aMember, origin, signIn } from './people.ts';

/*
 * A team looks into its errors on the open split: from the upload to the file that is taken along.
 */

test.use({ locale: 'ru-RU' });
const t = translator('ru');
let contest: Contest;

test.beforeAll(async () => {
  contest = await aContest('lab');
});

test('a team uploads for dev, sees and hears every error, compares two files and takes the analysis along', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const lab = `${origin()}/c/${contest.slug}/lab`;
  await page.goto(lab);
  await expect(page.getByText(t('lab.sign-in-first'), { exact: true })).toBeVisible();
  await signIn(page, await aMember());
  await joinAs(page, 'Тихий час');

  await page.goto(lab);
  await expect(page.getByText(t('lab.empty'), { exact: true })).toBeVisible();
  await expectNoBarriers(page);
  await page.getByRole('link', { name: t('lab.upload') }).click();
  await expect(page.getByRole('radio', { name: t('upload.split-dev') })).toBeChecked();
  await upload(page, 'first.csv', 2);
  await page.getByRole('link', { name: t('upload.receipt-lab') }).click();

  const shown = page.locator('#utterance');
  await expect(shown.getByText(t('lab.substitution'), { exact: true })).toHaveCount(2, { timeout: 20_000 });
  await expect(page.getByText('40,0 %').first()).toBeVisible();
  await expectNoBarriers(page);
  const sound = await page.locator('audio').getAttribute('src');
  expect((await page.request.get(`${origin()}${sound}`)).headers()['content-type']).toBe('audio/wav');
  await expect(shown.getByRole('img')).toBeVisible();

  await page.getByLabel(t('lab.sort')).selectOption('id');
  await page.getByLabel(t('lab.slice')).selectOption({ label: 'noise: да' });
  await page
    .getByRole('region', { name: t('lab.list') })
    .getByRole('button', { name: t('lab.show') })
    .click();
  await expect(page.getByRole('region', { name: t('lab.list') }).getByRole('listitem')).toHaveCount(2);
  await expect(shown.getByRole('heading', { name: 'u09' })).toBeVisible();
  await shown.getByRole('link', { name: t('lab.next') }).click();
  await expect(shown.getByRole('heading', { name: 'u11' })).toBeVisible();
  expect(new URL(page.url()).searchParams.get('utterance')).toBe('u11');
  await page.getByRole('link', { name: t('lab.list-reset') }).click();
  await page.getByRole('link', { name: 'проверка мимо' }).click();
  await expect(page.getByText(t('lab.has', { error: 'проверка → мимо' }))).toBeVisible();

  await page.goto(`${origin()}/c/${contest.slug}/submit?split=dev`);
  // One error is left, since files that differ everywhere alike cannot be told apart.
  await upload(page, 'second.csv', 0, (text) => text.replace('проверка', 'мимо'));
  await page.getByRole('link', { name: t('upload.receipt-lab') }).click();
  await page.getByLabel(t('lab.against')).selectOption({ index: 2 });
  await page
    .getByRole('button', { name: t('lab.show') })
    .first()
    .click();
  await expect(page.getByText(t('lab.comparison-better', { first: 'second.csv', second: 'first.csv' }))).toBeVisible();
  await expect(page.getByText('−33,3 п.п.').first()).toBeVisible();
  await expectNoBarriers(page);

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: t('lab.csv') }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('second-errors.csv');
  expect(
    readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\r\n'),
  ).toHaveLength(contest.dev.size + 1);
});

test('shows the same without JavaScript', async ({ browser, page }) => {
  await signIn(page, await aMember());
  await joinAs(page, 'Без скриптов');
  await page.goto(`${origin()}/c/${contest.slug}/submit?split=dev`);
  await upload(page, 'plain.csv', 1);
  const plain = await browser.newContext({
    javaScriptEnabled: false,
    locale: 'ru-RU',
    storageState: await page.context().storageState(),
  });
  const reader = await plain.newPage();
  const substitution = reader.locator('#utterance').getByText(t('lab.substitution'), { exact: true });
  await expect(async () => {
    await reader.goto(`${origin()}/c/${contest.slug}/lab`);
    await expect(substitution).toHaveCount(1, { timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await reader.getByLabel(t('lab.sort')).selectOption('length');
  await reader.getByRole('button', { name: t('lab.show') }).click();
  expect(new URL(reader.url()).searchParams.get('sort')).toBe('length');
  await expect(substitution).toHaveCount(1);
  await plain.close();
});

async function joinAs(page: Page, team: string): Promise<void> {
  await page.goto(`${origin()}/c/${contest.slug}/rules`);
  await page.getByRole('button', { name: t('competition.accept') }).click();
  // Whoever goes on before the answer is there takes the request back.
  await expect(page.getByText(t('competition.accept-title'))).toBeHidden();
  await page.goto(`${origin()}/c/${contest.slug}/team`);
  await page.getByLabel(t('team.name'), { exact: true }).fill(team);
  await page.getByRole('button', { name: t('team.create') }).click();
  await expect(page.getByRole('heading', { name: team })).toBeVisible();
}

async function upload(page: Page, name: string, wrong: number, edit = (text: string) => text): Promise<void> {
  const buffer = Buffer.from(edit(predictions(contest.dev, wrong).toString()));
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });
  await expect(page.getByText(t('upload.sound'))).toBeVisible();
  await page.getByRole('button', { name: t('upload.send'), exact: true }).click();
  await expect(page.getByText(t('upload.receipt'), { exact: true })).toBeVisible();
}

async function expectNoBarriers(page: Page): Promise<void> {
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
}
