import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { getInvitedTeam } from '#lib/db/invites.ts';
import { findMailLink, getMailLink } from '#lib/db/mail-links.ts';
import { createSession, findSessionUser } from '#lib/db/sessions.ts';
import { createFirstAdministratorLink, findAccountByEmail, getUser } from '#lib/db/users.ts';
import { NotFoundError, TooManyRequestsError } from '#lib/errors.ts';
import { type EmailAddress, parseEmailAddress } from '#lib/identity/email-address.ts';
import { countingWrongTokens, refusingGuesses } from '#lib/identity/limits.ts';
import {
  confirmFirstAdministrator,
  confirmSignIn,
  confirmSignUp,
  requestMailLink,
  type Wish,
} from '#lib/identity/links.ts';
import { hashPassword } from '#lib/identity/password-hash.ts';
import { findUserByPassword, resetPassword } from '#lib/identity/passwords.ts';
import { createToken } from '#lib/identity/random-token.ts';
import { aUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { statementsOf } from '../plans.ts';
import { processorOf, shareBetween } from '../timing.ts';

const site = 'http://127.0.0.1:3000';
const hall = '192.0.2.1';
const password = 'верный конь';
const anna = { name: 'Анна', chosen: { password, leaks: null } };
const everybody = { who: 'everybody' } as const;
const arrival = { network: hall, identity: null, registration: everybody };
const aReset = { chosen: { password: 'another horse', leaks: null }, closesAll: false, site };
let database: TestDatabase;

beforeAll(async () => {
  database = await aDatabase();
});

const anAddress = () => parseEmailAddress(`${randomUUID()}@example.org`)!;

function ask(address: EmailAddress, wish: Wish, network = hall): Promise<void> {
  const request = { wish, address, network, site, next: '/', registration: everybody };
  return requestMailLink(database.web, { ...request, language: 'ru' });
}

async function mailsTo(email: string): Promise<{ subject: string; text: string }[]> {
  const { rows } = await database.owner.execute<{ subject: string; text: string }>(
    sql`select subject, body_text as text from mails where recipient = ${email} order by id`,
  );
  return rows;
}

/** Asks for a link and takes the token out of the mail. */
async function aToken(address: EmailAddress, wish: Wish): Promise<string> {
  await ask(address, wish);
  return /token=([\w-]{43})/.exec((await mailsTo(address.email)).at(-1)!.text)![1]!;
}

async function aMember(): Promise<EmailAddress> {
  const address = anAddress();
  await aUser(database.owner, { email: address.email, emailKey: address.key });
  return address;
}

describe('signing up', () => {
  test('makes no account before the link is opened, and one when it is', async () => {
    const address = anAddress();
    const token = await aToken(address, 'sign-up');
    expect(await findMailLink(database.web, token)).toMatchObject({ purpose: 'sign-up', state: 'live' });
    expect(await findAccountByEmail(database.web, address.key)).toBeNull();

    const user = await confirmSignUp(database.web, token, anna, arrival);
    expect(user).toMatchObject({ email: address.email, name: 'Анна', isAdministrator: false });
    const signedIn = await findUserByPassword(database.web, { address, password, network: hall });
    expect(signedIn?.id).toBe(user.id);
  });

  test('looking at a link, as scanners of mail do, does not use it up', async () => {
    const token = await aToken(anAddress(), 'sign-up');
    for (let i = 0; i < 5; i++) expect((await findMailLink(database.web, token))?.state).toBe('live');
  });

  test('of 120 people from one address within minutes succeeds', { timeout: 60_000 }, async () => {
    const people = Array.from({ length: 120 }, anAddress);
    for (let i = 0; i < people.length; i += 10) {
      await Promise.all(
        people.slice(i, i + 10).map(async (address) => {
          const token = await aToken(address, 'sign-up');
          await confirmSignUp(database.web, token, anna, arrival);
        }),
      );
    }
    const counted = await Promise.all(people.map(({ key }) => findAccountByEmail(database.web, key)));
    expect(counted.filter((account) => account !== null)).toHaveLength(120);
  });

  test('by two links of one address, opened at once, makes one account', async () => {
    const address = anAddress();
    const tokens = [await aToken(address, 'sign-up'), await aToken(address, 'sign-up')];
    const outcomes = await Promise.allSettled(tokens.map((token) => confirmSignUp(database.web, token, anna, arrival)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('makes links mailed to the address before worthless', async () => {
    const address = anAddress();
    const [earlier, later] = [await aToken(address, 'sign-up'), await aToken(address, 'sign-up')];
    await confirmSignUp(database.web, later, anna, arrival);
    expect(await findMailLink(database.web, earlier)).toBeNull();
  });
});

describe('whether an address has an account', () => {
  test.each<[Wish, string, string]>([
    ['sign-up', 'Rostrum: У вас уже есть учётная запись', 'Rostrum: Подтвердите адрес'],
    ['sign-in', 'Rostrum: Ссылка для входа', 'Rostrum: С этим адресом пока нет учётной записи'],
    ['password', 'Rostrum: Новый пароль', 'Rostrum: С этим адресом пока нет учётной записи'],
  ])('is told by the mail alone (%s)', async (wish, toMember, toStranger) => {
    const [member, stranger] = [await aMember(), anAddress()];
    expect(await ask(member, wish)).toBe(await ask(stranger, wish));
    expect((await mailsTo(member.email)).map(({ subject }) => subject)).toEqual([toMember]);
    expect((await mailsTo(stranger.email)).map(({ subject }) => subject)).toEqual([toStranger]);
  });

  test('does not show in the time of the answer: the same is done for both', async () => {
    const members = await Promise.all(Array.from({ length: 40 }, aMember));
    const asked = async (address: EmailAddress) =>
      (await statementsOf(database.web, () => ask(address, 'password', '10.1.1.1'))).map(({ text }) => text);
    expect(await asked(anAddress())).toEqual(await asked(await aMember()));
    const [present, absent] = await processorOf(
      40,
      (round) => ask(members[round]!, 'password', `10.1.0.${round}`),
      (round) => ask(anAddress(), 'password', `10.2.0.${round}`),
    );
    expect(shareBetween(present, absent)).toBeLessThan(0.35);

    // The control: a password that is hashed for members alone asks nothing of the database, and shows.
    const [hashing, idle] = await processorOf(
      5,
      (round) => ask(members[round]!, 'sign-in', `10.4.0.${round}`).then(() => hashPassword(password)),
      (round) => ask(anAddress(), 'sign-in', `10.5.0.${round}`),
    );
    expect(shareBetween(hashing, idle)).toBeGreaterThan(0.35);
  });

  test('does not show in the limits: both are refused after as many mails', async () => {
    for (const address of [await aMember(), anAddress()]) {
      for (let i = 0; i < 5; i++) await ask(address, 'sign-in', `10.3.0.${i}`);
      await expect(ask(address, 'sign-in', '10.3.0.9')).rejects.toMatchObject({ code: 'too-many-attempts' });
    }
  });
});

describe('a mailed link', () => {
  test('works once, however often it is opened at once', async () => {
    const token = await aToken(await aMember(), 'sign-in');
    const opened = await Promise.allSettled(
      Array.from({ length: 20 }, () => confirmSignIn(database.web, token, arrival)),
    );
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await findMailLink(database.web, token))?.state).toBe('used');
  });

  test('works for half an hour', async () => {
    const token = await aToken(await aMember(), 'sign-in');
    const shift = (minutes: number) =>
      database.owner.execute(
        sql`update mail_links set expires_at = expires_at - make_interval(mins => ${minutes}) where used_at is null`,
      );
    await shift(29);
    expect((await findMailLink(database.web, token))?.state).toBe('live');
    await shift(1);
    expect((await findMailLink(database.web, token))?.state).toBe('expired');
    await expect(confirmSignIn(database.web, token, arrival)).rejects.toThrow(NotFoundError);
  });

  test('opens nothing that it was not mailed for', async () => {
    const token = await aToken(await aMember(), 'sign-in');
    await expect(resetPassword(database.web, token, aReset)).rejects.toThrow(NotFoundError);
    await expect(confirmSignUp(database.web, token, anna, arrival)).rejects.toThrow(NotFoundError);
    expect((await findMailLink(database.web, token))?.state).toBe('live');
  });

  test('cannot be read from the database', async () => {
    const token = await aToken(await aMember(), 'sign-in');
    await database.owner.execute(sql`update mails set body_text = '', body_html = ''`);
    const tables = ['mail_links', 'mails', 'users', 'sessions', 'events'];
    for (const table of tables) {
      const { rows } = await database.owner.execute(sql`select t::text as row from ${sql.identifier(table)} t`);
      expect(JSON.stringify(rows)).not.toContain(token);
    }
  });

  test('that does not exist counts against the network that tries it', async () => {
    const guess = () =>
      countingWrongTokens(database.web, '10.4.0.1', () => confirmSignIn(database.web, createToken(), arrival));
    for (let i = 0; i < 200; i++) await expect(guess()).rejects.toThrow(NotFoundError);
    await expect(guess()).rejects.toThrow(TooManyRequestsError);
  });
});

describe('a link that is looked up', () => {
  const guess = (network: string, token: string) =>
    refusingGuesses(database.web, network, () => getMailLink(database.web, token));

  test('is refused even to a right guess where there were too many wrong ones, from that network alone', async () => {
    const token = await aToken(await aMember(), 'sign-in');
    for (let i = 0; i < 200; i++) await expect(guess('10.4.0.2', createToken())).rejects.toThrow(NotFoundError);
    await expect(guess('10.4.0.2', token)).rejects.toThrow(TooManyRequestsError);
    // The control: who does not guess, or asks past the limit, is answered, and what is answered is not counted.
    expect(await getMailLink(database.web, token)).toMatchObject({ state: 'live' });
    for (let i = 0; i < 201; i++) expect(await guess('10.4.0.3', token)).toMatchObject({ state: 'live' });
  });

  test('is an invitation to a team as well', async () => {
    const look = (network: string) =>
      refusingGuesses(database.web, network, () => getInvitedTeam(database.web, createToken()));
    for (let i = 0; i < 200; i++) await expect(look('10.4.0.4')).rejects.toThrow(NotFoundError);
    await expect(look('10.4.0.4')).rejects.toThrow(TooManyRequestsError);
    await expect(look('10.4.0.5')).rejects.toThrow(NotFoundError);
  });
});

describe('a forgotten password', () => {
  test('is replaced by the link; sessions and other links end', async () => {
    const address = await aMember();
    const userId = (await findAccountByEmail(database.web, address.key))!.id;
    const session = await createSession(database.web, { userId, userAgent: '', network: hall });
    const other = await aToken(address, 'sign-in');
    await resetPassword(database.web, await aToken(address, 'password'), aReset);
    expect(await findSessionUser(database.web, session)).toBeNull();
    expect(await findMailLink(database.web, other)).toBeNull();
    const attempt = { address, password: 'another horse', network: hall };
    expect(await findUserByPassword(database.web, attempt)).toMatchObject({ id: userId });
  });
});

describe('the first administrator', () => {
  const tokenOf = (path: string | null) => new URL(path!, site).searchParams.get('token')!;
  const address = anAddress();
  const person = { address, ...anna, language: 'ru' as const };

  test('is made by the last printed link, once, and there is no further link', async () => {
    const replaced = tokenOf(await createFirstAdministratorLink(database.owner));
    const token = tokenOf(await createFirstAdministratorLink(database.owner));
    await expect(confirmFirstAdministrator(database.web, replaced, person)).rejects.toThrow(NotFoundError);

    const user = await confirmFirstAdministrator(database.web, token, person);
    expect(await getUser(database.web, user.id)).toMatchObject({ email: address.email, isAdministrator: true });
    await expect(confirmFirstAdministrator(database.web, token, person)).rejects.toThrow(NotFoundError);
    expect(await createFirstAdministratorLink(database.owner)).toBeNull();
  });

  test('may be somebody who is signed in, and nobody whose address was only typed', async () => {
    await database.owner.execute(sql`update users set is_administrator = false`);
    const token = tokenOf(await createFirstAdministratorLink(database.owner));
    await expect(confirmFirstAdministrator(database.web, token, person)).rejects.toMatchObject({
      code: 'already-registered',
    });
    const { passwordHash: _, ...user } = (await findAccountByEmail(database.web, address.key))!;
    expect(await confirmFirstAdministrator(database.web, token, user)).toMatchObject({ isAdministrator: true });
  });
});
