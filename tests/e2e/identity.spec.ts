import { type Browser, type Cookie, expect, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { users } from '#lib/db/schema.ts';
import { expectNoBarriers } from './barriers.ts';
import {
  aMember,
  anEmail,
  aPassword,
  askForLink,
  mailedLink,
  origin,
  ownerDatabase,
  signedIn,
  signIn,
} from './people.ts';

test.use({ locale: 'ru-RU' });

async function anotherDevice(browser: Browser): Promise<Page> {
  return (await browser.newContext({ locale: 'ru-RU' })).newPage();
}

const sessions = (page: Page) =>
  page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Где выполнен вход' }) })
    .getByRole('listitem');

const sessionOf = (cookies: readonly Cookie[]) => cookies.find(({ name }) => name === 'rostrum-session');

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'in a browser' : 'in a browser without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('somebody new is led back to where they were going, by way of their mailbox', async ({ page }) => {
      const email = anEmail();
      await page.goto(`${origin()}/account`);
      await page.getByRole('link', { name: 'Зарегистрироваться' }).click();
      await page.waitForURL(`${origin()}/sign-up**`);
      await askForLink(page, email);

      const link = await mailedLink(page, email);
      await page.goto(link);
      await page.reload();
      await page.getByLabel('Имя').fill('Анна Петрова');
      await page.getByLabel('Пароль').fill(aPassword);
      await page.getByRole('button', { name: 'Создать учётную запись' }).click();
      await page.waitForURL(`${origin()}/account`);
      await expect(page.getByText(email).first()).toBeVisible();

      await page.goto(link);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ссылка уже использована');
    });

    test('a wrong password is refused, a right one lets in, and signing out ends it', async ({ page }) => {
      const person = await aMember();
      await page.goto(`${origin()}/sign-in`);
      await page.getByLabel('Электронная почта').fill(person.email);
      const password = page.getByLabel('Пароль');
      // Nobody reads it over a shoulder; a manager of passwords knows the field, and whoever pastes may.
      await expect(password).toHaveAttribute('type', 'password');
      await expect(password).toHaveAttribute('autocomplete', 'current-password');
      expect(
        await password.evaluate((field) =>
          field.dispatchEvent(new Event('paste', { bubbles: true, cancelable: true })),
        ),
      ).toBe(true);
      await password.fill('не тот пароль');
      await page.getByRole('button', { name: 'Войти', exact: true }).click();
      await expect(page.getByText('не подходят друг к другу')).toBeVisible();

      await signIn(page, person);
      await page.goto(`${origin()}/account`);
      await page.getByRole('button', { name: 'Выйти', exact: true }).first().click();
      await page.waitForURL(`${origin()}/`);
      await page.goto(`${origin()}/account`);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Вход');
    });

    test('a mailed link signs in without a password', async ({ page }) => {
      const { email } = await aMember();
      await page.goto(`${origin()}/sign-in`);
      await askForLink(page, email);
      await page.goto(await mailedLink(page, email));
      await page.getByRole('button', { name: 'Войти' }).click();
      await page.waitForURL(`${origin()}/`);
      await page.goto(`${origin()}/account`);
      await expect(page.getByText(email).first()).toBeVisible();
    });
  });
}

test('a session that is ended from another device is over at once', async ({ browser, page }) => {
  const other = await anotherDevice(browser);
  const person = await aMember();
  await signIn(other, person);
  await signIn(page, person);
  await page.goto(`${origin()}/account`);
  await expect(sessions(page)).toHaveCount(2);
  await page.getByRole('button', { name: /^Выйти: Chrome/ }).click();
  await expect(sessions(page)).toHaveCount(1);
  await other.goto(`${origin()}/account`);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Вход');
});

test('a new password ends all other sessions and keeps this one', async ({ browser, page }) => {
  const other = await anotherDevice(browser);
  const person = await aMember();
  await signIn(other, person);
  await signIn(page, person);
  await page.goto(`${origin()}/account`);
  await page.getByRole('form', { name: 'Пароль' }).getByLabel('Текущий пароль').fill(person.password);
  await page.getByLabel('Новый пароль').fill('другой добрый конь');
  await page.getByRole('button', { name: 'Сменить пароль' }).click();
  await expect(page.getByText('Пароль изменён')).toBeVisible();
  await page.reload();
  await expect(page.getByText(person.email).first()).toBeVisible();
  await other.goto(`${origin()}/account`);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Вход');
});

