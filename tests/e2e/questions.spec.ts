import { expect, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { users } from '#lib/db/schema.ts';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition } from '../builders.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, origin, ownerDatabase, signedIn } from './people.ts';

test.use({ locale: 'ru-RU' });

const t = translator('ru');

test('a question that an assistant answers to all is read by others, without the name of who asked', async ({
  page,
  browser,
}) => {
  const owner = ownerDatabase();
  const { slug, id } = await aCompetition(owner);
  const [asker, assistant] = [await aMember({ name: 'Пётр Любопытный' }), await aMember({ name: 'Алла' })];
  const [account] = await owner.select({ id: users.id }).from(users).where(eq(users.email, assistant.email));
  await grantRole(owner, id, account!.id, 'assistant', { actorId: null });

  await signedIn(page, asker);
  await page.goto(`${origin()}/c/${slug}/questions`);
  await page.getByLabel(t('questions.ask-label')).fill('Это Пётр. Можно ли внешние данные?');
  await page.getByRole('button', { name: t('questions.send'), exact: true }).click();
  await expect(page.getByText(t('questions.sent', { email: asker.email }))).toBeVisible();
  await expectNoBarriers(page);

  const desk = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  await signedIn(desk, assistant);
  await desk.goto(`${origin()}/organise/${slug}/questions`);
  await desk.getByLabel(t('questions.answer-label')).fill('Можно, **с указанием** источника.');
  await desk.getByLabel(t('questions.to-all')).check();
  await desk.getByLabel(t('questions.public-label')).fill('Можно ли внешние данные?');
  await desk.getByRole('button', { name: t('questions.reply'), exact: true }).click();
  await expect(desk.getByText(t('questions.to-all-chip'), { exact: true })).toBeVisible();

  const other = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  await other.goto(`${origin()}/c/${slug}/questions`);
  await expect(other.getByText('Можно ли внешние данные?', { exact: true })).toBeVisible();
  await expect(other.getByText('Можно, с указанием источника.')).toBeVisible();
  expect(await other.content()).not.toContain('Пётр');
  await page.reload();
  await expect(page.getByText('Это Пётр. Можно ли внешние данные?')).toBeVisible();
  await expect(page.getByText(t('questions.also-public'))).toBeVisible();
});
