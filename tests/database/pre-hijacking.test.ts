import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { findUserByIdentity, listIdentities } from '#lib/db/identities.ts';
import { findMailLink } from '#lib/db/mail-links.ts';
import { createSession, findSessionUser } from '#lib/db/sessions.ts';
import { createApiToken, findTokenUser } from '#lib/db/tokens.ts';
import { findAccountByEmail } from '#lib/db/users.ts';
import { type EmailAddress, parseEmailAddress } from '#lib/identity/email-address.ts';
import { confirmSignIn, confirmSignUp, type HeldIdentity, requestMailLink, type Wish } from '#lib/identity/links.ts';
import { askForNewAddress, confirmNewAddress } from '#lib/identity/new-address.ts';
import { hashPassword } from '#lib/identity/password-hash.ts';
import { findUserByPassword, resetPassword } from '#lib/identity/passwords.ts';
import { type Claims, findUserByClaims } from '#lib/identity/provider.ts';
import { connectIdentity, disconnectIdentity } from '#lib/identity/ways-in.ts';
import { aUser, someClaims } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

/*
 * The five kinds of account pre-hijacking (Sudhodanan & Paverd, USENIX Security 2022): a stranger prepares an account with somebody's
 * address before its owner comes. Each with a control: where our rule does not hold, the attack goes through and the test sees it.
 */

const site = 'https://rostrum.example.org';
const network = '192.0.2.1';
const door = { registration: { who: 'everybody' }, site } as const;
const strangers = { name: 'Stranger', chosen: { password: 'пароль чужого человека', leaks: null } };
const owners = { name: 'Анна', chosen: { password: 'верный конь', leaks: null } };
let database: TestDatabase;

beforeAll(async () => {
  database = await aDatabase();
});

const anAddress = () => parseEmailAddress(`${randomUUID()}@example.org`)!;
const arrival = (identity: HeldIdentity | null = null) => ({ network, identity, registration: door.registration });

const claims = (email: string, given: Partial<Claims> = {}) => someClaims({ email, ...given });

const held = (email: string): HeldIdentity => ({ ...claims(email), site });
const come = (given: Claims) => findUserByClaims(database.web, given, door);

/** The token of a link that somebody has asked for; only the owner of the address reads it. */
async function mailedToken(address: EmailAddress, wish: Wish): Promise<string> {
  await requestMailLink(database.web, { wish, address, language: 'ru', network, next: '/', ...door });
  return tokenIn((await mailsTo(address)).at(-1)!.text);
}

function tokenIn(text: string): string {
  return /token=([\w-]{43})/.exec(text)![1]!;
}

async function mailsTo({ email }: EmailAddress): Promise<{ subject: string; text: string }[]> {
  const { rows } = await database.owner.execute<{ subject: string; text: string }>(
    sql`select subject, body_text as text from mails where recipient = ${email} order by id`,
  );
  return rows;
}

const opensBy = async (address: EmailAddress, password: string) =>
  (await findUserByPassword(database.web, { address, password, network })) !== null;

/** What a service without our rule would hold: an account whose address nobody has proven, with the stranger's password. */
async function aPlantedAccount(address: EmailAddress): Promise<string> {
  const passwordHash = await hashPassword(strangers.chosen.password);
  return (await aUser(database.owner, { email: address.email, emailKey: address.key, passwordHash })).id;
}

describe('classic-federated merge: a stranger signs up with the address, its owner comes by their university', () => {
  test('no password of the stranger’s opens the account', async () => {
    const address = anAddress();
    const strangersLink = await mailedToken(address, 'sign-up');
    expect(await findAccountByEmail(database.web, address.key)).toBeNull();
    await come(claims(address.email));
    expect(await opensBy(address, strangers.chosen.password)).toBe(false);
    // What the stranger asked for has ended, though only the owner could have opened it.
    expect(await findMailLink(database.web, strangersLink)).toBeNull();
    await expect(confirmSignUp(database.web, strangersLink, strangers, arrival())).rejects.toThrow();
  });

  test('control: an account that came before the proof is the stranger’s, too', async () => {
    const address = anAddress();
    const planted = await aPlantedAccount(address);
    expect(await come(claims(address.email))).toMatchObject({ id: planted });
    expect(await opensBy(address, strangers.chosen.password)).toBe(true);
  });
});

