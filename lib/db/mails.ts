import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { mails } from '#lib/db/schema.ts';
import type { Language } from '#lib/messages/language.ts';

export type NewMail = { recipient: string; language: Language; subject: string; text: string; html: string };
export type Mail = NewMail & { id: number; createdAt: Date };

/** Tries 0, 30, 90, 210 … seconds after the mail was written: nine within two hours. */
const mostAttempts = 9;
const firstPauseSeconds = 30;

const mailColumns = {
  id: mails.id,
  recipient: mails.recipient,
  language: mails.language,
  subject: mails.subject,
  text: mails.bodyText,
  html: mails.bodyHtml,
  createdAt: mails.createdAt,
};

/** Called in the transaction of what the mail is about: a mail is sent exactly where that was committed. */
export async function createMail(tx: Connection, mail: NewMail): Promise<void> {
  const { text, html, ...rest } = mail;
  await tx.insert(mails).values({ ...rest, bodyText: text, bodyHtml: html });
}

/** The same as `createMail` for many at once. */
export async function createMails(tx: Connection, list: readonly NewMail[]): Promise<void> {
  const rows = list.map(({ text, html, ...rest }) => ({ ...rest, bodyText: text, bodyHtml: html }));
  if (rows.length > 0) await tx.insert(mails).values(rows);
}

/**
 * Takes due mails for sending. The claim itself sets the next attempt, so a process that dies between sending and recording
 * sends again after the pause: a person may get a mail twice, never not at all. Many processes may claim at once.
 */
export async function claimMails(db: Connection, limit: number): Promise<Mail[]> {
  const due = sql`(
    select id from mails where sent_at is null and attempts < ${mostAttempts} and next_attempt_at <= clock_timestamp()
    order by next_attempt_at limit ${limit} for update skip locked
  )`;
  return db
    .update(mails)
    .set({
      attempts: sql`${mails.attempts} + 1`,
      nextAttemptAt: sql`clock_timestamp() + make_interval(secs => ${firstPauseSeconds} * power(2, ${mails.attempts}))`,
    })
    .where(sql`${mails.id} in ${due}`)
    .returning(mailColumns);
}

/** A sent mail's text is forgotten: it holds a link that opens somebody's account. */
export async function recordMailSent(db: Connection, id: number): Promise<void> {
  await db
    .update(mails)
    .set({ sentAt: sql`clock_timestamp()`, lastError: null, bodyText: '', bodyHtml: '' })
    .where(eq(mails.id, id));
}

export async function recordMailFailure(db: Connection, id: number, reason: string): Promise<void> {
  await db
    .update(mails)
    .set({ lastError: reason.slice(0, 500) })
    .where(and(eq(mails.id, id), isNull(mails.sentAt)));
}

/** Mails that nothing will send, newest first: what the local outbox shows. */
export async function listUnsentMails(db: Connection, limit: number): Promise<Mail[]> {
  return db.select(mailColumns).from(mails).where(isNull(mails.sentAt)).orderBy(desc(mails.id)).limit(limit);
}
