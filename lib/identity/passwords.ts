import type { Connection } from '#lib/db/client.ts';
import { deleteOpenMailLinks, getLiveMailLink } from '#lib/db/mail-links.ts';
import { createMail } from '#lib/db/mails.ts';
import { type Charge, chargeLimits, refundLimits } from '#lib/db/rate-limits.ts';
import { hasSessionFrom, revokeSessions } from '#lib/db/sessions.ts';
import { revokeApiTokens } from '#lib/db/tokens.ts';
import { type Account, findAccountByEmail, getAccount, recordPassword, type User } from '#lib/db/users.ts';
import type { EmailAddress } from '#lib/identity/email-address.ts';
import { wrongPasswordsFromHome, wrongPasswordsOfAccount, wrongPasswordsOfNetwork } from '#lib/identity/limits.ts';
import { claimAccountLink } from '#lib/identity/links.ts';
import { passwordChangedMail } from '#lib/identity/mail-text.ts';
import { type ChosenPassword, hashNewPassword, verifyPassword } from '#lib/identity/password-hash.ts';
import { disconnectAll } from '#lib/identity/ways-in.ts';

/**
 * Whose password this is, or null. Guesses are counted before they are checked. The owner's own network has a count of its own:
 * a stranger who uses up the account's guesses does not lock its owner out, who can also ask for a link by mail at any time.
 */
export async function findUserByPassword(
  db: Connection,
  attempt: { address: EmailAddress; password: string; network: string },
): Promise<User | null> {
  const { address, network } = attempt;
  const charges: Charge[] = (await hasSessionFrom(db, address.key, network))
    ? [{ limit: wrongPasswordsFromHome, subject: `${address.key} ${network}` }]
    : [
        { limit: wrongPasswordsOfNetwork, subject: network },
        { limit: wrongPasswordsOfAccount, subject: address.key },
      ];
  await chargeLimits(db, charges);
  const account = await findAccountByEmail(db, address.key);
  const matches = await verifyPassword(account?.passwordHash ?? null, attempt.password);
  if (account === null || !matches) return null;
  await refundLimits(db, charges);
  const { passwordHash: _, ...user } = account;
  return user;
}

export type PasswordChange = { current: string; next: ChosenPassword; revokesTokens: boolean; site: string };

/** A new password by its owner; false where the current one is wrong. Ends every session, the caller's own included. */
export async function changePassword(db: Connection, userId: string, change: PasswordChange): Promise<boolean> {
  const account = await getAccount(db, userId);
  if (!(await provesPassword(db, account, change.current))) return false;
  const { passwordHash: _, ...user } = account;
  const passwordHash = await hashNewPassword(change.next, user.email);
  await db.transaction(async (tx) => {
    await replacePassword(tx, user, passwordHash, change.site);
    if (change.revokesTokens) await revokeApiTokens(tx, userId);
  });
  return true;
}

/** Whether somebody who is signed in knows the account's password. Guesses are counted before they are checked. */
export async function provesPassword(db: Connection, account: Account, typed: string): Promise<boolean> {
  const charges: Charge[] = [{ limit: wrongPasswordsFromHome, subject: account.id }];
  await chargeLimits(db, charges);
  if (!(await verifyPassword(account.passwordHash, typed))) return false;
  await refundLimits(db, charges);
  return true;
}

/**
 * A new password by mailed link: whoever was signed in before is not any more. With `closesAll` nothing else that opened the account
 * does: for somebody who takes it back from whoever got in.
 */
export async function resetPassword(
  db: Connection,
  token: string,
  { chosen, closesAll, site }: { chosen: ChosenPassword; closesAll: boolean; site: string },
): Promise<User> {
  const { email } = await getLiveMailLink(db, token, 'password');
  const passwordHash = await hashNewPassword(chosen, email);
  return db.transaction(async (tx) => {
    const { passwordHash: _, ...user } = (await claimAccountLink(tx, token, 'password')).account;
    await replacePassword(tx, user, passwordHash, site);
    if (closesAll) await closeOtherWays(tx, user.id);
    return user;
  });
}

/** For who takes an account back: programs and services that somebody else connected open it no more. */
export async function closeOtherWays(tx: Connection, userId: string): Promise<void> {
  await revokeApiTokens(tx, userId);
  await disconnectAll(tx, userId);
}

/** A new password at whatever address `user` has by now, which is told. */
export async function replacePassword(tx: Connection, user: User, passwordHash: string, site: string): Promise<void> {
  await recordPassword(tx, user.id, passwordHash);
  await revokeSessions(tx, user.id);
  await deleteOpenMailLinks(tx, { id: user.id, emailKey: user.email.toLowerCase() });
  const mail = passwordChangedMail(user.language, `${site}/reset`);
  await createMail(tx, { recipient: user.email, language: user.language, userId: user.id, ...mail });
}
