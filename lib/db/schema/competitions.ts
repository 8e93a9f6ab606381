import { boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { identifier, instant } from '#lib/db/schema/columns.ts';
import type { Mapping } from '#lib/mapping.ts';

export const competitions = pgTable('competitions', {
  id: identifier(),
  slug: text().notNull(),
  nameRu: text().notNull(),
  nameEn: text().notNull(),
  briefRu: text().notNull().default(''),
  briefEn: text().notNull().default(''),
  rulesRu: text().notNull().default(''),
  rulesEn: text().notNull().default(''),
  rulesVersion: integer().notNull().default(1),
  licence: text().notNull().default(''),
  attribution: text().notNull().default(''),
  timeZone: text().notNull().default('Europe/Moscow'),
  isDemo: boolean().notNull().default(false),
  publishedAt: instant(),
  registrationStartsAt: instant().notNull(),
  registrationEndsAt: instant().notNull(),
  teamChangesStartAt: instant().notNull(),
  teamChangesEndAt: instant().notNull(),
  trainReleasedAt: instant().notNull(),
  devReleasedAt: instant().notNull(),
  testReleasedAt: instant().notNull(),
  submissionsStartAt: instant().notNull(),
  submissionsEndAt: instant().notNull(),
  freezesAt: instant(),
  defenceAt: instant(),
  revealsAt: instant(),
  gradesPublishedAt: instant(),
  teamSize: integer().notNull().default(4),
  dailyQuota: integer().notNull().default(5),
  policy: text({ enum: ['open', 'ladder'] })
    .notNull()
    .default('open'),
  profile: text().notNull().default('raw'),
  mapping: jsonb().$type<Mapping>(),
  publicFoldPercent: integer().notNull().default(30),
  labelVersion: integer().notNull().default(0),
  unit: text({ enum: ['speaker', 'group', 'text'] })
    .notNull()
    .default('text'),
  createdBy: uuid(),
  createdAt: instant().notNull().defaultNow(),
  newsVersion: integer().notNull().default(0),
  revealMode: text({ enum: ['at-once', 'staged'] })
    .notNull()
    .default('at-once'),
  revealEndedAt: instant(),
  revealByHelpers: boolean().notNull().default(false),
});

export const announcements = pgTable('announcements', {
  id: identifier(),
  competitionId: uuid().notNull(),
  titleRu: text().notNull(),
  titleEn: text().notNull(),
  bodyRu: text().notNull(),
  bodyEn: text().notNull(),
  edition: integer().notNull().default(1),
  publishedAt: instant().notNull().defaultNow(),
  editedAt: instant(),
  withdrawnAt: instant(),
});

export const questions = pgTable('questions', {
  id: identifier(),
  competitionId: uuid().notNull(),
  askerId: uuid(),
  teamId: uuid(),
  body: text().notNull(),
  askedAt: instant().notNull().defaultNow(),
  answer: text(),
  answeredAt: instant(),
  answeredBy: uuid(),
  publicBody: text(),
});

export const roleInvites = pgTable('role_invites', {
  id: identifier(),
  competitionId: uuid().notNull(),
  email: text().notNull(),
  emailKey: text().notNull(),
  role: text({ enum: ['organiser', 'assistant'] }).notNull(),
  createdBy: uuid(),
  createdAt: instant().notNull().defaultNow(),
});

export const competitionRoles = pgTable(
  'competition_roles',
  {
    competitionId: uuid().notNull(),
    userId: uuid().notNull(),
    role: text({ enum: ['organiser', 'assistant'] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.userId] })],
);

export const ruleAcceptances = pgTable(
  'rule_acceptances',
  {
    competitionId: uuid().notNull(),
    userId: uuid().notNull(),
    rulesVersion: integer().notNull(),
    acceptedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.userId, t.rulesVersion] })],
);
