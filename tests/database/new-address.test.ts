import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { grantRole } from '#lib/db/competitions.ts';
import { findOwnStudent, importRoster } from '#lib/db/course-roster.ts';
import { createCourse } from '#lib/db/courses.ts';
import { erasePerson } from '#lib/db/erasure.ts';
import { listIdentities } from '#lib/db/identities.ts';
import { findMailLink, findWaitingAddress } from '#lib/db/mail-links.ts';
import { createMail, type NewMail } from '#lib/db/mails.ts';
import { createRoleInvite } from '#lib/db/role-invites.ts';
import { competitionRoles, mails, users } from '#lib/db/schema.ts';
import { createSession, findSessionUser } from '#lib/db/sessions.ts';
import { createApiToken, findTokenUser } from '#lib/db/tokens.ts';
import { findUndeliverable, holdMails } from '#lib/db/undeliverable.ts';
import { findAccountByEmail, getUser } from '#lib/db/users.ts';
import { NotFoundError } from '#lib/errors.ts';
import { type EmailAddress, parseEmailAddress } from '#lib/identity/email-address.ts';
import { confirmSignIn, requestMailLink } from '#lib/identity/links.ts';
import { askForNewAddress, cancelNewAddress, confirmNewAddress, recoverAccount } from '#lib/identity/new-address.ts';
import { hashPassword } from '#lib/identity/password-hash.ts';
import { changePassword, findUserByPassword, resetPassword } from '#lib/identity/passwords.ts';
import type { Door } from '#lib/identity/provider.ts';
import { connectIdentity } from '#lib/identity/ways-in.ts';
import { aCompetition, aUser, someClaims, type TestUser } from '../builders.ts';
import { rostrum } from '../command.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { statementsOf } from '../plans.ts';

const site = 'https://rostrum.example.org';
const network = '192.0.2.1';
const open: Door = { site, registration: { who: 'everybody' } };
const uniOnly: Door = {
  site,
  registration: { who: 'domains', domains: [{ domain: 'example.org', isBelow: false }] },
};
const arrival = { network, identity: null, registration: open.registration };
const fresh = { password: '', isFresh: true };
let db: TestDatabase;

beforeAll(async () => {
  db = await aDatabase();
});

const anAddress = (domain = 'example.org') => parseEmailAddress(`${randomUUID()}@${domain}`)!;
const addressOf = ({ email }: { email: string }) => parseEmailAddress(email)!;

async function mailsTo({ email }: { email: string }): Promise<{ subject: string; text: string }[]> {
  return db.owner
    .select({ subject: mails.subject, text: mails.bodyText })
    .from(mails)
    .where(eq(mails.recipient, email))
    .orderBy(mails.id);
}

const subjectsTo = async (reader: { email: string }) => (await mailsTo(reader)).map(({ subject }) => subject);

async function lastToken(reader: { email: string }): Promise<string> {
  return /token=([\w-]{43})/.exec((await mailsTo(reader)).at(-1)!.text)![1]!;
}

const ask = (user: { id: string }, address: EmailAddress, house = open, proof = fresh) =>
  askForNewAddress(db.web, user.id, { address, proof }, house);

/** Asks, and takes the link out of the mail. */
async function aToken(user: { id: string }, address: EmailAddress): Promise<string> {
  await ask(user, address);
  return lastToken(address);
}

const confirm = (token: string, { id }: { id: string }, house = open) => confirmNewAddress(db.web, token, id, house);

async function move(user: { id: string }, address: EmailAddress): Promise<void> {
  await confirm(await aToken(user, address), user);
}

const recover = async (token: string, closesAll = false) =>
  recoverAccount(db.web, token, { chosen: { password: 'верный конь', leaks: null }, closesAll, site });

const emailOf = async ({ id }: { id: string }) => (await getUser(db.web, id)).email;
const isLive = async (token: string) => (await findMailLink(db.web, token))?.state === 'live';

async function mailedLink(user: TestUser, wish: 'sign-in' | 'password'): Promise<string> {
  const request = { wish, address: addressOf(user), language: 'ru', network, next: '/', ...open } as const;
  await requestMailLink(db.web, request);
  return lastToken(user);
}

