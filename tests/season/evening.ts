import { expect, type Page } from '@playwright/test';
import { origin } from '../e2e/people.ts';
import type { Report } from '../report.ts';
import { type Stage, t, visitor } from './opening.ts';
import { foretellPlaces } from './result.ts';
import { absent, moveClock, slug, timetable } from './world.ts';

/** Talks on the frozen board, attendance, and the reveal from the last place up, with a hall and a phone that watch. */
export async function runEvening(stage: Stage, report: Report): Promise<void> {
  const { browser, organiser } = stage;
  await moveClock(timetable.defenceAt);
  await report.step('the order of talks is drawn by lot', () => drawTalks(organiser));
  const [hall, phone] = [await visitor(browser, 1920, 1080), await visitor(browser, 390, 844)];
  for (const screen of [hall, phone]) await screen.goto(`${origin()}/live/${slug}`);
  const remote = await report.step('a helper gets a link to the stage for one evening', async () => {
    const page = await visitor(browser, 390, 844);
    await page.goto(await makeLink(organiser));
    await expect(page).toHaveURL(`${origin()}/stage`);
    return page;
  });
  await report.step('two teams talk by the clock on stage', () => talk(remote, hall, report));
  await report.step('everybody in the hall is ticked off but one', () => tickOff(stage));
  await moveClock(new Date(timetable.revealsAt.getTime() - 3_600_000));
  await report.step('the reveal is called, and the result made', () => callReveal(organiser));
  await report.step('places are revealed from the last one up', () => reveal(stage, [hall, phone], report));
  await report.step('the page of results says what the files foretell', () => expectResults(stage));
  for (const page of [hall, phone, remote]) await page.context().close();
}

async function drawTalks(page: Page): Promise<void> {
  await page.goto(`${origin()}/organise/${slug}/defence`);
  await page
    .getByRole('button', { name: t('defence.add'), exact: true })
    .first()
    .click();
  const lines = page.getByRole('list', { name: t('defence.programme') }).getByRole('listitem');
  await expect(lines).not.toHaveCount(0);
  await page.getByRole('button', { name: t('defence.draw-button') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('defence.seed'), { exact: true }).fill('аудитория 505');
  await dialog.getByRole('button', { name: t('defence.draw-button') }).click();
  await expect(page.getByText('аудитория 505').first()).toBeVisible();
  await page.getByRole('button', { name: t('defence.programme-publish') }).click();
  await expect(page.getByRole('button', { name: t('defence.programme-hide') })).toBeVisible();
}

async function makeLink(page: Page): Promise<string> {
  await page.goto(`${origin()}/organise/${slug}/defence/links`);
  await page.getByLabel(t('defence.link-name')).fill('Света');
  await page.getByLabel(t('defence.link-role')).selectOption('stage');
  await page.getByRole('button', { name: t('defence.link-make') }).click();
  const link = page.getByRole('textbox', { name: t('defence.link'), exact: true });
  await expect(link).toBeVisible();
  return link.inputValue();
}

async function talk(remote: Page, hall: Page, report: Report): Promise<void> {
  const press = (name: 'stage.press-next' | 'stage.press-start') =>
    remote.getByRole('button', { name: t(name) }).click();
  const shown = hall.getByRole('heading', { level: 2 });
  await press('stage.press-next');
  await expect(hall.getByRole('timer')).toBeVisible();
  const first = await shown.textContent();
  await press('stage.press-start');
  await expect(hall.getByRole('timer')).toHaveText(/^[0-9]:[0-5]\d$/);
  const begun = performance.now();
  await press('stage.press-next');
  await expect(shown).not.toHaveText(first ?? '');
  report.atMost('from the press of "next" to the next team in the hall', (performance.now() - begun) / 1000, 1, 's');
}

async function tickOff({ organiser: page, entrants }: Stage): Promise<void> {
  await page.goto(`${origin()}/organise/${slug}/defence/attendance`);
  const present = entrants.filter(({ team }) => team !== absent);
  for (const [i, { name }] of present.entries()) {
    await page
      .getByRole('button', { name: new RegExp(`^${name}\\b(?!\\d)`) })
      .first()
      .click();
    const count = i + 1;
    await expect(page.getByText(t('defence.attendance-count', { count, all: entrants.length }))).toBeVisible();
  }
}

async function callReveal(page: Page): Promise<void> {
  await page.goto(`${origin()}/organise/${slug}/reveal`);
  await page.getByRole('button', { name: t('reveal.call') }).click();
  await page.getByLabel(t('reveal.reason')).last().fill('все собрались');
  await page.getByRole('button', { name: t('reveal.call-confirm'), exact: true }).click();
  await expect(page.getByText(t('reveal.ready'))).toBeVisible({ timeout: 30_000 });
}

async function reveal({ organiser, ...stage }: Stage, screens: readonly Page[], report: Report): Promise<void> {
  const places = (await foretellPlaces(stage)).filter(({ place }) => place !== null);
  const stranger = await visitor(stage.browser);
  const spotlight = (screen: Page) => screen.locator('.spotlight');
  await organiser.keyboard.press('ArrowRight');
  for (const screen of screens)
    await expect(screen.getByRole('heading', { name: t('reveal.standing-title') })).toBeVisible();
  const last = places.at(-1)!;
  const begun = performance.now();
  await organiser.keyboard.press('ArrowRight');
  for (const screen of screens) await expect(spotlight(screen)).toBeVisible();
  report.atMost('a step of the reveal on every connected page', (performance.now() - begun) / 1000, 1, 's');
  expect(last.place).toBeGreaterThan(1);
  await stranger.goto(`${origin()}/c/${slug}/results`);
  const winner = places.find(({ place }) => place === 1)!.team;
  await expect(stranger.locator('main').getByText(winner)).toHaveCount(0);
  await expect(async () => {
    await organiser.keyboard.press('ArrowRight');
    await expect(screens[0]!.getByRole('heading', { name: t('reveal.end-title') })).toBeVisible({ timeout: 700 });
  }).toPass({ timeout: 90_000 });
  await expect(organiser.getByText(t('reveal.ended'))).toBeVisible();
  await stranger.context().close();
}

async function expectResults(stage: Pick<Stage, 'browser' | 'entrants' | 'recordings'>): Promise<void> {
  const page = await visitor(stage.browser);
  await page.goto(`${origin()}/c/${slug}/results`);
  for (const { team, place, errors } of await foretellPlaces(stage)) {
    const row = page.getByRole('row').filter({ has: page.getByText(team, { exact: true }) });
    await expect(row).toContainText(place === null ? '—' : String(place));
    await expect(row).toContainText(new RegExp(`\\b${errors}\\b`));
  }
  await page.context().close();
}
