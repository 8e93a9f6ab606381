import { cookies } from 'next/headers';
import { takeLinking } from '#lib/auth/linking.ts';
import { holdIdentity } from '#lib/auth/pending-identity.ts';
import { cookieOf } from '#lib/auth.ts';
import type { User } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { findUserByClaims } from '#lib/identity/provider.ts';
import { type SignInProvider, signInProviders } from '#lib/identity/sign-in-providers.ts';
import { connectIdentity } from '#lib/identity/ways-in.ts';
import { pageLanguage } from '../../../language.ts';
import type { ProviderProblem } from '../../../sign-in/provider-problem.tsx';
import { wayBack } from '../../../sign-in/way-back.ts';
import { readGitHubProfile } from './github.ts';
import { readOpenIdProfile } from './open-id.ts';
import type { OutsidePerson } from './outside-person.ts';

/** Somebody whom an outside service sends back: the account to sign in to, or the page that goes on with it. */
type Outcome = { user: User } | { leadTo: string };

export async function receive(providerId: string, profile: unknown): Promise<Outcome> {
  const provider = signInProviders(webEnv()).find(({ id }) => id === providerId);
  if (provider === undefined) throw new Error(`no provider is called ${providerId}`);
  const person = readProfile(provider, profile);
  const linking = await takeLinking(provider.id);
  if (!person.isAdmitted) return { leadTo: problemPath('claim', provider, linking.status === 'under-way') };
  switch (linking.status) {
    case 'under-way':
      return { leadTo: await connect(linking.userId, provider, person) };
    case 'lapsed':
      return { leadTo: problemPath('lapsed', provider, false) };
    case 'none':
      return signIn(provider, person);
  }
}

/** The page that says what went wrong: the account's for whom is signed in, else the door, with the way back to where they were going. */
export function problemPath(problem: ProviderProblem, { id }: SignInProvider, isSignedIn: boolean, next = '/'): string {
  const query = new URLSearchParams({ problem, provider: id });
  return isSignedIn ? `/account?${query}` : withNext(`/sign-in?${query}`, next);
}

function readProfile({ id }: SignInProvider, profile: unknown): OutsidePerson {
  const { oidc, github } = webEnv();
  if (id === 'oidc' && oidc !== null) return readOpenIdProfile(profile, oidc);
  if (id === 'github' && github !== null) return readGitHubProfile(profile, github);
  throw new Error(`${id} is not set up`);
}

async function connect(userId: string, provider: SignInProvider, { subject }: OutsidePerson): Promise<string> {
  const identity = { provider: provider.key, subject, providerName: provider.name, site: webEnv().origin };
  try {
    await connectIdentity(webDatabase(), userId, identity);
    return `/account?connected=${provider.id}`;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return problemPath('taken', provider, true);
  }
}

async function signIn(provider: SignInProvider, person: OutsidePerson): Promise<Outcome> {
  const { subject, email, isEmailVerified, name } = person;
  const { language } = await pageLanguage();
  const { registration, origin: site } = webEnv();
  const identity = { provider: provider.key, subject, email, name };
  const claims = { ...identity, providerName: provider.name, isEmailVerified, language };
  const next = await wayBackFromProvider();
  try {
    const user = await findUserByClaims(webDatabase(), claims, { registration, site });
    if (user !== null) return { user };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { leadTo: problemPath('not-admitted', provider, false, next) };
  }
  await holdIdentity(identity);
  return { leadTo: withNext('/sign-up?via=provider', next) };
}

/** Where they were going when they left for the service. */
export async function wayBackFromProvider(): Promise<string> {
  return wayBack((await cookies()).get(cookieOf('callback').name)?.value);
}
