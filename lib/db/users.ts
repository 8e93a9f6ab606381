import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, violatedConstraint } from '#lib/db/client.ts';
import { claimCourseSeats } from '#lib/db/course-roster.ts';
import { createMailLink } from '#lib/db/mail-links.ts';
import { redirectMails } from '#lib/db/mails.ts';
import { claimRoleInvites } from '#lib/db/role-invites.ts';
import { mailLinks, sessions, users } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';
import type { EmailAddress } from '#lib/identity/email-address.ts';
import type { Language } from '#lib/messages/language.ts';

/** A person as the rest of the application knows them. */
export type User = {
  id: string;
  email: string;
  name: string;
  language: Language;
  isAdministrator: boolean;
  isDemo: boolean;
};

/** A person with what only signing in looks at. */
export type Account = User & { passwordHash: string | null };

export type NewUser = {
  address: EmailAddress;
  name: string;
  language: Language;
  passwordHash: string | null;
  isAdministrator?: boolean;
  isDemo?: boolean;
};

export const userColumns = {
  id: users.id,
  email: users.email,
  name: users.name,
  language: users.language,
  isAdministrator: users.isAdministrator,
  isDemo: users.isDemo,
};

const accountColumns = { ...userColumns, passwordHash: users.passwordHash };

export async function getUser(db: Connection, id: string): Promise<User> {
  return one(await db.select(userColumns).from(users).where(eq(users.id, id)), 'user', id);
}

export async function getAccount(db: Connection, id: string): Promise<Account> {
  return one(await db.select(accountColumns).from(users).where(eq(users.id, id)), 'user', id);
}

/** Held to the end of the transaction, so that two changes of what opens the account do not pass each other. */
export async function lockAccount(tx: Connection, id: string): Promise<Account> {
  return one(await tx.select(accountColumns).from(users).where(eq(users.id, id)).for('no key update'), 'user', id);
}

export async function findAccountByEmail(db: Connection, emailKey: string): Promise<Account | null> {
  const rows = await db.select(accountColumns).from(users).where(eq(users.emailKey, emailKey));
  return rows[0] ?? null;
}

/**
 * The account of an address that its owner has proven: a new one, with the parts and the seats in courses that waited for the address,
 * or the one that is there already. Two clicks on two links at once make one account.
 */
export async function createUser(tx: Connection, user: NewUser): Promise<{ user: User; isNew: boolean }> {
  const { address, ...rest } = user;
  const created = await tx
    .insert(users)
    .values({ ...rest, email: address.email, emailKey: address.key })
    .onConflictDoNothing({ target: users.emailKey })
    .returning(userColumns);
  if (created[0] === undefined) {
    const rows = await tx.select(userColumns).from(users).where(eq(users.emailKey, address.key));
    return { user: one(rows, 'user', address.key), isNew: false };
  }
  await recordEvent(tx, { actorId: created[0].id, kind: 'account-created', subject: created[0].id });
  await claimRoleInvites(tx, created[0].id, address.key);
  await claimCourseSeats(tx, created[0].id, address.key);
  return { user: created[0], isNew: true };
}

export async function updateProfile(
  db: Connection,
  userId: string,
  profile: Partial<{ name: string; language: Language }>,
): Promise<void> {
  await db.update(users).set(profile).where(eq(users.id, userId));
}

/**
 * Gives an account an address that its owner has proven, with the parts and the seats in courses that waited for it; what it has stays.
 * Refuses 'address-taken' where it is another account's, whatever a look before has said.
 */
export async function recordAddress(tx: Connection, { id, email }: User, address: EmailAddress): Promise<void> {
  const deliverable = { undeliverableSince: null, undeliverableReason: null };
  try {
    await tx
      .update(users)
      .set({ email: address.email, emailKey: address.key, ...deliverable })
      .where(eq(users.id, id));
  } catch (error) {
    throw violatedConstraint(error) === 'users_email_key_key' ? new RefusedError('address-taken', 409) : error;
  }
  await recordEvent(tx, { actorId: id, kind: 'address-changed', subject: id });
  await redirectMails(tx, id, { from: email.toLowerCase(), to: address.email });
  await claimRoleInvites(tx, id, address.key);
  await claimCourseSeats(tx, id, address.key);
}

export async function recordPassword(tx: Connection, userId: string, passwordHash: string): Promise<void> {
  await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
  await recordEvent(tx, { actorId: userId, kind: 'password-changed', subject: userId });
}

/** An account as the owner of the installation sees it. */
export type ListedUser = User & { createdAt: Date; erasedAt: Date | null; lastSeenAt: Date | null };

/** The newest first. */
export async function listUsers(db: Connection): Promise<ListedUser[]> {
  return db
    .select({
      ...userColumns,
      createdAt: users.createdAt,
      erasedAt: users.erasedAt,
      lastSeenAt:
        sql<Date | null>`(select max(${sessions.lastSeenAt}) from ${sessions} where ${sessions.userId} = ${users.id})`.mapWith(
          sessions.lastSeenAt,
        ),
    })
    .from(users)
    .orderBy(desc(users.createdAt), asc(users.id));
}

/** The role outside of competitions: by the link that `createFirstAdministratorLink` made, or (null) by the owner's command line. */
export async function recordAdministrator(
  tx: Connection,
  userId: string,
  actorId: string | null = userId,
): Promise<void> {
  await tx.update(users).set({ isAdministrator: true }).where(eq(users.id, userId));
  await recordEvent(tx, { actorId, kind: 'administrator-made', subject: userId });
}

/** The demo's may sign in on the server itself alone, so an installation that went on from a demo still waits for its first. */
export async function hasAdministrator(db: Connection): Promise<boolean> {
  const isOne = and(eq(users.isAdministrator, true), eq(users.isDemo, false));
  const rows = await db.select({ id: users.id }).from(users).where(isOne).limit(1);
  return rows.length > 0;
}

/**
 * The path of a one-use page that makes whoever opens it the first administrator, valid for a day; null where there is one
 * already. An earlier link of this kind stops working, so that only the last one printed counts.
 */
export async function createFirstAdministratorLink(db: Connection): Promise<string | null> {
  return db.transaction(async (tx) => {
    await lockFirstAdministrator(tx);
    if (await hasAdministrator(tx)) return null;
    await tx.delete(mailLinks).where(eq(mailLinks.purpose, 'first-administrator'));
    const link = { purpose: 'first-administrator', email: '', userId: null, language: 'ru', minutes: 24 * 60 } as const;
    return `/confirm?token=${await createMailLink(tx, link)}`;
  });
}

/** Held to the end of the transaction: two links clicked at once make one first administrator. */
export async function lockFirstAdministrator(tx: Connection): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('rostrum-first-administrator'))`);
}
