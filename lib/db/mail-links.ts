import { and, eq, gt, isNull, sql } from 'drizzle-orm';
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

/** After a new account or a new password, links mailed to the address before open nothing. */
export async function deleteOpenMailLinks(tx: Connection, emailKey: string): Promise<void> {
  await tx.delete(mailLinks).where(and(eq(sql`lower(${mailLinks.email})`, emailKey), isNull(mailLinks.usedAt)));
}
