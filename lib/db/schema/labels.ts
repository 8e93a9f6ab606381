import {
  bigserial,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import type { BoardDifference } from '#lib/board-difference.ts';
import { bytea, hidden, identifier, instant, jobColumns } from '#lib/db/schema/columns.ts';

export const labelCommitments = pgTable(
  'label_commitments',
  {
    competitionId: uuid().notNull(),
    labelVersion: integer().notNull(),
    sha256: bytea().notNull(),
    committedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.labelVersion] })],
);

export const salts = hidden.table('salts', { competitionId: uuid().primaryKey(), salt: bytea().notNull() });

export const labelVersions = hidden.table(
  'label_versions',
  {
    competitionId: uuid().notNull(),
    version: integer().notNull(),
    reason: text().notNull().default(''),
    createdBy: uuid(),
    createdAt: instant().notNull().defaultNow(),
    state: text({ enum: ['draft', 'applied', 'discarded'] })
      .notNull()
      .default('applied'),
    baseVersion: integer(),
    revision: integer().notNull().default(0),
    endedAt: instant(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.version] })],
);

export const testReferences = hidden.table(
  'test_references',
  {
    competitionId: uuid().notNull(),
    labelVersion: integer().notNull(),
    utteranceId: text().notNull(),
    reference: text().notNull(),
    alternatives: text().array().notNull().default([]),
    speaker: text(),
    slices: jsonb().$type<Record<string, string>>().notNull().default({}),
    excluded: boolean().notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.labelVersion, t.utteranceId] })],
);

export const labelEdits = hidden.table('label_edits', {
  id: bigserial({ mode: 'number' }).primaryKey(),
  competitionId: uuid().notNull(),
  labelVersion: integer().notNull(),
  utteranceId: text().notNull(),
  reference: text().notNull(),
  alternatives: text().array().notNull().default([]),
  excluded: boolean().notNull().default(false),
  reason: text().notNull(),
  editedBy: uuid(),
  editedAt: instant().notNull().defaultNow(),
});

export const rescores = hidden.table('rescores', {
  ...jobColumns(),
  labelVersion: integer().notNull(),
  revision: integer().notNull(),
  done: integer().notNull().default(0),
  total: integer(),
  difference: jsonb().$type<BoardDifference>(),
});

export const folds = hidden.table(
  'folds',
  {
    competitionId: uuid().notNull(),
    utteranceId: text().notNull(),
    fold: text({ enum: ['public', 'private'] }).notNull(),
    unit: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.utteranceId] })],
);

export const auditOutputs = hidden.table('audit_outputs', {
  id: identifier(),
  competitionId: uuid().notNull(),
  name: text().notNull(),
  format: text().notNull(),
  content: bytea().notNull(),
  addedBy: uuid(),
  addedAt: instant().notNull().defaultNow(),
  removedAt: instant(),
});

export const labelAudits = hidden.table('label_audits', {
  ...jobColumns(),
  labelVersion: integer().notNull(),
  systems: jsonb().$type<{ kind: 'file' | 'submission'; id: string }[]>().notNull().default([]),
  audited: integer(),
  effectiveSystems: doublePrecision(),
});

export const labelSuspects = hidden.table(
  'label_suspects',
  {
    auditId: uuid().notNull(),
    utteranceId: text().notNull(),
    logOdds: doublePrecision().notNull(),
    wordings: text().array().notNull(),
    consensus: text().notNull(),
    hypotheses: text().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.auditId, t.utteranceId] })],
);

export const labelDismissals = hidden.table('label_dismissals', {
  id: bigserial({ mode: 'number' }).primaryKey(),
  competitionId: uuid().notNull(),
  utteranceId: text().notNull(),
  wordings: text().array().notNull(),
  consensus: text().notNull(),
  reason: text().notNull(),
  dismissedBy: uuid(),
  dismissedAt: instant().notNull().defaultNow(),
});

export const deskOpenings = hidden.table('desk_openings', {
  competitionId: uuid().primaryKey(),
  openedAt: instant().notNull(),
  closesAt: instant(),
});

export const labelFlags = pgTable(
  'label_flags',
  {
    competitionId: uuid().notNull(),
    teamId: uuid().notNull(),
    utteranceId: text().notNull(),
    note: text().notNull(),
    flaggedBy: uuid(),
    flaggedAt: instant().notNull().defaultNow(),
    lookedAt: instant(),
    lookedBy: uuid(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.teamId, t.utteranceId] })],
);
