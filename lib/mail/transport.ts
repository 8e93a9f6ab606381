import { createTransport } from 'nodemailer';
import { isMailboxGone, statusIn } from '#lib/mail/bounces.ts';

/** Sent side by side. All their timeouts together stay below the pause after which another process would send them again. */
export const mailsAtOnce = 5;
const smtpTimeoutMs = 8_000;

/** Connections to the mail server of SMTP_URL: TLS from the start for `smtps:`, else by STARTTLS where the server offers it. */
export function createMailTransport(smtpUrl: string) {
  return createTransport({
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
}

/** Whom a mail server is told as the sender, in place of the one that people see: sendMail takes nothing else of that kind. */
export function underSender(from: string, to: string) {
  return { envelope: { from, to } };
}

/**
 * What a failed attempt says. `server`: nothing can be sent now, whatever the mail; `later`: this mail was put off (4xx);
 * `never`: it was refused for good (5xx to its recipient or its content).
 */
export type SendFailure = {
  kind: 'server' | 'later' | 'never';
  code: SmtpTrouble;
  reason: string;
  /** Of those for good: the mailbox itself is gone, so that no other mail will reach it either. */
  isMailboxGone: boolean;
};

/** `cli.mail-trouble-…` in lib/messages says what to do about each. */
export type SmtpTrouble = 'unreachable' | 'unknown-host' | 'tls' | 'sign-in' | 'sender' | 'recipient' | 'refused';

/** A header of a mail that would break its lines: refused rather than repaired. */
export class BrokenHeaderError extends Error {
  constructor() {
    super('a header of this mail holds a line break');
    this.name = 'BrokenHeaderError';
  }
}

export function sendFailure(error: unknown): SendFailure {
  const reason = error instanceof Error ? error.message : String(error);
  const { kind, code } = kindOf(error, reason);
  const refusal = { status: statusIn(reason), text: reason, isOfMailbox: code === 'recipient' };
  const isAnswer = smtpPartsOf(error).responseCode >= 500;
  return { kind, code, reason, isMailboxGone: kind === 'never' && isAnswer && isMailboxGone(refusal) };
}

function kindOf(error: unknown, reason: string): Pick<SendFailure, 'kind' | 'code'> {
  if (error instanceof BrokenHeaderError) return { kind: 'never', code: 'refused' };
  const { code, command, responseCode } = smtpPartsOf(error);
  const kind = responseCode >= 500 ? 'never' : 'later';
  if (code === 'EDNS') return { kind: 'server', code: 'unknown-host' };
  if (code === 'ETLS' || /certificate|ssl|tls/i.test(reason)) return { kind: 'server', code: 'tls' };
  if (code === 'EAUTH' || responseCode === 530) return { kind: 'server', code: 'sign-in' };
  // Who may not send with this sender may send nothing.
  if (command === 'MAIL FROM') return { kind: 'server', code: 'sender' };
  if (command === 'RCPT TO') return { kind, code: 'recipient' };
  if (command === 'DATA') return { kind, code: 'refused' };
  // An address that was never sent, since it is none.
  if (code === 'EENVELOPE') return { kind: 'never', code: 'recipient' };
  return { kind: 'server', code: 'unreachable' };
}

function smtpPartsOf(error: unknown): { code: string; command: string; responseCode: number } {
  const { code, command, responseCode } = error instanceof Object ? (error as Record<string, unknown>) : {};
  return {
    code: typeof code === 'string' ? code : '',
    command: typeof command === 'string' ? command : '',
    responseCode: typeof responseCode === 'number' ? responseCode : 0,
  };
}
