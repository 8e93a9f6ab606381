import type { Connection } from '#lib/db/client.ts';
import { createIdentity } from '#lib/db/identities.ts';
import {
  claimMailLink,
  createMailLink,
  deleteOpenMailLinks,
  getLiveMailLink,
  type MailLink,
  type MailLinkPurpose,
  mailLinkMinutes,
} from '#lib/db/mail-links.ts';
import { createMail } from '#lib/db/mails.ts';
import { chargeLimits, refundLimits } from '#lib/db/rate-limits.ts';
import {
  type Account,
  createUser,
  findAccountByEmail,
  hasAdministrator,
  lockAccount,
  lockFirstAdministrator,
  recordAdministrator,
  type User,
} from '#lib/db/users.ts';
import { ForbiddenError, NotFoundError, RefusedError } from '#lib/errors.ts';
import { type EmailAddress, parseEmailAddress } from '#lib/identity/email-address.ts';
import { mailsToAddress, unconfirmedMailsOfNetwork } from '#lib/identity/limits.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { type LinkMailKind, linkMail, notAdmittedMail } from '#lib/identity/mail-text.ts';
import { type ChosenPassword, hashNewPassword } from '#lib/identity/password-hash.ts';
import { mayRegister, type Registration } from '#lib/identity/registration.ts';
import { connectIdentity, type NamedIdentity } from '#lib/identity/ways-in.ts';
import type { Language } from '#lib/messages/language.ts';

/*
 * Mailed links: asked for, and opened. Asking tells nobody whether an address has an account: every branch does the same work,
 * and the difference is written in a mail that only the owner of the address reads.
 */

/** What a person wants from a mailed link. */
export type Wish = 'sign-up' | 'sign-in' | 'password';

export type LinkRequest = {
  wish: Wish;
  address: EmailAddress;
  /** Of the reader, where no account says better. */
  language: Language;
  network: string;
  /** The installation's public origin. */
  site: string;
  /** The local path to go on to. */
  next: string;
  registration: Registration;
};

type Plan = { purpose: MailLinkPurpose; mail: LinkMailKind };

const stranger: Plan = { purpose: 'sign-up', mail: 'no-account' };
const plans: Record<Wish, { member: Plan; stranger: Plan }> = {
  'sign-up': {
    member: { purpose: 'sign-in', mail: 'already-registered' },
    stranger: { purpose: 'sign-up', mail: 'sign-up' },
  },
  'sign-in': { member: { purpose: 'sign-in', mail: 'sign-in' }, stranger },
  password: { member: { purpose: 'password', mail: 'password' }, stranger },
};

/** Sends a mail with the link that fits the address, or, where no account may be made with it, says so in the mail. */
export async function requestMailLink(db: Connection, request: LinkRequest): Promise<void> {
  const { address, site, next, registration } = request;
  await chargeLimits(db, [
    { limit: unconfirmedMailsOfNetwork, subject: request.network },
    { limit: mailsToAddress, subject: address.key },
  ]);
  await db.transaction(async (tx) => {
    const isAdmitted = await mayRegister(tx, registration, address);
    const account = await findAccountByEmail(tx, address.key);
    const { purpose, mail } = plans[request.wish][account === null ? 'stranger' : 'member'];
    const language = account?.language ?? request.language;
    const email = account?.email ?? address.email;
    const token = await createMailLink(tx, { purpose, email, userId: account?.id ?? null, language });
    const url = site + withNext(`/confirm?token=${token}`, next);
    // Nobody gets the link then; it is made all the same, because every branch does the same work.
    const isRefused = account === null && !isAdmitted;
    const text = isRefused ? notAdmittedMail(registration, language) : linkMail(mail, language, url);
    const about = { userId: account?.id ?? null, minutes: mailLinkMinutes };
    await createMail(tx, { recipient: email, language, ...about, ...text });
  });
}

/** What the person who opens a link brings along: their network, and an outside identity begun in the same browser. */
export type Arrival = { network: string; identity: HeldIdentity | null; registration: Registration };
/** `email`: what the service says their address is, which it does not vouch for. */
export type HeldIdentity = NamedIdentity & { email: string };

