import { randomUUID } from 'node:crypto';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { sql } from 'drizzle-orm';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { sessions } from '#lib/db/schema.ts';
import { freshHours } from '#lib/db/sessions.ts';
import { tryPort } from '../../bin/start/address.ts';
import { startTestCluster } from '../cluster.ts';
import { type Person, startTestProvider, type TestProvider } from '../oidc.ts';
import { startTestStack } from '../stack.ts';
import { aMember, anEmail, aPassword, askForLink, mailedLink, signIn } from './people.ts';

test.use({ locale: 'ru-RU' });
test.describe.configure({ mode: 'serial' });

let provider: TestProvider;
let origin: string;
let owner: Database;
const closing: (() => Promise<void>)[] = [];

test.beforeAll(async () => {
  const { cluster, stop } = await startTestCluster();
  closing.push(stop);
  const port = await tryPort('127.0.0.1', 0);
  origin = `http://127.0.0.1:${port}`;
  provider = await startTestProvider(origin);
  closing.push(provider.close);
  const stack = await startTestStack(cluster, {
    ...provider.settings,
    PORT: String(port),
    TRUSTED_PROXIES: '127.0.0.1',
  });
  closing.push(stack.stop);
  owner = openDatabase(stack.urls.ownerUrl);
  closing.push(() => owner.$client.end());
});

test.afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

const aPerson = (given: Partial<Person> = {}): Person => ({
  subject: randomUUID(),
  name: 'Вера Орлова',
  email: anEmail(),
  isEmailVerified: true,
  ...given,
});

/** Comes in a browser of their own, by the button for the provider. */
async function comeBy(browser: Browser, person: Person): Promise<Page> {
  provider.receive(person);
  const page = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  await page.goto(`${origin}/sign-in?next=/account`);
  await page.getByRole('link', { name: 'Войти через Университет' }).click();
  await page.waitForURL((url) => url.origin === origin && url.pathname !== '/sign-in');
  return page;
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('somebody whose address the provider vouches for is in at once, each time as the same person', async ({
  browser,
}) => {
  const vera = aPerson();
  const page = await comeBy(browser, vera);
  expect(page.url()).toBe(`${origin}/account`);
  await page.getByLabel('Имя').fill('Вера');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Сохранено')).toBeVisible();
  const again = await comeBy(browser, vera);
  await expect(again.getByText(vera.email!)).toBeVisible();
  await expect(again.getByLabel('Имя')).toHaveValue('Вера');
});

test('an address that the provider does not vouch for opens no account', async ({ browser, page }) => {
  const victim = await aMember({}, owner);
  const thief = await comeBy(browser, aPerson({ email: victim.email, isEmailVerified: false }));
  expect(new URL(thief.url()).pathname).toBe('/sign-up');
  await thief.goto(`${origin}/account`);
  await expect(heading(thief)).toHaveText('Вход');

  // The thief has a link sent; the victim opens it in their own browser, where no identity waits.
  await thief.goto(`${origin}/sign-up?via=provider`);
  await askForLink(thief, victim.email);
  await page.goto(await mailedLink(page, victim.email, origin));
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.waitForURL(`${origin}/`);
  expect(new URL((await comeBy(browser, aPerson({ isEmailVerified: false }))).url()).pathname).toBe('/sign-up');
});

test('an address proven by mail in the same browser is connected for good', async ({ browser }) => {
  const oleg = aPerson({ isEmailVerified: false });
  const page = await comeBy(browser, oleg);
  await expect(page.getByLabel('Электронная почта')).toHaveValue(oleg.email!);
  await askForLink(page, oleg.email!);
  await page.goto(await mailedLink(page, oleg.email!, origin));
  await page.getByLabel('Имя').fill('Олег');
  await page.getByLabel('Пароль').fill(aPassword);
  await expect(page.getByRole('checkbox')).toBeChecked();
  await page.getByRole('button', { name: 'Создать учётную запись' }).click();
  await page.waitForURL(`${origin}/account`);
  expect((await comeBy(browser, oleg)).url()).toBe(`${origin}/account`);
});

test('who proves once more who they are is asked by the provider too, though it remembers them', async ({
  browser,
}) => {
  const page = await comeBy(browser, aPerson());
  await owner.update(sessions).set({ createdAt: sql`${sessions.createdAt} - make_interval(hours => ${freshHours})` });
  await page.goto(`${origin}/sign-in/again?next=/account`);
  const asked = page.waitForRequest((request) => new URL(request.url()).searchParams.get('prompt') === 'login');
  await page.getByRole('link', { name: 'Войти через Университет' }).click();
  await asked;
  await page.waitForURL(`${origin}/account`);
  // The control: this session needs no proof, and the step leads on at once.
  await page.goto(`${origin}/sign-in/again?next=/account`);
  expect(page.url()).toBe(`${origin}/account`);
});

test('another site can neither begin a sign-in nor finish one', async ({ request }) => {
  const begun = await request.get(`${origin}/sign-in/provider`, {
    headers: { 'sec-fetch-site': 'cross-site' },
    maxRedirects: 0,
  });
  expect([begun.status(), begun.headers().location]).toEqual([307, '/sign-in']);
  const finished = await request.get(`${origin}/api/auth/callback/oidc?code=stolen&state=made-up`);
  expect(finished.url()).toContain('/sign-in?');
  expect(await finished.text()).toContain('Университет');
});

test.describe('somebody from elsewhere', () => {
  test.use({ extraHTTPHeaders: { 'x-forwarded-for': '203.0.113.9' } });

  test('sees no outbox, and no account of the demo from inside', async ({ browser, page }) => {
    const person = await aMember({ isDemo: true }, owner);
    expect((await page.goto(`${origin}/outbox`))?.status()).toBe(404);
    await page.goto(`${origin}/sign-in`);
    await page.getByLabel('Электронная почта').fill(person.email);
    await page.getByLabel('Пароль').fill(person.password);
    await page.getByRole('button', { name: 'Войти', exact: true }).click();
    await expect(page.getByText('только на той машине, где она запущена')).toBeVisible();

    const here = await (await browser.newContext({ locale: 'ru-RU', extraHTTPHeaders: {} })).newPage();
    await signIn(here, person, origin);
    await page.context().addCookies(await here.context().cookies());
    await page.goto(`${origin}/account`);
    await expect(heading(page)).toHaveText('Вход');
  });
});
