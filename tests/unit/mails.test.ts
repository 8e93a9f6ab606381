import { describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { composeMail } from '#lib/identity/mail-text.ts';
import { optionalCategories } from '#lib/mail/categories.ts';
import { frameMail } from '#lib/mail/frame.ts';
import { mailInstant } from '#lib/mail/instant.ts';
import { listDueEvents } from '#lib/mail/phase-events.ts';
import { sendFailure } from '#lib/mail/transport.ts';
import { readUnsubscription, signUnsubscription } from '#lib/mail/unsubscribe.ts';

const at = (text: string) => new Date(`2026-${text}:00Z`);
const timeline = {
  publishedAt: at('11-01T09:00'),
  registrationStartsAt: at('11-02T09:00'),
  registrationEndsAt: at('12-01T09:00'),
  teamChangesStartAt: at('11-02T09:00'),
  teamChangesEndAt: at('12-03T09:00'),
  trainReleasedAt: at('11-05T09:00'),
  devReleasedAt: at('11-05T09:00'),
  testReleasedAt: at('11-10T09:00'),
  submissionsStartAt: at('11-10T09:00'),
  submissionsEndAt: at('12-10T09:00'),
  freezesAt: at('12-09T21:00'),
  revealsAt: at('12-11T12:00'),
};
type Timeline = { [Key in keyof typeof timeline]: Date | null };
const dueAt = (now: Date, moved: Partial<Timeline> = {}) =>
  listDueEvents({ ...timeline, ...moved } as Competition, now).map(({ kind }) => kind);

describe('what the clock brings about', () => {
  test.each([
    ['the start of registration', '11-02T09:00', ['registration-open']],
    ['the release of two splits', '11-05T09:00', ['train-released', 'dev-released']],
    ['the start of uploads', '11-10T09:00', ['test-released', 'submissions-open']],
    ['a day before registration closes', '11-30T09:00', ['registration-closing']],
    ['a day before teams lock', '12-02T09:00', ['teams-locking']],
    ['a day before the close', '12-09T09:00', ['nothing-sent']],
    ['the freeze', '12-09T21:00', ['frozen']],
    ['the close', '12-10T09:00', ['closed']],
  ])('is due at %s, not a moment before, and for half a day', (_name, instant, kinds) => {
    const now = at(instant);
    expect(dueAt(now)).toEqual(kinds);
    for (const kind of kinds) expect(dueAt(new Date(now.getTime() - 1))).not.toContain(kind);
    for (const kind of kinds) expect(dueAt(new Date(now.getTime() + 12 * 3_600_000))).not.toContain(kind);
  });

  test('is nobody’s to know while the competition is a draft, and due at its publication where it has begun', () => {
    expect(dueAt(at('11-10T09:00'), { publishedAt: null })).toEqual([]);
    expect(dueAt(at('11-10T09:00'), { publishedAt: at('11-10T09:01') })).toEqual([]);
    expect(dueAt(at('11-15T09:00'), { publishedAt: at('11-15T09:00') })).toEqual([
      'registration-open',
      'train-released',
      'dev-released',
      'test-released',
      'submissions-open',
    ]);
  });

  test('moves with its boundary', () => {
    expect(dueAt(at('11-10T09:00'), { submissionsStartAt: at('11-11T09:00') })).toEqual(['test-released']);
    expect(dueAt(at('11-11T09:00'), { submissionsStartAt: at('11-11T09:00') })).toEqual(['submissions-open']);
  });

  test('is not told when it is not true any more, nor as a warning of what opened less than a day before', () => {
    expect(dueAt(at('12-11T12:00'), { revealsAt: at('12-10T10:00') })).toEqual([]);
    expect(dueAt(at('12-10T10:00'), { revealsAt: at('12-10T10:00') })).toEqual([]);
    expect(dueAt(at('12-09T21:00'), { freezesAt: at('12-10T09:00') })).toEqual([]);
    expect(dueAt(at('12-10T08:00'), { submissionsStartAt: at('12-09T20:00') })).not.toContain('nothing-sent');
  });
});

describe('a link that ends one kind of mail', () => {
  const secret = 'a secret of thirty-two characters or more';
  const userId = '00000000-0000-4000-8000-000000000001';

  test('says whose and which, and nothing else opens with it', () => {
    for (const category of optionalCategories) {
      const token = signUnsubscription(secret, { userId, category });
      expect(readUnsubscription(secret, token)).toEqual({ userId, category });
      expect(encodeURIComponent(token)).toBe(token);
    }
  });

  test('is nobody else’s to make, to change or to take from another installation', () => {
    const token = signUnsubscription(secret, { userId, category: 'phases' });
    const [id, category, signature] = token.split('.');
    const forged = [
      '',
      'phases',
      `${id}.${category}`,
      `${id}.results.${signature}`,
      `00000000-0000-4000-8000-000000000002.${category}.${signature}`,
      `${id}.${category}.${signature!.slice(1)}`,
      signUnsubscription(`${secret}!`, { userId, category: 'phases' }),
      // Signed by us, of a kind that nobody can refuse.
      signUnsubscription(secret, { userId, category: 'account' as 'phases' }),
    ];
    for (const each of forged) expect([each, readUnsubscription(secret, each)]).toEqual([each, null]);
  });
});

describe('the frame of a mail', () => {
  const mail = (category: 'account' | 'phases') => ({
    language: 'ru' as const,
    category,
    ...composeMail('ru', 'тема', ['Первый абзац.', { label: 'Открыть', url: 'https://r.example.org/c/x' }]),
  });
  const site = 'https://r.example.org';

  test('begins with what is said, for the list of mails, and loads nothing', () => {
    const { html } = frameMail(mail('phases'), { site, unsubscribe: `${site}/unsubscribe?token=1` });
    expect(html).toMatch(/<div style="display:none[^"]*">Первый абзац\./);
    expect(html).not.toMatch(/<(img|script|link|iframe)|url\(|@import/);
    const addresses = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1]);
    expect(addresses.every((address) => address!.startsWith(site))).toBe(true);
  });

  test('tells why it came and how to end that, where that can be ended', () => {
    const optional = frameMail(mail('phases'), { site, unsubscribe: `${site}/unsubscribe?token=1` });
    expect(optional.text).toBe(`Первый абзац.

Открыть:
https://r.example.org/c/x

${'-- '}
Письмо пришло, потому что вы участвуете в соревновании или курсе на r.example.org.
Не присылать такие письма: https://r.example.org/unsubscribe?token=1
Выбрать, о чём писать: https://r.example.org/account#mails
`);
    const forced = frameMail(mail('account'), { site, unsubscribe: null });
    expect(forced.text).not.toContain('unsubscribe');
    expect(forced.html).not.toContain('unsubscribe');
  });
});

