import { customType, numeric, pgSchema, timestamp, uuid } from 'drizzle-orm/pg-core';

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
