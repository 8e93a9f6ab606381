import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { eq, sql } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { submissions, users } from '#lib/db/schema.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { translator } from '#lib/messages/translate.ts';
import {
  aCompetition,
  anUpload,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  hoursFromNow,
  tenUtterances,
} from '../builders.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn, type TestPerson } from './people.ts';

test.use({ locale: 'ru-RU' });

const t = translator('ru');
const teams = ['Первые', 'Вторые', 'Третьи'];

/** Scored, frozen and closed, with its reveal to come, and an organiser of it. */
async function aClosedContest(slug: string): Promise<TestPerson> {
  const owner = ownerDatabase();
  const given = { slug, revealsAt: hoursFromNow(8 * 24), freezesAt: hoursFromNow(24) };
  const competition = await aTestSplit(owner, await aCompetition(owner, given));
  const person = await aMember();
  const [account] = await owner.select().from(users).where(eq(users.emailKey, person.email.toLowerCase()));
  await grantRole(owner, competition.id, account!.id, 'organiser', { actorId: null });
  for (const [i, name] of teams.entries()) {
    const { people } = await aTeam(owner, competition, { name });
    const bytes = aPredictionsFile(tenUtterances, 26 + 2 * i, 'не');
    await createSubmission(owner, anUpload(competition, people[0]!, { bytes }));
  }
  await expect(async () => {
    const rows = await owner.select().from(submissions).where(eq(submissions.competitionId, competition.id));
    expect(rows.map(({ state }) => state)).toEqual(['scored', 'scored', 'scored']);
  }).toPass({ timeout: 30_000 });
  await owner.execute(sql`
    update competitions set freezes_at = rostrum_now() - interval '3 seconds',
      submissions_end_at = rostrum_now() - interval '2 seconds' where id = ${competition.id}`);
  await owner.execute(sql`select pg_notify('rostrum_live', ${competition.id}::text)`);
  return person;
}

async function aVisitor(browser: Browser, width: number, height: number): Promise<Page> {
  return (await browser.newContext({ locale: 'ru-RU', viewport: { width, height } })).newPage();
}

const next = (page: Page) => page.getByRole('button', { name: `${t('reveal.next')} →` });
const heading = (page: Page, name: string) => page.getByRole('heading', { name });
const spotlight = (page: Page) => page.locator('.spotlight');

test('an organiser reveals the result from a remote; the hall, phones and a file without network show it', async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000);
  const slug = ofThisTry('revealed-slowly');
  await signedIn(page, await aClosedContest(slug));
  const [hall, phone] = [await aVisitor(browser, 1920, 1080), await aVisitor(browser, 390, 844)];
  for (const screen of [hall, phone]) await screen.goto(`${origin()}/live/${slug}`);
  await page.goto(`${origin()}/organise/${slug}/reveal`);

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: t('reveal.file-download') }).click();
  const download = await downloading;
  const file = join(mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-home-')), download.suggestedFilename());
  await download.saveAs(file);
  await page.getByRole('button', { name: t('reveal.call') }).click();
  await page.getByLabel(t('reveal.reason')).last().fill('все собрались');
  await page.getByRole('button', { name: t('reveal.call-confirm'), exact: true }).click();
  await expect(page.getByText(t('reveal.ready'))).toBeVisible({ timeout: 20_000 });

  await next(page).click();
  for (const screen of [hall, phone]) await expect(heading(screen, t('reveal.standing-title'))).toBeVisible();
  await next(page).click();
  for (const screen of [hall, phone]) await expect(spotlight(screen)).toContainText('Третьи');
  const stranger = await aVisitor(browser, 1280, 800);
  await stranger.goto(`${origin()}/c/${slug}/results`);
  await expect(stranger.getByText(t('finals.results-revealing'), { exact: true })).toBeVisible();
  await expect(stranger.getByText('Вторые')).toHaveCount(0);

  await page.getByRole('button', { name: t('reveal.preview') }).click();
  await expect(page.getByText(/2-е место: Вторые/)).toBeVisible();
  await expect(spotlight(hall)).not.toContainText('Вторые');
  await page.context().setOffline(true);
  await next(page).click();
  await expect(page.getByText(t('reveal.offline'))).toBeVisible();
  await page.context().setOffline(false);
  await page.reload();
  await expect(page.getByText(/3-е место: Третьи/).first()).toBeVisible();

  await page.keyboard.press('ArrowRight');
  await expect(spotlight(hall)).toContainText('Вторые');
  await hall.reload();
  await expect(spotlight(hall)).toContainText('Вторые');
  await page.keyboard.press('ArrowLeft');
  await expect(spotlight(hall)).toContainText('Третьи');
  await expectNoBarriers(hall);
  for (const text of ['2-е место', t('reveal.winner'), t('reveal.shake-up-title'), t('reveal.gaps-title')]) {
    await page.keyboard.press('PageDown');
    await expect(hall.locator('.frame').getByText(text).first()).toBeVisible();
    await expect(page.getByText(text).first()).toBeVisible();
  }
  await page.keyboard.press(' ');
  await expect(heading(hall, t('reveal.end-title'))).toBeVisible();
  await expect(page.getByText(t('reveal.ended'))).toBeVisible();
  await stranger.reload();
  await expect(stranger.getByRole('row', { name: /Вторые/ })).toBeVisible();

  await page.getByRole('button', { name: t('reveal.codes-show') }).click();
  const code = await page
    .getByRole('cell')
    .filter({ hasText: /^\w{4}(-\w{4}){3}$/ })
    .textContent();
  await playsWithoutNetwork(browser, file, code ?? '');
});

async function playsWithoutNetwork(browser: Browser, file: string, code: string): Promise<void> {
  const context = await browser.newContext({ locale: 'ru-RU', offline: true });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  await expect(page.getByText('Вторые')).toHaveCount(0);
  const field = page.getByLabel(t('reveal.file-code'));
  await field.fill('0000-0000-0000-0000');
  await page.getByRole('button', { name: t('reveal.file-open') }).click();
  await expect(page.getByText(t('reveal.file-wrong'))).toBeVisible();
  // As somebody types it who was told it.
  await field.fill(code.toLowerCase().replaceAll('-', ' '));
  await page.keyboard.press('Enter');
  await expect(heading(page, t('reveal.standing-title'))).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(spotlight(page)).toContainText('Третьи');
  await page.keyboard.press('End');
  await expect(heading(page, t('reveal.end-title'))).toBeVisible();
  expect(problems).toEqual([]);
}

test('an organiser rehearses: made-up data at once, the real result with a reason', async ({ page }) => {
  const slug = ofThisTry('rehearsed');
  await signedIn(page, await aClosedContest(slug));
  await page.goto(`${origin()}/organise/${slug}/reveal/rehearsal`);
  await expect(heading(page, t('reveal.standing-title'))).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(spotlight(page)).toBeVisible();
  await page.goto(`${origin()}/organise/${slug}/reveal/rehearsal?data=real`);
  await expect(page.getByText('Третьи')).toHaveCount(0);
  await page.getByLabel(t('reveal.reason')).fill('проверка проектора');
  await page.getByRole('button', { name: t('reveal.rehearse-begin') }).click();
  await page.getByRole('button', { name: t('reveal.next'), exact: true }).click();
  await expect(spotlight(page)).toContainText('Третьи');
  await page.goto(`${origin()}/organise/${slug}/log`);
  await expect(page.getByText(/проверка проектора/)).toBeVisible();
});
