import { cookies } from 'next/headers';
import { cookieOf, visitor } from '#lib/auth.ts';
import { type EveningGuest, type EveningRole, findEveningGuest, openEveningLink } from '#lib/db/evening-links.ts';
import { webDatabase } from '#lib/db/web.ts';
import { NotFoundError } from '#lib/errors.ts';
import { countingWrongTokens } from '#lib/identity/limits.ts';

/*
 * Somebody who helps for one evening without an account. The link's token moves into a cookie when it is opened, so that the address
 * bar, the history of others and the referrer of no page hold it; its row decides at every use.
 */

/** Opens a link in this browser. NotFoundError where it opens nothing, which counts against the network that tried it. */
export async function admitGuest(token: string, role: EveningRole): Promise<void> {
  const db = webDatabase();
  const { network } = await visitor();
  const { expiresAt } = await countingWrongTokens(db, network, () => openEveningLink(db, token, role));
  const { name, options } = cookieOf(role);
  (await cookies()).set(name, token, { ...options, expires: expiresAt });
}

/** Null where this browser has opened no link for it, or one that no longer opens. */
export async function findGuest(role: EveningRole): Promise<EveningGuest | null> {
  const token = (await cookies()).get(cookieOf(role).name)?.value;
  return token === undefined ? null : findEveningGuest(webDatabase(), token, role);
}

/** For actions; NotFoundError for everybody else. */
export async function requireGuest(role: EveningRole): Promise<EveningGuest> {
  const guest = await findGuest(role);
  if (guest === null) throw new NotFoundError('link', role);
  return guest;
}
