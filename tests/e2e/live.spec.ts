import { type Browser, type BrowserContextOptions, expect, type Page, test } from '@playwright/test';
import type { Competition } from '#lib/competition.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition, hoursFromNow } from '../builders.ts';
import { aSnapshotOf, publishSnapshot } from '../snapshots.ts';
import { expectNoBarriers } from './barriers.ts';
import { contrastOf, heightsOf } from './looks.ts';
import { origin, ownerDatabase } from './people.ts';

/*
 * What a hall sees: the board on a projector and on phones, when all is well and when the network is not.
 */

test.describe.configure({ mode: 'default' });

const t = translator('ru');
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
/** Of the screen's height: what is read from six heights away. */
const leastShare = 0.0239;

async function aHall(teams: number, given: Parameters<typeof aCompetition>[1] = {}): Promise<Competition> {
  const competition = await aCompetition(ownerDatabase(), given);
  if (teams > 0) await publishSnapshot(ownerDatabase(), competition.id, aSnapshotOf(teams, 0));
  return competition;
}

async function open(browser: Browser, { slug }: Competition, given: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'ru-RU', ...given })).newPage();
  await page.goto(`${origin()}/live/${slug}`);
  return page;
}

const next = (competition: Competition, teams: number) =>
  publishSnapshot(ownerDatabase(), competition.id, aSnapshotOf(teams, 1));

const rate = (page: Page) => page.locator('.first tbody tr').first();

/** Its letters are large enough and its lines stand out. */
async function expectSeenFromAfar(page: Page, height: number): Promise<void> {
  const small = (await heightsOf(page, 'tbody :is(.place, .team bdi, .rate b), .chart text, .scan p')).filter(
    (text) => text.pixels < leastShare * height,
  );
  expect(small).toEqual([]);
  expect((await contrastOf(page, 'table.board, table.board *, .chart *')).filter(({ ratio }) => ratio < 3)).toEqual([]);
}

for (const [teams, width, height, colorScheme] of [
  [40, 1920, 1080, 'light'],
  [40, 1280, 720, 'dark'],
  [120, 1920, 1080, 'dark'],
] as const) {
  test(`a projector of ${width} × ${height} shows ${teams} teams, each to be read from the last row (${colorScheme})`, async ({
    browser,
  }) => {
    const hall = await aHall(0, { freezesAt: hoursFromNow(-1), submissionsEndAt: hoursFromNow(2) });
    await publishSnapshot(ownerDatabase(), hall.id, { ...aSnapshotOf(teams, 0), frozen: true });
    const page = await open(browser, hall, { viewport: { width, height }, colorScheme });
    await expect(page.getByRole('navigation', { name: t('live.turns') })).toBeVisible();
    const seen = new Set<string>();
    const pages = await page.locator('.page').count();
    for (let turned = 0; turned < pages; turned += 1) {
      const shown = await page
        .locator('tr[data-team]:visible')
        .evaluateAll((rows) => rows.map((row) => row.dataset.team));
      for (const team of shown) seen.add(String(team));
      expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0);
      if (teams === 40) await expectSeenFromAfar(page, height);
      await page.keyboard.press('ArrowRight');
    }
    expect(seen.size).toBe(teams + 1);
    if (teams === 40) await expectNoBarriers(page);
  });
}

test('a new board moves its rows without a reload, by transform and opacity alone; for who asked for less motion at once', async ({
  browser,
}) => {
  const hall = await aHall(40);
  const viewport = { width: 1920, height: 1080 };
  const [page, still] = [
    await open(browser, hall, { viewport }),
    await open(browser, hall, { viewport, reducedMotion: 'reduce' }),
  ];
  for (const each of [page, still]) {
    await each.evaluate(() => {
      const moved: string[][] = [];
      Object.assign(window, { moved });
      const animate = Element.prototype.animate;
      Element.prototype.animate = function (frames, options) {
        moved.push((frames as Keyframe[]).flatMap((frame) => Object.keys(frame)));
        return animate.call(this, frames, options);
      };
    });
  }
  const first = await rate(page).getAttribute('data-team');
  await next(hall, 40);
  for (const each of [page, still]) await expect(rate(each)).not.toHaveAttribute('data-team', String(first));
  const animated = (of: Page) =>
    of.evaluate(() => [...new Set((window as unknown as { moved: string[][] }).moved.flat())]);
  expect((await animated(page)).sort()).toEqual(['opacity', 'transform']);
  expect(await animated(still)).toEqual([]);
  expect(await still.evaluate(() => document.getAnimations().length)).toBe(0);
});

