import { and, desc, eq, getTableColumns, isNull, lte, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { eventChain, events, logChecks } from '#lib/db/schema.ts';
import {
  type ChainHead,
  type ChainLink,
  type EventText,
  emptyChain,
  followChain,
  type LogFault,
} from '#lib/log-chain.ts';

/*
 * The chain of the log. The database alone writes it, by chain_events(); here it is asked for, read and checked.
 */

/** The chain of what belongs to no competition. */
export const installationChain = '00000000-0000-0000-0000-000000000000';

/** `fault` is null where all was well. */
export type LogCheck = { checkedAt: Date; position: number; fault: LogFault | null };
export type NotedHead = ChainHead & { at: Date };

/** How far a chain was read, and the first fault, at which it ended. */
export type CheckedChain = { head: ChainHead; fault: LogFault | null };

const linksAtOnce = 5000;

/** Chains every event that is committed; writers are not waited for. Returns how many there were. */
export async function chainEvents(db: Connection): Promise<number> {
  let chained = 0;
  for (;;) {
    const { rows } = await db.execute<{ count: number }>(sql`select chain_events() as count`);
    const count = rows[0]?.count ?? 0;
    if (count === 0) return chained;
    chained += count;
  }
}

/** Every competition with a chain, and the installation's. */
export async function listChains(db: Connection): Promise<string[]> {
  const rows = await db.selectDistinct({ chain: eventChain.chain }).from(eventChain);
  return rows.map(({ chain }) => chain);
}

/** Null while nothing has happened; with `until`, of what had happened by then. */
export async function findHead(db: Connection, chain: string, until: Date | null = null): Promise<NotedHead | null> {
  const rows = await db
    .select(getTableColumns(eventChain))
    .from(eventChain)
    .innerJoin(events, eq(events.id, eventChain.eventId))
    .where(and(eq(eventChain.chain, chain), until === null ? undefined : lte(events.at, until)))
    .orderBy(desc(eventChain.position))
    .limit(1);
  const last = rows[0];
  return last === undefined ? null : { position: last.position, hash: last.hash.toString('hex'), at: last.chainedAt };
}

/** The head of every chain that has one. */
export async function listHeads(db: Connection): Promise<(ChainHead & { chain: string })[]> {
  const { rows } = await db.execute<{ chain: string; position: string; hash: string }>(sql`
    select h.chain, h.position::text, encode(h.hash, 'hex') as hash
    from (select id from competitions union all select ${installationChain}::uuid) of
    cross join lateral (select * from event_chain where chain = of.id order by position desc limit 1) h`);
  return rows.map(({ position, ...head }) => ({ ...head, position: Number(position) }));
}

/**
 * Reads a chain from its first event on, with hashes computed anew, and looks for events that it leaves out; then for `noted`, a
 * head that somebody wrote down earlier. For the scoring side and the owner.
 */
export async function checkChain(db: Connection, chain: string, noted: string | null = null): Promise<CheckedChain> {
  let head = emptyChain;
  let isKnown = noted === null || noted === emptyChain.hash;
  for (;;) {
    const links = await readLinks(db, chain, head.position);
    const followed = followChain(head, links);
    head = followed.head;
    if (followed.fault !== null) return followed;
    isKnown ||= links.some(({ hash }) => hash === noted);
    if (links.length < linksAtOnce) break;
  }
  const inserted = await findUnchained(db, chain);
  if (inserted !== null) return { head, fault: { kind: 'inserted', position: null, event: inserted } };
  return { head, fault: isKnown ? null : { kind: 'head-unknown', head: noted! } };
}

/**
 * Checks a chain, against its head of the last check that found nothing as well, and keeps what came of it for those who run the
 * competition to see.
 */
export async function recordCheck(db: Connection, chain: string): Promise<CheckedChain> {
  const { head, fault } = await checkChain(db, chain, await findCheckedHead(db, chain));
  await db.insert(logChecks).values({
    chain,
    position: head.position,
    hash: Buffer.from(head.hash, 'hex'),
    problem: fault && JSON.stringify(fault),
  });
  return { head, fault };
}

export async function findLastCheck(db: Connection, chain: string): Promise<LogCheck | null> {
  const rows = await db
    .select({ checkedAt: logChecks.checkedAt, position: logChecks.position, problem: logChecks.problem })
    .from(logChecks)
    .where(eq(logChecks.chain, chain))
    .orderBy(desc(logChecks.checkedAt))
    .limit(1);
  return rows.map(({ problem, ...check }) => ({ ...check, fault: problem && JSON.parse(problem) }))[0] ?? null;
}

async function findCheckedHead(db: Connection, chain: string): Promise<string | null> {
  const rows = await db
    .select({ hash: logChecks.hash })
    .from(logChecks)
    .where(and(eq(logChecks.chain, chain), isNull(logChecks.problem)))
    .orderBy(desc(logChecks.checkedAt))
    .limit(1);
  return rows[0]?.hash.toString('hex') ?? null;
}

async function readLinks(db: Connection, chain: string, after: number): Promise<ChainLink[]> {
  type Row = { position: string; eventId: string; hash: string } & { [field in keyof EventText]: string | null };
  const { rows } = await db.execute<Row>(sql`
    select c.position::text, c.event_id::text as "eventId", encode(c.hash, 'hex') as hash, e.id::text,
      to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
      coalesce(e.actor_id::text, '') as "actorId", coalesce(e.competition_id::text, '') as "competitionId",
      e.kind, e.subject, e.reason, e.details::text
    from event_chain c left join events e on e.id = c.event_id
    where c.chain = ${chain} and c.position > ${after}
    order by c.position limit ${linksAtOnce}`);
  return rows.map(({ position, eventId, hash, ...event }) => ({
    position: Number(position),
    eventId,
    hash,
    event: isWhole(event) ? event : null,
  }));
}

function isWhole(event: { [field in keyof EventText]: string | null }): event is EventText {
  return event.id !== null;
}

/** The first event that is neither in the chain nor waits for it; one that waits and is gone counts, too. */
async function findUnchained(db: Connection, chain: string): Promise<string | null> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select id::text from (
      select e.id from events e
      where coalesce(e.competition_id, ${installationChain}::uuid) = ${chain}
        and not exists (select from event_chain c where c.event_id = e.id)
        and not exists (select from unchained_events u where u.event_id = e.id)
      union all
      select u.event_id from unchained_events u
      where u.chain = ${chain} and not exists (select from events e where e.id = u.event_id)) astray
    order by id limit 1`);
  return rows[0]?.id ?? null;
}