describe('unexpired session: a stranger stays signed in while the owner takes the account back', () => {
  const takeBack = async (address: EmailAddress, closesAll: boolean) =>
    resetPassword(database.web, await mailedToken(address, 'password'), { ...owners, closesAll, site });

  test('a new password ends sessions, and on wish tokens and services as well', async () => {
    const address = anAddress();
    const userId = await aPlantedAccount(address);
    const session = await createSession(database.web, { userId, userAgent: '', network });
    const token = await createApiToken(database.web, userId, { name: 'x', scopes: ['read'], days: null });
    await connectIdentity(database.web, userId, held('stranger@example.org'));
    await takeBack(address, true);
    expect(await findSessionUser(database.web, session)).toBeNull();
    expect(await findTokenUser(database.web, token)).toBeNull();
    expect(await listIdentities(database.web, userId)).toEqual([]);
    expect(await opensBy(address, strangers.chosen.password)).toBe(false);
  });

  test('control: without that wish a service that a stranger connected goes on', async () => {
    const address = anAddress();
    const userId = await aPlantedAccount(address);
    const trojan = held('stranger@example.org');
    await connectIdentity(database.web, userId, trojan);
    await takeBack(address, false);
    expect(await findUserByIdentity(database.web, trojan)).toMatchObject({ id: userId });
  });
});

describe('trojan identifier: a stranger’s own identity waits to be connected to the owner’s account', () => {
  test('it is not, however the owner opens their link, and a connected one is written to them', async () => {
    const address = anAddress();
    const trojan = held('stranger@example.org');
    // On a shared computer the stranger’s identity waits in the very browser in which the owner goes on.
    const user = await confirmSignUp(database.web, await mailedToken(address, 'sign-up'), owners, arrival(trojan));
    await confirmSignIn(database.web, await mailedToken(address, 'sign-in'), arrival(trojan));
    expect(await listIdentities(database.web, user.id)).toEqual([]);

    await connectIdentity(database.web, user.id, trojan);
    expect((await mailsTo(address)).at(-1)!.subject).toBe('Rostrum: Вход через Университет подключён');
  });

  test('control: the owner’s own, of the same address, is', async () => {
    const address = anAddress();
    const own = held(address.email.toUpperCase());
    const user = await confirmSignUp(database.web, await mailedToken(address, 'sign-up'), owners, arrival(own));
    expect(await findUserByIdentity(database.web, own)).toMatchObject({ id: user.id });
  });
});

describe('unexpired change of address: a change that a stranger began ends after the owner has come', () => {
  test('nothing that was mailed before opens the account after a new password', async () => {
    const address = anAddress();
    await aPlantedAccount(address);
    const begun = [await mailedToken(address, 'sign-in'), await mailedToken(address, 'password')];
    await resetPassword(database.web, await mailedToken(address, 'password'), { ...owners, closesAll: false, site });
    for (const token of begun) expect(await findMailLink(database.web, token)).toBeNull();
  });

  /** The link that a stranger who knows the password has had mailed to themselves. */
  async function begunChange(userId: string): Promise<string> {
    const strangersOwn = anAddress();
    const proof = { password: strangers.chosen.password, isFresh: true };
    await askForNewAddress(database.web, userId, { address: strangersOwn, proof }, door);
    return tokenIn((await mailsTo(strangersOwn)).at(-1)!.text);
  }

  test('the address that they asked for is nobody’s either', async () => {
    const address = anAddress();
    const userId = await aPlantedAccount(address);
    const token = await begunChange(userId);
    await resetPassword(database.web, await mailedToken(address, 'password'), { ...owners, closesAll: false, site });
    await expect(confirmNewAddress(database.web, token, userId, door)).rejects.toThrow();
    expect(await findAccountByEmail(database.web, address.key)).toMatchObject({ id: userId });
  });

  test('control: until then they do, and the account goes', async () => {
    const address = anAddress();
    const userId = await aPlantedAccount(address);
    const token = await mailedToken(address, 'sign-in');
    expect(await confirmSignIn(database.web, token, arrival())).toMatchObject({ id: userId });
    await confirmNewAddress(database.web, await begunChange(userId), userId, door);
    expect(await findAccountByEmail(database.web, address.key)).toBeNull();
  });
});

