import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { type Place, prepare } from '#lib/db/prepared.ts';
import { apiTokens, users } from '#lib/db/schema.ts';
import { type User, userColumns } from '#lib/db/users.ts';
import { RefusedError } from '#lib/errors.ts';
import { createToken, hashOfToken } from '#lib/identity/random-token.ts';

/** `read`: data, boards, own submissions. `submit`: uploads. */
export type Scope = 'read' | 'submit';
export const scopes: readonly Scope[] = ['read', 'submit'];

export type ApiToken = {
  id: string;
  name: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
};

export type NewApiToken = { name: string; scopes: readonly Scope[]; days: number | null };

/** What secret scanners look for. */
const tokenPrefix = 'rst_';
const mostTokens = 20;

/** Makes a token for programs and returns it: the only time anybody sees it, because its hash alone is kept. */
export async function createApiToken(db: Connection, userId: string, token: NewApiToken): Promise<string> {
  const secret = createToken(tokenPrefix);
  await db.transaction(async (tx) => {
    // The person's row is locked so that two clicks at once cannot both be the twentieth.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
    if ((await listApiTokens(tx, userId)).length >= mostTokens)
      throw new RefusedError('too-many-tokens', 409, { limit: mostTokens });
    const rows = await tx
      .insert(apiTokens)
      .values({
        userId,
        name: token.name,
        tokenHash: hashOfToken(secret),
        scopes: [...token.scopes],
        expiresAt: token.days === null ? null : sql`clock_timestamp() + make_interval(days => ${token.days})`,
      })
      .returning({ id: apiTokens.id });
    const created = one(rows, 'token', userId);
    await recordEvent(tx, {
      actorId: userId,
      kind: 'token-created',
      subject: created.id,
      details: { scopes: token.scopes },
    });
  });
  return secret;
}

const selectTokenUser = prepare('token-user', (db, place: Place<{ hash: Buffer }>) =>
  db
    .select({
      id: apiTokens.id,
      user: userColumns,
      scopes: apiTokens.scopes,
      isStale: sql<boolean>`coalesce(${apiTokens.lastUsedAt} < clock_timestamp() - interval '1 minute', true)`,
    })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(
      and(
        eq(apiTokens.tokenHash, place('hash')),
        isNull(apiTokens.revokedAt),
        sql`coalesce(${apiTokens.expiresAt} > clock_timestamp(), true)`,
      ),
    ),
);

/** Whose token it is and what it may do, where it still counts; the use is noted, to the minute. */
export async function findTokenUser(
  db: Connection,
  secret: string,
): Promise<{ id: string; user: User; scopes: string[] } | null> {
  if (!secret.startsWith(tokenPrefix)) return null;
  const rows = await selectTokenUser(db, { hash: hashOfToken(secret) });
  const found = rows[0];
  if (found === undefined) return null;
  if (found.isStale) {
    await db.update(apiTokens).set({ lastUsedAt: sql`clock_timestamp()` }).where(eq(apiTokens.id, found.id));
  }
  return { id: found.id, user: found.user, scopes: found.scopes };
}

/** What is known of a token that counts, for its holder. */
export async function findApiToken(
  db: Connection,
  secret: string,
): Promise<Pick<ApiToken, 'name' | 'scopes' | 'expiresAt'> | null> {
  const { name, scopes, expiresAt, tokenHash, revokedAt } = apiTokens;
  const rows = await db
    .select({ name, scopes, expiresAt })
    .from(apiTokens)
    .where(and(eq(tokenHash, hashOfToken(secret)), isNull(revokedAt)));
  return rows[0] ?? null;
}

/** Tokens not revoked, newest first; expired ones too, so that a person sees why a program stopped working. */
export async function listApiTokens(db: Connection, userId: string): Promise<ApiToken[]> {
  return db
    .select({
      id: apiTokens.id,
      name: apiTokens.name,
      scopes: apiTokens.scopes,
      createdAt: apiTokens.createdAt,
      expiresAt: apiTokens.expiresAt,
      lastUsedAt: apiTokens.lastUsedAt,
    })
    .from(apiTokens)
    .where(and(eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt)))
    .orderBy(desc(apiTokens.createdAt));
}

/** Revokes one token of the person, or all of them. */
export async function revokeApiTokens(db: Connection, userId: string, tokenId?: string): Promise<void> {
  await db.transaction(async (tx) => {
    const revoked = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`clock_timestamp()` })
      .where(
        and(
          eq(apiTokens.userId, userId),
          isNull(apiTokens.revokedAt),
          tokenId === undefined ? undefined : eq(apiTokens.id, tokenId),
        ),
      )
      .returning({ id: apiTokens.id });
    for (const { id } of revoked) await recordEvent(tx, { actorId: userId, kind: 'token-revoked', subject: id });
  });
}
