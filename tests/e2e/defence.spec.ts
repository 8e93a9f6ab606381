import { type Browser, expect, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { addTeams } from '#lib/db/defence.ts';
import { createEveningLink, type EveningRole } from '#lib/db/evening-links.ts';
import { addCriterion } from '#lib/db/jury.ts';
import { teamMembers, users } from '#lib/db/schema.ts';
import { saveTalk } from '#lib/db/talks.ts';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition, aTeam, hoursFromNow } from '../builders.ts';
import { aPdf } from '../pdf-files.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn, type TestPerson } from './people.ts';

test.use({ locale: 'ru-RU' });

const t = translator('ru');
const act = { actorId: null };
const names = ['Фонема', 'Акустики', 'Шум и речь'];

type Evening = { competition: Competition; teams: { id: string }[]; organiser: TestPerson; member: TestPerson };

/** Three teams with talks by name, criteria for jurors, an organiser, and somebody in the first team. */
async function anEvening(slug: string): Promise<Evening> {
  const owner = ownerDatabase();
  const competition = await aCompetition(owner, { slug, defenceAt: hoursFromNow(2) });
  const teams: { id: string }[] = [];
  for (const name of names) {
    const { team, people } = await aTeam(owner, competition, { name, people: 1 });
    teams.push(team);
    await saveTalk(owner, competition.id, people[0]!.id, {
      title: `Речь о «${name}»`,
      description: '',
      slidesLink: null,
    });
  }
  const [organiser, member] = [await aMember({ name: 'Ольга' }), await aMember({ name: 'Максим' })];
  const idOf = async ({ email }: TestPerson) =>
    (await owner.select({ id: users.id }).from(users).where(eq(users.email, email)))[0]!.id;
  await grantRole(owner, competition.id, await idOf(organiser), 'organiser', act);
  await owner
    .insert(teamMembers)
    .values({ teamId: teams[0]!.id, userId: await idOf(member), competitionId: competition.id });
  for (const nameRu of ['Ясность', 'Новизна']) {
    await addCriterion(owner, competition.id, { nameRu, nameEn: nameRu, highest: 10 }, act);
  }
  return { competition, teams, organiser, member };
}

async function aPage(browser: Browser, size: { width: number; height: number }): Promise<Page> {
  return (await browser.newContext({ locale: 'ru-RU', viewport: size })).newPage();
}

async function linkFor({ id }: Competition, role: EveningRole, name: string): Promise<string> {
  const token = await createEveningLink(ownerDatabase(), id, { role, name, expiresAt: hoursFromNow(5) }, act);
  return `${origin()}/${role === 'stage' ? 'stage' : 'jury'}/${token}`;
}