describe('another address', () => {
  test('is the account’s once its link is confirmed, and not before', async () => {
    const [user, address] = [await aUser(db.owner), anAddress()];
    const token = await aToken(user, address);
    expect(await findMailLink(db.web, token)).toMatchObject({ state: 'live', purpose: 'new-address' });
    expect(await emailOf(user)).toBe(user.email);
    expect(await findWaitingAddress(db.web, user.id)).toMatchObject({ email: address.email });

    expect(await confirm(token, user)).toMatchObject({ id: user.id, email: address.email });
    expect((await findAccountByEmail(db.web, address.key))?.id).toBe(user.id);
    expect(await findAccountByEmail(db.web, user.emailKey)).toBeNull();
    expect(await findWaitingAddress(db.web, user.id)).toBeNull();
  });

  test('ends every session and every other link of the account', async () => {
    const user = await aUser(db.owner);
    const session = await createSession(db.web, { userId: user.id, userAgent: '', network });
    const links = [await mailedLink(user, 'sign-in'), await mailedLink(user, 'password')];
    await move(user, anAddress());
    expect(await findSessionUser(db.web, session)).toBeNull();
    for (const link of links) expect(await findMailLink(db.web, link)).toBeNull();
  });

  test('is told to the old mailbox when it is asked for and when it is changed', async () => {
    const [user, address] = [await aUser(db.owner), anAddress()];
    const token = await aToken(user, address);
    expect(await subjectsTo(user)).toEqual(['Rostrum: Запрошена смена адреса']);
    await confirm(token, user);
    expect(await subjectsTo(user)).toEqual([
      'Rostrum: Запрошена смена адреса',
      'Rostrum: У вашей учётной записи другой адрес',
    ]);
    expect(await subjectsTo(address)).toEqual(['Rostrum: Подтвердите новый адрес']);
  });

  test('is in the log by id alone', async () => {
    const [user, address] = [await aUser(db.owner), anAddress()];
    await ask(user, address);
    await cancelNewAddress(db.web, user.id);
    await cancelNewAddress(db.web, user.id);
    await move(user, address);
    const { rows } = await db.owner.execute<{ kind: string; details: unknown; actor: string }>(
      sql`select kind, details, actor_id as actor from events where subject = ${user.id} order by id`,
    );
    expect(rows).toEqual(
      ['change-asked', 'change-cancelled', 'change-asked', 'changed'].map((step) => ({
        ...{ kind: `address-${step}`, details: {}, actor: user.id },
      })),
    );
  });

  test('takes a young session, or the password of an account that has one', async () => {
    const password = 'тихая лодка на воде';
    const [bare, guarded] = [
      await aUser(db.owner),
      await aUser(db.owner, { passwordHash: await hashPassword(password) }),
    ];
    const address = anAddress();
    await expect(ask(bare, address, open, { password: '', isFresh: false })).rejects.toMatchObject({
      code: 'confirm-yourself',
    });
    await expect(ask(guarded, address, open, fresh)).rejects.toMatchObject({ code: 'wrong-current-password' });
    expect(await mailsTo(address)).toEqual([]);
    await ask(guarded, address, open, { password, isFresh: false });
    expect(await mailsTo(address)).toHaveLength(1);
  });

  test('is another one, and not for people of the demo', async () => {
    const user = await aUser(db.owner);
    await expect(ask(user, addressOf({ email: user.email.toUpperCase() }))).rejects.toMatchObject({
      code: 'same-address',
    });
    await expect(ask(await aUser(db.owner, { isDemo: true }), anAddress())).rejects.toMatchObject({
      code: 'demo-address',
    });
  });

  test('is asked for five times an hour, whatever the addresses', async () => {
    const user = await aUser(db.owner);
    for (let i = 0; i < 5; i++) await ask(user, anAddress());
    await expect(ask(user, anAddress())).rejects.toMatchObject({ code: 'too-many-attempts' });
  });
});

describe('whether an address is somebody’s', () => {
  test('is told by the mail alone, which its owner reads in their language', async () => {
    const [user, owner] = [await aUser(db.owner), await aUser(db.owner, { language: 'en' })];
    const free = anAddress();
    expect(await ask(user, free)).toBe(await ask(user, addressOf(owner)));
    expect(await findWaitingAddress(db.web, user.id)).toMatchObject({ email: owner.email });
    expect(await subjectsTo(free)).toEqual(['Rostrum: Подтвердите новый адрес']);
    expect(await subjectsTo(owner)).toEqual(['Rostrum: This address has an account already']);
    // Nobody holds a link that would lead there.
    expect((await mailsTo(owner))[0]!.text).not.toContain('token=');
  });

  test('does not show in the time of the answer: the database is asked the same', async () => {
    const user = await aUser(db.owner);
    const asked = async (address: EmailAddress, house = open) =>
      (await statementsOf(db.web, () => ask(user, address, house))).map(({ text }) => text);
    const free = await asked(anAddress());
    expect(free.length).toBeGreaterThanOrEqual(10);
    expect(await asked(addressOf(await aUser(db.owner)))).toEqual(free);
    // The control: another rule of registration looks further, and whether the address is admitted does not show either.
    const admitted = await asked(anAddress(), uniOnly);
    expect(admitted.length).toBeGreaterThan(free.length);
    expect(await asked(anAddress('example.net'), uniOnly)).toEqual(admitted);
  });
});

