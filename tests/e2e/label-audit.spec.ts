import { expect, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { acceptRules } from '#lib/db/rule-acceptances.ts';
import { users } from '#lib/db/schema.ts';
import { createTeam } from '#lib/db/teams.ts';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition, aTestSplit, tenUtterances } from '../builders.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn, type TestPerson } from './people.ts';

test.use({ locale: 'ru-RU' });

const t = translator('ru');
const heard = 'раз два три сорок семь';

test('a team reports a recording, systems agree on another, and an organiser answers both by the keyboard', async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000);
  const owner = ownerDatabase();
  const slug = ofThisTry('audited');
  const competition = await aTestSplit(owner, await aCompetition(owner, { slug }));
  const [organiser, captain] = [await aMember(), await aMember({ name: 'Пётр Иванов' })];
  await grantRole(owner, competition.id, await idOf(organiser), 'organiser', { actorId: null });
  const captainId = await idOf(captain);
  await acceptRules(owner, competition.id, captainId);
  await createTeam(owner, competition.id, captainId, 'Слышащие');

  const teams = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  await signedIn(teams, captain);
  await teams.goto(`${origin()}/c/${slug}/data`);
  await report(teams, 'u99', 'тишина');
  await expect(teams.getByText(t('common.error-flag-unknown', { id: 'u99' }))).toBeVisible();
  await report(teams, 'u1', 'два голоса');
  const reported = teams.getByRole('table', { name: t('audit.flag-own') }).getByRole('row', { name: /u1/ });
  await expect(reported).toContainText(t('audit.flag-waiting'));

  await signedIn(page, organiser);
  await page.goto(`${origin()}/organise/${slug}/labels`);
  await page.getByRole('link', { name: t('audit.open-audit') }).click();
  await page.getByLabel(t('audit.file')).setInputFiles(['u5', 'u7', 'u8', 'u9'].map(outputs));
  await page.getByRole('button', { name: t('audit.file-add') }).click();
  await expect(page.getByText(t('audit.files-added', { count: 4 }))).toBeVisible();
  await page.getByRole('button', { name: t('audit.start') }).click();
  await expect(page.getByRole('button', { name: t('audit.only-open', { count: 2 }) })).toBeVisible({ timeout: 30_000 });
  const questions = page.locator('li[data-question]');
  await expect(questions).toHaveCount(2);
  await expect(questions.first()).toContainText('два голоса');
  await expectNoBarriers(page);

  await questions.first().focus();
  await page.keyboard.press('j');
  await expect(questions.nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(questions.nth(1).getByLabel(t('audit.said'))).toHaveValue(heard);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: t('audit.only-changed', { count: 1 }) })).toBeVisible();
  await expect(questions).toHaveCount(1);
  await expect(questions.first()).toBeFocused();
  await questions
    .first()
    .getByRole('button', { name: t('audit.dismiss') })
    .click();
  await expect(page.getByText(t('audit.none-open'))).toBeVisible();

  await page.goto(`${origin()}/organise/${slug}/labels`);
  await expect(page.getByText(t('labels.change-corrected', { count: 1 }))).toBeVisible();
  await teams.reload();
  await expect(reported).toContainText(t('audit.flag-looked-at'));
});

async function idOf({ email }: TestPerson): Promise<string> {
  const [account] = await ownerDatabase().select().from(users).where(eq(users.emailKey, email.toLowerCase()));
  return account!.id;
}

/** The references, but for u3, and for an error of the file's own. */
function outputs(slip: string) {
  const lines = tenUtterances.map(({ id, reference }) => {
    const own = id === slip ? 'раз' : reference;
    return `${id},${id === 'u3' ? heard : own}`;
  });
  return { name: `${slip}.csv`, mimeType: 'text/csv', buffer: Buffer.from(`id,text\n${lines.join('\n')}\n`) };
}

async function report(page: Page, id: string, note: string): Promise<void> {
  await page.getByLabel(t('audit.flag-id'), { exact: true }).fill(id);
  await page.getByLabel(t('audit.flag-note'), { exact: true }).fill(note);
  await page.getByRole('button', { name: t('audit.flag-send') }).click();
}
