import type { Connection } from '#lib/db/client.ts';
import { createIdentity, createUser, findUserByIdentity, type Identity, type User } from '#lib/db/users.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { personName } from '#lib/identity/person-name.ts';
import type { Language } from '#lib/messages/language.ts';

/** What an OpenID provider says of a person. */
export type Claims = Identity & { email: string; isEmailVerified: boolean; name: string; language: Language };

/**
 * The account that an outside identity opens: the one it is linked to; else that of the address, found or made, but only where
 * the provider vouches for the address, because anybody can type anybody's address into a provider that does not. Null: the
 * person has to prove the address by a mailed link first.
 */
export async function findUserByClaims(db: Connection, claims: Claims): Promise<User | null> {
  const { provider, subject } = claims;
  const linked = await findUserByIdentity(db, claims);
  const address = claims.isEmailVerified ? parseEmailAddress(claims.email) : null;
  if (linked !== null || address === null) return linked;
  return db.transaction(async (tx) => {
    const name = personName(claims.name) ?? address.email.slice(0, address.email.indexOf('@'));
    const { user } = await createUser(tx, { address, name, language: claims.language, passwordHash: null });
    if (user.isDemo) return null;
    return (await createIdentity(tx, user.id, { provider, subject })) ? user : findUserByIdentity(tx, claims);
  });
}