describe('the link to a new address', () => {
  test('works once, however often it is pressed at once', async () => {
    const user = await aUser(db.owner);
    const token = await aToken(user, anAddress());
    const pressed = await Promise.allSettled(Array.from({ length: 20 }, () => confirm(token, user)));
    expect(pressed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await findMailLink(db.web, token))?.state).toBe('used');
  });

  test('works for half an hour', async () => {
    const user = await aUser(db.owner);
    const token = await aToken(user, anAddress());
    const shift = (minutes: number) =>
      db.owner.execute(
        sql`update mail_links set expires_at = expires_at - make_interval(mins => ${minutes}) where user_id = ${user.id}`,
      );
    await shift(29);
    expect(await isLive(token)).toBe(true);
    await shift(1);
    await expect(confirm(token, user)).rejects.toThrow(NotFoundError);
    expect(await findWaitingAddress(db.web, user.id)).toBeNull();
  });

  test('is replaced by a later one, and ends with the wish', async () => {
    const user = await aUser(db.owner);
    const earlier = await aToken(user, anAddress());
    const later = await aToken(user, anAddress());
    expect([await findMailLink(db.web, earlier), await isLive(later)]).toEqual([null, true]);
    await cancelNewAddress(db.web, user.id);
    await expect(confirm(later, user)).rejects.toThrow(NotFoundError);
  });

  test('does nothing for who is signed in to another account, and still works for its own', async () => {
    const [user, victim] = [await aUser(db.owner), await aUser(db.owner)];
    const address = anAddress();
    const token = await aToken(user, address);
    await expect(confirm(token, victim)).rejects.toMatchObject({ code: 'other-account' });
    expect([await emailOf(user), await emailOf(victim)]).toEqual([user.email, victim.email]);
    await confirm(token, user);
    expect(await emailOf(user)).toBe(address.email);
  });

  test('opens nothing else, and nothing else opens it', async () => {
    const user = await aUser(db.owner);
    const token = await aToken(user, anAddress());
    await expect(confirmSignIn(db.web, token, arrival)).rejects.toThrow(NotFoundError);
    await expect(recover(token)).rejects.toThrow(NotFoundError);
    await expect(confirm(await mailedLink(user, 'sign-in'), user)).rejects.toThrow(NotFoundError);
    expect(await isLive(token)).toBe(true);
  });

  test('ends with a new password, by whichever way it came, and with the person', async () => {
    const chosen = { password: 'другой добрый конь', leaks: null };
    const [forgetful, changing, leaving] = [
      await aUser(db.owner),
      await aUser(db.owner, { passwordHash: await hashPassword(chosen.password) }),
      await aUser(db.owner),
    ];
    await ask(forgetful, anAddress());
    await resetPassword(db.web, await mailedLink(forgetful, 'password'), { chosen, closesAll: false, site });
    await ask(changing, anAddress(), open, { ...chosen, isFresh: false });
    const change = { current: chosen.password, next: chosen, revokesTokens: false, site };
    expect(await changePassword(db.web, changing.id, change)).toBe(true);
    const address = anAddress();
    await ask(leaving, address);
    await erasePerson(db.web, leaving.id, leaving.id);
    for (const { id } of [forgetful, changing, leaving]) expect(await findWaitingAddress(db.web, id)).toBeNull();
    expect(await mailsTo(address)).toEqual([]);
  });

  test('gives an address to one of two who both read its mails; the other loses nothing', async () => {
    const [address, one, other] = [anAddress(), await aUser(db.owner), await aUser(db.owner)];
    const tokens = [await aToken(one, address), await aToken(other, address)];
    const outcomes = await Promise.allSettled([confirm(tokens[0]!, one), confirm(tokens[1]!, other)]);
    const loser = outcomes.findIndex(({ status }) => status === 'rejected');
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes[loser]).toMatchObject({ reason: { code: 'address-taken' } });
    expect(await emailOf([one, other][loser]!)).toBe([one, other][loser]!.email);
    expect(await isLive(tokens[loser]!)).toBe(true);
  });
});

