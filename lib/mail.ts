import { setTimeout } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import type { Connection } from '#lib/db/client.ts';
import { deleteOldMailLinks } from '#lib/db/mail-links.ts';
import { claimMails, type Mail, recordMailFailure, recordMailSent } from '#lib/db/mails.ts';
import { deleteClosedWindows } from '#lib/db/rate-limits.ts';
import { deleteOldSessions } from '#lib/db/sessions.ts';
import { webEnv } from '#lib/env.ts';
import { log } from '#lib/log.ts';

export type MailSettings = { smtpUrl: string | null; mailFrom: string };

const pauseMs = 1_000;
const housekeepingMs = 3_600_000;
/** Sent side by side. All their timeouts together stay below the pause after which another process would send them again. */
const mailsAtOnce = 5;
const smtpTimeoutMs = 8_000;
const patienceAtTheEndMs = 2_000;

/**
 * Sends the mails that transactions have left in `mails`, from now on until the returned function is called, which waits a
 * little for those at hand. Without a mail server the rows stay for the local outbox. Also forgets old links, limits and
 * sessions, once an hour.
 */
export function startMailer(db: Connection, settings: MailSettings = webEnv()): () => Promise<void> {
  const courier = settings.smtpUrl === null ? null : courierBy(db, settings.smtpUrl, settings.mailFrom);
  const stops = [every(housekeepingMs, () => forgetOldRows(db))];
  if (courier !== null) stops.push(every(pauseMs, courier.deliver));
  return async () => {
    await Promise.race([Promise.all(stops.map((stop) => stop())), pause(patienceAtTheEndMs)]);
    courier?.close();
  };
}

function courierBy(db: Connection, smtpUrl: string, from: string) {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: mailsAtOnce,
    connectionTimeout: smtpTimeoutMs,
    greetingTimeout: smtpTimeoutMs,
    socketTimeout: smtpTimeoutMs,
    // A mail here is text that we wrote: nothing in it may fetch a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const send = async (mail: Mail) => {
    try {
      await transport.sendMail({
        from,
        to: { name: '', address: oneLine(mail.recipient) },
        subject: oneLine(mail.subject),
        text: mail.text,
        html: mail.html,
        headers: { 'Content-Language': mail.language, 'Auto-Submitted': 'auto-generated' },
      });
      await recordMailSent(db, mail.id);
    } catch (error) {
      log.warn({ err: error, mail: mail.id }, 'mail not sent, will be tried again');
      await recordMailFailure(db, mail.id, error instanceof Error ? error.message : String(error));
    }
  };
  const deliver = async () => {
    for (let due = await claimMails(db, mailsAtOnce); due.length > 0; due = await claimMails(db, mailsAtOnce)) {
      await Promise.all(due.map(send));
    }
  };
  return { deliver, close: () => transport.close() };
}

async function forgetOldRows(db: Connection): Promise<void> {
  await deleteOldMailLinks(db);
  await deleteClosedWindows(db);
  await deleteOldSessions(db);
}

/** A line break in a header would begin a header of its own: such a mail is refused rather than repaired. */
function oneLine(header: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(header)) throw new Error('a header of this mail holds a line break');
  return header;
}

/** Repeats `act` with a pause after each run, whatever it throws; the returned function ends that after the run at hand. */
function every(milliseconds: number, act: () => Promise<void>): () => Promise<void> {
  const stopped = new AbortController();
  const loop = async () => {
    while (!stopped.signal.aborted) {
      await act().catch((error: unknown) => log.error({ err: error }, 'the mailer could not work'));
      await pause(milliseconds, stopped.signal);
    }
  };
  const running = loop();
  return () => {
    stopped.abort();
    return running;
  };
}

/** Ends early when `signal` does; does not keep the process alive. */
async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { ref: false, ...(signal ? { signal } : {}) }).catch(() => {});
}
