import { and, lt, or, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Connection } from '#lib/db/client.ts';
import {
  apiTokens,
  mailedEvents,
  mailLinks,
  mails,
  rateLimits,
  roleInvites,
  sessions,
  teamInvites,
  teamReminders,
} from '#lib/db/schema.ts';
import { daysKept, type Passing, passing } from '#lib/retention.ts';

type Old = { table: PgTable; before: (instant: Date, now: Date) => SQL | undefined };

/** What has outlived its period at an instant. Of checks the database keeps more than the young ones: forget_log_checks(). */
const old: Record<Exclude<Passing, 'checks'>, Old> = {
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
  offers: { table: roleInvites, before: (instant) => lt(roleInvites.createdAt, byRules(instant)) },
  tellings: {
    table: mailedEvents,
    before: (instant) => and(lt(mailedEvents.mailedAt, byRules(instant)), isOver(instant)),
  },
  // Of a close that has passed nobody is reminded.
  reminders: { table: teamReminders, before: (instant) => lt(teamReminders.closesAt, byRules(instant)) },
};

const nothing = {
  sessions: 0,
  mails: 0,
  links: 0,
  tokens: 0,
  invitations: 0,
  counters: 0,
  offers: 0,
  tellings: 0,
  reminders: 0,
  checks: 0,
} satisfies Record<Passing, number>;

const dayMs = 24 * 60 * 60 * 1000;
const rowsAtOnce = 1000;

/**
 * Deletes what has outlived its period, a thousand rows in each statement, past those that somebody else has locked: any number of processes
 * may do so at once. Returns how many rows went, by kind.
 */
export async function forgetOld(db: Connection, now: Date, keepDays: number): Promise<Record<Passing, number>> {
  const gone = { ...nothing };
  for (const kind of passing) {
    const instant = new Date(now.getTime() - daysKept(kind, keepDays) * dayMs);
    gone[kind] = kind === 'checks' ? await forgetChecks(db, instant) : await forget(db, old[kind], instant, now);
  }
  return gone;
}

async function forget(db: Connection, { table, before }: Old, instant: Date, now: Date): Promise<number> {
  let gone = 0;
  for (let deleted = rowsAtOnce; deleted === rowsAtOnce; gone += deleted) {
    const { rowCount } = await db.execute(sql`
      delete from ${table} where ctid = any(array(
        select ctid from ${table} where ${before(instant, now)} limit ${rowsAtOnce} for update skip locked))`);
    deleted = rowCount ?? 0;
  }
  return gone;
}

async function forgetChecks(db: Connection, instant: Date): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`select forget_log_checks(${instant}) as count`);
  return rows[0]?.count ?? 0;
}

/** What stands by the clock of rules is compared by it: in a demonstration that may run in another year. */
function byRules(instant: Date): SQL {
  return sql`${instant}::timestamptz + (rostrum_now() - clock_timestamp())`;
}

/**
 * Whether all that a telling is about is over, so that no date of it can come about again: of the competition, or the team's, or of the
 * homework or the extension of one. A telling is made once for good, and a date that an organiser moves must not have it made anew.
 */
function isOver(instant: Date): SQL {
  const { subject } = mailedEvents;
  return sql`not exists (
      select from competitions c
      where (c.id = ${subject} or c.id = (select t.competition_id from teams t where t.id = ${subject}))
        and greatest(c.published_at, c.registration_ends_at, c.team_changes_end_at, c.train_released_at,
          c.dev_released_at, c.test_released_at, c.submissions_end_at, c.freezes_at, c.defence_at, c.reveals_at,
          c.reveal_ended_at, c.grades_published_at) >= ${byRules(instant)})
    and not exists (select from course_homeworks h where h.id = ${subject} and h.soft_at >= ${byRules(instant)})
    and not exists (select from homework_extensions e where e.id = ${subject} and e.soft_at >= ${byRules(instant)})`;
}