describe('where accounts are for some addresses alone', () => {
  test('another one is refused by the mail, and one that is no longer admitted when it is confirmed', async () => {
    const user = await aUser(db.owner);
    const elsewhere = anAddress('example.net');
    await ask(user, elsewhere, uniOnly);
    expect(await subjectsTo(elsewhere)).toEqual(['Rostrum: Этот адрес не подходит']);
    const token = await aToken(user, anAddress('example.net'));
    await expect(confirm(token, user, uniOnly)).rejects.toMatchObject({ code: 'not-admitted' });
    // The control: of the domain there is one for them.
    const colleague = anAddress();
    await ask(user, colleague, uniOnly);
    expect(await confirm(await lastToken(colleague), user, uniOnly)).toMatchObject({ email: colleague.email });
  });
});

describe('what belongs to an account', () => {
  test('stays, and what waited for the new address comes to it', async () => {
    const [user, address] = [await aUser(db.owner), anAddress()];
    const act = { actorId: user.id, site };
    const named = (slug: string) => ({ ...{ slug, nameRu: 'Сети', nameEn: 'Networks' }, timeZone: 'Europe/Moscow' });
    const [taken, waiting, both] = await Promise.all(
      ['taken', 'waiting', 'both'].map((slug) => createCourse(db.web, { ...named(slug), competitionId: null }, act)),
    );
    const entry = (number: string, at: EmailAddress) => ({
      ...{ studentNumber: number, name: `Student ${number}`, groupName: '', address: at },
    });
    await importRoster(db.web, taken!, [entry('1', addressOf(user))], act);
    await importRoster(db.web, waiting!, [entry('1', address)], act);
    await importRoster(db.web, both!, [entry('1', addressOf(user)), entry('2', address)], act);
    const [organised, offered] = [await aCompetition(db.owner), await aCompetition(db.owner)];
    await grantRole(db.owner, organised.id, user.id, 'organiser', act);
    for (const competition of [organised, offered]) {
      const asked = { address, role: 'assistant', language: 'ru' } as const;
      await db.owner.transaction((tx) => createRoleInvite(tx, competition, asked, act));
    }

    await move(user, address);

    const seat = async (course: { id: string }) => (await findOwnStudent(db.web, course.id, user.id))?.studentNumber;
    expect(await Promise.all([taken!, waiting!, both!].map(seat))).toEqual(['1', '1', '1']);
    // The teacher’s file still has the old address, and means the same person.
    await importRoster(db.web, taken!, [entry('1', addressOf(user))], act);
    expect(await seat(taken!)).toBe('1');
    const roles = await db.owner.select().from(competitionRoles).where(eq(competitionRoles.userId, user.id));
    const roleIn = ({ id }: { id: string }) => roles.find(({ competitionId }) => competitionId === id)?.role;
    expect([organised, offered].map(roleIn)).toEqual(['organiser', 'assistant']);
  });

  test('are mails that wait, also those held since the old mailbox took none; links to it stay behind', async () => {
    const dead = { undeliverableSince: new Date(), undeliverableReason: '550 5.1.1 no such user' };
    const [user, address] = [await aUser(db.owner, dead), anAddress()];
    const letter = { recipient: user.email, language: 'ru', text: 'x', html: 'x', userId: user.id } as const;
    const write = (subject: string, given: Partial<NewMail> = {}) =>
      createMail(db.owner, { ...letter, subject, category: 'phases', ...given });
    await write('held');
    await holdMails(db.owner);
    await write('waits');
    await write('link', { category: 'account' });
    await write('invitation', { category: 'account', userId: null });

    await move(user, address);

    expect(await findUndeliverable(db.web, user.id)).toBeNull();
    const moved = await db.owner.select().from(mails).where(eq(mails.recipient, address.email)).orderBy(mails.id);
    expect(moved.map(({ subject, failedAt }) => ({ subject, failedAt }))).toEqual([
      { subject: 'held', failedAt: null },
      { subject: 'waits', failedAt: null },
      { subject: 'Rostrum: Подтвердите новый адрес', failedAt: null },
    ]);
    const left = await db.owner.select().from(mails).where(eq(mails.recipient, user.email)).orderBy(mails.id);
    expect(left.map(({ subject }) => subject).slice(0, 2)).toEqual(['link', 'invitation']);
    // Whoever erases themselves takes along what was written to an address of theirs, whoever has it then.
    await erasePerson(db.web, user.id, user.id);
    expect(await mailsTo(user)).toEqual([]);
  });
});

