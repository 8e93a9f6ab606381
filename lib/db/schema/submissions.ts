import {
  bigint,
  bigserial,
  boolean,
  date,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  pgView,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytea, hidden, identifier, instant, integers } from '#lib/db/schema/columns.ts';
import type { Problem } from '#lib/problems.ts';
import type { DevScore } from '#lib/scores.ts';

export const submissions = pgTable('submissions', {
  id: identifier(),
  sequence: bigserial({ mode: 'number' }),
  competitionId: uuid().notNull(),
  teamId: uuid().notNull(),
  authorId: uuid(),
  split: text({ enum: ['dev', 'test'] }).notNull(),
  state: text({ enum: ['queued', 'scoring', 'scored', 'rejected', 'failed'] }).notNull(),
  attempt: integer().notNull().default(0),
  leaseUntil: instant(),
  receivedAt: instant().notNull(),
  late: boolean().notNull().default(false),
  quotaDay: date({ mode: 'string' }),
  fileName: text().notNull().default(''),
  note: text().notNull().default(''),
  codeLink: text(),
  format: text(),
  bytes: integer().notNull(),
  sha256: bytea().notNull(),
  unpackedSha256: bytea(),
  idempotencyKey: text(),
  problems: jsonb().$type<Problem[]>().notNull().default([]),
  problemCount: integer().notNull().default(0),
  warnings: jsonb().$type<Problem[]>().notNull().default([]),
  failure: text(),
  finishedAt: instant(),
  voidedAt: instant(),
  attemptLimit: integer().notNull().default(3),
});

/** What waits to be scored, by whose turn it is; `place` 1 is next. */
export const scoringQueue = pgView('scoring_queue', {
  id: uuid().notNull(),
  state: text({ enum: ['queued', 'scoring'] }).notNull(),
  attempt: integer().notNull(),
  leaseUntil: instant(),
  place: bigint({ mode: 'number' }).notNull(),
  attemptLimit: integer().notNull(),
}).existing();

export const submissionFiles = pgTable('submission_files', {
  submissionId: uuid().primaryKey(),
  content: bytea().notNull(),
});

export const submissionPeople = pgTable(
  'submission_people',
  { submissionId: uuid().notNull(), userId: uuid().notNull() },
  (t) => [primaryKey({ columns: [t.submissionId, t.userId] })],
);

export const quotaDays = pgTable(
  'quota_days',
  { teamId: uuid().notNull(), day: date({ mode: 'string' }).notNull(), used: integer().notNull().default(0) },
  (t) => [primaryKey({ columns: [t.teamId, t.day] })],
);

export const publishedScores = pgTable('published_scores', {
  submissionId: uuid().primaryKey(),
  labelVersion: integer().notNull(),
  scorerVersion: text().notNull(),
  profile: text().notNull(),
  profileHash: text(),
  werPermille: integer(),
  intervalLowPermille: integer(),
  intervalHighPermille: integer(),
  verdict: text({ enum: ['improvement', 'no-improvement', 'waiting'] }),
  dev: jsonb().$type<DevScore>(),
  publishedAt: instant().notNull().defaultNow(),
});

export const counts = hidden.table(
  'counts',
  {
    submissionId: uuid().notNull(),
    fold: text({ enum: ['public', 'private'] }).notNull(),
    labelVersion: integer().notNull(),
    scorerVersion: text().notNull(),
    profile: text().notNull(),
    profileHash: text(),
    hits: integer().notNull(),
    substitutions: integer().notNull(),
    deletions: integer().notNull(),
    insertions: integer().notNull(),
    standardError: doublePrecision(),
    scoredAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.submissionId, t.fold, t.labelVersion, t.scorerVersion] })],
);

/** Both arrays in the order of the split. */
export const utteranceErrors = hidden.table(
  'utterance_errors',
  {
    submissionId: uuid().notNull(),
    labelVersion: integer().notNull(),
    scorerVersion: text().notNull(),
    errors: integers().notNull(),
    referenceWords: integers().notNull(),
  },
  (t) => [primaryKey({ columns: [t.submissionId, t.labelVersion, t.scorerVersion] })],
);
