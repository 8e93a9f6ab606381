import { recordEvent } from '#lib/db/audit.ts';
import type { Connection } from '#lib/db/client.ts';
import {
  createMailLink,
  deleteAllOpenLinks,
  deleteLaterRecoveries,
  deleteOpenMailLinks,
  deleteWaitingAddress,
  getLiveMailLink,
  mailLinkMinutes,
  recoveryDays,
} from '#lib/db/mail-links.ts';
import { createMail } from '#lib/db/mails.ts';
import { chargeLimits } from '#lib/db/rate-limits.ts';
import { requireFresh, revokeSessions } from '#lib/db/sessions.ts';
import { type Account, findAccountByEmail, getAccount, lockAccount, recordAddress, type User } from '#lib/db/users.ts';
import { ForbiddenError, RefusedError } from '#lib/errors.ts';
import {
  addressAskedMail,
  addressChangedMail,
  addressLostMail,
  addressNotAdmittedMail,
  newAddressMail,
  recoveryMail,
  recoveryOfferedMail,
  takenAddressMail,
} from '#lib/identity/address-mails.ts';
import { type EmailAddress, parseEmailAddress } from '#lib/identity/email-address.ts';
import { mailsToAddress, newAddressesOfAccount } from '#lib/identity/limits.ts';
import { claimAccountLink } from '#lib/identity/links.ts';
import type { MailText } from '#lib/identity/mail-text.ts';
import { type ChosenPassword, hashNewPassword } from '#lib/identity/password-hash.ts';
import { closeOtherWays, provesPassword, replacePassword } from '#lib/identity/passwords.ts';
import type { Door } from '#lib/identity/provider.ts';
import { mayRegister } from '#lib/identity/registration.ts';

/*
 * An account gets another address: asked for by who proves once more to be its owner, confirmed by who reads the new mailbox and is signed
 * in to the account, and taken back for a week by who reads the old one. As with all links, asking tells nobody whether an address has an
 * account: every branch does the same work, and only its owner reads the difference.
 */

/** That it is the owner who asks: the password of an account that has one, a young session of one that has none. */
type OwnerProof = { password: string; isFresh: boolean };

const recoveryMinutes = recoveryDays * 24 * 60;

/**
 * Mails a link to the new address and a warning to the present one; nothing changes by that. The newest wish replaces an earlier one.
 * Refuses 'wrong-current-password', 'confirm-yourself', 'same-address', 'demo-address' and 'too-many-attempts'.
 */
export async function askForNewAddress(
  db: Connection,
  userId: string,
  wish: { address: EmailAddress; proof: OwnerProof },
  { site, registration }: Door,
): Promise<void> {
  const { address, proof } = wish;
  const asking = await getAccount(db, userId);
  requireOther(asking, address);
  await requireOwner(db, asking, proof);
  await chargeLimits(db, [
    { limit: newAddressesOfAccount, subject: userId },
    { limit: mailsToAddress, subject: address.key },
  ]);
  await db.transaction(async (tx) => {
    const { email, language, passwordHash } = await lockAccount(tx, userId);
    // Replaced by its owner since it was checked: what that ends must not be asked for a moment later.
    if (passwordHash !== asking.passwordHash) throw new RefusedError('wrong-current-password', 422);
    const isAdmitted = await mayRegister(tx, registration, address);
    const owner = await findAccountByEmail(tx, address.key);
    await deleteWaitingAddress(tx, userId);
    // Made where nobody gets it, too: every branch does the same work, and the person sees what they asked for waiting.
    const token = await createMailLink(tx, { purpose: 'new-address', email: address.email, userId, language });
    const said = isAdmitted
      ? newAddressMail(language, `${site}/confirm?token=${token}`)
      : addressNotAdmittedMail(language, registration);
    const reader = owner ?? { id: userId, email: address.email, language };
    await mailTo(tx, reader, owner === null ? said : takenAddressMail(owner.language, site), mailLinkMinutes);
    await mailTo(tx, { id: userId, email, language }, addressAskedMail(language, site));
    await recordEvent(tx, { actorId: userId, kind: 'address-change-asked', subject: userId });
  });
}

/** Its link opens nothing any more; where none waits nothing happens. */
export async function cancelNewAddress(db: Connection, userId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockAccount(tx, userId);
    if (!(await deleteWaitingAddress(tx, userId))) return;
    await recordEvent(tx, { actorId: userId, kind: 'address-change-cancelled', subject: userId });
  });
}