test('a projector, a remote and a juror’s phone go through the evening together', async ({ browser }) => {
  const { competition, teams } = await anEvening(ofThisTry('evening'));
  const change = { ...act, competitionId: competition.id };
  await addTeams(
    ownerDatabase(),
    { ...change, version: 0 },
    teams.map(({ id }) => id),
  );
  const hall = await aPage(browser, { width: 1920, height: 1080 });
  const remote = await aPage(browser, { width: 390, height: 844 });
  const juror = await aPage(browser, { width: 390, height: 844 });
  await hall.goto(`${origin()}/live/${ofThisTry('evening')}`);
  await remote.goto(await linkFor(competition, 'stage', 'Света'));
  await expect(remote).toHaveURL(`${origin()}/stage`);
  await juror.goto(await linkFor(competition, 'juror', 'Профессор'));
  await expect(juror).toHaveURL(`${origin()}/jury`);
  const shown = hall.getByRole('heading', { level: 2 });
  // A press is held back as long as the one before is under way, which the hall may have seen already.
  const press = async (name: Parameters<typeof t>[0]) => {
    const button = remote.getByRole('button', { name: t(name) });
    await expect(button).toHaveAttribute('aria-busy', 'false');
    await button.click();
  };

  await press('stage.press-next');
  // Teams that are added at once stand in the order of their names.
  await expect(shown).toHaveText('Акустики', { timeout: 3_000 });
  await expect(hall.getByRole('timer')).toHaveText('7:00');
  await press('stage.press-start');
  await expect(hall.getByRole('timer')).toHaveText(/^6:5\d$/);
  await press('stage.press-more');
  await expect(hall.getByRole('timer')).toHaveText(/^7:5\d$/);
  await press('stage.press-pause');
  await expect(hall.getByText(t('stage.live-paused'))).toBeVisible();
  await expectNoBarriers(remote);

  // The state is kept, not the page: after a reload, and after a network that was away, it is what it was.
  await hall.reload();
  await expect(hall.getByRole('timer')).toHaveText(/^7:5\d$/);
  // A talk that is an hour over time still fits a phone.
  await hall.setViewportSize({ width: 390, height: 844 });
  await hall.locator('.talk-clock').evaluate((clock) => clock.setAttribute('data-left-ms', '-3753000'));
  await expect(hall.getByRole('timer')).toHaveText('+1:02:33');
  expect(await hall.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await hall.setViewportSize({ width: 1920, height: 1080 });
  await hall.context().setOffline(true);
  await press('stage.press-next');
  await expect(remote.getByText('Фонема', { exact: true })).toBeVisible();
  await hall.context().setOffline(false);
  await expect(shown).toHaveText('Фонема', { timeout: 20_000 });

  await juror.reload();
  await expect(juror.getByRole('heading', { name: /Фонема/ })).toBeVisible();
  for (const criterion of ['Ясность', 'Новизна']) {
    await juror.getByRole('group', { name: criterion }).getByText('8', { exact: true }).click();
  }
  await juror.getByLabel(t('jury.comment')).fill('Смело');
  await juror.getByRole('button', { name: t('jury.save') }).click();
  await expect(juror.getByText(t('jury.saved'))).toBeVisible();
  await expectNoBarriers(juror);

  // By keyboard: the board, and back.
  await remote.setViewportSize({ width: 1280, height: 800 });
  await remote.locator('body').press('KeyB');
  await expect(hall.getByText(t('board.empty'))).toBeVisible({ timeout: 3_000 });
  // A press names what its remote showed: the hall may be ahead of it.
  await expect(remote.getByRole('button', { name: t('stage.press-show') })).toBeVisible();
  await remote.locator('body').press('KeyB');
  await expect(shown).toHaveText('Фонема', { timeout: 3_000 });
});

test('an organiser arranges the programme, and a team prepares its talk', async ({ page, browser }) => {
  const slug = ofThisTry('arranged');
  const { organiser, member } = await anEvening(slug);
  await signedIn(page, organiser);
  await page.goto(`${origin()}/organise/${slug}/defence`);
  await page
    .getByRole('button', { name: t('defence.add'), exact: true })
    .first()
    .click();
  const programme = page.getByRole('list', { name: t('defence.programme') });
  const lines = programme.getByRole('listitem');
  await expect(lines).toHaveCount(3);
  await expect(lines.first()).toContainText('Акустики');
  // By keyboard, read out; then by mouse.
  await page.getByRole('button', { name: t('defence.handle', { name: 'Акустики' }) }).press('ArrowDown');
  await expect(page.getByText(t('defence.moved', { name: 'Акустики', place: 2, all: 3 }))).toBeAttached();
  await expect(lines.first()).toContainText('Фонема');
  const handle = page.getByRole('button', { name: t('defence.handle', { name: 'Шум и речь' }) });
  const [from, to] = [await handle.boundingBox(), await lines.first().boundingBox()];
  await page.mouse.move(from!.x + 5, from!.y + 5);
  await page.mouse.down();
  await page.mouse.move(to!.x + 20, to!.y + 10, { steps: 8 });
  await page.mouse.up();
  await expect(lines.first()).toContainText('Шум и речь');
  // Saved, not only shown.
  await expect(programme).toHaveAttribute('aria-busy', 'false');
  await page.reload();
  await expect(lines.first()).toContainText('Шум и речь');

  // Another window of theirs is out of date: it is told, shown what stands, and nothing is lost.
  const stale = await page.context().newPage();
  await stale.goto(`${origin()}/organise/${slug}/defence`);
  await page.getByRole('button', { name: `${t('defence.skip')}: Фонема` }).click();
  await expect(page.getByRole('button', { name: `${t('defence.unskip')}: Фонема` })).toBeVisible();
  await stale.getByRole('button', { name: t('defence.move-up', { name: 'Акустики' }) }).click();
  await expect(stale.getByText(t('common.error-defence-changed'))).toBeVisible();
  await expect(stale.getByRole('button', { name: `${t('defence.unskip')}: Фонема` })).toBeVisible();
  await stale.close();

  const desk = await aPage(browser, { width: 390, height: 844 });
  await signedIn(desk, member);
  await desk.goto(`${origin()}/c/${slug}/team/talk`);
  await desk.getByLabel(t('talk.talk-title')).fill('Как мы победили шум');
  await desk.getByRole('button', { name: t('talk.save'), exact: true }).click();
  await expect(desk.getByText(t('talk.saved'))).toBeVisible();
  await desk.getByLabel(t('talk.own-name')).fill('М. Громов');
  await desk.getByRole('button', { name: t('talk.save-name') }).click();
  await expect(desk.getByText('М. Громов', { exact: true })).toBeVisible();
  const chooser = desk.locator('input[type=file]');
  await chooser.setInputFiles({ name: 'page.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>') });
  await expect(desk.getByText(t('common.error-slides-no-pdf'))).toBeVisible();
  // Larger than what frameworks let through by themselves.
  await chooser.setInputFiles({
    name: 'talk.pdf',
    mimeType: 'application/pdf',
    buffer: aPdf({ filler: 12 * 2 ** 20 }),
  });
  await expect(desk.getByText(t('talk.slides-sent'))).toBeVisible();
  await expect(desk.getByRole('link', { name: /talk\.pdf/ })).toBeVisible();
  await expectNoBarriers(desk);

  const publish = (name: string) => page.getByRole('button', { name }).click();
  await publish(t('defence.programme-publish'));
  await expect(page.getByRole('button', { name: t('defence.programme-hide') })).toBeVisible();
  const visitor = await aPage(browser, { width: 390, height: 844 });
  await visitor.goto(`${origin()}/c/${slug}/defence`);
  await expect(visitor.getByText('Как мы победили шум')).toBeVisible();
  await expect(visitor.getByText('М. Громов')).toBeVisible();
  await expect(visitor.getByRole('link', { name: /PDF/ })).toHaveCount(0);
  await publish(t('defence.slides-publish'));
  await expect(page.getByRole('button', { name: t('defence.slides-hide') })).toBeVisible();
  await visitor.reload();
  await expect(visitor.getByRole('link', { name: /PDF/ })).toBeVisible();

  await page.goto(`${origin()}/organise/${slug}/defence/attendance`);
  await page.getByRole('button', { name: 'Максим' }).first().click();
  await expect(page.getByText(t('defence.attendance-count', { count: 1, all: 4 }))).toBeVisible();
  await desk.reload();
  await expect(desk.getByText(t('talk.present'))).toBeVisible();
});
