import { randomUUID } from 'node:crypto';
import {
  type APIRequestContext,
  type APIResponse,
  type Browser,
  type Locator,
  type Page,
  request,
} from '@playwright/test';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { freePort } from '../../bin/start/address.ts';
import { type GitHubPerson, startTestGitHub, type TestGitHub } from '../github.ts';
import { type Person, startTestProvider, type TestProvider } from '../oidc.ts';
import { sealedSession } from '../session.ts';
import { startTestStack } from '../stack.ts';
import { anEmail, sharedCluster } from './people.ts';

/** The built product with an OpenID provider and GitHub, for students of two domains. */
export type House = {
  origin: string;
  owner: Database;
  provider: TestProvider;
  github: TestGitHub;
  /** A browser without a window; signed in as somebody where `userId` says so. */
  visitor(userId?: string): Promise<APIRequestContext>;
  close(): Promise<void>;
};

/** Leaves for the service whose name comes behind it, and comes back. */
export const journey = '/sign-in/provider?next=/account&by=';

export async function openHouse(): Promise<House> {
  const port = await freePort('127.0.0.1');
  const origin = `http://127.0.0.1:${port}`;
  const [provider, github] = [await startTestProvider(origin), await startTestGitHub(origin)];
  const stack = await startTestStack(sharedCluster(), {
    ...provider.settings,
    ...github.settings,
    OIDC_SCOPE: 'openid email profile groups',
    OIDC_REQUIRED_CLAIM: 'groups=students',
    ROSTRUM_EMAIL_DOMAINS: 'example.org, *.uni.example',
    PORT: String(port),
    TRUSTED_PROXIES: '127.0.0.1',
  });
  const owner = openDatabase(stack.urls.ownerUrl);
  const visitors: APIRequestContext[] = [];
  return {
    origin,
    owner,
    provider,
    github,
    async visitor(userId) {
      const cookies = userId === undefined ? [] : [await sessionOf(owner, stack.secret, userId)];
      const options = { storageState: { cookies, origins: [] }, extraHTTPHeaders: { 'accept-language': 'ru' } };
      const visitor = await request.newContext(options);
      visitors.push(visitor);
      return visitor;
    },
    async close() {
      for (const visitor of visitors) await visitor.dispose();
      await owner.$client.end();
      await stack.stop();
      await github.close();
      await provider.close();
    },
  };
}

async function sessionOf(owner: Database, secret: string, userId: string) {
  const value = await sealedSession(owner, userId, secret);
  const rest = { path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' as const };
  return { name: 'rostrum-session', value, domain: '127.0.0.1', ...rest };
}

export const aPerson = (given: Partial<Person> = {}): Person => ({
  subject: randomUUID(),
  name: 'Вера Орлова',
  email: anEmail(),
  isEmailVerified: true,
  groups: ['students'],
  ...given,
});

let lastNumber = 1_000;

export function aGitHubPerson(given: Partial<GitHubPerson> = {}): GitHubPerson {
  lastNumber += 1;
  const emails = [{ email: anEmail(), primary: true, verified: true }];
  return { id: lastNumber, login: `octocat-${lastNumber}`, name: 'Олег Котов', emails, ...given };
}

/** By a button of the sign-in page, in a browser of their own. */
export async function comeBy(browser: Browser, origin: string, provider: string): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  await page.goto(`${origin}/sign-in?next=/account`);
  await page.getByRole('link', { name: `Войти через ${provider}` }).click();
  await page.waitForURL((url) => url.origin === origin && url.pathname !== '/sign-in');
  return page;
}

/** On the account page. */
export const waysToSignIn = (page: Page): Locator =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: 'Способы входа' }) });

/** The path and query at the end of all redirects. */
export function arrivedAt(response: APIResponse): string {
  const { pathname, search } = new URL(response.url());
  return pathname + search;
}

/** Whether the visitor is signed in, and as whom. */
export async function whoIs(visitor: APIRequestContext, origin: string): Promise<string | null> {
  const said = await (await visitor.get(`${origin}/api/auth/session`)).json();
  return said.user?.email ?? null;
}
