import { customType, integer, numeric, pgSchema, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/*
 * Kinds of columns that tables share.
 */

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
/** Written as one text: drizzle's own arrays look at every number a few times, and some of these have ten thousand. */
export const integers = customType<{ data: number[]; driverData: string }>({
  dataType: () => 'integer[]',
  toDriver: (values) => `{${values.join()}}`,
});
export const instant = () => timestamp({ withTimezone: true, mode: 'date' });
export const identifier = () => uuid().primaryKey().defaultRandom();

/** Unreadable for the role of the web: only functions called by the scoring side or the owner touch these. */
export const hidden = pgSchema('hidden');

export const points = () => numeric({ mode: 'number' });

/** Of every table whose rows are work for a worker: whose turn it is, who holds it until when, and what became of it. */
export const jobColumns = () => ({
  id: identifier(),
  competitionId: uuid().notNull(),
  requestedBy: uuid(),
  state: text({ enum: ['queued', 'running', 'done', 'failed'] })
    .notNull()
    .default('queued'),
  attempt: integer().notNull().default(0),
  /** Attempts that ended without their own fault raise it. */
  attemptLimit: integer().notNull().default(3),
  leaseUntil: instant(),
  failure: text(),
  createdAt: instant().notNull().defaultNow(),
  startedAt: instant(),
  finishedAt: instant(),
});
