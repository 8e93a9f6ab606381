import { expect, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { users } from '#lib/db/schema.ts';
import { translator } from '#lib/messages/translate.ts';
import { toLocalInput } from '#lib/time.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn } from './people.ts';

test.use({ locale: 'ru-RU' });

const t = translator('ru');
const course = () => `${origin()}/course/${ofThisTry('networks')}`;
const day = 24 * 3600 * 1000;
const inDays = (days: number) => toLocalInput(new Date(Date.now() + days * day), 'Europe/Moscow');

test('a teacher brings a roster, types results, extends, publishes; each student sees their own sheet', async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000);
  const [teacher, anna, boris] = [await aMember(), await aMember({ name: 'Анна' }), await aMember({ name: 'Борис' })];
  await ownerDatabase()
    .update(users)
    .set({ isAdministrator: true })
    .where(eq(users.emailKey, teacher.email.toLowerCase()));
  await signedIn(page, teacher);
  await createCourse(page);
  await bringRoster(page, anna.email, boris.email);
  await addHomework(page);
  await typeResults(page);
  await extend(page);
  await publish(page);

  const sheetOf = async (person: typeof anna) => {
    const reader = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
    await signedIn(reader, person);
    await reader.goto(`${course()}/sheet`);
    return reader;
  };
  const own = await sheetOf(anna);
  await expect(own.getByRole('heading', { name: 'Анна Первая' })).toBeVisible();
  await expect(own.getByText('опоздание 2 дня: −1')).toBeVisible();
  expect(await own.content()).not.toContain('Борис Второй');
  await expectNoBarriers(own);
  await own.getByLabel(t('course.contact'), { exact: true }).fill('@anna');
  await own.getByRole('button', { name: t('course.consent-give') }).click();
  await expect(own.getByText(t('course.consent-given'))).toBeVisible();
  expect((await own.goto(`${course()}/manage/grades`))?.status()).toBe(404);
  const other = await sheetOf(boris);
  await expect(other.getByRole('rowheader').filter({ hasText: t('course.why-in-time') })).toBeVisible();
  expect(await other.content()).not.toContain('Анна Первая');
  await page.reload();
  await expect(page.getByText('@anna')).toBeVisible();
});

async function createCourse(page: Page): Promise<void> {
  await page.goto(`${origin()}/course`);
  await page.getByLabel(t('organise.slug'), { exact: true }).fill(ofThisTry('networks'));
  await page.getByLabel(t('organise.name-ru')).fill('Нейронные сети');
  await page.getByLabel(t('organise.name-en')).fill('Neural networks');
  await page.getByRole('button', { name: t('course.create'), exact: true }).click();
  await page.waitForURL(`${course()}/manage`);
  await expectNoBarriers(page);
  await page.getByRole('button', { name: t('course.open'), exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('course.open'), exact: true })
    .click();
  await expect(page.getByText(t('course.open-text'))).toBeHidden();
}

async function bringRoster(page: Page, anna: string, boris: string): Promise<void> {
  await page.goto(`${course()}/manage/roster`);
  const bring = async (text: string, encoding: 'utf8' | 'utf16le') => {
    const buffer = Buffer.from(`\ufeff${text}`, encoding);
    await page
      .getByLabel(t('course.file'), { exact: true })
      .setInputFiles({ name: 'roster.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: t('course.check'), exact: true }).click();
  };
  await bring(`номер;фио;почта\n1;Анна Первая;${anna}\n1;;нет`, 'utf8');
  await expect(page.getByText(t('course.broken', { count: 3 }))).toBeVisible();
  await bring(`номер;фио;почта\n1;Анна Первая;${anna}\n2;Борис Второй;${boris}\n`, 'utf16le');
  await expect(page.getByText(t('course.encoding', { encoding: 'UTF-16' }))).toBeVisible();
  await page.getByRole('button', { name: t('course.import'), exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Борис Второй' })).toContainText(t('course.linked'));
  await expectNoBarriers(page);
}

async function addHomework(page: Page): Promise<void> {
  await page.goto(`${course()}/manage/programme`);
  const form = page.getByRole('form', { name: t('course.homework') });
  await form.getByLabel(t('course.title-ru')).fill('Первое задание');
  await form.getByLabel(t('course.field-handed-out-at')).fill(inDays(-20));
  await form.getByLabel(t('course.field-soft')).fill(inDays(-6));
  await form.getByLabel(t('course.field-hard')).fill(inDays(8));
  await form.getByRole('button', { name: t('course.add'), exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Первое задание' })).toBeVisible();
}

async function typeResults(page: Page): Promise<void> {
  await page.goto(`${course()}/manage/results`);
  const cell = (column: 'column-marked' | 'column-handed-in', name: string) =>
    page.getByLabel(`${t(`course.${column}`)}: ${name}`);
  await cell('column-marked', 'Анна Первая').fill('18,5');
  await cell('column-handed-in', 'Анна Первая').fill(inDays(-1.5));
  await cell('column-marked', 'Борис Второй').fill('21');
  await page.getByLabel(t('course.everybody-at')).fill(inDays(-7));
  const record = page.getByRole('button', { name: t('course.record'), exact: true });
  await record.click();
  // Refused as a whole; what was typed is still there.
  await expect(page.getByText(t('common.error-result-points', { name: 'Борис Второй', most: 20 }))).toBeVisible();
  await expect(cell('column-marked', 'Анна Первая')).toHaveValue('18,5');
  await cell('column-marked', 'Борис Второй').fill('20');
  await record.click();
  await expect(page.getByText(t('course.results-recorded', { count: 2 }))).toBeVisible();
}

/** Four and a half days late, of which two and more are left after the extension. */
async function extend(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Анна Первая' }).click();
  await expect(page.getByText('опоздание 5 дней: −2,5')).toBeVisible();
  await page.getByText(t('course.extension-add'), { exact: true }).click();
  const form = page.getByRole('form', { name: t('course.extension-add') });
  await form.getByLabel(t('course.field-soft')).fill(inDays(-3));
  await form.getByLabel(t('course.reason')).fill('Болезнь');
  await form.getByRole('button', { name: t('course.extension-grant'), exact: true }).click();
  await expect(page.getByText('опоздание 2 дня: −1')).toBeVisible();
  await expectNoBarriers(page);
}

async function publish(page: Page): Promise<void> {
  await page.goto(`${course()}/manage/grades`);
  await page.getByRole('button', { name: t('course.publish'), exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('course.publish-confirm'), exact: true })
    .click();
  await expect(page.getByText(t('course.published-stands'))).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: `${t('course.export-now')}: XLSX` }).click();
  expect((await download).suggestedFilename()).toBe(`${ofThisTry('networks')}.xlsx`);
}
