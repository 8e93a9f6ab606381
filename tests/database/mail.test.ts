import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { getInvitedTeam, mailInvite } from '#lib/db/invites.ts';
import { claimMailLink, createMailLink } from '#lib/db/mail-links.ts';
import {
  claimMails,
  createMail,
  getMailState,
  giveUpOldMails,
  listFailedMails,
  listUnsentMails,
  retryMails,
} from '#lib/db/mails.ts';
import { findUndeliverable, listUnreachable } from '#lib/db/undeliverable.ts';
import { composeMail, linkMail } from '#lib/identity/mail-text.ts';
import { log } from '#lib/log.ts';
import { mailOfBounceAddress } from '#lib/mail/bounces.ts';
import { signUnsubscription } from '#lib/mail/unsubscribe.ts';
import { startMailer } from '#lib/mail.ts';
import { aCompetition, aTeam, aUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { type MailSink, startMailSink } from '../smtp.ts';

const site = 'https://rostrum.example.org';
const secret = 'a secret of thirty-two characters or more';
const mailBounces = 'bounces@example.org';
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
  const settings = {
    smtpUrl,
    mailFrom: 'Rostrum <rostrum@example.org>',
    mailBounces,
    origin: site,
    secret,
    keepDays: 30,
  };
  const stop = startMailer(database.web, settings);
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

const escapeForRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

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
    expect(mail.html).toMatch(new RegExp(`<a class="button" href="${escapeForRegExp(link)}"[^>]*>Войти</a>`));
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
    const clock = async () => (await database.owner.execute(sql`select clock_timestamp()::text as now`)).rows[0]!.now;
    /** Half a minute, doubled with each try, a fifth earlier or later: counted from before the try and from now. */
    const waits = async (seconds: number, before: unknown) => {
      const { rows } = await database.owner.execute<{ since: number; left: number }>(sql`
        select extract(epoch from next_attempt_at - ${before}::timestamptz)::float8 as since,
          extract(epoch from next_attempt_at - clock_timestamp())::float8 as left from mails`);
      expect(rows[0]!.since).toBeGreaterThanOrEqual(0.8 * seconds);
      expect(rows[0]!.left).toBeLessThanOrEqual(1.2 * seconds);
    };
    sink.refuseWith('come back later');
    const first = await clock();
    await createMail(database.web, letter);
    startOurMailer();
    await vi.waitFor(async () => expect((await rowsOfMails())[0]!.error).toContain('come back later'), soon);
    await waits(30, first);
    const second = await clock();
    await makeDue();
    await vi.waitFor(async () => expect((await rowsOfMails())[0]!.attempts).toBe(2), soon);
    await waits(60, second);
    sink.refuseWith(null);
    await makeDue();
    await vi.waitFor(() => expect(sink.mails).toHaveLength(1), soon);
  });

  test('is tried for three days and then left for somebody to look at, who has it tried once more', async () => {
    await createMail(database.web, letter);
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect(await claimMails(database.web, 5)).toHaveLength(1);
      await makeDue();
    }
    await database.owner.execute(sql`update mails set created_at = created_at - interval '71 hours'`);
    expect(await giveUpOldMails(database.web)).toBe(0);
    await database.owner.execute(sql`update mails set created_at = created_at - interval '2 hours'`);
    expect(await giveUpOldMails(database.web)).toBe(1);
    expect(await claimMails(database.web, 5)).toEqual([]);
    expect(await getMailState(database.web)).toMatchObject({ waiting: 0, failed: 1, lastError: 'not sent in time' });
    expect(await retryMails(database.web)).toBe(1);
    startOurMailer();
    await vi.waitFor(() => expect(sink.mails).toHaveLength(1), soon);
  });

  test('with a link is not sent after its link expired, and its text is forgotten', async () => {
    await createMail(database.web, { ...letter, minutes: 30 });
    await database.owner.execute(sql`update mails set expires_at = clock_timestamp()`);
    await createMail(database.web, { ...letter, recipient: 'igor@example.org', minutes: 30 });
    startOurMailer();
    await vi.waitFor(() => expect(sink.mails).toHaveLength(1), soon);
    expect(sink.mails[0]!.to).toMatchObject({ text: 'igor@example.org' });
    const expired = { sent: false, attempts: 0, text: '', error: 'expired before it could be sent' };
    expect((await rowsOfMails())[0]).toEqual(expired);
    expect(await retryMails(database.web)).toBe(0);
  });

  test('that its recipient will never get is given up at once, and holds up nobody else', async () => {
    sink.refuseRecipient('anna@example.org', 550);
    sink.refuseRecipient('full@example.org', 452);
    await createMail(database.web, letter);
    for (const name of ['full', 'igor']) {
      await createMail(database.web, { ...letter, recipient: `${name}@example.org` });
    }
    startOurMailer();
    await vi.waitFor(() => expect(sink.mails).toHaveLength(1), soon);
    await vi.waitFor(async () => {
      const failed = await listFailedMails(database.web, 10);
      expect(failed).toMatchObject([{ recipient: 'anna@example.org', reason: expect.stringContaining('550') }]);
      // Put off, and not given up.
      expect(await getMailState(database.web)).toMatchObject({ waiting: 1, failed: 1, sentToday: 1 });
    }, soon);
  });

  test('outlives a mail server that is down: nobody waits for it, and each arrives once when it is back', async () => {
    sink.setDown(true);
    startOurMailer();
    for (let i = 0; i < 12; i += 1) await createMail(database.web, { ...letter, recipient: `p${i}@example.org` });
    const state = () => getMailState(database.web);
    await vi.waitFor(async () => expect((await state()).lastError).toMatch(/close/), soon);
    expect((await state()).waiting).toBe(12);
    sink.setDown(false);
    const patient = { timeout: 30_000, interval: 200 };
    await vi.waitFor(async () => {
      await makeDue();
      expect((await state()).waiting).toBe(0);
    }, patient);
    expect(new Set(sink.mails.map(({ to }) => [to].flat()[0]!.text)).size).toBe(12);
    expect(sink.mails).toHaveLength(12);
  });

  test('that is sent again after a crash has the Message-ID it had', async () => {
    await createMail(database.web, letter);
    startOurMailer();
    await vi.waitFor(async () => expect((await rowsOfMails())[0]!.sent).toBe(true), soon);
    // As if the process had died between sending and recording.
    await database.owner.execute(
      sql`update mails set sent_at = null, body_text = 'again', next_attempt_at = clock_timestamp()`,
    );
    await vi.waitFor(() => expect(sink.mails).toHaveLength(2), soon);
    expect(sink.mails[0]!.messageId).toMatch(/^<[-0-9a-f]{36}@rostrum\.example\.org>$/);
    expect(sink.mails[1]!.messageId).toBe(sink.mails[0]!.messageId);
  });

  test('that somebody may refuse says how, in its text and to the mail program; one about an account does not', async () => {
    const { id, email } = await aUser(database.owner);
    const announcement = { ...letter, recipient: email, userId: id, category: 'announcements' as const };
    await createMail(database.web, announcement);
    startOurMailer();
    await vi.waitFor(() => expect(sink.mails).toHaveLength(1), soon);
    await createMail(database.web, { ...announcement, category: 'decisions' });
    await vi.waitFor(() => expect(sink.mails).toHaveLength(2), soon);
    const [optional, decided] = sink.mails;
    const token = signUnsubscription(secret, { userId: id, category: 'announcements' });
    const list = optional!.headers.get('list');
    expect(list).toMatchObject({ unsubscribe: { url: `${site}/unsubscribe/${token}` } });
    expect(list).toMatchObject({ 'unsubscribe-post': { name: 'List-Unsubscribe=One-Click' } });
    expect(optional!.text).toContain(`${site}/unsubscribe?token=${token}`);
    expect(optional!.html).toContain(`${site}/unsubscribe?token=${token}`);
    expect(decided!.headers.get('list')).toBeUndefined();
    expect(decided!.text).not.toContain('unsubscribe');
  });

  test('holds what people typed as text, in both of its forms', async () => {
    const hostile = '<img src=x onerror=alert(1)> & "Ко" {{7*7}}\u202e';
    await createMail(database.web, {
      ...letter,
      ...composeMail('ru', hostile, [hostile, { label: hostile, url: link }]),
    });
    startOurMailer();
    await vi.waitFor(() => expect(sink.mails).toHaveLength(1), soon);
    const { subject, text, html } = sink.mails[0]!;
    expect(subject).toBe(`Rostrum: ${hostile}`);
    expect(text).toContain(hostile);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;Ко&quot;');
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

describe('an address that takes no mail', () => {
  /** Of a decision, which nobody can refuse. */
  const decisionTo = ({ id, email }: { id: string; email: string }) => {
    const text = composeMail('en', 'a decision', ['Something.']);
    return createMail(database.web, { recipient: email, language: 'en', ...text, userId: id, category: 'decisions' });
  };
  const sentTo = (email: string) => sink.mails.filter(({ to }) => [to].flat()[0]?.text === email).length;

  test('is written to no more, is told to its person and to organisers, and gets all when a link is opened', async () => {
    const competition = await aCompetition(database.owner);
    const { team, people } = await aTeam(database.owner, competition);
    const [person] = people as [(typeof people)[0]];
    sink.refuseRecipient(person.email, 550, '5.1.1 no such user');
    await decisionTo(person);
    startOurMailer();
    await vi.waitFor(async () => expect(await findUndeliverable(database.web, person.id)).not.toBeNull(), soon);
    expect((await findUndeliverable(database.web, person.id))?.reason).toContain('550 5.1.1 no such user');
    const { name } = (await listUnreachable(database.web, competition.id))[0]!;
    expect([name, await listUnreachable(database.web, competition.id)]).toEqual([
      person.name,
      [{ id: person.id, name, team: team.name }],
    ]);
    // The mailbox is there again, and nobody knows yet.
    sink.refuseRecipient(person.email, null);
    await decisionTo(person);
    await retryMails(database.web);
    // Sent after it, to somebody else: whatever was to go has gone.
    const other = await aUser(database.owner);
    await decisionTo(other);
    await vi.waitFor(() => expect(sentTo(other.email)).toBe(1), soon);
    expect(sentTo(person.email)).toBe(0);
    expect(await getMailState(database.web)).toMatchObject({ waiting: 0, failed: 0 });

    const asked = { purpose: 'sign-in', email: person.email, userId: person.id, language: 'en' } as const;
    const token = await createMailLink(database.web, asked);
    await createMail(database.web, { recipient: person.email, language: 'en', ...linkMail('sign-in', 'en', link) });
    await vi.waitFor(() => expect(sentTo(person.email)).toBe(1), soon);
    await database.web.transaction((tx) => claimMailLink(tx, token, 'sign-in'));
    expect(await findUndeliverable(database.web, person.id)).toBeNull();
    await vi.waitFor(() => expect(sentTo(person.email)).toBe(2), soon);
  });

  test.each([
    [451, '4.7.1 try again later'],
    [552, '5.2.2 mailbox full'],
    [550, '5.7.1 blocked by a list'],
  ])('(control) is not one that answers %s %s', async (code, reason) => {
    const person = await aUser(database.owner);
    sink.refuseRecipient(person.email, code, reason);
    await decisionTo(person);
    startOurMailer();
    await vi.waitFor(async () => expect((await rowsOfMails())[0]?.error).toContain(reason), soon);
    expect(await findUndeliverable(database.web, person.id)).toBeNull();
  });

  test('is found by the sender of the envelope, which is another one for each mail', async () => {
    const [anna, oleg] = [await aUser(database.owner), await aUser(database.owner)];
    await decisionTo(anna);
    await decisionTo(oleg);
    startOurMailer();
    await vi.waitFor(() => expect(sink.senders).toHaveLength(2), soon);
    expect(sink.senders.map((sender) => mailOfBounceAddress(secret, sender)).sort()).toEqual([1, 2]);
    expect(sink.mails.map(({ from }) => from?.text)).toEqual(Array(2).fill('"Rostrum" <rostrum@example.org>'));
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

describe('an invitation to a team', () => {
  test('is mailed by its captain alone, so many an hour, and its link opens the team', async () => {
    const competition = await aCompetition(database.owner);
    const { team, people } = await aTeam(database.owner, competition, { people: 2, name: 'Ёжики' });
    const [captain, mate] = people;
    const invite = (by: typeof captain, address: string) => mailInvite(database.web, competition, by!, address, site);
    await expect(invite(mate, 'oleg@example.org')).rejects.toMatchObject({ code: 'captain-only' });
    await expect(invite(captain, 'oleg')).rejects.toMatchObject({ code: 'not-an-address' });
    await invite(captain, 'oleg@example.org');
    const [mail] = await listUnsentMails(database.web, 10);
    expect(mail).toMatchObject({ recipient: 'oleg@example.org', category: 'account' });
    const token = /\/join\/(\S+)/.exec(mail!.text)?.[1];
    expect(await getInvitedTeam(database.web, token!)).toMatchObject({ id: team.id });
    for (let i = 1; i < 20; i += 1) await invite(captain, `p${i}@example.org`);
    await expect(invite(captain, 'q@example.org')).rejects.toMatchObject({ code: 'too-many-attempts' });
    expect(await listUnsentMails(database.web, 100)).toHaveLength(20);
  });
});
