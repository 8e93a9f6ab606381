import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createMail, recordMailFailure } from '#lib/db/mails.ts';
import { linkMail } from '#lib/identity/mail-text.ts';
import { findMailTrouble } from '#lib/mail/try-mail.ts';
import { rostrum } from '../command.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { type MailSink, startMailSink } from '../smtp.ts';

const site = 'https://rostrum.example.org';
const address = 'anna@example.org';
let db: TestDatabase;
let sink: MailSink;

beforeAll(async () => {
  db = await aDatabase();
  sink = await startMailSink();
});
afterAll(() => sink.close());

async function mail(...args: string[]) {
  vi.stubEnv('SMTP_URL', sink.url);
  vi.stubEnv('ROSTRUM_URL', site);
  vi.stubEnv('MAIL_FROM', 'rostrum@example.org');
  return rostrum(db.ownerUrl, 'admin', 'mail', ...args);
}

describe('rostrum admin mail', () => {
  test('sends one mail and says what the mail server answered, or what to change', async () => {
    expect(await mail('test', address)).toMatchObject({ code: 0, out: expect.stringContaining('250') });
    expect(sink.mails).toMatchObject([{ subject: 'Rostrum: a test', to: { text: address } }]);
    sink.refuseRecipient(address, 550);
    expect(await mail('test', address)).toMatchObject({ code: 3, err: expect.stringContaining('550') });
    expect(await mail('test', 'anna')).toMatchObject({ code: 3, err: expect.stringContaining('e-mail address') });
    sink.setDown(true);
    expect(await mail('test', 'igor@example.org')).toMatchObject({
      code: 3,
      err: expect.stringContaining('not answer'),
    });
    sink.setDown(false);
  });

  test('knows a server that answers from one that does not take our name', async () => {
    expect(await findMailTrouble(sink.url)).toBeNull();
    const withPassword = sink.url.replace('//', '//rostrum:s3cret@');
    expect(await findMailTrouble(withPassword)).toMatchObject({ code: 'sign-in', kind: 'server' });
  });

  test('says what waits and why, and tries it again', async () => {
    const letter = { recipient: address, language: 'ru' as const, ...linkMail('sign-in', 'ru', `${site}/confirm`) };
    await createMail(db.web, letter);
    await createMail(db.web, letter);
    await recordMailFailure(db.web, 1, { reason: '550 no such mailbox', isFinal: true });
    const { out } = await mail('status', '--json');
    expect(JSON.parse(out)).toMatchObject({ waiting: 1, failed: 1, mails: [{ reason: '550 no such mailbox' }] });
    expect((await mail('status')).out).toContain(address);
    expect((await mail('retry')).out).toBe('2 mails are tried again now.\n');
  });
});
