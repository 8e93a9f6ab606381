import type { AuthOptions } from 'next-auth';
import credentials from 'next-auth/providers/credentials';
import { z } from 'zod';
import { cookieOf, openSession, sessionSeconds, visitor } from '#lib/auth.ts';
import { withBase } from '#lib/base-path.ts';
import { findSessionUser, revokeSession } from '#lib/db/sessions.ts';
import { getUser } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { findUserByPassword } from '#lib/identity/passwords.ts';
import { log } from '#lib/log.ts';
import { gitHubProvider } from './github.ts';
import { openIdProvider } from './open-id.ts';
import { receive } from './receive.ts';

const Credentials = z.object({ email: z.string(), password: z.string() });

/** next-auth's settings. A function, because building the application reads this file where no environment is set. */
export function authOptions(): AuthOptions {
  const { oidc, github, secret } = webEnv();
  const signIn = withBase('/sign-in');
  return {
    secret,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    jwt: { maxAge: sessionSeconds },
    pages: { signIn, signOut: withBase('/account'), error: signIn, verifyRequest: signIn },
    cookies: nextAuthCookies(),
    providers: [
      passwordProvider(),
      ...(oidc === null ? [] : [openIdProvider(oidc)]),
      ...(github === null ? [] : [gitHubProvider(github)]),
    ],
    callbacks: {
      signIn: async ({ user, account, profile }) => {
        if (account?.type !== 'oauth') return true;
        const outcome = await receive(account.provider, profile);
        if ('leadTo' in outcome) return withBase(outcome.leadTo);
        user.id = outcome.user.id;
        return true;
      },
      // next-auth itself would lead a path to the root of the host.
      redirect: async ({ url }) => {
        const { origin } = webEnv();
        if (url.startsWith('/')) return origin + url;
        return url.startsWith(`${origin}/`) ? url : origin;
      },
      // `user` is there at the moment of signing in, and never after.
      jwt: async ({ token, user }) =>
        user === undefined ? token : { sessionId: await openSession(await getUser(webDatabase(), user.id)) },
      // What this throws clears the cookie: a session that has ended.
      session: async ({ session, token }) => {
        const user = await findSessionUser(webDatabase(), z.uuid().parse(token.sessionId));
        if (user === null) throw new Error('the session has ended');
        return { ...session, user: { name: user.name, email: user.email } };
      },
    },
    events: {
      signOut: async ({ token }) => {
        const sessionId = z.uuid().parse(token.sessionId);
        const user = await findSessionUser(webDatabase(), sessionId);
        if (user !== null) await revokeSession(webDatabase(), user.id, sessionId);
      },
    },
    logger: {
      error: (code, metadata) => log.warn({ code, err: 'error' in metadata ? metadata.error : metadata }, 'next-auth'),
      warn: (code) => log.warn({ code }, 'next-auth'),
      debug: () => {},
    },
  };
}

/** For programs that sign in as the browser's standard form of next-auth does; our own page uses a server action. */
function passwordProvider() {
  return credentials({
    name: 'password',
    credentials: { email: { type: 'email' }, password: { type: 'password' } },
    authorize: async (typed) => {
      const { email, password } = Credentials.parse(typed);
      const address = parseEmailAddress(email);
      const { network, isLocal } = await visitor();
      const user = address && (await findUserByPassword(webDatabase(), { address, password, network }));
      return user === null || (user.isDemo && !isLocal) ? null : user;
    },
  });
}

/** Under our names and prefixes; those of a sign-in under way live a quarter of an hour. */
export function nextAuthCookies() {
  const brief = (name: string) => {
    const { options, ...cookie } = cookieOf(name);
    return { ...cookie, options: { ...options, maxAge: 900 } };
  };
  return {
    sessionToken: cookieOf('session'),
    csrfToken: cookieOf('csrf'),
    callbackUrl: brief('callback'),
    pkceCodeVerifier: brief('pkce'),
    state: brief('state'),
    nonce: brief('nonce'),
  };
}
