import { expect, type Page, test } from '@playwright/test';
import { eq, sql } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { sessions, users } from '#lib/db/schema.ts';
import { freshHours } from '#lib/db/sessions.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition, anUpload, aPredictionsFile, aTeam, aTestSplit, tenUtterances } from '../builders.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn, type TestPerson } from './people.ts';

test.use({ locale: 'ru-RU' });

const t = translator('ru');
const slug = () => ofThisTry('wrong-labels');

test('an organiser corrects a reference, sees who would move, and applies it', async ({ page, browser }) => {
  test.setTimeout(120_000);
  const owner = ownerDatabase();
  const competition = await aTestSplit(owner, await aCompetition(owner, { slug: slug() }));
  const person = await aMember();
  const [account] = await owner.select().from(users).where(eq(users.emailKey, person.email.toLowerCase()));
  await grantRole(owner, competition.id, account!.id, 'organiser', { actorId: null });
  const { team, people } = await aTeam(owner, competition, { name: 'Правы' });
  await createSubmission(owner, anUpload(competition, people[0]!, { bytes: aPredictionsFile(tenUtterances, 1, 'не') }));
  const visitor = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  const board = visitor.getByRole('row', { name: new RegExp(team.name) });
  await expect(async () => {
    await visitor.goto(`${origin()}/c/${slug()}/board`);
    await expect(board).toContainText('4,0', { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });

  await signedIn(page, person);
  await page.goto(`${origin()}/organise/${slug()}`);
  await confirmAfterHours(page, person, account!.id);
  await page.getByLabel(t('labels.search')).fill('u1');
  await page.getByRole('button', { name: t('labels.find') }).click();
  await page.getByRole('button', { name: t('labels.edit-label', { id: 'u1' }), exact: true }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'u1' }).first();
  await row.getByLabel(t('labels.reference'), { exact: true }).fill('нераз два три четыре пять');
  await row.getByLabel(t('labels.reason')).fill('послушали');
  await confirmInTheMiddle(page, person, account!.id, () =>
    row.getByRole('button', { name: t('labels.save') }).click(),
  );
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
  await visitor.goto(`${origin()}/c/${slug()}/data`);
  await expect(visitor.getByText(t('labels.commitment-version', { version: 2 }))).toBeVisible();
});

/** Hours later references open only after one more proof, which leads back to them. */
async function confirmAfterHours(page: Page, { password }: TestPerson, userId: string): Promise<void> {
  await letHoursPass(userId);
  await page.getByRole('link', { name: t('console.labels'), exact: true }).click();
  await expect(page.getByText(t('labels.confirm-why'))).toBeVisible();
  await expect(page.getByLabel(t('labels.search'))).toHaveCount(0);
  // A link to the desk itself leads to the same step.
  await page.goto(`${origin()}/organise/${slug()}/desk/labels/state`);
  await expect(page.getByRole('heading', { name: t('auth.again-title') })).toBeVisible();
  await page.goto(`${origin()}/organise/${slug()}/labels`);
  await page.getByRole('link', { name: t('labels.confirm') }).click();
  await expectNoBarriers(page);
  await page.getByLabel(t('auth.password')).fill('не тот');
  await page.getByRole('button', { name: t('auth.again-confirm') }).click();
  await expect(page.getByText(t('common.error-wrong-password'))).toBeVisible();
  await page.getByLabel(t('auth.password')).fill(password);
  await page.getByRole('button', { name: t('auth.again-confirm') }).click();
  await page.waitForURL(`${origin()}/organise/${slug()}/labels`);
}

/** What is typed stays while the proof is given in another tab. */
async function confirmInTheMiddle(page: Page, { password }: TestPerson, userId: string, save: () => Promise<void>) {
  await letHoursPass(userId);
  await save();
  const [tab] = await Promise.all([
    page.waitForEvent('popup'),
    // The list asks again by itself, and may say the same.
    page
      .getByRole('link', { name: t('labels.confirm-tab') })
      .first()
      .click(),
  ]);
  await tab.getByLabel(t('auth.password')).fill(password);
  await tab.getByRole('button', { name: t('auth.again-confirm') }).click();
  await tab.waitForURL(`${origin()}/organise/${slug()}/labels`);
  await tab.close();
  await save();
}

async function letHoursPass(userId: string): Promise<void> {
  const hoursAgo = sql`${sessions.createdAt} - make_interval(hours => ${freshHours})`;
  await ownerDatabase().update(sessions).set({ createdAt: hoursAgo }).where(eq(sessions.userId, userId));
}
