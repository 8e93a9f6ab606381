import { createHash, randomBytes } from 'node:crypto';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { webEnv } from '#lib/env.ts';
import { localPath } from '#lib/identity/local-path.ts';
import { authOptions, nextAuthCookies, providerId } from '../../api/auth/[...nextauth]/options.ts';

/**
 * Leads to the OpenID provider. A link instead of next-auth's form, because a form may lead nowhere but to us
 * (`form-action 'self'`) and the provider is somewhere else. The link counts on our own pages only. With `again` the provider is to ask
 * who is there, whomever it still remembers.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin';
  if (webEnv().oidc === null || site !== 'same-origin') redirect('/sign-in');
  const form = new URLSearchParams({
    csrfToken: await plantCsrfToken(),
    callbackUrl: localPath(request.nextUrl.searchParams.get('next')),
  });
  // next-auth hands the query on to the provider.
  const asked = new URL(request.nextUrl.pathname, request.nextUrl);
  if (request.nextUrl.searchParams.has('again')) asked.searchParams.set('prompt', 'login');
  const post = new NextRequest(asked, { method: 'POST', body: form });
  return NextAuth(post, { params: { nextauth: ['signin', providerId] } }, authOptions());
}

/** The pair that next-auth compares: a random token, and the cookie that holds it with its hash under the secret. */
async function plantCsrfToken(): Promise<string> {
  const token = randomBytes(32).toString('hex');
  const hash = createHash('sha256').update(`${token}${webEnv().secret}`).digest('hex');
  const { name, options } = nextAuthCookies().csrfToken;
  (await cookies()).set(name, `${token}|${hash}`, options);
  return token;
}
