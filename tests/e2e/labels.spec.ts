import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { users } from '#lib/db/schema.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition, anUpload, aPredictionsFile, aTeam, aTestSplit, tenUtterances } from '../builders.ts';
import { aMember, origin, ownerDatabase, signIn } from './people.ts';

test.use({ locale: 'ru-RU' });

const t = translator('ru');

test('an organiser corrects a reference, sees who would move, and applies it', async ({ page, browser }) => {
  test.setTimeout(120_000);
  const owner = ownerDatabase();
  const competition = await aTestSplit(owner, await aCompetition(owner, { slug: 'wrong-labels' }));
  const person = await aMember();
  const [account] = await owner.select().from(users).where(eq(users.emailKey, person.email.toLowerCase()));
  await grantRole(owner, competition.id, account!.id, 'organiser', { actorId: null });
  const { team, people } = await aTeam(owner, competition, { name: 'Правы' });
  await createSubmission(owner, anUpload(competition, people[0]!, { bytes: aPredictionsFile(tenUtterances, 1, 'не') }));
  const visitor = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  const board = visitor.getByRole('row', { name: new RegExp(team.name) });
  await expect(async () => {
    await visitor.goto(`${origin()}/c/wrong-labels/board`);
    await expect(board).toContainText('4,0', { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });

  await signIn(page, person);
  await page.goto(`${origin()}/organise/wrong-labels`);
  await page.getByRole('link', { name: t('console.labels'), exact: true }).click();
  await page.getByLabel(t('labels.search')).fill('u1');
  await page.getByRole('button', { name: t('labels.find') }).click();
  await page.getByRole('button', { name: t('labels.edit-label', { id: 'u1' }), exact: true }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'u1' }).first();
  await row.getByLabel(t('labels.reference'), { exact: true }).fill('нераз два три четыре пять');
  await row.getByLabel(t('labels.reason')).fill('послушали');
  await row.getByRole('button', { name: t('labels.save') }).click();
  await expect(row.getByText(t('labels.saved', { changed: 1 }))).toBeVisible();
  await page.getByRole('button', { name: t('labels.rescore') }).click();
  const moves = page.getByRole('table', { name: t('labels.difference') });
  await expect(moves.getByRole('row', { name: new RegExp(team.name) })).toContainText(/4,0\s%\s→\s0,0\s%/, {
    timeout: 30_000,
  });
  await expectNoBarriers(page);
  await visitor.reload();
  await expect(board).toContainText('4,0');

  await page.getByLabel(t('labels.reason')).first().fill('договорились');
  await page.getByRole('button', { name: t('labels.apply'), exact: true }).click();
  await expect(page.getByText(t('labels.applied'))).toBeVisible();
  await visitor.reload();
  await expect(board).toContainText('0,0');
  await visitor.goto(`${origin()}/c/wrong-labels/data`);
  await expect(visitor.getByText(t('labels.commitment-version', { version: 2 }))).toBeVisible();
});

async function expectNoBarriers(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}
