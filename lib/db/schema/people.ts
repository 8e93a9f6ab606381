import { boolean, integer, interval, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, identifier, instant } from '#lib/db/schema/columns.ts';

export const installation = pgTable('installation', {
  onlyRow: boolean().primaryKey().default(true),
  mode: text({ enum: ['demo', 'production'] }).notNull(),
  clockOffset: interval().notNull().default('0'),
  createdAt: instant().notNull().defaultNow(),
});

export const users = pgTable('users', {
  id: identifier(),
  email: text().notNull(),
  emailKey: text().notNull(),
  name: text().notNull(),
  passwordHash: text(),
  language: text({ enum: ['ru', 'en'] })
    .notNull()
    .default('ru'),
  isAdministrator: boolean().notNull().default(false),
  isDemo: boolean().notNull().default(false),
  createdAt: instant().notNull().defaultNow(),
  erasedAt: instant(),
  undeliverableSince: instant(),
  undeliverableReason: text(),
});

export const identities = pgTable(
  'identities',
  {
    provider: text().notNull(),
    subject: text().notNull(),
    userId: uuid().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.provider, t.subject] })],
);

export const sessions = pgTable('sessions', {
  id: identifier(),
  userId: uuid().notNull(),
  createdAt: instant().notNull().defaultNow(),
  lastSeenAt: instant().notNull().defaultNow(),
  expiresAt: instant().notNull(),
  revokedAt: instant(),
  userAgent: text().notNull().default(''),
  address: text().notNull().default(''),
});

export const mailLinks = pgTable('mail_links', {
  tokenHash: bytea().primaryKey(),
  purpose: text({
    enum: ['sign-up', 'sign-in', 'password', 'first-administrator', 'new-address', 'recovery'],
  }).notNull(),
  email: text().notNull(),
  userId: uuid(),
  language: text({ enum: ['ru', 'en'] })
    .notNull()
    .default('ru'),
  createdAt: instant().notNull().defaultNow(),
  expiresAt: instant().notNull(),
  usedAt: instant(),
});

export const apiTokens = pgTable('api_tokens', {
  id: identifier(),
  userId: uuid().notNull(),
  name: text().notNull(),
  tokenHash: bytea().notNull(),
  scopes: text().array().notNull().default(['read', 'submit']),
  createdAt: instant().notNull().defaultNow(),
  expiresAt: instant(),
  lastUsedAt: instant(),
  revokedAt: instant(),
});

export const rateLimits = pgTable('rate_limits', {
  key: text().primaryKey(),
  windowStart: instant().notNull(),
  count: integer().notNull(),
});
