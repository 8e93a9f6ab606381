import type { OAuthConfig } from 'next-auth/providers/oauth';
import { z } from 'zod';
import { discoveryAddress, providerTimeoutMs } from '#lib/identity/discovery.ts';
import { holdsClaim } from '#lib/identity/required-claim.ts';
import type { OpenIdSettings } from '#lib/identity/settings.ts';
import { isTrusted, type OutsidePerson } from './outside-person.ts';

/** The claims that we read, and whatever else was said; an address counts as proven by a plain `true` alone. */
const Profile = z.looseObject({
  sub: z.string().min(1).max(255),
  email: z.string().catch(''),
  email_verified: z.boolean().catch(false),
  name: z.string().catch(''),
});
type Profile = z.infer<typeof Profile>;

/** Any provider that speaks OpenID Connect: claims of the ID token, completed by the user info endpoint where there is one. */
export function openIdProvider({ name, issuer, clientId, clientSecret, scope }: OpenIdSettings): OAuthConfig<Profile> {
  return {
    id: 'oidc',
    name,
    type: 'oauth',
    wellKnown: discoveryAddress(issuer),
    clientId,
    clientSecret,
    authorization: { params: { scope } },
    checks: ['pkce', 'state', 'nonce'],
    idToken: true,
    httpOptions: { timeout: providerTimeoutMs },
    userinfo: {
      request: async ({ client, tokens }) => {
        const claims = claimsOf(tokens.id_token ?? '');
        if (client.issuer.metadata.userinfo_endpoint === undefined) return claims;
        const told = Profile.parse(await client.userinfo(tokens.access_token ?? ''));
        if (told.sub !== claims.sub) throw new Error('the provider told us about somebody else');
        // An address and the word on it come from the same answer.
        const { email, email_verified } = told.email === '' ? claims : told;
        return { ...claims, ...told, email, email_verified, name: told.name || claims.name };
      },
    },
    profile: ({ sub, name, email }) => ({ id: sub, name, email }),
  };
}

export function readOpenIdProfile(profile: unknown, { trustsEmail, requiredClaim }: OpenIdSettings): OutsidePerson {
  const { sub, email, email_verified, name, ...others } = Profile.parse(profile);
  return {
    subject: sub,
    email,
    isEmailVerified: isTrusted(trustsEmail, email, email_verified),
    name,
    isAdmitted: requiredClaim === null || holdsClaim({ sub, email, name, ...others }, requiredClaim),
  };
}

/** Of an ID token that openid-client has verified already. */
function claimsOf(idToken: string): Profile {
  return Profile.parse(JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()));
}
