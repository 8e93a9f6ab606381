import type { Registration } from '#lib/identity/registration.ts';
import type { RequiredClaim } from '#lib/identity/required-claim.ts';
import type { emailTrusts, Variables } from '#lib/settings.ts';

/*
 * What the environment says of accounts: who may make one, and by which outside services people sign in.
 */

/** An outside service that people sign in by. */
type ProviderSettings = {
  /** On its button. */
  name: string;
  clientId: string;
  clientSecret: string;
  trustsEmail: (typeof emailTrusts)[number];
};
export type OpenIdSettings = ProviderSettings & {
  issuer: string;
  scope: string;
  /** Nobody else comes in by this provider; null: everybody whom it knows. */
  requiredClaim: RequiredClaim | null;
};
/** `url`: the origin of github.com or of an installation of GitHub Enterprise Server. */
export type GitHubSettings = ProviderSettings & { url: string };

/** Who may make an account. */
export function registrationOf(v: Variables): Registration {
  if (v.ROSTRUM_REGISTRATION === 'invited') return { who: 'invited' };
  const domains = v.ROSTRUM_EMAIL_DOMAINS;
  return domains.length === 0 ? { who: 'everybody' } : { who: 'domains', domains };
}

/** Null where it is not set up. */
export function openIdOf(v: Variables): OpenIdSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = v;
  if (!issuer || !clientId || !clientSecret) return null;
  const requiredClaim = v.OIDC_REQUIRED_CLAIM ?? null;
  const said = { name: v.OIDC_NAME, scope: v.OIDC_SCOPE, trustsEmail: v.OIDC_TRUST_EMAIL, requiredClaim };
  return { ...said, issuer, clientId, clientSecret };
}

/** Null where it is not set up. */
export function gitHubOf(v: Variables): GitHubSettings | null {
  const { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret } = v;
  if (!clientId || !clientSecret) return null;
  const url = new URL(v.GITHUB_URL).origin;
  return { name: v.GITHUB_NAME, trustsEmail: v.GITHUB_TRUST_EMAIL, url, clientId, clientSecret };
}
