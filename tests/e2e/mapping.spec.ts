import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { users } from '#lib/db/schema.ts';
import { translator } from '#lib/messages/translate.ts';
import { expectNoBarriers } from './barriers.ts';
import { aContest, type Contest, predictions } from './contest.ts';
import { aMember, origin, ownerDatabase, signedIn } from './people.ts';

/*
 * An organiser brings the spellings that count as others, until the first file is scored by them.
 */

test.use({ locale: 'ru-RU' });
const t = translator('ru');

test('a table of spellings is looked at, corrected, saved, removed, and fixed by the first file', async ({ page }) => {
  test.setTimeout(120_000);
  const contest = await aContest('mapping');
  await signInAsAdministrator(page);
  await page.goto(`${origin()}/organise/${contest.slug}/limits`);
  const section = page.locator('#mapping');
  await expect(section.getByText(t('organise.mapping-none'))).toBeVisible();

  await choose(section, 'from,to\nпроверка\nприём,приёмка\nприём,прием\n,пусто\n');
  await press(section, 'mapping-check');
  await expect(section.getByText(t('organise.mapping-broken', { count: 3 }))).toBeVisible();
  const problems = section.getByRole('row').filter({ hasText: 'mapping-' });
  await expect(problems).toHaveCount(3);
  for (const [i, told] of ['2', '4', '5'].entries())
    await expect(problems.nth(i).getByText(told).first()).toBeVisible();
  await expectNoBarriers(page);

  await choose(section, 'from,to\nприём,прием\nпроверка связи,проверка\n');
  await press(section, 'mapping-check');
  await expect(section.getByText(t('organise.mapping-touched', { touched: '3', of: '3' }))).toBeVisible();
  await expect(section.getByRole('cell', { name: 'проверка связи', exact: true })).toBeVisible();
  await expectNoBarriers(page);
  await press(section, 'mapping-save');
  await expect(section.getByText(t('organise.mapping-saved'))).toBeVisible();
  await expect(section.getByText(t('organise.mapping-now', { rules: 2 }))).toBeVisible();
  const download = page.waitForEvent('download');
  await section.getByRole('link', { name: t('organise.mapping-download') }).click();
  expect(readFileSync(await (await download).path(), 'utf8')).toBe(
    'from,to\r\n"приём","прием"\r\n"проверка связи","проверка"\r\n',
  );

  await press(section, 'mapping-remove');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('organise.mapping-remove') })
    .click();
  await expect(section.getByText(t('organise.mapping-none'))).toBeVisible();

  await pinBaseline(page, contest);
  // The form still stands in this window, as it does in another organiser's.
  await press(section, 'mapping-save');
  await expect(section.getByText(t('common.error-fixed-by-scores'))).toBeVisible();
  await page.reload();
  await expect(section.getByText(t('organise.mapping-fixed'))).toBeVisible();
  await expect(section.getByRole('button')).toHaveCount(0);
});

async function signInAsAdministrator(page: Page): Promise<void> {
  const person = await aMember();
  const isThem = eq(users.emailKey, person.email.toLowerCase());
  await ownerDatabase().update(users).set({ isAdministrator: true }).where(isThem);
  await signedIn(page, person);
}

async function choose(section: Locator, table: string): Promise<void> {
  const file = { name: 'table.csv', mimeType: 'text/csv', buffer: Buffer.from(table) };
  await section.locator('input[type=file]').setInputFiles(file);
}

async function press(section: Locator, name: 'mapping-check' | 'mapping-save' | 'mapping-remove'): Promise<void> {
  await section.getByRole('button', { name: t(`organise.${name}`), exact: true }).click();
}

async function pinBaseline(page: Page, contest: Contest): Promise<void> {
  const answer = await page.request.post(
    `${origin()}/organise/${contest.slug}/baseline/file?name=Baseline&split=test`,
    {
      headers: { Origin: origin(), 'Content-Type': 'application/octet-stream' },
      data: predictions(contest.test, 1),
    },
  );
  expect(answer.status()).toBe(201);
}
