import { and, desc, eq, isNull, ne, type SQL, sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { sessions, users } from '#lib/db/schema.ts';
import { type User, userColumns } from '#lib/db/users.ts';
import { RefusedError } from '#lib/errors.ts';

export type Session = { id: string; createdAt: Date; lastSeenAt: Date; userAgent: string; network: string };

/** A session ends for good after a week, and after eight hours without a visit. */
export const sessionDays = 7;
const idleHours = 8;
/** Who signed in, or proved again who they are, longer ago is asked to do so before hidden labels open or an account changes hands. */
export const freshHours = 4;

/** A session that still counts. Proving again who one is makes a new one, so its beginning says how fresh it is. */
export type LiveSession = { user: User; isFresh: boolean };

/** For so long the network of a session sets the account's owner apart from strangers who guess. */
const knownNetworkDays = 30;

const longestUserAgent = 300;

/** Refuses 'confirm-yourself'. */
export function requireFresh(isFresh: boolean): void {
  if (!isFresh) throw new RefusedError('confirm-yourself', 401, { hours: freshHours });
}

export async function createSession(
  db: Connection,
  session: { userId: string; userAgent: string; network: string },
): Promise<string> {
  const rows = await db
    .insert(sessions)
    .values({
      userId: session.userId,
      userAgent: session.userAgent.slice(0, longestUserAgent),
      address: session.network,
      expiresAt: sql`clock_timestamp() + make_interval(days => ${sessionDays})`,
    })
    .returning({ id: sessions.id });
  return one(rows, 'session', session.userId).id;
}

/** The session where it still counts; the visit is noted, to the minute. */
export async function findLiveSession(db: Connection, sessionId: string): Promise<LiveSession | null> {
  const rows = await db
    .select({
      user: userColumns,
      isFresh: sql<boolean>`${sessions.createdAt} > clock_timestamp() - make_interval(hours => ${freshHours})`,
      isUnseen: sql<boolean>`${sessions.lastSeenAt} < clock_timestamp() - interval '1 minute'`,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.id, sessionId), isLive()));
  const found = rows[0];
  if (found === undefined) return null;
  const { user, isFresh, isUnseen } = found;
  if (isUnseen) {
    await db.update(sessions).set({ lastSeenAt: sql`clock_timestamp()` }).where(eq(sessions.id, sessionId));
  }
  return { user, isFresh };
}

/** Whose session it is, where it still counts. */
export async function findSessionUser(db: Connection, sessionId: string): Promise<User | null> {
  return (await findLiveSession(db, sessionId))?.user ?? null;
}

/** Live sessions, last visit first. */
export async function listSessions(db: Connection, userId: string): Promise<Session[]> {
  return db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      userAgent: sessions.userAgent,
      network: sessions.address,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isLive()))
    .orderBy(desc(sessions.lastSeenAt));
}

/** Whether the account was used from this network lately, which sets its owner apart from a stranger who guesses. */
export async function hasSessionFrom(db: Connection, emailKey: string, network: string): Promise<boolean> {
  const { rows } = await db.execute<{ known: boolean }>(sql`
    select exists (
      select from sessions join users on users.id = sessions.user_id
      where users.email_key = ${emailKey} and sessions.address = ${network}
        and sessions.created_at > clock_timestamp() - make_interval(days => ${knownNetworkDays})
    ) as known`);
  return rows[0]!.known;
}

/** Ends one session of the person; one that is not theirs, or has ended, is left alone. */
export async function revokeSession(db: Connection, userId: string, sessionId: string): Promise<void> {
  await revoke(db, userId, eq(sessions.id, sessionId));
}

/** Ends every session of the person, or every other one. */
export async function revokeSessions(db: Connection, userId: string, exceptSessionId?: string): Promise<void> {
  await revoke(db, userId, exceptSessionId === undefined ? undefined : ne(sessions.id, exceptSessionId));
}

async function revoke(db: Connection, userId: string, which: SQL | undefined): Promise<void> {
  await db.transaction(async (tx) => {
    const revoked = await tx
      .update(sessions)
      .set({ revokedAt: sql`clock_timestamp()` })
      .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), which))
      .returning({ id: sessions.id });
    if (revoked.length === 0) return;
    const details = { sessions: revoked.length };
    await recordEvent(tx, { actorId: userId, kind: 'sessions-revoked', subject: userId, details });
  });
}

function isLive(): SQL {
  return sql`${sessions.revokedAt} is null and ${sessions.expiresAt} > clock_timestamp()
    and ${sessions.lastSeenAt} > clock_timestamp() - make_interval(hours => ${idleHours})`;
}