describe('non-verifying provider: a stranger comes by one that lets anybody type any address', () => {
  test('they get nobody’s account and none of their own, before and after the owner has come', async () => {
    const address = anAddress();
    const trojan = claims(address.email, { isEmailVerified: false });
    expect(await come(trojan)).toBeNull();
    expect(await findAccountByEmail(database.web, address.key)).toBeNull();
    await come(claims(address.email));
    expect(await come(trojan)).toBeNull();
  });

  test('control: one that is trusted where it should not be leads in', async () => {
    const address = anAddress();
    const trojan = claims(address.email, { provider: 'https://anybody.example' });
    const planted = await come(trojan);
    expect(await come(claims(address.email))).toMatchObject({ id: planted?.id });
    expect(await come(trojan)).toMatchObject({ id: planted?.id });
  });
});

describe('connecting and disconnecting', () => {
  const configured = ['https://id.example.org'];
  const off = (userId: string, identity: HeldIdentity) =>
    disconnectIdentity(database.web, userId, identity, configured);
  const keep = async (identity: HeldIdentity) => (await findUserByIdentity(database.web, identity)) !== null;

  test('an identity that opens somebody else’s account stays theirs', async () => {
    const [one, other] = [await aUser(database.owner), await aUser(database.owner)];
    const identity = held(one.email);
    await connectIdentity(database.web, one.id, identity);
    await connectIdentity(database.web, one.id, identity);
    await expect(connectIdentity(database.web, other.id, identity)).rejects.toMatchObject({ code: 'identity-taken' });
    expect(await findUserByIdentity(database.web, identity)).toMatchObject({ id: one.id });
    const mails = await mailsTo(parseEmailAddress(one.email)!);
    expect(mails.map(({ subject }) => subject)).toEqual(['Rostrum: Вход через Университет подключён']);
  });

  test('the last way in is kept: beside a password or another service it can go, and that is told', async () => {
    const user = await aUser(database.owner);
    const [first, second, gone] = [
      held(user.email),
      held(user.email),
      { ...held(user.email), provider: 'https://old.example' },
    ];
    await connectIdentity(database.web, user.id, first);
    await connectIdentity(database.web, user.id, gone);
    // A service that is no longer set up opens nothing.
    await expect(off(user.id, first)).rejects.toMatchObject({ code: 'last-way-in' });
    await connectIdentity(database.web, user.id, second);
    await off(user.id, first);
    await expect(off(user.id, second)).rejects.toMatchObject({ code: 'last-way-in' });
    await off(user.id, gone);
    await database.owner.execute(sql`update users set password_hash = 'x' where id = ${user.id}`);
    await off(user.id, second);
    expect(await listIdentities(database.web, user.id)).toEqual([]);
    expect((await mailsTo(parseEmailAddress(user.email)!)).at(-1)!.subject).toBe(
      'Rostrum: Вход через Университет отключён',
    );
  });

  test('of two that go at once, one stays', async () => {
    const user = await aUser(database.owner);
    const both = [held(user.email), held(user.email)];
    for (const identity of both) await connectIdentity(database.web, user.id, identity);
    const outcomes = await Promise.allSettled(both.map((identity) => off(user.id, identity)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await listIdentities(database.web, user.id)).toHaveLength(1);
  });

  test('nobody disconnects another’s', async () => {
    const [one, other] = [await aUser(database.owner), await aUser(database.owner, { passwordHash: 'x' })];
    const identity = held(one.email);
    await connectIdentity(database.web, one.id, identity);
    await off(other.id, identity);
    expect(await keep(identity)).toBe(true);
    expect(await mailsTo(parseEmailAddress(other.email)!)).toEqual([]);
  });

  test('is in the log by id, and no name or address is', async () => {
    const user = await aUser(database.owner, { passwordHash: 'x' });
    const identity = held(user.email);
    await connectIdentity(database.web, user.id, identity);
    await off(user.id, identity);
    const { rows } = await database.owner.execute<{ kind: string; details: unknown; actor: string }>(
      sql`select kind, details, actor_id as actor from events where subject = ${user.id} order by id`,
    );
    const details = { provider: identity.provider };
    expect(rows).toEqual([
      { kind: 'identity-linked', details, actor: user.id },
      { kind: 'identity-unlinked', details, actor: user.id },
    ]);
  });
});