test('a session that a stranger has planted ends when somebody signs in', async ({ browser, page }) => {
  const stranger = await anotherDevice(browser);
  const { email } = await aMember();
  await signIn(stranger, await aMember());
  const planted = await stranger.context().cookies();
  await page.context().addCookies(planted);
  await page.goto(`${origin()}/reset`);
  await askForLink(page, email);
  await page.goto(await mailedLink(page, email));
  await page.getByLabel('Новый пароль').fill('другой добрый конь');
  await page.getByRole('button', { name: 'Сохранить и войти' }).click();
  await page.waitForURL(`${origin()}/`);
  expect(sessionOf(await page.context().cookies())).not.toEqual(sessionOf(planted));
  await stranger.goto(`${origin()}/account`);
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Вход');
});

test('a token is shown once, opens the API within its scopes, and ends when it is revoked', async ({
  page,
  request,
}) => {
  await signedIn(page, await aMember());
  await page.goto(`${origin()}/account`);
  await page.getByLabel('Для чего он').fill('блокнот');
  await page.getByLabel('загружать файлы').uncheck();
  await page.getByRole('button', { name: 'Создать токен' }).click();
  const token = await page.getByLabel('Скопируйте токен сейчас').inputValue();
  expect(token).toMatch(/^rst_[\w-]{43}$/);
  await page.reload();
  expect(await page.content()).not.toContain(token);

  const ask = (authorization: string) =>
    request.get(`${origin()}/api/v1/competitions/nothing/submissions`, { headers: { authorization } });
  expect((await ask(`Bearer ${token}`)).status()).toBe(404);
  expect((await ask(`Bearer ${token}x`)).status()).toBe(401);

  await page.getByRole('button', { name: 'Отозвать: блокнот' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Отозвать' }).click();
  await expect(page.getByText('Токенов пока нет')).toBeVisible();
  expect((await ask(`Bearer ${token}`)).status()).toBe(401);
});

test('somebody changes their address by way of the new mailbox, and takes it back by way of the old one', async ({
  browser,
  page,
}) => {
  const [other, person, email] = [await anotherDevice(browser), await aMember(), anEmail()];
  await signedIn(page, person);
  await signedIn(other, person);
  await page.goto(`${origin()}/account`);
  const form = page.getByRole('form', { name: 'Адрес электронной почты' });
  await form.getByLabel('Новый адрес').fill(email);
  await form.getByLabel('Текущий пароль').fill('не тот пароль');
  await form.getByRole('button', { name: 'Сменить адрес' }).click();
  await expect(form.getByText('Это не ваш текущий пароль')).toBeVisible();
  await form.getByLabel('Текущий пароль').fill(person.password);
  await form.getByRole('button', { name: 'Сменить адрес' }).click();
  await expect(page.getByText(`Адрес ${email} ждёт подтверждения`)).toBeVisible();
  await expectNoBarriers(page);

  const link = await mailedLink(page, email);
  const stranger = await anotherDevice(browser);
  await stranger.goto(link);
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Сначала войдите');
  await signedIn(stranger, await aMember());
  await stranger.goto(link);
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Ссылка другой учётной записи');
  await expectNoBarriers(stranger);
  await stranger.getByRole('button', { name: 'Войти в другую запись' }).click();
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Вход');

  await page.goto(link);
  await expectNoBarriers(page);
  await page.getByRole('button', { name: 'Сменить адрес' }).click();
  await expect(page.getByText(`Теперь ваш адрес — ${email}`)).toBeVisible();
  await other.goto(`${origin()}/account`);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Вход');

  await other.goto(await mailedLink(other, person.email));
  await expectNoBarriers(other);
  await other.getByLabel('Новый пароль').fill('другой добрый конь');
  await other.getByRole('button', { name: 'Сохранить и войти' }).click();
  await other.waitForURL(`${origin()}/account?address=recovered`);
  await expect(other.getByText('Учётная запись снова ваша')).toBeVisible();
  await expect(other.getByText(person.email).first()).toBeVisible();
  await page.goto(`${origin()}/account`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Вход');
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Адрес уже подтверждён');
});

test('a change of address is called off where it waits', async ({ page }) => {
  const [person, email] = [await aMember(), anEmail()];
  await signedIn(page, person);
  await page.goto(`${origin()}/account`);
  const form = page.getByRole('form', { name: 'Адрес электронной почты' });
  await form.getByLabel('Новый адрес').fill(email);
  await form.getByLabel('Текущий пароль').fill(person.password);
  await form.getByRole('button', { name: 'Сменить адрес' }).click();
  await page.getByRole('button', { name: 'Отменить смену адреса' }).click();
  await expect(page.getByText(`Адрес ${email} ждёт подтверждения`)).toHaveCount(0);
  await page.goto(await mailedLink(page, email));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Такой ссылки нет');
});

test('somebody erases their account: not by a slip, and then nothing opens it any more', async ({ page }) => {
  const person = await aMember();
  await signedIn(page, person);
  await page.goto(`${origin()}/account`);
  await page.getByRole('button', { name: 'Стереть мою учётную запись…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Ваш адрес, чтобы подтвердить').fill('somebody.else@example.org');
  await dialog.getByRole('button', { name: 'Стереть навсегда' }).click();
  await expect(dialog.getByText('Ничего не стёрто')).toBeVisible();
  await dialog.getByLabel('Ваш адрес, чтобы подтвердить').fill(person.email);
  await dialog.getByRole('button', { name: 'Стереть навсегда' }).click();
  await page.waitForURL(`${origin()}/`);
  await page.goto(`${origin()}/sign-in`);
  await page.getByLabel('Электронная почта').fill(person.email);
  await page.getByLabel('Пароль').fill(person.password);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(page.getByText('не подходят друг к другу')).toBeVisible();
});

test('who gets no mail is told so, with the server’s words, until a link that was mailed is opened', async ({
  page,
}) => {
  const person = await aMember();
  await signedIn(page, person);
  const notice = page.getByText('Письма до вас не доходят');
  await page.goto(`${origin()}/account`);
  await expect(page.getByRole('heading', { name: 'Учётная запись' })).toBeVisible();
  await expect(notice).toHaveCount(0);

  const marked = { undeliverableSince: new Date(), undeliverableReason: '550 5.1.1 no such user' };
  await ownerDatabase().update(users).set(marked).where(eq(users.email, person.email));
  await page.reload();
  await expect(notice).toBeVisible();
  await expect(page.getByText('Его ответ: 550 5.1.1 no such user')).toBeVisible();
  await expectNoBarriers(page);
  await page.getByRole('button', { name: 'Отправить ссылку' }).click();
  await expect(page.getByText(`Письмо на ${person.email} лежит в исходящих`)).toBeVisible();

  await page.goto(await mailedLink(page, person.email));
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.waitForURL(`${origin()}/account`);
  await expect(notice).toHaveCount(0);
});

test('cookies are out of reach of scripts and other sites', async ({ page }) => {
  await signIn(page, await aMember());
  expect(sessionOf(await page.context().cookies())).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
});

test('a request that another site makes in somebody’s name is refused', async ({ page }) => {
  await signedIn(page, await aMember());
  const send = (headers: Record<string, string>) =>
    page.request.post(`${origin()}/api/v1/competitions/nothing/submissions?split=test`, { headers, data: 'id,text' });
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, {}]) {
    const answer = await send(headers);
    expect([answer.status(), await answer.json()]).toMatchObject([403, { code: 'cross-origin' }]);
  }
  expect((await send({ 'sec-fetch-site': 'same-origin' })).status()).toBe(404);
});

test.describe('in English', () => {
  test.use({ locale: 'en-GB' });

  // In Russian every page is walked (every-page.spec.ts).
  test('the pages at the door and the account have no barriers', async ({ page }) => {
    for (const path of ['/sign-in', '/sign-up', '/reset', '/confirm?token=nothing', '/outbox']) {
      await page.goto(origin() + path);
      await expectNoBarriers(page);
    }
    await signedIn(page, await aMember());
    await page.goto(`${origin()}/account`);
    await expectNoBarriers(page);
  });
});
