import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';

export const origin = (): string => process.env.ROSTRUM_TEST_ORIGIN ?? '';

export type NewPerson = { name?: string; email?: string; password?: string };
export type TestPerson = { name: string; email: string; password: string };

export const aPassword = 'верный конь';
export const anEmail = (): string => `${randomUUID()}@example.org`;

/** Signs somebody up as people do: form, mail, link, name and password. The page ends up signed in. Interface in Russian. */
export async function signUp(page: Page, given: NewPerson = {}, at = origin()): Promise<TestPerson> {
  const person = { name: 'Анна Петрова', email: anEmail(), password: aPassword, ...given };
  await page.goto(`${at}/sign-up`);
  await page.getByLabel('Электронная почта').fill(person.email);
  await page.getByRole('button', { name: 'Прислать ссылку' }).click();
  await expect(page.getByText('Письмо отправлено')).toBeVisible();
  await page.goto(await mailedLink(page, person.email, at));
  await page.getByLabel('Имя').fill(person.name);
  await page.getByLabel('Пароль').fill(person.password);
  await page.getByRole('button', { name: 'Создать учётную запись' }).click();
  await page.waitForURL(`${at}/`);
  return person;
}

export async function signIn(page: Page, person: TestPerson, at = origin()): Promise<void> {
  await page.goto(`${at}/sign-in`);
  await page.getByLabel('Электронная почта').fill(person.email);
  await page.getByLabel('Пароль').fill(person.password);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
  await page.waitForURL(`${at}/`);
}

/** The link of the last mail to an address, read in the outbox of the demo. */
export async function mailedLink(page: Page, email: string, at = origin()): Promise<string> {
  await page.goto(`${at}/outbox`);
  const link = page.getByRole('article').filter({ hasText: email }).first().getByRole('link');
  return (await link.getAttribute('href')) ?? '';
}
