import { expect, test } from '@playwright/test';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition } from '../builders.ts';
import { aMember, origin, ownerDatabase, signedIn } from './people.ts';

/*
 * The documentation in the product: found from every page, read in both languages, searched, copied from.
 */

test.use({ locale: 'ru-RU' });

test('a reader finds the documentation, a page in it, and the same page in the other language', async ({ page }) => {
  await page.goto(`${origin()}/`);
  await page.getByRole('banner').getByRole('link', { name: 'Документация' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Документация' })).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Как считается оценка' }).last().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Как считается оценка' })).toBeVisible();
  await page.getByRole('navigation', { name: 'На этой странице' }).getByRole('link', { name: 'Интервал' }).click();
  expect(decodeURIComponent(new URL(page.url()).hash)).toBe('#интервал');
  await page.getByRole('button', { name: 'en', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'How scoring works' })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/docs/teams/scoring');
});

test('a search takes any form of a word, and leads to the place', async ({ page }) => {
  await page.goto(`${origin()}/docs`);
  await page.getByRole('searchbox').fill('лестницей');
  await page.keyboard.press('Enter');
  const first = page.getByRole('main').getByRole('listitem').getByRole('heading').getByRole('link').first();
  await expect(first).toHaveText('Лестница');
  await first.click();
  await expect(page.getByRole('heading', { level: 2, name: 'Лестница' })).toBeInViewport();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, permissions: ['clipboard-read', 'clipboard-write'] });

  test('code is copied whole, and nothing is wider than the screen', async ({ page }) => {
    await page.goto(`${origin()}/docs/teams/lab`);
    await page.getByRole('button', { name: 'Скопировать' }).first().click();
    await expect(page.getByRole('button', { name: 'Скопировано' })).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^rostrum score --ref data\/dev\/manifest\.csv [\s\S]* --compare old\.csv --profile ru-yo$/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});

test('the quick start makes a token, shows it once, and names it in its cells from then on', async ({ page }) => {
  const { slug } = await aCompetition(ownerDatabase());
  await signedIn(page, await aMember());
  const address = `${origin()}/c/${slug}/quick-start?tool=node`;
  await page.goto(address);
  await expect(page.getByRole('link', { name: translator('ru')('upload.to-rules') })).toBeVisible();
  await page.getByLabel('Для чего он').fill('ноутбук “дома”');
  await page.getByRole('button', { name: 'Создать токен' }).click();
  const secret = await page.getByLabel('Скопируйте токен').inputValue();
  expect(secret).toMatch(/^rst_/);
  await page.goto(address);
  const cells = await page.locator('main pre').allTextContents();
  expect(cells[0]).toBe(
    'read -rs ROSTRUM_TOKEN && export ROSTRUM_TOKEN    # вставьте токен «ноутбук “дома”» и нажмите Enter',
  );
  expect(cells[1]).toContain(`/competitions/${slug}`);
  expect(await page.content()).not.toContain(secret);
});
