import { expect, type Page, test } from '@playwright/test';
import { eq, sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { users } from '#lib/db/schema.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition, anUpload, aPredictionsFile, aTeam, aTestSplit, hoursFromNow } from '../builders.ts';
import { expectFocusKept, tabTo, troubleOfStop } from './keyboard.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn, type TestPerson } from './people.ts';

/*
 * A season by the keyboard alone: no element is clicked, focused or filled by other means than keys.
 */

test.use({ locale: 'ru-RU' });

const t = translator('ru');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function aSeason(name: string): Promise<Competition> {
  const owner = ownerDatabase();
  const teams = { registrationEndsAt: hoursFromNow(48), teamChangesEndAt: hoursFromNow(48) };
  const given = { slug: ofThisTry(name), ...teams, freezesAt: hoursFromNow(24), revealsAt: hoursFromNow(20 * 24) };
  const competition = await aTestSplit(owner, await aCompetition(owner, given));
  const { people } = await aTeam(owner, competition, { name: 'Соперники' });
  const rival = anUpload(competition, people[0]!, { bytes: aPredictionsFile(undefined, 28, 'не') });
  await createSubmission(owner, rival);
  return competition;
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, button(page, name));
  await page.keyboard.press('Enter');
}

/** By the row of links above the page. */
async function goTo(page: Page, tab: string): Promise<void> {
  const link = page.getByRole('navigation', { name: t('common.tabs') }).getByRole('link', { name: tab, exact: true });
  await tabTo(page, link);
  await page.keyboard.press('Enter');
  await expect(link).toHaveAttribute('aria-current', 'page');
  await expectFocusKept(page);
}

test('a team takes part by the keyboard alone, from the sign-in to the board, and always sees where it is', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const { slug } = await aSeason('keys');
  const person = await aMember({ name: 'Вера' });
  // Before any key: a dialog of the system that opens unasked cannot be answered.
  const file = { name: 'keys.csv', mimeType: 'text/csv', buffer: aPredictionsFile(undefined, 10) };
  page.on('filechooser', (chooser) => chooser.setFiles(file));
  await page.goto(`${origin()}/sign-in?next=/c/${slug}/rules`);
  // The first stop of every page leads past its head.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await tabTo(page, page.getByLabel(t('auth.email')));
  await page.keyboard.type(person.email);
  await tabTo(page, page.getByLabel(t('auth.password'), { exact: true }));
  await page.keyboard.type(person.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/c/${slug}/rules`);

  await press(page, t('competition.accept'));
  await expect(page.getByText(t('competition.accept-title'))).toBeHidden();
  await expectFocusKept(page);

  await goTo(page, t('common.tab-team'));
  await tabTo(page, page.getByLabel(t('team.name'), { exact: true }));
  await page.keyboard.type('Клавиши');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Клавиши' })).toBeVisible();
  await expectFocusKept(page);
  await press(page, t('team.invite'));
  await expect(page.getByLabel(t('team.invite-link'))).toBeVisible();
  await expectFocusKept(page);

  await goTo(page, t('common.tab-data'));
  await tabTo(page, page.locator('a[href*="sample_submission.csv"]'));
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  await download;

  await goTo(page, t('common.tab-submit'));
  await tabTo(page, page.locator('input[type=file]'));
  await page.keyboard.press('Space');
  await expect(page.getByText(t('upload.sound'))).toBeVisible();
  await press(page, t('upload.send-test'));
  await expect(page.getByText(t('upload.receipt'), { exact: true })).toBeVisible();
  await expectFocusKept(page);

  await goTo(page, t('common.tab-submissions'));
  const pick = button(page, t('finals.pick-of', { file: 'keys.csv' }));
  // The page follows the scoring by itself.
  await expect(pick).toBeVisible({ timeout: 20_000 });
  await tabTo(page, pick);
  await page.keyboard.press('Enter');
  const unpick = button(page, t('finals.unpick-of', { file: 'keys.csv' }));
  await expect(unpick).toBeVisible();
  await expect(unpick).toBeFocused();

  await goTo(page, t('common.tab-board'));
  await expect(page.getByRole('row', { name: /Клавиши/ })).toContainText('40,0');
  await tabTo(page, page.getByRole('link', { name: t('board.live'), exact: true }));
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/live/${slug}`);
  await expect(page.getByRole('row', { name: /Клавиши/ })).toBeVisible();
});

