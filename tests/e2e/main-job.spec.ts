import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import type { Language } from '#lib/messages/language.ts';
import { translator } from '#lib/messages/translate.ts';
import { expectNoBarriers } from './barriers.ts';
import { aContest, type Contest, predictions } from './contest.ts';
import { anEmail, aPassword, mailedLink, origin } from './people.ts';

/*
 * The main job, as people do it: from the sign-up to a place on a board that others watch.
 */

const languages: Record<Language, { locale: string; scheme: 'light' | 'dark' }> = {
  ru: { locale: 'ru-RU', scheme: 'light' },
  en: { locale: 'en-GB', scheme: 'dark' },
};

test.describe.configure({ mode: 'default' });

for (const [language, { locale, scheme }] of Object.entries(languages) as [Language, (typeof languages)['ru']][]) {
  test.describe(`in ${language}`, () => {
    test.use({ locale, colorScheme: scheme });
    const t = translator(language);
    let contest: Contest;

    test.beforeAll(async () => {
      contest = await aContest(`main-job-${language}`);
    });

    test('a newcomer signs up, forms a team, takes the data, uploads, and others see the place', async ({
      page,
      browser,
    }) => {
      test.setTimeout(180_000);
      const { slug } = contest;
      const audience = await (await browser.newContext({ locale, viewport: { width: 390, height: 844 } })).newPage();
      await audience.goto(`${origin()}/live/${slug}`);
      const watcher = await (await browser.newContext({ locale, viewport: { width: 1280, height: 800 } })).newPage();
      await watcher.goto(`${origin()}/c/${slug}/board`);
      await expect(watcher.getByText(t('board.empty'))).toBeVisible();

      await signUp(page, language);

      await page.goto(`${origin()}/c/${slug}/rules`);
      await expectNoBarriers(page);
      await page.getByRole('button', { name: t('competition.accept') }).click();
      // Whoever goes on before the answer is there takes the request back.
      await expect(page.getByText(t('competition.accept-title'))).toBeHidden();
      await page.goto(`${origin()}/c/${slug}/team`);
      await page.getByLabel(t('team.name'), { exact: true }).fill('Тихий час');
      await page.getByRole('button', { name: t('team.create') }).click();
      await expect(page.getByRole('heading', { name: 'Тихий час' })).toBeVisible();

      await page.goto(`${origin()}/c/${slug}/data`);
      const download = page.waitForEvent('download');
      await page.locator('a[href*="sample_submission.csv"]').first().click();
      const sample = readFileSync(await (await download).path(), 'utf8');
      expect(sample.trim().split('\n')).toHaveLength(contest.test.size + 1);

      await page.goto(`${origin()}/c/${slug}/submit`);
      await choose(page, 'broken.csv', Buffer.from(sample.replace('u03', 'u99')));
      await expect(page.getByText(/u99/)).toBeVisible();
      await expect(page.getByText(/u03/)).toBeVisible();
      await choose(page, 'damaged.csv.gz', Buffer.concat([gzipSync(sample), Buffer.from('more')]));
      await expect(page.getByText(t('problems.gzip-damaged'))).toBeVisible();
      await choose(page, 'first.csv.gz', inTwoMembers(predictions(contest.test, 2)));
      await expect(page.getByText(t('upload.sound'))).toBeVisible();
      await expectNoBarriers(page);
      await page.getByRole('button', { name: t('upload.send-test') }).click();
      await expect(page.getByText(t('upload.receipt'), { exact: true })).toBeVisible();

      const place = watcher.getByRole('row').filter({ hasText: 'Тихий час' });
      await expect(place).toBeVisible({ timeout: 15_000 });
      await expect(place).toContainText(language === 'ru' ? '40,0' : '40.0');
      await expect(audience.getByRole('row').filter({ hasText: 'Тихий час' })).toBeVisible({ timeout: 15_000 });

      await page.goto(`${origin()}/c/${slug}/submissions`);
      await expect(page.getByRole('rowheader').getByText('first.csv.gz')).toBeVisible();
      await page.goto(`${origin()}/c/${slug}/board`);
      await expect(page.getByRole('row').filter({ hasText: t('board.you') })).toContainText('Тихий час');
      await expectNoBarriers(page);
    });
  });
}

async function signUp(page: Page, language: Language): Promise<void> {
  const t = translator(language);
  const email = anEmail();
  await page.goto(`${origin()}/sign-up`);
  await page.getByRole('textbox').first().fill(email);
  await page.getByRole('button', { name: t('auth.sign-up-send') }).click();
  await expect(page.getByText(email)).toBeVisible();
  await page.goto(await mailedLink(page, email));
  await page.getByLabel(t('auth.name'), { exact: true }).fill('Анна');
  await page.getByLabel(t('auth.password'), { exact: true }).fill(aPassword);
  await page.getByRole('button', { name: t('auth.confirm-sign-up') }).click();
  await page.waitForURL(`${origin()}/`);
}

/** As `cat first.gz second.gz` makes it, and programs that compress on several cores. */
function inTwoMembers(file: Buffer): Buffer {
  return Buffer.concat([gzipSync(file.subarray(0, 100)), gzipSync(file.subarray(100))]);
}

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });
}