/**
 * Makes the account whose address a sign-up link proves. The link, the account and its identity come together or not at all. Refuses
 * 'not-admitted' where no account may be made with the address any more.
 */
export async function confirmSignUp(
  db: Connection,
  token: string,
  person: { name: string; chosen: ChosenPassword },
  arrival: Arrival,
): Promise<User> {
  const { email } = await getLiveMailLink(db, token, 'sign-up');
  const passwordHash = await hashNewPassword(person.chosen, email);
  const user = await db.transaction(async (tx) => {
    const link = await claimMailLink(tx, token, 'sign-up');
    const address = provenAddress(link);
    if (!(await mayRegister(tx, arrival.registration, address))) throw new ForbiddenError('not-admitted');
    const created = await createUser(tx, { address, name: person.name, language: link.language, passwordHash });
    if (!created.isNew) throw new RefusedError('already-registered', 409);
    await deleteOpenMailLinks(tx, { id: created.user.id, emailKey: address.key });
    if (isOf(arrival.identity, address.email)) await createIdentity(tx, created.user.id, arrival.identity);
    return created.user;
  });
  await refundLimits(db, [{ limit: unconfirmedMailsOfNetwork, subject: arrival.network }]);
  return user;
}

export async function confirmSignIn(db: Connection, token: string, arrival: Arrival): Promise<User> {
  const user = await db.transaction(async (tx) => {
    const { account } = await claimAccountLink(tx, token, 'sign-in');
    const { passwordHash: _, ...user } = account;
    if (isOf(arrival.identity, user.email)) await connectIdentity(tx, user.id, arrival.identity);
    return user;
  });
  await refundLimits(db, [{ limit: unconfirmedMailsOfNetwork, subject: arrival.network }]);
  return user;
}

/**
 * Whether an identity that waits in a browser may be connected to the account of an address: on a shared computer it may be somebody
 * else's. One without any address may, too; its owner is asked.
 */
export function isOf<Held extends { email: string }>(identity: Held | null, email: string): identity is Held {
  const said = identity === null ? '' : identity.email.trim();
  return identity !== null && (said === '' || parseEmailAddress(said)?.key === parseEmailAddress(email)?.key);
}

export type NewAdministrator = { address: EmailAddress; name: string; chosen: ChosenPassword; language: Language };

/** The first administrator by the printed link: the account that is signed in, or a new one. */
export async function confirmFirstAdministrator(
  db: Connection,
  token: string,
  person: User | NewAdministrator,
): Promise<User> {
  await getLiveMailLink(db, token, 'first-administrator');
  const passwordHash = 'id' in person ? null : await hashNewPassword(person.chosen, person.address.email);
  return db.transaction(async (tx) => {
    await lockFirstAdministrator(tx);
    await claimMailLink(tx, token, 'first-administrator');
    if (await hasAdministrator(tx)) throw new ForbiddenError('has-administrator');
    const created = 'id' in person ? { user: person, isNew: true } : await createUser(tx, { ...person, passwordHash });
    // Whoever owns this account has to sign in first and open the link then: its address was typed here, not proven.
    if (!created.isNew) throw new RefusedError('already-registered', 409);
    await recordAdministrator(tx, created.user.id);
    return { ...created.user, isAdministrator: true };
  });
}

/**
 * Uses up a link of an account, under the account's lock: whatever changes what opens an account ends its links under the same, so that
 * the two do not wait for each other. Throws NotFoundError where it opens nothing.
 */
export async function claimAccountLink(
  tx: Connection,
  token: string,
  purpose: MailLinkPurpose,
): Promise<{ account: Account; address: EmailAddress }> {
  const account = await lockAccount(tx, ownerOf(await getLiveMailLink(tx, token, purpose)));
  return { account, address: provenAddress(await claimMailLink(tx, token, purpose)) };
}

/** The account a link belongs to; a check of the table keeps it there for every purpose that needs one. */
function ownerOf(link: MailLink): string {
  if (link.userId === null) throw new NotFoundError('user', link.purpose);
  return link.userId;
}

function provenAddress(link: MailLink): EmailAddress {
  const address = parseEmailAddress(link.email);
  if (address === null) throw new NotFoundError('address', link.purpose);
  return address;
}
