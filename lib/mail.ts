import { setTimeout } from 'node:timers/promises';
import type { Connection } from '#lib/db/client.ts';
import { writeDueMails } from '#lib/db/due-mails.ts';
import {
  claimMails,
  giveUpOldMails,
  type Mail,
  postponeMail,
  recordMailFailure,
  recordMailSent,
} from '#lib/db/mails.ts';
import { forgetOld } from '#lib/db/retention.ts';
import { recordUndelivered } from '#lib/db/undeliverable.ts';
import { webEnv } from '#lib/env.ts';
import { log } from '#lib/log.ts';
import { bounceAddress } from '#lib/mail/bounces.ts';
import { isOptional } from '#lib/mail/categories.ts';
import { frameMail } from '#lib/mail/frame.ts';
import { BrokenHeaderError, createMailTransport, mailsAtOnce, sendFailure, underSender } from '#lib/mail/transport.ts';
import { signUnsubscription } from '#lib/mail/unsubscribe.ts';

export type MailSettings = {
  smtpUrl: string | null;
  mailFrom: string;
  /** Where mails that reached nobody come back to; null: to the sender's own mailbox. */
  mailBounces: string | null;
  origin: string;
  secret: string;
  keepDays: number;
};

const pauseMs = 1_000;
/** Between attempts to reach a mail server that is down. */
const longestPauseMs = 30_000;
const clockMs = 15_000;
const housekeepingMs = 3_600_000;
const patienceAtTheEndMs = 2_000;

/**
 * Sends the mails that transactions have left in `mails`, from now on until the returned function is called, which waits a
 * little for those at hand, and writes those that the clock brings about. Without a mail server the rows stay for the local outbox.
 * Also forgets what has outlived its period (lib/retention.ts), once an hour.
 */
export function startMailer(db: Connection, settings: MailSettings = webEnv()): () => Promise<void> {
  const courier = settings.smtpUrl === null ? null : courierBy(db, settings.smtpUrl, settings);
  const stops = [
    every(housekeepingMs, () => forgetOld(db, new Date(), settings.keepDays)),
    every(clockMs, () => writeDueMails(db, settings.origin)),
  ];
  if (courier !== null) stops.push(every(pauseMs, courier.deliver));
  return async () => {
    await Promise.race([Promise.all(stops.map((stop) => stop())), pause(patienceAtTheEndMs)]);
    courier?.close();
  };
}

type Outcome = 'sent' | 'failed' | 'server-down';

function courierBy(db: Connection, smtpUrl: string, settings: MailSettings) {
  const transport = createMailTransport(smtpUrl);
  const send = async (mail: Mail): Promise<Outcome> => {
    try {
      await transport.sendMail(messageOf(mail, settings));
    } catch (error) {
      return recordFailure(db, mail, error);
    }
    await recordMailSent(db, mail.id);
    return 'sent';
  };
  let failedRounds = 0;
  /** Returns for how long a server that answers nobody is left alone. */
  const deliver = async (): Promise<number> => {
    await giveUpOldMails(db);
    for (let due = await claimMails(db, mailsAtOnce); due.length > 0; due = await claimMails(db, mailsAtOnce)) {
      const outcomes = await Promise.all(due.map(send));
      const isDown = outcomes.includes('server-down') && !outcomes.includes('sent');
      failedRounds = isDown ? failedRounds + 1 : 0;
      if (isDown) return Math.min(longestPauseMs, pauseMs * 2 ** failedRounds) * (0.8 + 0.4 * Math.random());
    }
    return pauseMs;
  };
  return { deliver, close: () => transport.close() };
}

async function recordFailure(db: Connection, mail: Mail, error: unknown): Promise<Outcome> {
  const { kind, reason, isMailboxGone } = sendFailure(error);
  log.warn({ err: error, mail: mail.id, kind }, 'mail not sent');
  if (kind === 'server') await postponeMail(db, mail.id, reason);
  else await recordMailFailure(db, mail.id, { reason, isFinal: kind === 'never' });
  if (isMailboxGone) await recordUndelivered(db, mail.id, reason);
  return kind === 'server' ? 'server-down' : 'failed';
}

function messageOf(mail: Mail, { mailFrom, mailBounces, origin, secret }: MailSettings) {
  const { userId, category, messageKey, language } = mail;
  const token = userId !== null && isOptional(category) ? signUnsubscription(secret, { userId, category }) : null;
  const unsubscribe = token === null ? null : `${origin}/unsubscribe?token=${token}`;
  const recipient = oneLine(mail.recipient);
  const sender = mailBounces === null ? null : bounceAddress({ mailbox: mailBounces, secret }, mail.id);
  return {
    from: mailFrom,
    to: { name: '', address: recipient },
    ...(sender === null ? {} : underSender(sender, recipient)),
    subject: oneLine(mail.subject),
    // The same at every try, so that a mail which was sent twice is shown once.
    messageId: `<${messageKey}@${new URL(origin).hostname}>`,
    date: mail.createdAt,
    ...frameMail(mail, { site: origin, unsubscribe }),
    headers: {
      'Content-Language': language,
      'Auto-Submitted': 'auto-generated',
      ...(token === null
        ? {}
        : {
            // RFC 8058: mail programs send a POST there, without a question.
            'List-Unsubscribe': { prepared: true, value: `<${origin}/unsubscribe/${token}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
    },
  };
}

/** A line break in a header would begin a header of its own: such a mail is refused rather than repaired. */
function oneLine(header: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(header)) throw new BrokenHeaderError();
  return header;
}

/**
 * Repeats `act` with a pause after each run, whatever it throws: of `milliseconds`, or of as many as it returns. The returned function
 * ends that after the run at hand.
 */
function every(milliseconds: number, act: () => Promise<unknown>): () => Promise<void> {
  const stopped = new AbortController();
  const loop = async () => {
    while (!stopped.signal.aborted) {
      const asked = await act().catch((error: unknown) => log.error({ err: error }, 'the mailer could not work'));
      await pause(typeof asked === 'number' ? asked : milliseconds, stopped.signal);
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
