import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createMail, recordMailFailure, recordMailSent } from '#lib/db/mails.ts';
import { linkMail } from '#lib/identity/mail-text.ts';
import { bounceAddress } from '#lib/mail/bounces.ts';
import { findMailTrouble } from '#lib/mail/try-mail.ts';
import { aUser } from '../builders.ts';
import { rostrum } from '../command.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aDeliveryReport } from '../delivery-reports.ts';
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

  test('says in one sentence that the database is away, as every command of the owner, and not its password', async () => {
    const { code, err } = await rostrum('postgres://rostrum_owner:hush@127.0.0.1:9/rostrum', 'admin', 'mail', 'status');
    expect({ code, lines: err.trim().split('\n').length }).toEqual({ code: 3, lines: 1 });
    expect(err).toMatch(/127\.0\.0\.1:9\/rostrum (does not answer|не отвечает)/);
    expect(err).not.toContain('hush');
  });
});

describe('a mail that comes back', () => {
  const secret = 'a secret of thirty-two characters or more';
  const box = { mailbox: 'bounces@example.org', secret };
  const gone = [{ action: 'failed', status: '5.1.1', diagnostic: 'smtp; 550 5.1.1 no such user' }];

  async function bounce(message: Buffer): Promise<string> {
    const typed = vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([message]) as typeof process.stdin);
    vi.stubEnv('ROSTRUM_SECRET', secret);
    const { code, out, err } = await mail('bounce');
    typed.mockRestore();
    expect([code, err]).toEqual([0, '']);
    return out;
  }

  /** Somebody, and the number of a mail that was sent to them. */
  async function aReader() {
    const { email } = await aUser(db.owner);
    const letter = { recipient: email, language: 'en' as const, ...linkMail('sign-in', 'en', `${site}/confirm`) };
    await createMail(db.web, letter);
    const rows = await db.owner.execute<{ id: string }>(`select max(id) as id from mails where recipient = '${email}'`);
    const id = Number(rows.rows[0]!.id);
    await recordMailSent(db.web, id);
    return { email, id };
  }

  const marked = async () => {
    const { addresses } = JSON.parse((await mail('status', '--json')).out);
    return addresses.map(({ email, reason }: { email: string; reason: string }) => [email, reason]);
  };

  test('for good marks its address, and an administrator may take that back', async () => {
    const { email, id } = await aReader();
    expect(await bounce(aDeliveryReport(bounceAddress(box, id), gone))).toContain('takes no mail');
    expect(await marked()).toEqual([[email, '550 5.1.1 no such user']]);
    expect((await mail('status')).out).toContain(email);
    expect((await mail('allow', '@elsewhere.example')).out).toContain('0 addresses');
    expect((await mail('allow', email.slice(email.indexOf('@')))).out).toContain('1 address gets');
    expect(await marked()).toEqual([]);
  });

  test('for a while, or of a mail that was not ours, marks nobody', async () => {
    const { id } = await aReader();
    const passing = [
      [{ action: 'delayed', status: '4.4.1' }],
      [{ action: 'failed', status: '4.4.7', diagnostic: 'smtp; 4.4.7 expired' }],
      [{ action: 'failed', status: '5.2.2', diagnostic: 'smtp; 552 5.2.2 over quota' }],
    ];
    for (const recipients of passing) {
      expect(await bounce(aDeliveryReport(bounceAddress(box, id), recipients))).toContain('Nothing to do');
    }
    const forged = bounceAddress({ ...box, secret: 'another secret of thirty-two characters' }, id);
    expect(await bounce(aDeliveryReport(forged, gone))).toContain('Left alone');
    expect(await bounce(Buffer.from('no mail at all'))).toContain('Left alone');
    expect(await bounce(aDeliveryReport(bounceAddress(box, 10 ** 9), gone))).toContain('no longer kept');
    expect(await marked()).toEqual([]);
  });
});
