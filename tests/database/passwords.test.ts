import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSession, findSessionUser } from '#lib/db/sessions.ts';
import { createApiToken, findTokenUser } from '#lib/db/tokens.ts';
import { findAccountByEmail } from '#lib/db/users.ts';
import { TooManyRequestsError } from '#lib/errors.ts';
import { type EmailAddress, parseEmailAddress } from '#lib/identity/email-address.ts';
import { hashPassword, verifyPassword } from '#lib/identity/password-hash.ts';
import { changePassword, findUserByPassword } from '#lib/identity/passwords.ts';
import { aUser, type TestUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { isLong } from '../length.ts';
import { statementsOf } from '../plans.ts';
import { processorOf, shareBetween } from '../timing.ts';

const password = 'верный конь';
const site = 'http://127.0.0.1:3000';
let database: TestDatabase;
let passwordHash: string;
let network = 0;

beforeAll(async () => {
  database = await aDatabase();
  passwordHash = await hashPassword(password);
});

const anAddress = () => parseEmailAddress(`${randomUUID()}@example.org`)!;
const aNetwork = () => `192.0.2.${network++}`;
const aMember = (): Promise<TestUser> => aUser(database.owner, { passwordHash });
const addressOf = (user: TestUser) => parseEmailAddress(user.email)!;
const signIn = (address: EmailAddress, from: string, typed = password) =>
  findUserByPassword(database.web, { address, password: typed, network: from });

/** How each of many attempts at once ended. */
async function outcomesOf(attempts: (() => Promise<unknown>)[], atOnce: number): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  const queue = attempts.values();
  const work = async () => {
    for (const attempt of queue) {
      const outcome = await attempt().then(
        (user) => (user === null ? 'wrong' : 'signed in'),
        (error: unknown) => (error instanceof TooManyRequestsError ? 'refused' : String(error)),
      );
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes;
}

describe('signing in by password', () => {
  test('takes the right password in any form of typing the address and no other', async () => {
    const member = await aMember();
    const from = aNetwork();
    expect(await signIn(parseEmailAddress(` ${member.email.toUpperCase()}`)!, from)).toMatchObject({ id: member.id });
    expect(await signIn(addressOf(member), from, 'верный  конь')).toBeNull();
    expect(await signIn(addressOf(member), from, password.normalize('NFD'))).toMatchObject({ id: member.id });
  });

  test('hands out no hash', async () => {
    expect(Object.keys((await signIn(addressOf(await aMember()), aNetwork()))!).sort()).toEqual([
      'email',
      'id',
      'isAdministrator',
      'isDemo',
      'language',
      'name',
    ]);
  });

  test('never works for an account without a password', async () => {
    const member = await aUser(database.owner, { passwordHash: null });
    expect(await signIn(addressOf(member), aNetwork(), '')).toBeNull();
  });

  test('takes as long for an address without an account as for one with it', async () => {
    const members = await Promise.all(Array.from({ length: 25 }, aMember));
    const wrong = 'not this password';
    const asked = async (address: EmailAddress) =>
      (await statementsOf(database.web, () => signIn(address, aNetwork(), wrong))).map(({ text }) => text);
    expect(await asked(anAddress())).toEqual(await asked(addressOf(await aMember())));
    const [present, absent] = await processorOf(
      25,
      (round) => signIn(addressOf(members[round]!), aNetwork(), wrong),
      () => signIn(anAddress(), aNetwork(), wrong),
    );
    expect(shareBetween(present, absent)).toBeLessThan(0.35);

    // Control: the usual mistake, no hash to compare with and so an early answer, shows in the same measurement.
    const careless = async (address: EmailAddress) => {
      const account = await findAccountByEmail(database.web, address.key);
      return account?.passwordHash ? verifyPassword(account.passwordHash, wrong) : false;
    };
    const [slow, fast] = await processorOf(
      5,
      (round) => careless(addressOf(members[round]!)),
      () => careless(anAddress()),
    );
    expect(shareBetween(slow, fast)).toBeGreaterThan(0.35);
  });
});

describe('guesses', () => {
  const many = isLong ? 10_000 : 500;

  test(`at one account, ${many} from everywhere, come to ten, and say when the next may be made`, {
    timeout: 120_000,
  }, async () => {
    const member = await aMember();
    const guesses = Array.from(
      { length: many },
      (_, i) => () => signIn(addressOf(member), `10.0.${i >> 8}.${i & 255}`, `guess ${i}`),
    );
    expect(await outcomesOf(guesses, 20)).toEqual({ wrong: 10, refused: many - 10 });

    const refusal = await signIn(addressOf(member), aNetwork()).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'too-many-attempts', status: 429 });
    expect((refusal as TooManyRequestsError).values.minutes).toBeLessThanOrEqual(15);
  });

  test('from one network, each at another account, come to two hundred', { timeout: 60_000 }, async () => {
    const from = aNetwork();
    const guesses = Array.from({ length: 250 }, (_, i) => () => signIn(anAddress(), from, `guess ${i}`));
    expect(await outcomesOf(guesses, 20)).toEqual({ wrong: 200, refused: 50 });
  });

  test('by a stranger do not lock out the owner, who comes from where they signed in before', async () => {
    const member = await aMember();
    const home = aNetwork();
    await createSession(database.web, { userId: member.id, userAgent: '', network: home });
    const guesses = Array.from({ length: 50 }, (_, i) => () => signIn(addressOf(member), aNetwork(), `guess ${i}`));
    expect(await outcomesOf(guesses, 10)).toEqual({ wrong: 10, refused: 40 });
    expect(await signIn(addressOf(member), home)).toMatchObject({ id: member.id });
  });

  test('are forgotten when the quarter of an hour is over', async () => {
    const member = await aMember();
    const from = aNetwork();
    const guesses = Array.from({ length: 12 }, () => () => signIn(addressOf(member), from, 'guess'));
    expect(await outcomesOf(guesses, 1)).toEqual({ wrong: 10, refused: 2 });
    await database.owner.execute(sql`update rate_limits set window_start = window_start - interval '15 minutes'`);
    expect(await signIn(addressOf(member), from)).toMatchObject({ id: member.id });
  });

  test('control: counting after the check lets guesses made at once through', async () => {
    let failures = 0;
    const careless = async () => {
      if (failures >= 10) throw new TooManyRequestsError('too-many-attempts', 60);
      if (!(await verifyPassword(passwordHash, 'guess'))) failures += 1;
      return null;
    };
    const outcomes = await outcomesOf(
      Array.from({ length: 60 }, () => careless),
      20,
    );
    expect(outcomes.wrong).toBeGreaterThan(10);
  });
});