test('an organiser moves a deadline and reveals the result by the keyboard alone', async ({ page, browser }) => {
  test.setTimeout(120_000);
  const competition = await aSeason('keys-organiser');
  const { slug } = competition;
  await signedIn(page, await anOrganiserOf(competition));
  await page.goto(`${origin()}/organise/${slug}/timeline`);
  await tabTo(page, page.getByLabel(t('organise.field-submissionsEndAt')));
  // Of day, month, year and hour the last: a later one is a later end, and midnight an earlier one that is as lawful.
  for (let part = 0; part < 3; part += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowUp');
  await tabTo(page, page.getByLabel(t('organise.reason')));
  await page.keyboard.type('просили');
  await page.keyboard.press('Enter');
  await expect(page.getByText(t('organise.saved'), { exact: true }).first()).toBeVisible();
  await expectFocusKept(page);
  await page.goto(`${origin()}/organise/${slug}/log`);
  await expect(page.getByText('просили').first()).toBeVisible();

  await close(competition);
  const hall = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  await hall.goto(`${origin()}/live/${slug}`);
  await page.goto(`${origin()}/organise/${slug}/reveal`);
  // A dialog that is left gives the focus back to its button; everything within it is reached.
  await press(page, t('reveal.call'));
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(button(page, t('reveal.call'))).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('dialog').getByLabel(t('reveal.reason')));
  await page.keyboard.type('все собрались');
  await tabTo(page, page.getByRole('dialog').getByRole('button', { name: t('reveal.call-confirm'), exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByText(t('reveal.ready'))).toBeVisible({ timeout: 20_000 });
  await expectFocusKept(page);

  const next = page.getByRole('button', { name: `${t('reveal.next')} →` });
  await tabTo(page, next);
  await page.keyboard.press('Enter');
  await expect(hall.getByRole('heading', { name: t('reveal.standing-title') })).toBeVisible();
  await expect(next).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(hall.locator('.spotlight')).toContainText('Соперники');
  await expect(next).toBeFocused();
});

test('(control) a focus that is not shown, is lost or is held is noticed', async ({ page }) => {
  await page.goto(`${origin()}/sign-in`);
  await page.keyboard.press('Tab');
  expect(await troubleOfStop(page)).toBeNull();
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(':focus-visible { outline: none !important; }');
    document.adoptedStyleSheets = [sheet];
  });
  await page.keyboard.press('Tab');
  expect(await troubleOfStop(page)).toMatch(/^nothing shows/);
  expect(await troubleOfStop(page)).toMatch(/^is held/);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await expect(expectFocusKept(page, 1_000)).rejects.toThrow();
});

async function anOrganiserOf({ id }: Competition): Promise<TestPerson> {
  const person = await aMember({ name: 'Ольга' });
  const rows = await ownerDatabase().select().from(users).where(eq(users.email, person.email));
  await grantRole(ownerDatabase(), id, rows[0]!.id, 'organiser', { actorId: null });
  return person;
}

/** A moment ago; the reveal is yet to be called. */
async function close({ id }: Competition): Promise<void> {
  await ownerDatabase().execute(sql`
    update competitions set freezes_at = rostrum_now() - interval '3 seconds',
      submissions_end_at = rostrum_now() - interval '2 seconds' where id = ${id}`);
  await ownerDatabase().execute(sql`select pg_notify('rostrum_live', ${id}::text)`);
}