test('a phone has the board first, in 40 kB at most, and no line is wider than it', async ({ browser }) => {
  const hall = await aHall(40);
  const html = await (await fetch(`${origin()}/live/${hall.slug}`)).text();
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(40_000);
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await open(browser, hall, { ...phone, colorScheme });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const top = (await page.locator('.first table').boundingBox())!.y;
    expect(top).toBeLessThan(844 / 3);
    expect(await page.locator('tr[data-team]:visible').count()).toBe(41);
    if (colorScheme === 'dark') await expectNoBarriers(page);
    await page.context().close();
  }
});

test('a phone that is cut off says of when its data are, and goes on by itself', async ({ browser }) => {
  const hall = await aHall(3);
  const page = await open(browser, hall, phone);
  await expect(page.locator('.clock.is-running')).toBeVisible();
  await page.context().setOffline(true);
  await expect(page.locator('#lost')).toHaveText(/^Данные на \d\d:\d\d, нет связи$/);
  await expectNoBarriers(page);
  const before = await rate(page).textContent();
  await next(hall, 3);
  await page.context().setOffline(false);
  await expect(page.locator('#lost')).toBeEmpty();
  await expect(rate(page)).not.toHaveText(String(before));
});

test('where events do not come through, the page asks now and then, and is answered 304 while nothing has changed', async ({
  browser,
}) => {
  const hall = await aHall(3);
  const page = await (await browser.newContext({ locale: 'ru-RU', ...phone })).newPage();
  // As a proxy does that keeps an answer back until it is whole.
  await page.route('**/events?*', () => new Promise(() => {}));
  await page.clock.install();
  await page.goto(`${origin()}/live/${hall.slug}`);
  const before = await rate(page).textContent();
  const asked = page.waitForResponse((response) => new URL(response.url()).pathname === `/live/${hall.slug}`);
  await page.clock.runFor(6_000);
  expect((await asked).ok()).toBe(true);
  await next(hall, 3);
  await expect(async () => {
    await page.clock.runFor(16_000);
    await expect(rate(page)).not.toHaveText(String(before), { timeout: 500 });
  }).toPass();
  await expect(page.locator('#lost')).toBeEmpty();
  const { headers } = await fetch(`${origin()}/live/${hall.slug}`);
  const again = await fetch(`${origin()}/live/${hall.slug}`, {
    headers: { 'If-None-Match': String(headers.get('etag')) },
  });
  expect(again.status).toBe(304);
});

test('without a script everybody is there, and the page reloads itself', async ({ browser }) => {
  const hall = await aHall(40);
  for (const viewport of [phone.viewport, { width: 1920, height: 1080 }]) {
    const page = await open(browser, hall, { viewport, javaScriptEnabled: false });
    await expect(page.locator('tr[data-team]:visible')).toHaveCount(41);
    await expect(page.locator('.chart svg')).toBeVisible();
    await expect(page.locator('.turns')).toBeHidden();
    expect(await page.content()).toContain('http-equiv="refresh"');
  }
});

test('the freeze and its end show on a page that stays open', async ({ browser }) => {
  const hall = await aHall(3, { freezesAt: hoursFromNow(1.5 / 3600) });
  const page = await open(browser, hall, { viewport: { width: 1280, height: 800 } });
  await expect(page.locator('.frozen')).toBeHidden();
  await expect(page.locator('.frozen')).toBeVisible({ timeout: 20_000 });
  await updateCompetition(ownerDatabase(), hall.id, { freezesAt: null }, { actorId: null, reason: 'thawed' });
  await expect(page.locator('.frozen')).toBeHidden();
});

test('before the first score the hall learns that there is none yet, and how to watch', async ({ browser }) => {
  const hall = await aHall(0);
  const page = await open(browser, hall, { viewport: { width: 1280, height: 800 } });
  await expect(page.getByText(t('board.empty'))).toBeVisible();
  await expect(page.locator('.scan p')).toHaveText(new RegExp(`/live/${hall.slug}$`));
  await expectNoBarriers(page);
});
