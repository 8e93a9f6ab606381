import { bigint, bigserial, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '#lib/db/schema/columns.ts';
import { optionalCategories } from '#lib/mail/categories.ts';

export const mails = pgTable('mails', {
  id: bigserial({ mode: 'number' }).primaryKey(),
  recipient: text().notNull(),
  language: text({ enum: ['ru', 'en'] }).notNull(),
  subject: text().notNull(),
  bodyText: text().notNull(),
  bodyHtml: text().notNull(),
  createdAt: instant().notNull().defaultNow(),
  sentAt: instant(),
  attempts: integer().notNull().default(0),
  nextAttemptAt: instant().notNull().defaultNow(),
  lastError: text(),
  userId: uuid(),
  competitionId: uuid(),
  category: text({ enum: ['account', 'decisions', ...optionalCategories] })
    .notNull()
    .default('account'),
  messageKey: uuid().notNull().defaultRandom(),
  expiresAt: instant(),
  failedAt: instant(),
});

export const mailRefusals = pgTable(
  'mail_refusals',
  {
    userId: uuid().notNull(),
    category: text({ enum: optionalCategories }).notNull(),
    refusedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.category] })],
);

export const mailMutes = pgTable('mail_mutes', { userId: uuid().notNull(), competitionId: uuid().notNull() }, (t) => [
  primaryKey({ columns: [t.userId, t.competitionId] }),
]);

/** What the clock brought about and was mailed: `at` is the instant that was told. */
export const mailedEvents = pgTable(
  'mailed_events',
  {
    subject: uuid().notNull(),
    kind: text().notNull(),
    at: instant().notNull(),
    mailedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.subject, t.kind] })],
);

export const toldMoves = pgTable('told_moves', {
  competitionId: uuid().primaryKey(),
  through: bigint({ mode: 'number' }).notNull(),
});
