import { bigint, bigserial, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, instant } from '#lib/db/schema/columns.ts';

export const events = pgTable('events', {
  id: bigserial({ mode: 'number' }).primaryKey(),
  at: instant().notNull().defaultNow(),
  actorId: uuid(),
  competitionId: uuid(),
  kind: text().notNull(),
  subject: text().notNull().default(''),
  reason: text().notNull().default(''),
  details: jsonb().$type<Record<string, unknown>>().notNull().default({}),
});

/** `chain`: the competition of its events, or the nil uuid. Written by chain_events() alone (docs/en/operators/log.md). */
export const eventChain = pgTable(
  'event_chain',
  {
    chain: uuid().notNull(),
    position: bigint({ mode: 'number' }).notNull(),
    eventId: bigint({ mode: 'number' }).notNull(),
    hash: bytea().notNull(),
    chainedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.chain, t.position] })],
);

export const unchainedEvents = pgTable('unchained_events', {
  eventId: bigint({ mode: 'number' }).primaryKey(),
  chain: uuid().notNull(),
});

export const logChecks = pgTable(
  'log_checks',
  {
    chain: uuid().notNull(),
    checkedAt: instant().notNull().defaultNow(),
    position: bigint({ mode: 'number' }).notNull(),
    hash: bytea().notNull(),
    problem: text(),
  },
  (t) => [primaryKey({ columns: [t.chain, t.checkedAt] })],
);
