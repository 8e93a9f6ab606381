import { bigint, bigserial, boolean, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, identifier, instant } from '#lib/db/schema/columns.ts';

export const defencePlans = pgTable('defence_plans', {
  competitionId: uuid().primaryKey(),
  version: integer().notNull().default(0),
  startsAt: instant(),
  talkMinutes: integer().notNull().default(7),
  questionMinutes: integer().notNull().default(3),
  warningMinutes: integer().notNull().default(1),
  talksCloseAt: instant(),
  programmePublishedAt: instant(),
  slidesPublishedAt: instant(),
  pointsForMarks: integer(),
});

export const defenceSlots = pgTable('defence_slots', {
  id: identifier(),
  competitionId: uuid().notNull(),
  position: integer().notNull(),
  teamId: uuid(),
  minutes: integer(),
  isSkipped: boolean().notNull().default(false),
  beganAt: instant(),
});

export const defenceDraws = pgTable('defence_draws', {
  id: bigserial({ mode: 'number' }).primaryKey(),
  competitionId: uuid().notNull(),
  seed: text().notNull(),
  teams: text().array().notNull(),
  drawnBy: uuid(),
  drawnAt: instant().notNull().defaultNow(),
});

export const defenceTalks = pgTable('defence_talks', {
  teamId: uuid().primaryKey(),
  title: text().notNull().default(''),
  description: text().notNull().default(''),
  slidesLink: text(),
  slidesSha256: bytea(),
  slidesBytes: bigint({ mode: 'number' }),
  slidesName: text(),
  editedBy: uuid(),
  editedAt: instant().notNull().defaultNow(),
});

export const droppedSlides = pgTable('dropped_slides', {
  sha256: bytea().primaryKey(),
  droppedAt: instant().notNull().defaultNow(),
});

export const defenceSpeakers = pgTable(
  'defence_speakers',
  { competitionId: uuid().notNull(), userId: uuid().notNull(), name: text().notNull() },
  (t) => [primaryKey({ columns: [t.competitionId, t.userId] })],
);

export const stages = pgTable('stages', {
  competitionId: uuid().primaryKey(),
  version: bigint({ mode: 'number' }).notNull().default(0),
  isShown: boolean().notNull().default(false),
  slotId: uuid(),
  part: text({ enum: ['talk', 'questions', 'break'] })
    .notNull()
    .default('talk'),
  allottedMs: integer().notNull().default(0),
  spentMs: integer().notNull().default(0),
  runningSince: instant(),
});

export const eveningLinks = pgTable('evening_links', {
  id: identifier(),
  competitionId: uuid().notNull(),
  role: text({ enum: ['stage', 'juror'] }).notNull(),
  name: text().notNull(),
  tokenHash: bytea().notNull(),
  createdBy: uuid(),
  createdAt: instant().notNull().defaultNow(),
  expiresAt: instant().notNull(),
  revokedAt: instant(),
  openedAt: instant(),
});

export const defenceCriteria = pgTable('defence_criteria', {
  id: identifier(),
  competitionId: uuid().notNull(),
  position: integer().notNull(),
  nameRu: text().notNull(),
  nameEn: text().notNull(),
  highest: integer().notNull(),
  removedAt: instant(),
});

export const defenceMarks = pgTable(
  'defence_marks',
  {
    jurorId: uuid().notNull(),
    teamId: uuid().notNull(),
    criterionId: uuid().notNull(),
    mark: integer().notNull(),
    markedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.jurorId, t.teamId, t.criterionId] })],
);

export const defenceComments = pgTable(
  'defence_comments',
  {
    jurorId: uuid().notNull(),
    teamId: uuid().notNull(),
    comment: text().notNull(),
    writtenAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.jurorId, t.teamId] })],
);

export const defenceAttendance = pgTable(
  'defence_attendance',
  {
    competitionId: uuid().notNull(),
    userId: uuid().notNull(),
    attended: boolean().notNull(),
    overrideReason: text(),
    recordedBy: uuid(),
    recordedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.userId] })],
);
