import { type Browser, expect, type Page, test } from '@playwright/test';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition } from '../builders.ts';
import { aSnapshotOf, publishSnapshot } from '../snapshots.ts';
import { aMember, origin, ownerDatabase, signedIn } from './people.ts';

/*
 * What somebody gets of a page who hears it, and what moves on it for somebody whom motion makes ill.
 */

test.use({ locale: 'ru-RU' });

const t = translator('ru');

async function aBoard(): Promise<{ id: string; slug: string }> {
  const competition = await aCompetition(ownerDatabase());
  await publishSnapshot(ownerDatabase(), competition.id, aSnapshotOf(8, 0));
  return competition;
}

test('the board is a table with a name and headings, and its picture is told in words', async ({ page }) => {
  const { slug } = await aBoard();
  await page.goto(`${origin()}/c/${slug}/board`);
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Распознавание речи" [level=1]
      - navigation "${t('common.tabs')}"
      - heading "${t('board.caption')}" [level=2]
      - table:
        - caption: /Публичная таблица/
        - rowgroup:
          - row:
            - columnheader "Место"
            - columnheader "Команда"
            - columnheader "WER, %"
            - columnheader "95 % интервал"
            - columnheader "За сутки"
            - columnheader "Ход"
            - columnheader "Попытки"
  `);
  const first = page.getByRole('row').nth(1);
  await expect(first.getByRole('rowheader')).toBeVisible();
  await expect(first.getByRole('img', { name: /^95 % интервал: \d+,\d–\d+,\d/ })).toBeVisible();
  await page.goto(`${origin()}/c/${slug}/board/history`);
  const chart = page.getByRole('img', { name: t('board.history-chart') });
  await expect(chart).toHaveAccessibleDescription(/^Ступенчатые линии: 9 участников/);
});

test('what is wrong with a field is told with it, and where a form is refused it is said at once', async ({ page }) => {
  const { slug } = await aBoard();
  await signedIn(page, await aMember());
  await page.goto(`${origin()}/c/${slug}/rules`);
  await page.getByRole('button', { name: t('competition.accept') }).click();
  await expect(page.getByText(t('competition.accept-title'))).toBeHidden();
  await page.goto(`${origin()}/c/${slug}/team`);
  await page.getByLabel(t('team.name'), { exact: true }).fill('\u200b');
  await page.getByRole('button', { name: t('team.create') }).click();
  const field = page.getByLabel(t('team.name'), { exact: true });
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(/\S/);
  await page.context().clearCookies();
  await page.goto(`${origin()}/sign-in`);
  await page.getByLabel(t('auth.email')).fill('nobody@example.org');
  await page.getByLabel(t('auth.password'), { exact: true }).fill('wrong');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toBeVisible();
});

for (const [where, address] of [
  ['on its page', (slug: string) => `/c/${slug}/board`],
  ['in the hall', (slug: string) => `/live/${slug}`],
] as const)
  test(`a board that changes ${where} is read out in one polite sentence, and no more often than one can listen`, async ({
    page,
  }) => {
    const { id, slug } = await aBoard();
    await page.goto(origin() + address(slug));
    const said = page.getByRole('status').filter({ hasText: /Таблица обновилась/ });
    const next = (round: number) => publishSnapshot(ownerDatabase(), id, aSnapshotOf(8, round));
    await expect(page.locator('tr[data-team]')).toHaveCount(9);
    await page.clock.install();
    await next(1);
    await expect(said).toHaveText(/^Таблица обновилась\. .+: \d+,\d\s%, место 1; .+; .+; и ещё \d+\.$/);
    const first = await said.textContent();
    const before = await order(page);
    await next(2);
    await expect.poll(() => order(page)).not.toEqual(before);
    expect(await said.textContent()).toBe(first);
    await page.clock.fastForward(16_000);
    await expect(said).not.toHaveText(String(first));
  });

test('rows glide to their new places, and stand there at once for who asked for less motion', async ({ browser }) => {
  const { id, slug } = await aBoard();
  const [moving, still] = [await watched(browser, 'no-preference'), await watched(browser, 'reduce')];
  for (const page of [moving, still]) await page.goto(`${origin()}/c/${slug}/board`);
  const before = await order(still);
  expect(before).toHaveLength(9);
  await publishSnapshot(ownerDatabase(), id, aSnapshotOf(8, 1));
  for (const page of [moving, still]) await expect.poll(() => order(page)).not.toEqual(before);
  const most = (page: Page) => page.evaluate(() => (window as unknown as { most: number }).most);
  // The control: there is something to be spared.
  await expect.poll(() => most(moving)).toBeGreaterThan(3);
  expect(await most(still)).toBe(0);
});

/** Of the teams on the board. */
function order(page: Page): Promise<(string | undefined)[]> {
  return page.locator('tr[data-team]').evaluateAll((rows) => rows.map((row) => row.dataset.team));
}

/** A page that counts how many animations run at once, of those that can be seen. */
async function watched(browser: Browser, reducedMotion: 'reduce' | 'no-preference'): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'ru-RU', reducedMotion })).newPage();
  await page.addInitScript(() => {
    const memory = Object.assign(window, { most: 0 });
    const look = () => {
      const seen = document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 50);
      memory.most = Math.max(memory.most, seen.length);
      requestAnimationFrame(look);
    };
    look();
  });
  return page;
}
