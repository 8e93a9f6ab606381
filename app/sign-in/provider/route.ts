import { createHash, randomBytes } from 'node:crypto';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { beginLinking } from '#lib/auth/linking.ts';
import { type CurrentSession, currentSession } from '#lib/auth.ts';
import { withBase } from '#lib/base-path.ts';
import { webEnv } from '#lib/env.ts';
import { localPath, withNext } from '#lib/identity/local-path.ts';
import { signInProviders } from '#lib/identity/sign-in-providers.ts';
import { explained } from '../../api/auth/[...nextauth]/explained.ts';
import { authOptions, nextAuthCookies } from '../../api/auth/[...nextauth]/options.ts';
import { wayBack } from '../way-back.ts';

/**
 * Leads to an outside service (`by`). A link instead of next-auth's form, because a form may lead nowhere but to us
 * (`form-action 'self'`) and the service is somewhere else. The link counts on our own pages only. With `again` the service is to ask
 * who is there, whomever it still remembers; with `connect` whoever comes back is connected to the account that is signed in.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const query = request.nextUrl.searchParams;
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin';
  const provider = signInProviders(webEnv()).find(({ id }) => id === query.get('by'));
  if (provider === undefined || site !== 'same-origin') redirect(withBase('/sign-in'));
  const session = query.has('connect') ? await requireFreshSession() : null;
  const next = localPath(query.get('next'));
  const response = await beginJourney(request, provider.id, next);
  const state = stateOf(response);
  if (session !== null && state !== null) await beginLinking(session.id, provider.id, state);
  return explained(response, provider.id, 'down', wayBack(next));
}

async function requireFreshSession(): Promise<CurrentSession> {
  const session = await currentSession();
  if (session?.isFresh) return session;
  redirect(withBase(withNext(session === null ? '/sign-in' : '/sign-in/again', '/account')));
}

async function beginJourney({ nextUrl }: NextRequest, providerId: string, next: string): Promise<Response> {
  const form = new URLSearchParams({ csrfToken: await plantCsrfToken(), callbackUrl: next });
  // next-auth hands the query on to the provider.
  const asked = new URL(nextUrl.pathname, nextUrl);
  if (nextUrl.searchParams.has('again')) asked.searchParams.set('prompt', 'login');
  const post = new NextRequest(asked, { method: 'POST', body: form });
  return NextAuth(post, { params: { nextauth: ['signin', providerId] } }, authOptions());
}

/** The cookie by which next-auth will know this journey; null where the provider could not be reached. */
function stateOf(response: Response): string | null {
  const start = `${nextAuthCookies().state.name}=`;
  const cookie = response.headers.getSetCookie().find((line) => line.startsWith(start));
  return cookie?.slice(start.length).split(';')[0] ?? null;
}

/** The pair that next-auth compares: a random token, and the cookie that holds it with its hash under the secret. */
async function plantCsrfToken(): Promise<string> {
  const token = randomBytes(32).toString('hex');
  const hash = createHash('sha256').update(`${token}${webEnv().secret}`).digest('hex');
  const { name, options } = nextAuthCookies().csrfToken;
  (await cookies()).set(name, `${token}|${hash}`, options);
  return token;
}
