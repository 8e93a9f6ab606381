import { describe, expect, test } from 'vitest';
import { bounceAddress, isMailboxGone, mailOfBounceAddress, statusIn } from '#lib/mail/bounces.ts';
import { readDeliveryReport } from '#lib/mail/delivery-report.ts';
import { aDeliveryReport } from '../delivery-reports.ts';

const secret = 'a secret of thirty-two characters or more';
const box = { mailbox: 'bounces@example.org', secret };

describe('the sender of an envelope', () => {
  test('says whose mail comes back, in whatever letters and form it is written', () => {
    const address = bounceAddress(box, 1_234_567);
    expect(address).toMatch(/^bounces\+1234567-[0-9a-f]{20}@example\.org$/);
    for (const written of [address, address.toUpperCase(), `Rostrum <${address}>`]) {
      expect(mailOfBounceAddress(secret, written)).toBe(1_234_567);
    }
    // The longest that a server has to take before the @ (RFC 5321 §4.5.3.1.1).
    expect(bounceAddress({ ...box, mailbox: `${'b'.repeat(20)}@example.org` }, 10 ** 15 - 1).indexOf('@')).toBeLessThan(
      65,
    );
  });

  test('is nobody’s where it was not signed here, for this very mail', () => {
    const address = bounceAddress(box, 17);
    const forged = [
      'bounces@example.org',
      address.replace('+17-', '+18-'),
      address.replace(/[0-9a-f]@/, (end) => (end === '0@' ? '1@' : '0@')),
      bounceAddress({ ...box, secret: `${secret}!` }, 17),
    ];
    expect(forged.map((one) => mailOfBounceAddress(secret, one))).toEqual([null, null, null, null]);
    expect(mailOfBounceAddress(secret, address)).toBe(17);
  });
});

describe('a refusal for good', () => {
  const isGone = (text: string, isOfMailbox = true) => isMailboxGone({ status: statusIn(text), text, isOfMailbox });

  test.each([
    '550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown in virtual mailbox table',
    '550-5.1.1 The email account that you tried to reach does not exist.',
    '550 5.7.1 No such user!',
    '550 5.5.0 Requested action not taken: mailbox unavailable',
    '550 Message was not accepted -- invalid mailbox. Local mailbox anna@example.org is unavailable: user not found',
    '550 5.2.1 The email account that you tried to reach is disabled.',
    '554 5.1.2 bad destination system address',
    '550 rejected',
  ])('is about the mailbox: %s', (text) => {
    expect(isGone(text)).toBe(true);
  });

  test.each([
    '452 4.2.2 The email account that you tried to reach is over quota',
    '552 5.2.2 Mailbox is over quota',
    '552 5.3.4 Message size exceeds fixed limit',
    '550 5.7.1 Our system has detected that this message is likely unsolicited mail',
    '550 5.7.26 This mail has been blocked because the sender is unauthenticated.',
    '550 Blocked: see https://www.spamhaus.org',
    '553 5.1.8 Sender address rejected: Domain not found',
    '4.4.7 Message expired: unable to deliver in 840 minutes',
  ])('is not: %s', (text) => {
    expect(isGone(text)).toBe(false);
  });

  test('of the mail’s text says nothing of the mailbox, unless it does', () => {
    expect([isGone('554 Transaction failed', false), isGone('554 5.1.1 no such user', false)]).toEqual([false, true]);
  });

  test('is told from other numbers', () => {
    expect(['250 2.0.0 Ok', '550 1.5.1.1.2', '550 5.1.1', 'no'].map(statusIn)).toEqual(['2.0.0', null, '5.1.1', null]);
  });
});

describe('a report on a delivery', () => {
  test('says who was not reached and in whose words, of several recipients and over several lines', async () => {
    const report = aDeliveryReport('b+1@example.org', [
      { action: 'relayed', status: '2.1.9' },
      { action: 'Failed', status: '5.1.1 (bad address)', diagnostic: 'smtp; 550 5.1.1\r\n    no such user' },
      { action: 'failed', status: '5.4.6' },
    ]);
    const { addressees, undelivered } = await readDeliveryReport(report);
    expect(addressees).toContain('<b+1@example.org>');
    expect(undelivered).toEqual([
      { status: '5.1.1', text: '550 5.1.1 no such user' },
      { status: '5.4.6', text: '5.4.6' },
    ]);
  });

  test('of what is only late, and any other mail, says that nobody was missed', async () => {
    const late = aDeliveryReport('b+1@example.org', [{ action: 'delayed', status: '4.4.1' }]);
    const others = [
      late,
      Buffer.from('To: b@example.org\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n'),
      Buffer.from([0, 255]),
    ];
    for (const mail of others) expect((await readDeliveryReport(mail)).undelivered).toEqual([]);
  });
});
