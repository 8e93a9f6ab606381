import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * What comes back of a mail that reached nobody: at once, as the answer of our mail server, or hours later, as a mail to the sender of
 * its envelope. That sender is another one for each mail (VERP), so that no text has to be searched for whose mail it was.
 */

/** Where such mails are received, and what signs which mail they are of. */
export type BounceBox = { mailbox: string; secret: string };

/** Derives a key of its own, so that no other signature of ours can pass for this one. */
const purpose = 'rostrum bounce 1';
const signatureBytes = 10;

/** `bounces@host` as `bounces+17-…@host`, for the mail with this number: small letters and digits, since servers may change capitals. */
export function bounceAddress({ mailbox, secret }: BounceBox, mailId: number): string {
  const at = mailbox.lastIndexOf('@');
  return `${mailbox.slice(0, at)}+${mailId}-${signatureOf(secret, mailId).toString('hex')}${mailbox.slice(at)}`;
}

/** The number of the mail that was sent from this address; null where we did not sign it. */
export function mailOfBounceAddress(secret: string, address: string): number | null {
  const [, number = '', signature = ''] = /\+(\d{1,15})-([0-9a-f]{20})@/i.exec(address) ?? [];
  const given = Buffer.from(signature, 'hex');
  const expected = signatureOf(secret, Number(number));
  return given.length === expected.length && timingSafeEqual(given, expected) ? Number(number) : null;
}

function signatureOf(secret: string, mailId: number): Buffer {
  const key = createHmac('sha256', secret).update(purpose).digest();
  return createHmac('sha256', key).update(String(mailId)).digest().subarray(0, signatureBytes);
}

/** The enhanced status of a mail server's answer (RFC 3463), such as 5.1.1; null where it gives none. */
export function statusIn(answer: string): string | null {
  return /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(answer)?.[0] ?? null;
}

/** How servers say it that file it under policy (5.7.1), or under nothing at all. */
const saysNobody =
  /no such (user|mailbox|recipient|address)|(user|recipient|mailbox|address) (is )?(unknown|not found|disabled|invalid)|(unknown|invalid) (user|recipient|mailbox)|mailbox unavailable|does(n't| not) exist|no mailbox/i;

/**
 * Whether a refusal for good is about the mailbox itself: there is none, or it takes nothing. One that is full, a mail that is too
 * large, or a sender who is on somebody's list of spam says nothing of the address: everybody would be cut off by one wrong list.
 * `isOfMailbox`: the server had only been told the recipient when it refused, so without a status it is about that.
 */
export function isMailboxGone({ status, text, isOfMailbox }: Refusal): boolean {
  if (status !== null && !status.startsWith('5.')) return false;
  const [, subject = '0', detail = '0'] = status?.split('.') ?? [];
  // 5.1.7 and 5.1.8 are about the sender's address.
  if (subject === '1') return detail !== '7' && detail !== '8';
  if (subject === '2') return detail === '0' || detail === '1';
  if (saysNobody.test(text)) return true;
  return subject === '0' && isOfMailbox && !/spam|block|list|polic|reputation/i.test(text);
}
export type Refusal = { status: string | null; text: string; isOfMailbox: boolean };
