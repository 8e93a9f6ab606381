import { bigserial, boolean, date, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, hidden, identifier, instant, jobColumns } from '#lib/db/schema/columns.ts';
import type { PairEvidence, PairExample } from '#lib/evidence.ts';

export const teamAdjustments = pgTable('team_adjustments', {
  id: identifier(),
  competitionId: uuid().notNull(),
  teamId: uuid().notNull(),
  kind: text({ enum: ['attempts', 'deadline'] }).notNull(),
  attempts: integer(),
  day: date(),
  closesAt: instant(),
  reason: text().notNull(),
  createdBy: uuid(),
  createdAt: instant().notNull().defaultNow(),
  revokedAt: instant(),
});

export const finalPicks = pgTable('final_picks', {
  submissionId: uuid().primaryKey(),
  pickedBy: uuid(),
  pickedAt: instant().notNull().defaultNow(),
});

export const teamReminders = pgTable(
  'team_reminders',
  {
    teamId: uuid().notNull(),
    hoursBefore: integer().notNull(),
    closesAt: instant().notNull(),
    sentAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.hoursBefore, t.closesAt] })],
);

export const methodCards = pgTable('method_cards', {
  teamId: uuid().primaryKey(),
  model: text().notNull().default(''),
  data: text().notNull().default(''),
  externalServices: text().notNull().default(''),
  codeLink: text(),
  codeCommit: text(),
  editedBy: uuid(),
  editedAt: instant().notNull().defaultNow(),
});

export const methodCardPermissions = pgTable('method_card_permissions', {
  teamId: uuid().primaryKey(),
  grantedBy: uuid(),
  grantedAt: instant().notNull().defaultNow(),
});

export const eligibilityMarks = pgTable('eligibility_marks', {
  teamId: uuid().primaryKey(),
  isRanked: boolean().notNull(),
  reason: text().notNull(),
  decidedBy: uuid(),
  decidedAt: instant().notNull().defaultNow(),
});

export const teams = pgTable('teams', {
  id: identifier(),
  competitionId: uuid().notNull(),
  kind: text({ enum: ['team', 'baseline'] })
    .notNull()
    .default('team'),
  name: text().notNull(),
  nameKey: text().notNull(),
  captainId: uuid(),
  isGuest: boolean().notNull().default(false),
  isDemo: boolean().notNull().default(false),
  disbandedAt: instant(),
  createdAt: instant().notNull().defaultNow(),
});

export const teamMembers = pgTable(
  'team_members',
  {
    teamId: uuid().notNull(),
    userId: uuid().notNull(),
    competitionId: uuid().notNull(),
    joinedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.userId] })],
);

export const teamInvites = pgTable('team_invites', {
  id: identifier(),
  teamId: uuid().notNull(),
  tokenHash: bytea().notNull(),
  createdBy: uuid().notNull(),
  createdAt: instant().notNull().defaultNow(),
  expiresAt: instant().notNull(),
  revokedAt: instant(),
});

export const teamComparisons = hidden.table('team_comparisons', {
  ...jobColumns(),
  labelVersion: integer().notNull(),
  teams: integer(),
  knownSystems: integer(),
});

export const teamPairs = hidden.table(
  'team_pairs',
  {
    comparisonId: uuid().notNull(),
    place: integer().notNull(),
    firstTeam: uuid().notNull(),
    secondTeam: uuid().notNull(),
    firstSubmission: uuid().notNull(),
    secondSubmission: uuid().notNull(),
    figures: jsonb().$type<PairEvidence>().notNull(),
    examples: jsonb().$type<PairExample[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.comparisonId, t.place] })],
);

export const teamPairNotes = hidden.table('team_pair_notes', {
  id: bigserial({ mode: 'number' }).primaryKey(),
  competitionId: uuid().notNull(),
  firstTeam: uuid().notNull(),
  secondTeam: uuid().notNull(),
  note: text().notNull(),
  notedBy: uuid(),
  notedAt: instant().notNull().defaultNow(),
});
