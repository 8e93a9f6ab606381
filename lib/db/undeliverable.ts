import { and, asc, count, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { mails, teamMembers, teams, users } from '#lib/db/schema.ts';

/*
 * Addresses that take no mail. Nothing is sent there but what somebody asks for at that moment, until a link is opened that was mailed
 * there, or an administrator allows it.
 */

/** Whether `mails` has a row that is not to be sent, since its address takes none. Links that are asked for are the way back. */
export const isHeld = sql`(${mails.category} <> 'account' and exists (
  select from users u where u.email_key = lower(${mails.recipient}) and u.undeliverable_since is not null))`;

/** Of mails that wait no more for their address. */
export const heldFor = 'the address takes no mail';
const longestReason = 500;

/** By what came of a mail. False where it is forgotten, or its address is nobody's now. */
export async function recordUndelivered(db: Connection, mailId: number, reason: string): Promise<boolean> {
  const recipient = sql`(select lower(m.recipient) from mails m where m.id = ${mailId})`;
  const marked = await db
    .update(users)
    .set({
      undeliverableSince: sql`coalesce(${users.undeliverableSince}, clock_timestamp())`,
      undeliverableReason: reason.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, longestReason),
    })
    .where(and(eq(users.emailKey, recipient), isNull(users.erasedAt)))
    .returning({ id: users.id });
  return marked.length > 0;
}

/** Gives up what waits for such addresses. Its text is kept: three days long it is sent when the address takes mail again. */
export async function holdMails(db: Connection): Promise<void> {
  await db
    .update(mails)
    .set({ failedAt: sql`clock_timestamp()`, lastError: heldFor })
    .where(and(isNull(mails.sentAt), isNull(mails.failedAt), isHeld));
}

/** A link that was mailed there was opened. What was held for it is sent now, unless it is older than any mail is tried. */
export async function recordDeliverable(tx: Connection, emailKey: string): Promise<void> {
  await forgetMarks(tx, eq(users.emailKey, emailKey));
}

/** Addresses of which an administrator says that they take mail again: one, or all of a `@domain`. Returns how many were marked. */
export async function allowAddresses(db: Connection, which: string): Promise<number> {
  const key = which.toLowerCase();
  const isMeant = key.startsWith('@') ? sql`right(${users.emailKey}, ${key.length}) = ${key}` : eq(users.emailKey, key);
  return db.transaction((tx) => forgetMarks(tx, isMeant));
}

async function forgetMarks(tx: Connection, which: SQL | undefined): Promise<number> {
  const freed = await tx
    .update(users)
    .set({ undeliverableSince: null, undeliverableReason: null })
    .where(and(isNotNull(users.undeliverableSince), which))
    .returning({ key: users.emailKey });
  if (freed.length === 0) return 0;
  const keys = sql.param(freed.map(({ key }) => key));
  await tx
    .update(mails)
    .set({ failedAt: null, nextAttemptAt: sql`clock_timestamp()` })
    .where(
      and(isNull(mails.sentAt), eq(mails.lastError, heldFor), sql`lower(${mails.recipient}) = any(${keys}::text[])`),
    );
  return freed.length;
}

export type Undeliverable = { email: string; reason: string; since: Date };

/** Whether mails do not reach this person, and why; null where nothing is known of that. */
export async function findUndeliverable(db: Connection, userId: string): Promise<Undeliverable | null> {
  return (await selectUndeliverable(db, eq(users.id, userId), 1))[0] ?? null;
}

/** The latest first: for administrators. */
export async function listUndeliverable(db: Connection, limit: number): Promise<Undeliverable[]> {
  return selectUndeliverable(db, undefined, limit);
}

export async function countUndeliverable(db: Connection): Promise<number> {
  const rows = await db.select({ count: count() }).from(users).where(isNotNull(users.undeliverableSince));
  return rows[0]?.count ?? 0;
}

async function selectUndeliverable(db: Connection, which: SQL | undefined, limit: number): Promise<Undeliverable[]> {
  const rows = await db
    .select({ email: users.email, reason: users.undeliverableReason, since: users.undeliverableSince })
    .from(users)
    .where(and(isNotNull(users.undeliverableSince), which))
    .orderBy(desc(users.undeliverableSince))
    .limit(limit);
  return rows.map(({ email, reason, since }) => ({ email, reason: reason ?? '', since: since ?? new Date(0) }));
}

export type Unreachable = { id: string; name: string; team: string };

/** Members of teams of a competition whom no mail reaches: for its organisers, who may know them otherwise. */
export async function listUnreachable(db: Connection, competitionId: string): Promise<Unreachable[]> {
  return db
    .select({ id: users.id, name: users.name, team: teams.name })
    .from(teamMembers)
    .innerJoin(users, eq(users.id, teamMembers.userId))
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .where(and(eq(teamMembers.competitionId, competitionId), isNotNull(users.undeliverableSince)))
    .orderBy(asc(teams.name), asc(users.name));
}
