import { dropIdentity, findHeldIdentity } from '#lib/auth/pending-identity.ts';
import { startSession, visitor } from '#lib/auth.ts';
import type { User } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import { countingWrongTokens } from '#lib/identity/limits.ts';
import type { Arrival, HeldIdentity } from '#lib/identity/links.ts';
import { signInProviders } from '#lib/identity/sign-in-providers.ts';

/** Opens a mailed link and signs its person in. Links that open nothing count against the network they come from. */
export async function arrive(isConnecting: boolean, open: (arrival: Arrival) => Promise<User>): Promise<void> {
  const { network } = await visitor();
  const identity = isConnecting ? await heldIdentity() : null;
  const arrival = { network, identity, registration: webEnv().registration };
  const user = await countingWrongTokens(webDatabase(), network, () => open(arrival)).catch((error: unknown) => {
    throw error instanceof NotFoundError ? new RefusedError('link-gone', 410) : error;
  });
  await startSession(user);
  if (identity !== null) await dropIdentity();
}

/** Null where none waits, or its service is no longer set up. */
async function heldIdentity(): Promise<HeldIdentity | null> {
  const held = await findHeldIdentity();
  const provider = signInProviders(webEnv()).find(({ key }) => key === held?.provider);
  return held && provider ? { ...held, providerName: provider.name, site: webEnv().origin } : null;
}