test('instants in mails are the competition’s, with the day of the week', () => {
  expect(mailInstant(at('12-01T21:30'), 'Europe/Moscow', 'ru')).toBe('ср, 2 декабря, 00:30 МСК');
  expect(mailInstant(at('12-01T21:30'), 'Europe/Moscow', 'en')).toBe('Wed 2 December, 00:30 MSK');
  expect(mailInstant(at('12-01T21:30'), 'Asia/Novosibirsk', 'en')).toBe('Wed 2 December, 04:30 GMT+7');
});

describe('a mail server’s refusal', () => {
  const refused = (parts: object) => sendFailure(Object.assign(new Error('said so'), parts));

  test.each([
    [{ code: 'ESOCKET', command: 'CONN' }, 'server', 'unreachable'],
    [{ code: 'ETIMEDOUT', command: 'CONN' }, 'server', 'unreachable'],
    [{ code: 'EDNS', command: 'CONN' }, 'server', 'unknown-host'],
    [{ code: 'ETLS', command: 'STARTTLS' }, 'server', 'tls'],
    [{ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }, 'server', 'sign-in'],
    // As long as nobody may send with this sender, no mail is at fault.
    [{ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 553 }, 'server', 'sender'],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450 }, 'later', 'recipient'],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 }, 'never', 'recipient'],
    [{ code: 'EENVELOPE', command: 'API' }, 'never', 'recipient'],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 451 }, 'later', 'refused'],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 554 }, 'never', 'refused'],
  ])('%j is about %s: %s', (parts, kind, code) => {
    expect(refused(parts)).toMatchObject({ kind, code, reason: 'said so' });
  });
});
