import { and, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { mails } from '#lib/db/schema.ts';
import { heldFor, holdMails, isHeld } from '#lib/db/undeliverable.ts';
import type { MailCategory } from '#lib/mail/categories.ts';
import type { Language } from '#lib/messages/language.ts';

/*
 * Mails are rows first: what a transaction left here is sent by the web processes, which share the work. The true clock, not that of
 * rules, decides when.
 */

export type NewMail = {
  recipient: string;
  language: Language;
  subject: string;
  text: string;
  html: string;
  /** Account links and invitations where nothing else is said. */
  category?: MailCategory;
  userId?: string | null;
  competitionId?: string | null;
  /** After which it says nothing true any more and is not sent. */
  minutes?: number | null;
};
export type Mail = Required<Omit<NewMail, 'minutes'>> & {
  id: number;
  messageKey: string;
  attempts: number;
  createdAt: Date;
};

/** Tries 0, 30, 90, 210 … seconds after the mail was written, then every two hours, for three days; each a fifth earlier or later. */
const firstPauseSeconds = 30;
const longestPauseSeconds = 7_200;
const mostHours = 72;

const mailColumns = {
  id: mails.id,
  recipient: mails.recipient,
  language: mails.language,
  subject: mails.subject,
  text: mails.bodyText,
  html: mails.bodyHtml,
  category: mails.category,
  userId: mails.userId,
  competitionId: mails.competitionId,
  messageKey: mails.messageKey,
  attempts: mails.attempts,
  createdAt: mails.createdAt,
};

const isWaiting = and(isNull(mails.sentAt), isNull(mails.failedAt));

/** Called in the transaction of what the mail is about: a mail is sent exactly where that was committed. */
export async function createMail(tx: Connection, mail: NewMail): Promise<void> {
  await createMails(tx, [mail]);
}

/** The same as `createMail` for many at once. */
export async function createMails(tx: Connection, list: readonly NewMail[]): Promise<void> {
  const rows = list.map(({ text, html, minutes = null, ...rest }) => ({
    ...rest,
    bodyText: text,
    bodyHtml: html,
    expiresAt: minutes === null ? null : sql`clock_timestamp() + make_interval(secs => ${minutes * 60})`,
  }));
  // One statement takes 65,535 values.
  for (let i = 0; i < rows.length; i += 1000) await tx.insert(mails).values(rows.slice(i, i + 1000));
}

/**
 * Takes due mails for sending. The claim itself sets the next attempt, so a process that dies between sending and recording
 * sends again after the pause, under the same Message-ID: a person may get a mail twice, never not at all. Many may claim at once.
 */
export async function claimMails(db: Connection, limit: number): Promise<Mail[]> {
  const due = sql`(
    select id from mails where sent_at is null and failed_at is null and next_attempt_at <= clock_timestamp() and not ${isHeld}
    order by next_attempt_at limit ${limit} for update skip locked
  )`;
  const pause = sql`least(${longestPauseSeconds}, ${firstPauseSeconds} * power(2, least(${mails.attempts}, 20))) * (0.8 + 0.4 * random())`;
  return db
    .update(mails)
    .set({
      attempts: sql`${mails.attempts} + 1`,
      nextAttemptAt: sql`clock_timestamp() + make_interval(secs => ${pause})`,
    })
    .where(sql`${mails.id} in ${due}`)
    .returning(mailColumns);
}

/** Gives up what was tried for too long, says nothing true any more or has an address that takes none; returns how many of the first two. */
export async function giveUpOldMails(db: Connection): Promise<number> {
  const isTooOld = sql`${mails.createdAt} < clock_timestamp() - make_interval(hours => ${mostHours})`;
  const isOvertaken = sql`${mails.expiresAt} <= clock_timestamp()`;
  const given = await db
    .update(mails)
    .set({
      failedAt: sql`clock_timestamp()`,
      lastError: sql`coalesce(${mails.lastError}, case when ${isOvertaken} then 'expired before it could be sent' else 'not sent in time' end)`,
      ...emptied(sql`${isOvertaken}`),
    })
    .where(and(isWaiting, sql`(${isTooOld} or ${isOvertaken})`))
    .returning({ id: mails.id });
  await holdMails(db);
  return given.length;
}

/** A sent mail's text is forgotten: it may hold a link that opens somebody's account. */
export async function recordMailSent(db: Connection, id: number): Promise<void> {
  await db
    .update(mails)
    .set({ sentAt: sql`clock_timestamp()`, failedAt: null, lastError: null, bodyText: '', bodyHtml: '' })
    .where(eq(mails.id, id));
}

/** `isFinal`: the mail server will never take it, and it is not tried again. */
export async function recordMailFailure(
  db: Connection,
  id: number,
  { reason, isFinal }: { reason: string; isFinal: boolean },
): Promise<void> {
  await db
    .update(mails)
    .set({ lastError: reason.slice(0, 500), ...(isFinal ? { failedAt: sql`clock_timestamp()` } : {}) })
    .where(and(eq(mails.id, id), isNull(mails.sentAt)));
}

/** The mail server answers nobody: that is not the mail's fault, and it is tried again soon after the server is back. */
export async function postponeMail(db: Connection, id: number, reason: string): Promise<void> {
  const soon = sql`clock_timestamp() + make_interval(secs => ${firstPauseSeconds})`;
  await db
    .update(mails)
    .set({ lastError: reason.slice(0, 500), nextAttemptAt: sql`least(${mails.nextAttemptAt}, ${soon})` })
    .where(and(eq(mails.id, id), isNull(mails.sentAt)));
}

/** How sending goes, for those who run the installation or one competition. */
export type MailState = {
  waiting: number;
  /** Of those that wait, since when the oldest does. */
  oldestAt: Date | null;
  sentToday: number;
  /** Given up within the last thirty days, and neither for being overtaken nor for an address that takes none. */
  failed: number;
  lastError: string | null;
};

export async function getMailState(db: Connection, competitionId: string | null = null): Promise<MailState> {
  const of = competitionId === null ? sql`true` : sql`competition_id = ${competitionId}`;
  const { rows } = await db.execute<Omit<MailState, 'oldestAt'> & { oldestAt: string | null }>(sql`
    select count(*) filter (where failed_at is null)::integer as waiting,
      min(created_at) filter (where failed_at is null) as "oldestAt",
      (select count(*)::integer from mails where sent_at > clock_timestamp() - interval '1 day' and ${of}) as "sentToday",
      count(*) filter (where failed_at is not null)::integer as failed,
      (array_agg(last_error order by next_attempt_at desc) filter (where last_error is not null))[1] as "lastError"
    from mails where sent_at is null and body_text <> '' and not ${isHeld} and ${of}`);
  const { oldestAt, ...state } = rows[0]!;
  return { ...state, oldestAt: oldestAt === null ? null : new Date(oldestAt) };
}

/** Has everything tried at once that waits, and what was given up once more. Returns how many. */
export async function retryMails(db: Connection, competitionId: string | null = null): Promise<number> {
  const retried = await db
    .update(mails)
    .set({
      failedAt: null,
      nextAttemptAt: sql`clock_timestamp()`,
      // Three days begin anew for what was given up.
      createdAt: sql`case when ${mails.failedAt} is null then ${mails.createdAt} else clock_timestamp() end`,
    })
    .where(
      and(
        isNull(mails.sentAt),
        sql`${mails.bodyText} <> '' and not ${isHeld}`,
        competitionId === null ? undefined : eq(mails.competitionId, competitionId),
      ),
    )
    .returning({ id: mails.id });
  return retried.length;
}

export type FailedMail = { id: number; recipient: string; subject: string; reason: string | null; failedAt: Date };

/** What was given up, newest first, with its address: for administrators. */
export async function listFailedMails(db: Connection, limit: number): Promise<FailedMail[]> {
  const { id, recipient, subject } = mails;
  const rows = await db
    .select({ id, recipient, subject, reason: mails.lastError, failedAt: mails.failedAt })
    .from(mails)
    .where(and(isNotNull(mails.failedAt), sql`${mails.bodyText} <> '' and not ${isHeld}`))
    .orderBy(desc(mails.failedAt))
    .limit(limit);
  return rows.flatMap(({ failedAt, ...rest }) => (failedAt === null ? [] : [{ ...rest, failedAt }]));
}

/** Mails that nothing will send, newest first: what the local outbox shows. */
export async function listUnsentMails(db: Connection, limit: number): Promise<Mail[]> {
  return db.select(mailColumns).from(mails).where(isNull(mails.sentAt)).orderBy(desc(mails.id)).limit(limit);
}

/**
 * What waits for somebody at an address that they have left goes to the new one, with what was held since the old one took no mail. Links
 * and notices about the account were meant for that mailbox and stay. All that was written there is theirs from now on, by their id.
 */
export async function redirectMails(
  tx: Connection,
  userId: string,
  { from, to }: { from: string; to: string },
): Promise<void> {
  const wasSentThere = sql`lower(${mails.recipient}) = ${from}`;
  await tx
    .update(mails)
    .set({ userId })
    .where(and(isNull(mails.userId), wasSentThere));
  const isStillToSend = sql`${mails.category} <> 'account' and ${mails.sentAt} is null
    and (${mails.failedAt} is null or ${mails.lastError} = ${heldFor})`;
  await tx
    .update(mails)
    .set({ recipient: to, failedAt: null, nextAttemptAt: sql`clock_timestamp()` })
    .where(and(eq(mails.userId, userId), wasSentThere, isStillToSend));
}

/** Nobody is written to about what they refuse, also where the mail was written a moment before. */
export async function deleteWaitingMails(tx: Connection, userId: string, which: SQL): Promise<void> {
  await tx.delete(mails).where(and(eq(mails.userId, userId), isWaiting, which));
}

/** A link that expired opens nothing, and is not kept to be sent again. */
function emptied(isOvertaken: SQL) {
  return {
    bodyText: sql`case when ${isOvertaken} then '' else ${mails.bodyText} end`,
    bodyHtml: sql`case when ${isOvertaken} then '' else ${mails.bodyHtml} end`,
  };
}
