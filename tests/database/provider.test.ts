import { beforeAll, describe, expect, test } from 'vitest';
import { findUserByIdentity, listIdentities } from '#lib/db/identities.ts';
import { findAccountByEmail } from '#lib/db/users.ts';
import { type Claims, type Door, findUserByClaims } from '#lib/identity/provider.ts';
import { aUser, someClaims } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await aDatabase();
});

const door: Door = { registration: { who: 'everybody' }, site: 'https://rostrum.example.org' };
const come = (given: Claims) => findUserByClaims(database.web, given, door);

describe('somebody whom an OpenID provider sends', () => {
  test('gets an account of their own at first, and the same ever after, whatever their address becomes', async () => {
    const first = someClaims();
    const user = await come(first);
    expect(user).toMatchObject({ email: first.email, name: 'Анна Петрова' });
    const renamed = { ...first, email: 'another@example.org', isEmailVerified: false };
    expect(await come(renamed)).toEqual(user);
    expect(await findAccountByEmail(database.web, 'another@example.org')).toBeNull();
  });

  test('gets the account of their address where the provider vouches for it', async () => {
    const member = await aUser(database.owner);
    const theirs = someClaims({ email: member.email.toUpperCase() });
    expect(await come(theirs)).toMatchObject({ id: member.id });
    expect(await findUserByIdentity(database.web, theirs)).toMatchObject({ id: member.id });
  });

  test('gets no account that another of the provider’s people has, for an address that was given away again', async () => {
    const first = someClaims();
    const user = await come(first);
    const successor = someClaims({ email: first.email });
    expect(await come(successor)).toBeNull();
    expect(await listIdentities(database.web, user!.id)).toHaveLength(1);
    // The control: of another provider, which nobody came by yet, the same word leads in.
    expect(await come(someClaims({ provider: 'https://git.example.org', email: first.email }))).toMatchObject({
      id: user!.id,
    });
  });

  test('gets nobody’s account for an address that the provider does not vouch for', async () => {
    const member = await aUser(database.owner);
    const thief = someClaims({ email: member.email, isEmailVerified: false });
    expect(await come(thief)).toBeNull();
    expect(await findUserByIdentity(database.web, thief)).toBeNull();
  });

  test.each(['', 'not an address', 'anna＠example.org@evil.example'])(
    'has to prove an address by mail where it is %j',
    async (email) => {
      expect(await come(someClaims({ email }))).toBeNull();
    },
  );

  test('of one provider is nobody to another with the same subject', async () => {
    const first = someClaims();
    const user = await come(first);
    const elsewhere = someClaims({ provider: 'https://evil.example', subject: first.subject, isEmailVerified: false });
    expect(await come(elsewhere)).toBeNull();
    expect(user).not.toBeNull();
  });

  test('never gets an account of the demo', async () => {
    const actor = await aUser(database.owner, { isDemo: true });
    const visitor = someClaims({ email: actor.email });
    expect(await come(visitor)).toBeNull();
    expect(await findUserByIdentity(database.web, visitor)).toBeNull();
  });

  test('is one person, however many windows they come through at once', async () => {
    const first = someClaims();
    const users = await Promise.all(Array.from({ length: 10 }, () => come(first)));
    expect(new Set(users.map((user) => user?.id)).size).toBe(1);
    expect(users).not.toContain(null);
  });

  test('is called by the first part of their address where the provider gives no name that can be shown', async () => {
    expect(await come(someClaims({ email: 'Igor.K@example.org', name: '\u202e' }))).toMatchObject({ name: 'Igor.K' });
  });
});
