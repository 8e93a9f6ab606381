import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { claimMails, createMail, listUnsentMails } from '#lib/db/mails.ts';
import { linkMail } from '#lib/identity/mail-text.ts';
import { log } from '#lib/log.ts';
import { startMailer } from '#lib/mail.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { type MailSink, startMailSink } from '../smtp.ts';

const link = 'http://127.0.0.1:3000/confirm?token=abc';
const letter = { recipient: 'anna@example.org', language: 'ru' as const, ...linkMail('sign-in', 'ru', link) };
let database: TestDatabase;
let sink: MailSink;
const running: (() => Promise<void>)[] = [];

// Refusals are what these tests are about.
log.level = 'silent';

beforeEach(async () => {
  database = await aDatabase();
  sink = await startMailSink();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
  await sink.close();
});

function startOurMailer(smtpUrl: string | null = sink.url): () => Promise<void> {
  const stop = startMailer(database.web, { smtpUrl, mailFrom: 'Rostrum <rostrum@example.org>' });
  running.push(stop);
  return stop;
}

const rowsOfMails = async () =>
  (
    await database.owner.execute<{ sent: boolean; attempts: number; text: string; error: string | null }>(
      sql`select sent_at is not null as sent, attempts, body_text as text, last_error as error from mails order by id`,
    )
  ).rows;
const makeDue = () => database.owner.execute(sql`update mails set next_attempt_at = clock_timestamp()`);
const soon = { timeout: 10_000, interval: 50 };

describe('a mail', () => {
  test('arrives as it was written, as text and as HTML, and its link is forgotten here', async () => {
    await createMail(database.web, letter);
    startOurMailer();
    await vi.waitFor(() => expect(sink.mails).toHaveLength(1), soon);
    const mail = sink.mails[0]!;
    expect(mail.subject).toBe('Rostrum: Ссылка для входа');
    expect(mail.from?.text).toBe('"Rostrum" <rostrum@example.org>');
    expect(mail.to).toMatchObject({ text: 'anna@example.org' });
    expect(mail.text).toContain(link);
    expect(mail.html).toContain(`<a href="${link}">Войти</a>`);
    await vi.waitFor(
      async () => expect(await rowsOfMails()).toEqual([{ sent: true, attempts: 1, text: '', error: null }]),
      soon,
    );
  });

  test('of a transaction that failed is never sent', async () => {
    await expect(
      database.web.transaction(async (tx) => {
        await createMail(tx, letter);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await createMail(database.web, { ...letter, recipient: 'igor@example.org' });
    startOurMailer();
    await vi.waitFor(() => expect(sink.mails).toHaveLength(1), soon);
    expect(sink.mails[0]!.to).toMatchObject({ text: 'igor@example.org' });
  });

  test('waits while the mail server refuses it, longer each time, and arrives in the end', async () => {
    sink.refuseWith('come back later');
    await createMail(database.web, letter);
    startOurMailer();
    await vi.waitFor(async () => expect((await rowsOfMails())[0]!.error).toContain('come back later'), soon);
    const pause = () =>
      database.owner.execute(
        sql`select extract(epoch from next_attempt_at - clock_timestamp())::float8 as s from mails`,
      );
    expect((await pause()).rows[0]!.s).toBeCloseTo(30, -1);
    await makeDue();
    await vi.waitFor(async () => expect((await rowsOfMails())[0]!.attempts).toBe(2), soon);
    expect((await pause()).rows[0]!.s).toBeCloseTo(60, -1);
    sink.refuseWith(null);
    await makeDue();
    await vi.waitFor(() => expect(sink.mails).toHaveLength(1), soon);
  });

  test('is tried nine times and then left for somebody to look at', async () => {
    await createMail(database.web, letter);
    for (let attempt = 0; attempt < 9; attempt++) {
      expect(await claimMails(database.web, 5)).toHaveLength(1);
      await makeDue();
    }
    expect(await claimMails(database.web, 5)).toEqual([]);
  });

  test('is sent by one of several web processes', async () => {
    for (let i = 0; i < 40; i++) await createMail(database.web, { ...letter, recipient: `p${i}@example.org` });
    for (let i = 0; i < 3; i++) startOurMailer();
    await vi.waitFor(async () => expect((await rowsOfMails()).every(({ sent }) => sent)).toBe(true), soon);
    expect(sink.mails).toHaveLength(40);
  });

  test('stays in the outbox where there is no mail server', async () => {
    await createMail(database.web, letter);
    const stop = startOurMailer(null);
    await stop();
    expect(await listUnsentMails(database.web, 10)).toMatchObject([
      { recipient: 'anna@example.org', text: letter.text },
    ]);
  });

  test.each([
    { recipient: 'anna@example.org\r\nBcc: eve@evil.example' },
    { subject: 'Hello\r\nBcc: eve@evil.example' },
  ])('with a line break in a header is not sent: %j', async (forged) => {
    await createMail(database.web, { ...letter, ...forged });
    startOurMailer();
    await vi.waitFor(async () => expect((await rowsOfMails())[0]!.error).toContain('line break'), soon);
    expect(sink.mails).toEqual([]);
  });
});

test('the mailer stops at once, also where the mail server is dead', async () => {
  await sink.close();
  await createMail(database.web, letter);
  const stop = startOurMailer();
  await vi.waitFor(async () => expect((await rowsOfMails())[0]!.attempts).toBe(1), soon);
  const began = performance.now();
  await stop();
  expect(performance.now() - began).toBeLessThan(2_500);
  sink = await startMailSink();
});