describe('the mailbox that an account has left', () => {
  /** An intruder moves the account of `user` on; returns the link that the old mailbox got. */
  async function hijack(user: TestUser): Promise<string> {
    await move(user, anAddress());
    return lastToken(user);
  }

  test('takes it back with a new password, whatever else opened it', async () => {
    const user = await aUser(db.owner);
    const token = await hijack(user);
    const session = await createSession(db.web, { userId: user.id, userAgent: '', network });
    const program = await createApiToken(db.web, user.id, { name: 'x', scopes: ['read'], days: null });
    await connectIdentity(db.web, user.id, { ...someClaims({ email: user.email }), site });

    expect(await recover(token, true)).toMatchObject({ id: user.id, email: user.email });
    expect(await findSessionUser(db.web, session)).toBeNull();
    expect(await findTokenUser(db.web, program)).toBeNull();
    expect(await listIdentities(db.web, user.id)).toEqual([]);
    const attempt = { address: addressOf(user), password: 'верный конь', network };
    expect(await findUserByPassword(db.web, attempt)).toMatchObject({ id: user.id });
    await expect(recover(token)).rejects.toThrow(NotFoundError);
  });

  test('does so after whatever an intruder does meanwhile, and they cannot take it again', async () => {
    const user = await aUser(db.owner);
    const token = await hijack(user);
    const theirs = await getUser(db.web, user.id);
    await move(user, anAddress());
    const again = await lastToken(theirs);
    await db.owner
      .update(users)
      .set({ passwordHash: await hashPassword('не ваш пароль') })
      .where(eq(users.id, user.id));
    const next = { password: 'совсем не ваш пароль', leaks: null };
    await changePassword(db.web, user.id, { current: 'не ваш пароль', next, revokesTokens: false, site });

    // The control: the intruder’s own former mailbox could have, until the first has.
    expect(await isLive(again)).toBe(true);
    await recover(token);
    expect(await emailOf(user)).toBe(user.email);
    await expect(recover(again)).rejects.toThrow(NotFoundError);
  });

  test('does so for a week, unless the account has come back by itself', async () => {
    const user = await aUser(db.owner);
    const token = await hijack(user);
    const shift = (days: number) =>
      db.owner.execute(
        sql`update mail_links set expires_at = expires_at - make_interval(days => ${days}) where purpose = 'recovery'`,
      );
    await shift(6);
    expect(await isLive(token)).toBe(true);
    await shift(1);
    await expect(recover(token)).rejects.toThrow(NotFoundError);

    const returning = await aUser(db.owner);
    const unused = await hijack(returning);
    await move(returning, addressOf(returning));
    expect(await findMailLink(db.web, unused)).toBeNull();
  });

  test('has lost it where somebody else has an account with the address by then', async () => {
    const user = await aUser(db.owner);
    const token = await hijack(user);
    await aUser(db.owner, { email: user.email });
    await expect(recover(token)).rejects.toMatchObject({ code: 'address-taken' });
    expect(await isLive(token)).toBe(true);
  });
});

describe('rostrum admin users address', () => {
  const handOver = async (...args: string[]) => {
    vi.stubEnv('SMTP_URL', 'smtp://127.0.0.1:9');
    return rostrum(db.ownerUrl, 'admin', 'users', 'address', ...args);
  };

  test('mails a link that takes the account over, and ends all that went out before', async () => {
    const [user, address] = [await aUser(db.owner, { language: 'en' }), anAddress('example.net')];
    const waiting = await aToken(user, anAddress());
    expect(await handOver(user.email, address.email)).toMatchObject({ code: 0 });
    expect(await findMailLink(db.web, waiting)).toBeNull();
    expect(await emailOf(user)).toBe(user.email);
    expect((await subjectsTo(user)).at(-1)).toBe('Rostrum: Your account is handed to another address');

    await recover(await lastToken(address), true);
    expect(await emailOf(user)).toBe(address.email);
    expect((await subjectsTo(user)).at(-1)).toBe('Rostrum: The account has left this address');
  });

  test('refuses an address that is another account’s, and one that is nobody’s account', async () => {
    const [user, other] = [await aUser(db.owner), await aUser(db.owner)];
    expect(await handOver(user.email, other.email)).toMatchObject({ code: 3 });
    expect(await handOver(anAddress().email, anAddress().email)).toMatchObject({ code: 3 });
    expect(await mailsTo(other)).toEqual([]);
  });
});
