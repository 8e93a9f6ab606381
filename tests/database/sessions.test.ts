import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSession, findSessionUser, listSessions, revokeSession, revokeSessions } from '#lib/db/sessions.ts';
import { createApiToken, findTokenUser, listApiTokens, revokeApiTokens } from '#lib/db/tokens.ts';
import { createToken } from '#lib/identity/random-token.ts';
import { aUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await aDatabase();
});

const aSession = (userId: string) =>
  createSession(database.web, { userId, userAgent: 'Firefox', network: '192.0.2.1' });
const isLive = async (session: string) => (await findSessionUser(database.web, session)) !== null;

/** As if this much time had passed for a session or a token. */
async function age(table: 'sessions' | 'api_tokens', id: string, column: string, hours: number): Promise<void> {
  const at = sql.identifier(column);
  await database.owner.execute(
    sql`update ${sql.identifier(table)} set ${at} = ${at} - make_interval(hours => ${hours}) where id = ${id}`,
  );
}

describe('a session', () => {
  test('is its person’s until it is revoked', async () => {
    const person = await aUser(database.owner);
    const session = await aSession(person.id);
    expect(await findSessionUser(database.web, session)).toEqual({
      id: person.id,
      email: person.email,
      name: person.name,
      language: 'ru',
      isAdministrator: false,
      isDemo: false,
    });
    await revokeSession(database.web, person.id, session);
    expect(await isLive(session)).toBe(false);
  });

  test('ends after eight hours without a visit, and each visit begins them anew', async () => {
    const session = await aSession((await aUser(database.owner)).id);
    await age('sessions', session, 'last_seen_at', 7);
    expect(await isLive(session)).toBe(true);
    await age('sessions', session, 'last_seen_at', 7);
    expect(await isLive(session)).toBe(true);
    await age('sessions', session, 'last_seen_at', 8);
    expect(await isLive(session)).toBe(false);
  });

  test('ends after a week, however busy', async () => {
    const session = await aSession((await aUser(database.owner)).id);
    await age('sessions', session, 'expires_at', 7 * 24 - 1);
    expect(await isLive(session)).toBe(true);
    await age('sessions', session, 'expires_at', 1);
    expect(await isLive(session)).toBe(false);
  });

  test('does not feel the clock of rules move', async () => {
    const session = await aSession((await aUser(database.owner)).id);
    await database.owner.execute(sql`update installation set clock_offset = '90 days'`);
    expect(await isLive(session)).toBe(true);
    await database.owner.execute(sql`update installation set clock_offset = '0'`);
  });

  test('can be ended by its own person only', async () => {
    const [person, stranger] = [await aUser(database.owner), await aUser(database.owner)];
    const session = await aSession(person.id);
    await revokeSession(database.web, stranger.id, session);
    expect(await isLive(session)).toBe(true);
  });

  test('is listed while it lives, and all others end in one act', async () => {
    const person = await aUser(database.owner);
    const [here, there, gone] = [await aSession(person.id), await aSession(person.id), await aSession(person.id)];
    await revokeSession(database.web, person.id, gone!);
    await age('sessions', there!, 'last_seen_at', 1);
    expect((await listSessions(database.web, person.id)).map(({ id }) => id)).toEqual([here, there]);
    await revokeSessions(database.web, person.id, here);
    expect([await isLive(here!), await isLive(there!)]).toEqual([true, false]);
    await revokeSessions(database.web, person.id);
    expect(await isLive(here!)).toBe(false);
  });

  test('that was revoked stays so: the web can write no second beginning into the log', async () => {
    const person = await aUser(database.owner);
    await revokeSession(database.web, person.id, await aSession(person.id));
    const { rows } = await database.owner.execute(
      sql`select kind, details from events where subject = ${person.id} order by id`,
    );
    expect(rows).toEqual([{ kind: 'sessions-revoked', details: { sessions: 1 } }]);
    await expect(database.web.execute(sql`delete from events where subject = ${person.id}`)).rejects.toThrow();
  });

  test('that nobody began is nobody’s', async () => {
    expect(await findSessionUser(database.web, randomUUID())).toBeNull();
  });
});

describe('an API token', () => {
  const submits = { name: 'notebook', scopes: ['read', 'submit'], days: 30 } as const;

  test('is its person’s, with its scopes, until it is revoked', async () => {
    const person = await aUser(database.owner);
    const token = await createApiToken(database.web, person.id, { ...submits, scopes: ['read'] });
    expect(token).toMatch(/^rst_[\w-]{43}$/);
    expect(await findTokenUser(database.web, token)).toMatchObject({ user: { id: person.id }, scopes: ['read'] });
    const [listed] = await listApiTokens(database.web, person.id);
    await revokeApiTokens(database.web, person.id, listed!.id);
    expect(await findTokenUser(database.web, token)).toBeNull();
    expect(await listApiTokens(database.web, person.id)).toEqual([]);
  });

  test('ends when it expires, and one without an end does not', async () => {
    const person = await aUser(database.owner);
    const token = await createApiToken(database.web, person.id, submits);
    const [listed] = await listApiTokens(database.web, person.id);
    await age('api_tokens', listed!.id, 'expires_at', 30 * 24 - 1);
    expect(await findTokenUser(database.web, token)).not.toBeNull();
    await age('api_tokens', listed!.id, 'expires_at', 1);
    expect(await findTokenUser(database.web, token)).toBeNull();
    const endless = await createApiToken(database.web, person.id, { ...submits, days: null });
    expect(await findTokenUser(database.web, endless)).not.toBeNull();
  });

  test('says when it was used last', async () => {
    const person = await aUser(database.owner);
    const token = await createApiToken(database.web, person.id, submits);
    expect((await listApiTokens(database.web, person.id))[0]!.lastUsedAt).toBeNull();
    await findTokenUser(database.web, token);
    expect((await listApiTokens(database.web, person.id))[0]!.lastUsedAt).toBeInstanceOf(Date);
  });

  test('cannot be found in the database, nor guessed from its start', async () => {
    const person = await aUser(database.owner);
    const token = await createApiToken(database.web, person.id, submits);
    const { rows } = await database.owner.execute(
      sql`select t::text as row, encode(token_hash, 'base64') from api_tokens t`,
    );
    expect(JSON.stringify(rows)).not.toContain(token.slice(4, 20));
    for (const wrong of ['', 'rst_', token.slice(0, -1), `${token}A`, token.slice(4), createToken('rst_')]) {
      expect(await findTokenUser(database.web, wrong)).toBeNull();
    }
  });

  test('can be revoked by its own person only', async () => {
    const [person, stranger] = [await aUser(database.owner), await aUser(database.owner)];
    const token = await createApiToken(database.web, person.id, submits);
    const [listed] = await listApiTokens(database.web, person.id);
    await revokeApiTokens(database.web, stranger.id, listed!.id);
    expect(await findTokenUser(database.web, token)).not.toBeNull();
  });

  test('is one of twenty at most, also when many are made at once', async () => {
    const person = await aUser(database.owner);
    const made = await Promise.allSettled(
      Array.from({ length: 30 }, () => createApiToken(database.web, person.id, submits)),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(made.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'too-many-tokens' } });
  });
});
