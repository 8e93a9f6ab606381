import { and, eq, gt, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { type Connection, one } from '#lib/db/client.ts';
import { mailLinks } from '#lib/db/schema.ts';
import { recordDeliverable } from '#lib/db/undeliverable.ts';
import { createToken, hashOfToken } from '#lib/identity/random-token.ts';
import type { Language } from '#lib/messages/language.ts';

export type MailLinkPurpose = (typeof mailLinks.$inferSelect)['purpose'];
export type MailLink = { purpose: MailLinkPurpose; email: string; userId: string | null; language: Language };
/** What a person who opens a link is told. */
export type MailLinkState = 'live' | 'used' | 'expired';

export const mailLinkMinutes = 30;
/** For so long a mailbox that an account has left can take it back. */
export const recoveryDays = 7;

const linkColumns = {
  purpose: mailLinks.purpose,
  email: mailLinks.email,
  userId: mailLinks.userId,
  language: mailLinks.language,
};

/** A new link's token, to be put into one mail and nowhere else. */
export async function createMailLink(tx: Connection, link: MailLink & { minutes?: number }): Promise<string> {
  const { minutes = mailLinkMinutes, ...columns } = link;
  const token = createToken();
  await tx.insert(mailLinks).values({
    ...columns,
    tokenHash: hashOfToken(token),
    expiresAt: sql`clock_timestamp() + make_interval(mins => ${minutes})`,
  });
  return token;
}

/** Looks at a link without using it up: scanners of mail open every address they see. */
export async function findMailLink(
  db: Connection,
  token: string,
): Promise<(MailLink & { state: MailLinkState }) | null> {
  const rows = await db
    .select({
      ...linkColumns,
      state: sql<MailLinkState>`case when ${mailLinks.usedAt} is not null then 'used'
        when ${mailLinks.expiresAt} <= clock_timestamp() then 'expired' else 'live' end`,
    })
    .from(mailLinks)
    .where(eq(mailLinks.tokenHash, hashOfToken(token)));
  return rows[0] ?? null;
}

/** As `findMailLink`; throws NotFoundError for a link that there never was, or is no more. */
export async function getMailLink(db: Connection, token: string): Promise<MailLink & { state: MailLinkState }> {
  const link = await findMailLink(db, token);
  return one(link === null ? [] : [link], 'mail-link', '');
}

/** A link that can still be used for `purpose`; NotFoundError for any other. */
export async function getLiveMailLink(db: Connection, token: string, purpose: MailLinkPurpose): Promise<MailLink> {
  const link = await findMailLink(db, token);
  return one(link?.state === 'live' && link.purpose === purpose ? [link] : [], 'mail-link', purpose);
}

/** Uses a link up, once, in the transaction of what it is for: its address takes mail, too. Throws NotFoundError where it is unknown, used or expired. */
export async function claimMailLink(tx: Connection, token: string, purpose: MailLinkPurpose): Promise<MailLink> {
  const rows = await tx
    .update(mailLinks)
    .set({ usedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(mailLinks.tokenHash, hashOfToken(token)),
        eq(mailLinks.purpose, purpose),
        isNull(mailLinks.usedAt),
        gt(mailLinks.expiresAt, sql`clock_timestamp()`),
      ),
    )
    .returning(linkColumns);
  const link = one(rows, 'mail-link', purpose);
  await recordDeliverable(tx, link.email.toLowerCase());
  return link;
}

/**
 * After a new account, password or address nothing that was mailed before opens the account: neither its links, an address that
 * waited among them, nor those that would have made one with its address. Only what takes it back for its earlier mailbox stays:
 * whoever gets in could end that otherwise.
 */
export async function deleteOpenMailLinks(tx: Connection, account: { id: string; emailKey: string }): Promise<void> {
  const ofAccount = and(eq(mailLinks.userId, account.id), ne(mailLinks.purpose, 'recovery'));
  const ofNobody = and(isNull(mailLinks.userId), isMailedTo(account.emailKey));
  await tx.delete(mailLinks).where(and(isNull(mailLinks.usedAt), or(ofAccount, ofNobody)));
}

/**
 * The account is back at an address, so whatever mailbox it had since then takes it back no more. The earliest of them has the last word:
 * whoever got in cannot hold the account by moving it on.
 */
export async function deleteLaterRecoveries(tx: Connection, userId: string, emailKey: string): Promise<void> {
  const ofAccount = and(eq(mailLinks.userId, userId), eq(mailLinks.purpose, 'recovery'));
  const since = tx
    .select({ at: sql`min(${mailLinks.createdAt})` })
    .from(mailLinks)
    .where(and(ofAccount, isMailedTo(emailKey)));
  await tx.delete(mailLinks).where(and(ofAccount, isNull(mailLinks.usedAt), sql`${mailLinks.createdAt} >= (${since})`));
}

/** Every link of the account that still opens something: whoever runs the installation says anew who gets in. */
export async function deleteAllOpenLinks(tx: Connection, userId: string): Promise<void> {
  await tx.delete(mailLinks).where(and(eq(mailLinks.userId, userId), isNull(mailLinks.usedAt)));
}

export type WaitingAddress = { email: string; since: Date; endsAt: Date };

/** The address that is to become the account's once the link that was mailed there is opened. */
export async function findWaitingAddress(db: Connection, userId: string): Promise<WaitingAddress | null> {
  const { email, createdAt: since, expiresAt: endsAt } = mailLinks;
  const isLive = gt(mailLinks.expiresAt, sql`clock_timestamp()`);
  const rows = await db
    .select({ email, since, endsAt })
    .from(mailLinks)
    .where(and(isWaitingAddressOf(userId), isLive));
  return rows[0] ?? null;
}

/** False where none waited. */
export async function deleteWaitingAddress(tx: Connection, userId: string): Promise<boolean> {
  const deleted = await tx.delete(mailLinks).where(isWaitingAddressOf(userId)).returning({ email: mailLinks.email });
  return deleted.length > 0;
}

function isWaitingAddressOf(userId: string): SQL | undefined {
  return and(eq(mailLinks.userId, userId), eq(mailLinks.purpose, 'new-address'), isNull(mailLinks.usedAt));
}

function isMailedTo(emailKey: string): SQL {
  return eq(sql`lower(${mailLinks.email})`, emailKey);
}
