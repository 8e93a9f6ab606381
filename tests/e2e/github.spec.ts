import { expect, test } from '@playwright/test';
import { eq, sql } from 'drizzle-orm';
import { mails, sessions } from '#lib/db/schema.ts';
import { findAccountByEmail } from '#lib/db/users.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, anEmail, signIn } from './people.ts';
import {
  aGitHubPerson,
  arrivedAt,
  comeBy,
  type House,
  journey,
  openHouse,
  waysToSignIn,
  whoIs,
} from './two-providers.ts';

/*
 * GitHub, which knows people by a number and several addresses: signing in by it, and connecting it to an account that is there.
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

test.describe('coming by GitHub', () => {
  const come = async () => {
    const visitor = await house.visitor();
    const response = await visitor.get(`${origin}${journey}github`);
    return { visitor, end: arrivedAt(response), page: await response.text() };
  };

  test('leads in by its verified primary address, whichever comes first', async () => {
    const [second, primary] = [await aMember({}, house.owner), anEmail()];
    const emails = [
      { email: second.email, primary: false, verified: true },
      { email: primary, primary: true, verified: true },
    ];
    house.github.receive(aGitHubPerson({ emails }));
    const { visitor, end } = await come();
    expect([end, await whoIs(visitor, origin)]).toEqual(['/account', primary]);
  });

  test('has an unverified primary address proven by mail, whatever else is verified', async () => {
    const [victim, second] = [await aMember({}, house.owner), anEmail()];
    const emails = [
      { email: second, primary: false, verified: true },
      { email: victim.email, primary: true, verified: false },
    ];
    house.github.receive(aGitHubPerson({ emails }));
    const { visitor, end, page } = await come();
    expect([end, await whoIs(visitor, origin)]).toEqual(['/sign-up?via=provider&next=%2Faccount', null]);
    expect(page).toContain(victim.email);
  });

  test('knows people by number: a login that changed hands opens nothing', async () => {
    const first = aGitHubPerson();
    house.github.receive(first);
    const { visitor } = await come();
    const successor = aGitHubPerson({ login: first.login });
    house.github.receive(successor);
    const later = await come();
    expect(await whoIs(later.visitor, origin)).toBe(successor.emails[0]!.email);
    expect(await whoIs(visitor, origin)).toBe(first.emails[0]!.email);
  });

  test('makes no account for an address from elsewhere', async () => {
    const email = `${anEmail().split('@')[0]}@uni.example.evil.org`;
    house.github.receive(aGitHubPerson({ emails: [{ email, primary: true, verified: true }] }));
    const { visitor, end, page } = await come();
    expect([end, await whoIs(visitor, origin)]).toEqual([
      '/sign-in?problem=not-admitted&provider=github&next=%2Faccount',
      null,
    ]);
    expect(page).toContain('здесь нельзя завести учётную запись');
    expect(await findAccountByEmail(house.owner, email)).toBeNull();
  });

  test('is told apart from a failure by who presses Cancel there', async () => {
    house.github.receive(null);
    const { end, page } = await come();
    expect(end).toBe('/sign-in?problem=cancelled&provider=github&next=%2Faccount');
    expect(page).toContain('Вы отказались от входа через GitHub');
  });
});

test.describe('on the account page', () => {
  const userIdOf = async (email: string) => (await findAccountByEmail(house.owner, email))!.id;

  test('somebody connects GitHub, comes in by it, and disconnects it; each is written to them', async ({
    browser,
    page,
  }) => {
    const anna = await aMember({}, house.owner);
    await signIn(page, anna, origin);
    await page.goto(`${origin}/account`);
    house.github.receive(aGitHubPerson());
    await waysToSignIn(page).getByRole('link', { name: 'Подключить: GitHub' }).click();
    await expect(page.getByText('Вход через GitHub подключён')).toBeVisible();
    await expectNoBarriers(page);
    const other = await comeBy(browser, origin, 'GitHub');
    await expect(other.getByText(anna.email).first()).toBeVisible();

    await waysToSignIn(page).getByRole('button', { name: 'Отключить: GitHub' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Отключить' }).click();
    await expect(waysToSignIn(page).getByRole('link', { name: 'Подключить: GitHub' })).toBeVisible();
    const written = await house.owner
      .select({ subject: mails.subject })
      .from(mails)
      .where(eq(mails.recipient, anna.email))
      .orderBy(mails.id);
    expect(written.map(({ subject }) => subject)).toEqual([
      'Rostrum: Вход через GitHub подключён',
      'Rostrum: Вход через GitHub отключён',
    ]);
  });

  test('the only service of an account without a password stays', async ({ browser }) => {
    house.github.receive(aGitHubPerson());
    const page = await comeBy(browser, origin, 'GitHub');
    await waysToSignIn(page).getByRole('button', { name: 'Отключить: GitHub' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Отключить' }).click();
    await expect(page.getByText('единственный способ войти')).toBeVisible();
  });

  test('what opens another account is not connected, and says so', async () => {
    house.github.receive(aGitHubPerson());
    await (await house.visitor()).get(`${origin}${journey}github`);
    const anna = await aMember({}, house.owner);
    const visitor = await house.visitor(await userIdOf(anna.email));
    const response = await visitor.get(`${origin}${journey}github&connect=yes`);
    expect(arrivedAt(response)).toBe('/account?problem=taken&provider=github');
    expect(await response.text()).toContain('открывается другая учётная запись');
  });

  test('nothing is connected by a session that is not fresh, nor from another site', async () => {
    const anna = await aMember({}, house.owner);
    const userId = await userIdOf(anna.email);
    const visitor = await house.visitor(userId);
    const crossSite = { headers: { 'sec-fetch-site': 'cross-site' }, maxRedirects: 0 };
    expect((await visitor.get(`${origin}${journey}github&connect=yes`, crossSite)).headers().location).toBe('/sign-in');
    await house.owner
      .update(sessions)
      .set({ createdAt: sql`now() - interval '5 hours'` })
      .where(eq(sessions.userId, userId));
    expect(arrivedAt(await visitor.get(`${origin}${journey}github&connect=yes`))).toBe(
      '/sign-in/again?next=%2Faccount',
    );
  });

  test('a journey to connect that was left is nobody’s who comes in later by this browser', async () => {
    const anna = await aMember({}, house.owner);
    const visitor = await house.visitor(await userIdOf(anna.email));
    await visitor.get(`${origin}${journey}github&connect=yes`, { maxRedirects: 0 });
    const other = aGitHubPerson();
    house.github.receive(other);
    expect(arrivedAt(await visitor.get(`${origin}${journey}github`))).toBe('/account');
    expect(await whoIs(visitor, origin)).toBe(other.emails[0]!.email);
  });

  test('somebody else’s answer, opened by a person who is connecting, is not connected to them', async () => {
    const anna = await aMember({}, house.owner);
    const [thief, victim] = [await house.visitor(), await house.visitor(await userIdOf(anna.email))];
    house.github.receive(aGitHubPerson());
    const toGitHub = (await thief.get(`${origin}${journey}github`, { maxRedirects: 0 })).headers().location!;
    const answer = (await thief.get(toGitHub, { maxRedirects: 0 })).headers().location!;
    await victim.get(`${origin}${journey}github&connect=yes`, { maxRedirects: 0 });
    expect(arrivedAt(await victim.get(answer))).toBe('/account?problem=failed&provider=github');
    expect(await whoIs(victim, origin)).toBe(anna.email);
  });
});
