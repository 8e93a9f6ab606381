import { expect, type Page, test } from '@playwright/test';
import { sql } from 'drizzle-orm';
import { sessions } from '#lib/db/schema.ts';
import { freshHours } from '#lib/db/sessions.ts';
import { forgedToken, signedToken, type Tampering } from '../oidc.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, anEmail, aPassword, askForLink, mailedLink, signIn } from './people.ts';
import {
  aGitHubPerson,
  aPerson,
  arrivedAt,
  comeBy,
  type House,
  journey,
  openHouse,
  waysToSignIn,
  whoIs,
} from './two-providers.ts';

/*
 * Signing in by an OpenID provider: who is let in, by which answer, and what is said where it does not come.
 */

test.use({ locale: 'ru-RU' });
test.describe.configure({ mode: 'serial' });

let house: House;
let origin: string;

test.beforeAll(async () => {
  house = await openHouse();
  origin = house.origin;
});

test.afterAll(async () => {
  await house.close();
});

test.afterEach(() => {
  house.provider.tamper({});
  house.provider.setDown(false);
});

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('somebody whose address the provider vouches for is in at once, each time as the same person', async ({
  browser,
}) => {
  const vera = aPerson();
  house.provider.receive(vera);
  const page = await comeBy(browser, origin, 'Университет');
  expect(page.url()).toBe(`${origin}/account`);
  await page.getByLabel('Имя').fill('Вера');
  await page.getByRole('form', { name: 'О вас' }).getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Сохранено')).toBeVisible();
  const again = await comeBy(browser, origin, 'Университет');
  await expect(again.getByText(vera.email!).first()).toBeVisible();
  await expect(again.getByLabel('Имя')).toHaveValue('Вера');
});

test('an address that the provider does not vouch for opens no account', async ({ browser, page }) => {
  const victim = await aMember({}, house.owner);
  house.provider.receive(aPerson({ email: victim.email, isEmailVerified: false }));
  const thief = await comeBy(browser, origin, 'Университет');
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
  house.provider.receive(aPerson({ isEmailVerified: false }));
  expect(new URL((await comeBy(browser, origin, 'Университет')).url()).pathname).toBe('/sign-up');
});

test('an address proven by mail in the same browser is connected for good', async ({ browser }) => {
  const oleg = aPerson({ isEmailVerified: false });
  house.provider.receive(oleg);
  const page = await comeBy(browser, origin, 'Университет');
  await expect(page.getByLabel('Электронная почта')).toHaveValue(oleg.email!);
  await askForLink(page, oleg.email!);
  await page.goto(await mailedLink(page, oleg.email!, origin));
  await page.getByLabel('Имя').fill('Олег');
  await page.getByLabel('Пароль').fill(aPassword);
  await expect(page.getByRole('checkbox', { name: oleg.email! })).toBeChecked();
  await page.getByRole('button', { name: 'Создать учётную запись' }).click();
  await page.waitForURL(`${origin}/account`);
  expect((await comeBy(browser, origin, 'Университет')).url()).toBe(`${origin}/account`);
});

test('who proves once more who they are is asked by the provider too, though it remembers them', async ({
  browser,
}) => {
  house.provider.receive(aPerson());
  const page = await comeBy(browser, origin, 'Университет');
  await house.owner
    .update(sessions)
    .set({ createdAt: sql`${sessions.createdAt} - make_interval(hours => ${freshHours})` });
  await page.goto(`${origin}/account`);
  await expect(waysToSignIn(page).getByRole('button')).toHaveCount(0);
  await waysToSignIn(page).getByRole('link', { name: 'Подтвердить' }).click();
  await expect(heading(page)).toHaveText('Подтвердите, что это вы');
  // GitHub cannot be made to ask.
  await expect(page.getByRole('link', { name: 'Войти через GitHub' })).toHaveCount(0);
  const asked = page.waitForRequest((request) => new URL(request.url()).searchParams.get('prompt') === 'login');
  await page.getByRole('link', { name: 'Войти через Университет' }).click();
  await asked;
  await page.waitForURL(`${origin}/account`);
  await expect(waysToSignIn(page).getByRole('button', { name: 'Отключить: Университет' })).toBeVisible();
  // The control: this session needs no proof, and the step leads on at once.
  await page.goto(`${origin}/sign-in/again?next=/account`);
  expect(page.url()).toBe(`${origin}/account`);
});

test('who signs out is shown where to sign out of the provider, too', async ({ browser }) => {
  house.provider.receive(aPerson());
  const page = await comeBy(browser, origin, 'Университет');
  await page.getByRole('button', { name: 'Выйти', exact: true }).first().click();
  await page.getByRole('link', { name: 'Университет: выйти и там' }).click();
  await page.waitForURL(`${house.provider.settings.OIDC_ISSUER}/session/end?**`);
  // The control: the provider is up and has such a page; where it has none, or none answers, the way leads home.
  house.provider.setDown(true);
  await page.goto(`${origin}/sign-in/provider/leave?by=oidc`);
  expect(page.url()).toBe(`${origin}/`);
});

