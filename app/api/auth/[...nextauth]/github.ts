import type { OAuthConfig } from 'next-auth/providers/oauth';
import { z } from 'zod';
import { providerTimeoutMs } from '#lib/identity/discovery.ts';
import type { GitHubSettings } from '#lib/identity/settings.ts';
import { isTrusted, type OutsidePerson } from './outside-person.ts';

/** A login can be given up and taken by somebody else; the number is theirs for good. */
const Account = z.object({ id: z.int().positive(), login: z.string(), name: z.string().nullish() });
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));
const Profile = z.object({ id: z.int().positive(), name: z.string(), email: z.string(), isVerified: z.boolean() });
type Profile = z.infer<typeof Profile>;

/** github.com, or an installation of GitHub Enterprise Server, whose API lies below its own address. */
export function gitHubProvider({ name, url, clientId, clientSecret }: GitHubSettings): OAuthConfig<Profile> {
  const api = url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`;
  return {
    id: 'github',
    name,
    type: 'oauth',
    issuer: `${url}/login/oauth`,
    clientId,
    clientSecret,
    authorization: { url: `${url}/login/oauth/authorize`, params: { scope: 'read:user user:email' } },
    token: `${url}/login/oauth/access_token`,
    checks: ['pkce', 'state'],
    httpOptions: { timeout: providerTimeoutMs },
    userinfo: {
      request: async ({ tokens: { access_token: token = '' } }) => {
        const account = Account.parse(await ask(`${api}/user`, token));
        const emails = Emails.parse(await ask(`${api}/user/emails`, token));
        // Of several only the one that GitHub itself writes to: a second one may have changed hands unnoticed.
        const primary = emails.find((one) => one.primary);
        const address = { email: primary?.email ?? '', isVerified: primary?.verified === true };
        return { id: account.id, name: account.name || account.login, ...address };
      },
    },
    profile: ({ id, name, email }) => ({ id: String(id), name, email }),
  };
}

export function readGitHubProfile(profile: unknown, { trustsEmail }: GitHubSettings): OutsidePerson {
  const { id, name, email, isVerified } = Profile.parse(profile);
  const isEmailVerified = isTrusted(trustsEmail, email, isVerified);
  return { subject: String(id), email, isEmailVerified, name, isAdmitted: true };
}

async function ask(address: string, token: string): Promise<unknown> {
  const headers = { Accept: 'application/vnd.github+json', Authorization: `Bearer ${token}`, 'User-Agent': 'Rostrum' };
  const response = await fetch(address, { headers, redirect: 'error', signal: AbortSignal.timeout(providerTimeoutMs) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}
