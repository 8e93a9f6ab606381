import { randomUUID } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { cookieName } from '#lib/auth/session-cookie.ts';
import { type Connection, type Database, openDatabase } from '#lib/db/client.ts';
import { users } from '#lib/db/schema.ts';
import { hashPassword } from '#lib/identity/password-hash.ts';
import { aUser } from '../builders.ts';
import type { TestCluster } from '../cluster.ts';
import { sealedSession } from '../session.ts';

/** Of the product that all browser tests share (setup.ts). */
export const origin = (): string => process.env.ROSTRUM_TEST_ORIGIN ?? '';

/** For what needs a product of its own: its database can lie beside the others. */
export const sharedCluster = (): TestCluster => JSON.parse(process.env.ROSTRUM_TEST_CLUSTER ?? '{}');

export type TestPerson = { name: string; email: string; password: string };

export const aPassword = 'верный конь';
/** A part of an address that no other try of the same test has taken: with a failed test its worker ends, too. */
export function ofThisTry(slug: string): string {
  const { workerIndex, repeatEachIndex } = test.info();
  return `${slug}-${workerIndex}-${repeatEachIndex}`;
}

export const anEmail = (): string => `${randomUUID()}@example.org`;

let shared: Database | undefined;

/** The database of the shared product, as its owner. */
export function ownerDatabase(): Database {
  shared ??= openDatabase(JSON.parse(process.env.ROSTRUM_TEST_OWNER ?? '{}').DATABASE_URL, { connections: 1 });
  return shared;
}

/** Somebody who signed up earlier. */
export async function aMember(
  given: Partial<TestPerson> & { isDemo?: boolean } = {},
  owner: Connection = ownerDatabase(),
): Promise<TestPerson> {
  const { isDemo = false, ...rest } = given;
  const person = { name: 'Анна Петрова', email: anEmail(), password: aPassword, ...rest };
  const passwordHash = await hashPassword(person.password);
  await aUser(owner, { email: person.email, name: person.name, passwordHash, isDemo });
  return person;
}

/** Signed in already when the test begins: with the cookie of a session. What follows a sign-in by the form is the form's own test. */
export async function signedIn(page: Page, person: TestPerson): Promise<void> {
  const [account] = await ownerDatabase().select().from(users).where(eq(users.emailKey, person.email.toLowerCase()));
  const value = await sealedSession(ownerDatabase(), account!.id, process.env.ROSTRUM_TEST_SECRET ?? '');
  await page.context().addCookies([{ name: cookieName('session', origin()), value, url: origin(), httpOnly: true }]);
}

/** By the form. The interface has to be in Russian. */
export async function signIn(page: Page, person: TestPerson, at = origin()): Promise<void> {
  await page.goto(`${at}/sign-in`);
  await page.getByLabel('Электронная почта').fill(person.email);
  await page.getByLabel('Пароль').fill(person.password);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
  // Below a path the front page has no slash at its end.
  await page.waitForURL((url) => url.href.replace(/\/$/, '') === at);
}

/** Fills the one field of the page at hand and sends it; the mail is then in the outbox. */
export async function askForLink(page: Page, email: string): Promise<void> {
  await page.getByLabel('Электронная почта').fill(email);
  await page.getByRole('button', { name: 'Прислать ссылку' }).click();
  await expect(page.getByText(`Письмо на ${email} лежит в исходящих`)).toBeVisible();
}

/** The link of the last mail to an address that holds one to be confirmed, read in the outbox of the demo. */
export async function mailedLink(page: Page, email: string, at = origin()): Promise<string> {
  const link = page
    .getByRole('article')
    .filter({ hasText: email })
    .filter({ hasText: '/confirm' })
    .first()
    .getByRole('link');
  // The mail may not be there yet, and the page does not change by itself.
  await expect(async () => {
    await page.goto(`${at}/outbox`);
    await expect(link).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  return (await link.getAttribute('href')) ?? '';
}
