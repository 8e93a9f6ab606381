import type { Connection } from '#lib/db/client.ts';
import { createIdentity, findUserByIdentity, type Identity, listIdentities } from '#lib/db/identities.ts';
import { deleteOpenMailLinks } from '#lib/db/mail-links.ts';
import { createUser, findAccountByEmail, lockAccount, type User } from '#lib/db/users.ts';
import { ForbiddenError } from '#lib/errors.ts';
import { type EmailAddress, parseEmailAddress } from '#lib/identity/email-address.ts';
import { personName } from '#lib/identity/person-name.ts';
import { mayRegister, type Registration } from '#lib/identity/registration.ts';
import { mailAboutIdentity } from '#lib/identity/ways-in.ts';
import type { Language } from '#lib/messages/language.ts';

/** What an outside service says of a person; `isEmailVerified` only where its word on addresses is trusted here. */
export type Claims = Identity & {
  /** Of the service, for people. */
  providerName: string;
  email: string;
  isEmailVerified: boolean;
  name: string;
  language: Language;
};

/** `site`: the installation's public origin. */
export type Door = { registration: Registration; site: string };

/**
 * The account that an outside identity opens: the one it is linked to; else that of the address, found or made, but only where the
 * provider vouches for the address, because anybody can type anybody's address into one that does not. Null: the person has to prove
 * the address by a mailed link first. Throws ForbiddenError 'not-admitted' where no account may be made with it.
 */
export async function findUserByClaims(db: Connection, claims: Claims, door: Door): Promise<User | null> {
  const linked = await findUserByIdentity(db, claims);
  const address = claims.isEmailVerified ? parseEmailAddress(claims.email) : null;
  if (linked !== null || address === null) return linked;
  return db.transaction(async (tx) => {
    const known = await findAccountByEmail(tx, address.key);
    return known === null ? makeAccount(tx, address, claims, door) : joinAccount(tx, known.id, claims, door);
  });
}

async function makeAccount(tx: Connection, address: EmailAddress, claims: Claims, door: Door): Promise<User | null> {
  if (!(await mayRegister(tx, door.registration, address))) throw new ForbiddenError('not-admitted');
  const name = personName(claims.name) ?? address.email.slice(0, address.email.indexOf('@'));
  const { user, isNew } = await createUser(tx, { address, name, language: claims.language, passwordHash: null });
  // Made a moment ago, through another window.
  if (!isNew) return joinAccount(tx, user.id, claims, door);
  // Whoever asked for one before: the address is proven now, and its account has no password that they could choose.
  await deleteOpenMailLinks(tx, { id: user.id, emailKey: address.key });
  await createIdentity(tx, user.id, claims);
  return user;
}

/** To an account that another identity of this provider opens already, an equal address does not lead: addresses are given away again. */
async function joinAccount(tx: Connection, userId: string, claims: Claims, door: Door): Promise<User | null> {
  const { passwordHash: _, ...user } = await lockAccount(tx, userId);
  if (user.isDemo) return null;
  const known = (await listIdentities(tx, userId)).find(({ provider }) => provider === claims.provider);
  if (known !== undefined) return known.subject === claims.subject ? user : null;
  if (!(await createIdentity(tx, userId, claims))) return findUserByIdentity(tx, claims);
  await mailAboutIdentity(tx, user, 'connected', claims.providerName, door.site);
  return user;
}
