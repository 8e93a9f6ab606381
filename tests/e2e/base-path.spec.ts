import { type BrowserContext, expect, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { acceptRules } from '#lib/db/rule-acceptances.ts';
import { users } from '#lib/db/schema.ts';
import { createTeam } from '#lib/db/teams.ts';
import { translator } from '#lib/messages/translate.ts';
import { freePort } from '../../bin/start/address.ts';
import { aCompetition, aPredictionsFile, aTestSplit, tenUtterances } from '../builders.ts';
import { startTestProvider, type TestProvider } from '../oidc.ts';
import { startTestStack } from '../stack.ts';
import { aMember, anEmail, sharedCluster, signIn } from './people.ts';

/*
 * A browser at an installation below a path of its host: what pages ask for by themselves lies below that path, too.
 */

test.use({ locale: 'ru-RU' });

const t = translator('ru');
let host: string;
let site: string;
let provider: TestProvider;
let owner: Database;
const closing: (() => Promise<void>)[] = [];

test.beforeAll(async () => {
  const port = await freePort('127.0.0.1');
  host = `http://127.0.0.1:${port}`;
  site = `${host}/rostrum`;
  provider = await startTestProvider(site);
  closing.push(provider.close);
  const stack = await startTestStack(sharedCluster(), { ...provider.settings, ROSTRUM_URL: site, PORT: String(port) });
  closing.push(stack.stop);
  owner = openDatabase(stack.urls.ownerUrl);
  closing.push(() => owner.$client.end());
});

test.afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

/** What the browser asks the host for outside of the site, from now on. */
function straysOf(context: BrowserContext): string[] {
  const strays: string[] = [];
  context.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin === host && pathname !== '/rostrum' && !pathname.startsWith('/rostrum/')) strays.push(pathname);
  });
  return strays;
}

test('somebody signs in, uploads and sees the board move, and nothing is asked for outside of it', async ({
  page,
  browser,
}) => {
  const strays = straysOf(page.context());
  const person = await aMember({}, owner);
  const [{ id } = { id: '' }] = await owner.select().from(users).where(eq(users.email, person.email));
  const { id: competitionId } = await aTestSplit(owner, await aCompetition(owner, { slug: 'open' }));
  await acceptRules(owner, competitionId, id);
  await createTeam(owner, competitionId, id, 'Тихий час');

  const audience = await browser.newContext({ locale: 'ru-RU' });
  const strayAudience = straysOf(audience);
  const [hall, watcher] = [await audience.newPage(), await audience.newPage()];
  await hall.goto(`${site}/live/open`);
  await watcher.goto(`${site}/c/open/board`);

  await signIn(page, person, site);
  await page.getByRole('link', { name: 'Распознавание речи' }).first().click();
  await page.waitForURL(`${site}/c/open`);
  await page.goto(`${site}/c/open/submit`);
  const buffer = aPredictionsFile(tenUtterances, 7);
  await page.locator('input[type=file]').setInputFiles({ name: 'first.csv', mimeType: 'text/csv', buffer });
  await expect(page.getByText(t('upload.sound'))).toBeVisible();
  await page.getByRole('button', { name: t('upload.send-test') }).click();
  await expect(page.getByText(t('upload.receipt'), { exact: true })).toBeVisible();
  for (const each of [hall, watcher]) {
    await expect(each.getByRole('row').filter({ hasText: 'Тихий час' })).toBeVisible({ timeout: 20_000 });
  }
  expect([...strays, ...strayAudience]).toEqual([]);
  // The control: such a request would have been noticed.
  await page.evaluate(() => fetch('/c/open'));
  expect(strays).toEqual(['/c/open']);
});

test("the university's sign-in leads back into it", async ({ page }) => {
  provider.receive({ subject: 'vera', name: 'Вера Орлова', email: anEmail(), isEmailVerified: true });
  const strays = straysOf(page.context());
  await page.goto(`${site}/sign-in?next=/account`);
  await page.getByRole('link', { name: 'Войти через Университет' }).click();
  await page.waitForURL(`${site}/account`);
  await expect(page.getByLabel('Имя')).toHaveValue('Вера Орлова');
  expect((await page.context().cookies()).map(({ name, path }) => [name, path])).toEqual(
    expect.arrayContaining([['rostrum-session', '/rostrum']]),
  );
  expect(strays).toEqual([]);
});
