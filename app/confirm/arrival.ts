import { dropIdentity, findHeldIdentity } from '#lib/auth/pending-identity.ts';
import { startSession, visitor } from '#lib/auth.ts';
import type { User } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import { countingWrongTokens } from '#lib/identity/limits.ts';
import type { Arrival } from '#lib/identity/links.ts';

/** Opens a mailed link and signs its person in. Links that open nothing count against the network they come from. */
export async function arrive(isConnecting: boolean, open: (arrival: Arrival) => Promise<User>): Promise<void> {
  const { network } = await visitor();
  const identity = isConnecting ? await findHeldIdentity() : null;
  const user = await countingWrongTokens(webDatabase(), network, () => open({ network, identity })).catch(
    (error: unknown) => {
      throw error instanceof NotFoundError ? new RefusedError('link-gone', 410) : error;
    },
  );
  await startSession(user);
  if (identity !== null) await dropIdentity();
}