test('right passwords count against nobody: a lecture hall signs in from one address', {
  timeout: 60_000,
}, async () => {
  const from = aNetwork();
  const members = await Promise.all(Array.from({ length: 210 }, aMember));
  const attempts = members.map((member) => () => signIn(addressOf(member), from));
  expect(await outcomesOf(attempts, 20)).toEqual({ 'signed in': 210 });
});

describe('a new password', () => {
  const aSession = (userId: string) => createSession(database.web, { userId, userAgent: '', network: aNetwork() });
  const change = { current: password, next: { password: 'another horse', leaks: null }, revokesTokens: false, site };

  test('ends every session and replaces the old one', async () => {
    const member = await aMember();
    const sessions = [await aSession(member.id), await aSession(member.id)];
    expect(await changePassword(database.web, member.id, change)).toBe(true);
    for (const session of sessions) expect(await findSessionUser(database.web, session)).toBeNull();
    expect(await signIn(addressOf(member), aNetwork())).toBeNull();
    expect(await signIn(addressOf(member), aNetwork(), 'another horse')).toMatchObject({ id: member.id });
  });

  test('is told to the owner by mail', async () => {
    const member = await aMember();
    await changePassword(database.web, member.id, change);
    const { rows } = await database.owner.execute(sql`select subject from mails where recipient = ${member.email}`);
    expect(rows).toEqual([{ subject: 'Rostrum: Пароль изменён' }]);
  });

  test('leaves programs running, unless their tokens are to go too', async () => {
    const member = await aMember();
    const token = await createApiToken(database.web, member.id, { name: 'notebook', scopes: ['read'], days: null });
    await changePassword(database.web, member.id, change);
    expect(await findTokenUser(database.web, token)).not.toBeNull();
    await changePassword(database.web, member.id, { ...change, current: 'another horse', revokesTokens: true });
    expect(await findTokenUser(database.web, token)).toBeNull();
  });

  test('needs the current one, and guesses at it are counted', async () => {
    const member = await aMember();
    const session = await aSession(member.id);
    const guess = () => changePassword(database.web, member.id, { ...change, current: 'guess' });
    for (let i = 0; i < 10; i++) expect(await guess()).toBe(false);
    await expect(guess()).rejects.toThrow(TooManyRequestsError);
    expect(await findSessionUser(database.web, session)).not.toBeNull();
  });
});