test('another site can neither begin a sign-in nor finish one', async ({ request }) => {
  const begun = await request.get(`${origin}${journey}oidc`, {
    headers: { 'sec-fetch-site': 'cross-site' },
    maxRedirects: 0,
  });
  expect([begun.status(), begun.headers().location]).toEqual([307, '/sign-in']);
  const finished = await request.get(`${origin}/api/auth/callback/oidc?code=stolen&state=made-up`);
  expect(arrivedAt(finished)).toBe('/sign-in?problem=failed&provider=oidc');
  expect(await finished.text()).toContain('Войти через Университет не получилось');
});

test.describe('an answer of the provider', () => {
  const seconds = (offset: number) => Math.floor(Date.now() / 1_000) + offset;
  const changed = (change: object): Tampering => ({ idToken: (claims, signed) => signed({ ...claims, ...change }) });
  const come = async () => {
    const email = anEmail();
    house.provider.receive(aPerson({ email }));
    const visitor = await house.visitor();
    const end = arrivedAt(await visitor.get(`${origin}${journey}oidc`));
    return { end, isIn: (await whoIs(visitor, origin)) === email };
  };

  for (const [what, tampering] of Object.entries<() => Tampering>({
    'with another journey’s nonce': () => changed({ nonce: 'made-up' }),
    'without a nonce': () => changed({ nonce: undefined }),
    'for another client': () => changed({ aud: 'somebody-else' }),
    'of another issuer': () => changed({ iss: 'https://evil.example' }),
    'that ended a minute ago': () => changed({ exp: seconds(-60) }),
    'that begins in a minute': () => changed({ nbf: seconds(60) }),
    'without a signature': () => ({ idToken: (claims) => signedToken(claims, null) }),
    'signed by a stranger': () => ({ idToken: (claims, signed) => forgedToken(claims, signed(claims)) }),
    'about somebody else’s address': () => ({ userInfo: (claims) => ({ ...claims, sub: 'somebody-else' }) }),
  })) {
    test(`${what} lets nobody in`, async () => {
      house.provider.tamper(tampering());
      expect(await come()).toEqual({ end: '/sign-in?problem=failed&provider=oidc&next=%2Faccount', isIn: false });
    });
  }

  for (const [what, tampering] of Object.entries<() => Tampering>({
    'as it was given': () => ({}),
    'signed again by the provider': () => changed({}),
    'of a clock that goes five seconds wrong': () => changed({ nbf: seconds(5) }),
  })) {
    test(`${what} lets in`, async () => {
      house.provider.tamper(tampering());
      expect(await come()).toEqual({ end: '/account', isIn: true });
    });
  }

  test('by a new key lets in as before', async () => {
    house.provider.rotateKeys();
    expect(await come()).toEqual({ end: '/account', isIn: true });
  });

  test('without the group that is asked for says so, also to who came before', async () => {
    const person = aPerson();
    const visitor = await house.visitor();
    house.provider.receive(person);
    expect(arrivedAt(await visitor.get(`${origin}${journey}oidc`))).toBe('/account');
    house.provider.receive({ ...person, groups: ['alumni'] });
    const response = await (await house.visitor()).get(`${origin}${journey}oidc`);
    expect(arrivedAt(response)).toBe('/sign-in?problem=claim&provider=oidc');
    expect(await response.text()).toContain('не относит к тем, кому здесь открыт вход');
  });

  test('opens nothing in another browser than the one that asked', async () => {
    const [own, others] = [await house.visitor(), await house.visitor()];
    house.provider.receive(aPerson());
    let at = `${origin}${journey}oidc`;
    while (!at.includes('/api/auth/callback/')) {
      const response = await own.get(at, { maxRedirects: 0 });
      at = new URL(response.headers().location!, at).href;
    }
    await others.get(`${origin}${journey}oidc`, { maxRedirects: 0 });
    expect(arrivedAt(await others.get(at))).toContain('problem=failed');
    expect(await whoIs(others, origin)).toBeNull();
    // The control: where it was asked for, it does, once.
    expect(arrivedAt(await own.get(at))).toBe('/account');
    expect(arrivedAt(await own.get(at))).toContain('problem=failed');
  });

  test('that does not come leaves the other ways', async ({ browser, page }) => {
    house.provider.setDown(true);
    await page.goto(`${origin}/sign-in`);
    await page.getByRole('link', { name: 'Войти через Университет' }).click();
    await expect(page.getByText('Университет сейчас не отвечает')).toBeVisible();
    await expectNoBarriers(page);
    house.github.receive(aGitHubPerson());
    expect((await comeBy(browser, origin, 'GitHub')).url()).toBe(`${origin}/account`);
  });
});

test('the pages at the door say who may register, and have no barriers', async ({ page }) => {
  await page.goto(`${origin}/sign-in`);
  await expect(page.getByRole('link', { name: /^Войти через/ })).toHaveText([
    'Войти через Университет',
    'Войти через GitHub',
  ]);
  await expectNoBarriers(page);
  await page.goto(`${origin}/sign-up`);
  await expect(page.getByText('с адресом в example.org, *.uni.example')).toBeVisible();
  await expectNoBarriers(page);
});

test.describe('somebody from elsewhere', () => {
  test.use({ extraHTTPHeaders: { 'x-forwarded-for': '203.0.113.9' } });

  test('sees no outbox, and no account of the demo from inside', async ({ browser, page }) => {
    const person = await aMember({ isDemo: true }, house.owner);
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