/**
 * Changes the address of the account that `userId` is signed in to, by the link mailed to the new one. Whoever reads that mailbox without
 * being signed in to the account gives their address to nobody. All sessions end, and all other links. Refuses 'other-account',
 * 'not-admitted' and 'address-taken', after which the link still works.
 */
export async function confirmNewAddress(
  db: Connection,
  token: string,
  userId: string,
  { site, registration }: Door,
): Promise<User> {
  return db.transaction(async (tx) => {
    const { account, address } = await claimAccountLink(tx, token, 'new-address');
    if (account.id !== userId) throw new ForbiddenError('other-account');
    if (!(await mayRegister(tx, registration, address))) throw new ForbiddenError('not-admitted');
    const user = await moveTo(tx, account, address);
    await revokeSessions(tx, userId);
    await deleteOpenMailLinks(tx, { id: userId, emailKey: account.email.toLowerCase() });
    await deleteLaterRecoveries(tx, userId, address.key);
    await mailRecovery(tx, account, site);
    return user;
  });
}

/**
 * Gives the account (back) to the mailbox that the link was mailed to, with a new password; whoever was signed in is not any more. With
 * `closesAll` no token and no service opens it either.
 */
export async function recoverAccount(
  db: Connection,
  token: string,
  { chosen, closesAll, site }: { chosen: ChosenPassword; closesAll: boolean; site: string },
): Promise<User> {
  const { email } = await getLiveMailLink(db, token, 'recovery');
  const passwordHash = await hashNewPassword(chosen, email);
  return db.transaction(async (tx) => {
    const { account, address } = await claimAccountLink(tx, token, 'recovery');
    const user = await moveTo(tx, account, address);
    await replacePassword(tx, user, passwordHash, site);
    await deleteLaterRecoveries(tx, user.id, address.key);
    if (closesAll) await closeOtherWays(tx, user.id);
    await mailTo(tx, account, addressLostMail(account.language, account.email));
    return user;
  });
}

/**
 * By the owner of the installation, for somebody whose mailbox is gone: mails a link that gives the account to another one. Every other
 * link of the account ends. Refuses 'same-address', 'demo-address' and 'address-taken'.
 */
export async function offerRecovery(
  db: Connection,
  userId: string,
  address: EmailAddress,
  site: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const account = await lockAccount(tx, userId);
    requireOther(account, address);
    if ((await findAccountByEmail(tx, address.key)) !== null) throw new RefusedError('address-taken', 409);
    await deleteAllOpenLinks(tx, userId);
    const mail = recoveryMail(account.language, await recoveryUrl(tx, { ...account, email: address.email }, site));
    await mailTo(tx, { ...account, email: address.email }, mail, recoveryMinutes);
    await mailTo(tx, account, recoveryOfferedMail(account.language, account.email));
    await recordEvent(tx, { actorId: null, kind: 'recovery-offered', subject: userId });
  });
}

async function requireOwner(db: Connection, account: Account, { password, isFresh }: OwnerProof): Promise<void> {
  if (account.passwordHash === null) {
    requireFresh(isFresh);
  } else if (!(await provesPassword(db, account, password))) {
    throw new RefusedError('wrong-current-password', 422);
  }
}

/** People of the demo are found by their addresses when it is started again. */
function requireOther({ email, isDemo }: Account, address: EmailAddress): void {
  if (isDemo) throw new ForbiddenError('demo-address');
  if (parseEmailAddress(email)?.key === address.key) throw new RefusedError('same-address', 422);
}

/** The account at its new address, as whoever opens it is signed in. */
async function moveTo(tx: Connection, account: Account, address: EmailAddress): Promise<User> {
  const { passwordHash: _, ...user } = account;
  await recordAddress(tx, user, address);
  return { ...user, email: address.email };
}

/** To the mailbox that the account has left. */
async function mailRecovery(tx: Connection, account: Account, site: string): Promise<void> {
  const mail = addressChangedMail(account.language, account.email, await recoveryUrl(tx, account, site));
  await mailTo(tx, account, mail, recoveryMinutes);
}

async function recoveryUrl(tx: Connection, { id: userId, email, language }: Account, site: string): Promise<string> {
  const link = { purpose: 'recovery', email, userId, language, minutes: recoveryMinutes } as const;
  return `${site}/confirm?token=${await createMailLink(tx, link)}`;
}

type Reader = Pick<User, 'id' | 'email' | 'language'>;

async function mailTo(tx: Connection, reader: Reader, mail: MailText, minutes: number | null = null): Promise<void> {
  const { id: userId, email: recipient, language } = reader;
  await createMail(tx, { recipient, language, userId, minutes, ...mail });
}
