import { cookies } from 'next/headers';
import type { AuthOptions } from 'next-auth';
import credentials from 'next-auth/providers/credentials';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { z } from 'zod';
import { holdIdentity } from '#lib/auth/pending-identity.ts';
import { cookieOf, openSession, sessionSeconds, visitor } from '#lib/auth.ts';
import { findSessionUser, revokeSession } from '#lib/db/sessions.ts';
import { getUser } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { type WebEnv, webEnv } from '#lib/env.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { findUserByPassword } from '#lib/identity/passwords.ts';
import { findUserByClaims } from '#lib/identity/provider.ts';
import { log } from '#lib/log.ts';
import { pageLanguage } from '../../../language.ts';
import { wayBack } from '../../../sign-in/way-back.ts';

export const providerId = 'oidc';

const Credentials = z.object({ email: z.string(), password: z.string() });

/** The claims that we read of an OpenID provider; an address counts as proven by a plain `true` alone. */
const Profile = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().catch(''),
  email_verified: z.boolean().catch(false),
  name: z.string().catch(''),
});
type Profile = z.infer<typeof Profile>;

/** next-auth's settings. A function, because building the application reads this file where no environment is set. */
export function authOptions(): AuthOptions {
  const { oidc, secret } = webEnv();
  return {
    secret,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    jwt: { maxAge: sessionSeconds },
    pages: { signIn: '/sign-in', signOut: '/account', error: '/sign-in', verifyRequest: '/sign-in' },
    cookies: nextAuthCookies(),
    providers: [passwordProvider(), ...(oidc === null ? [] : [openIdProvider(oidc)])],
    callbacks: {
      signIn: async ({ user, account, profile }) => {
        if (account?.provider !== providerId) return true;
        const { sub, email, email_verified, name } = Profile.parse(profile);
        const identity = { provider: webEnv().oidc?.issuer ?? '', subject: sub, email };
        const { language } = await pageLanguage();
        const claims = { ...identity, isEmailVerified: email_verified, name, language };
        const found = await findUserByClaims(webDatabase(), claims);
        if (found === null) {
          await holdIdentity(identity);
          const next = wayBack((await cookies()).get(cookieOf('callback').name)?.value);
          return withNext('/sign-up?via=provider', next);
        }
        user.id = found.id;
        return true;
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

/** Any provider that speaks OpenID Connect: claims of the ID token, completed by the user info endpoint where there is one. */
function openIdProvider({ name, issuer, clientId, clientSecret }: NonNullable<WebEnv['oidc']>): OAuthConfig<Profile> {
  return {
    id: providerId,
    name,
    type: 'oauth',
    wellKnown: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId,
    clientSecret,
    authorization: { params: { scope: 'openid email profile' } },
    checks: ['pkce', 'state', 'nonce'],
    idToken: true,
    httpOptions: { timeout: 8_000 },
    userinfo: {
      request: async ({ client, tokens }) => {
        const claims = claimsOf(tokens.id_token ?? '');
        if (client.issuer.metadata.userinfo_endpoint === undefined) return claims;
        const told = Profile.parse(await client.userinfo(tokens.access_token ?? ''));
        if (told.sub !== claims.sub) throw new Error('the provider told us about somebody else');
        // An address and the word on it come from the same answer.
        return told.email === '' ? { ...claims, name: claims.name || told.name } : told;
      },
    },
    profile: ({ sub, name, email }) => ({ id: sub, name, email }),
  };
}

/** Of an ID token that openid-client has verified already. */
function claimsOf(idToken: string): Profile {
  return Profile.parse(JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()));
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
