import { and, lt, or, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Connection } from '#lib/db/client.ts';
import { apiTokens, mailLinks, mails, rateLimits, sessions, teamInvites } from '#lib/db/schema.ts';
import { daysKept, type Passing, passing } from '#lib/retention.ts';

/** What has outlived its period at an instant. */
const old: Record<Passing, { table: PgTable; before: (instant: Date, now: Date) => SQL | undefined }> = {
  // Also one of a network that its owner came from; what has not ended yet is nobody's to end.
  sessions: {
    table: sessions,
    before: (instant, now) => and(lt(sessions.createdAt, instant), lt(sessions.expiresAt, now)),
  },
  // What anybody was written, and whether it came through.
  mails: { table: mails, before: (instant) => lt(mails.createdAt, instant) },
  links: { table: mailLinks, before: (instant) => lt(mailLinks.expiresAt, instant) },
  tokens: {
    table: apiTokens,
    before: (instant) => or(lt(apiTokens.revokedAt, instant), lt(apiTokens.expiresAt, instant)),
  },
  invitations: {
    table: teamInvites,
    before: (instant) => or(lt(teamInvites.revokedAt, instant), lt(teamInvites.expiresAt, instant)),
  },
  counters: { table: rateLimits, before: (instant) => lt(rateLimits.windowStart, instant) },
};

const dayMs = 24 * 60 * 60 * 1000;
const rowsAtOnce = 1000;

/**
 * Deletes what has outlived its period, a thousand rows in each statement, past those that somebody else has locked: any number of processes
 * may do so at once. Returns how many rows went, by kind.
 */
export async function forgetOld(db: Connection, now: Date, keepDays: number): Promise<Record<Passing, number>> {
  const gone = { sessions: 0, mails: 0, links: 0, tokens: 0, invitations: 0, counters: 0 };
  for (const kind of passing) {
    const { table, before } = old[kind];
    const isOld = before(new Date(now.getTime() - daysKept(kind, keepDays) * dayMs), now);
    for (let deleted = rowsAtOnce; deleted === rowsAtOnce; gone[kind] += deleted) {
      const { rowCount } = await db.execute(sql`
        delete from ${table} where ctid = any(array(
          select ctid from ${table} where ${isOld} limit ${rowsAtOnce} for update skip locked))`);
      deleted = rowCount ?? 0;
    }
  }
  return gone;
}
