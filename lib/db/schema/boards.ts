import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  pgView,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { hidden, instant } from '#lib/db/schema/columns.ts';

export const reveals = pgTable('reveals', {
  competitionId: uuid().primaryKey(),
  resultVersion: integer().notNull(),
  opened: integer().notNull().default(0),
  position: integer().notNull().default(0),
  revision: integer().notNull().default(1),
  isShown: boolean().notNull().default(true),
  startedAt: instant().notNull().defaultNow(),
});

/** That a result has been made. */
export const resultVersions = pgView('result_versions', {
  competitionId: uuid().notNull(),
  version: integer().notNull(),
  at: instant().notNull(),
}).existing();

/** The steps of a reveal that are open. */
export const revealedSteps = pgView('revealed_steps', {
  competitionId: uuid().notNull(),
  resultVersion: integer().notNull(),
  step: integer().notNull(),
  isLast: boolean().notNull(),
  body: text().notNull(),
}).existing();

/** Empty before the reveal is through, by the clock of rules. */
export const revealedResults = pgView('revealed_results', {
  competitionId: uuid().notNull(),
  version: integer().notNull(),
  labelVersion: integer().notNull(),
  at: instant().notNull(),
  body: text().notNull(),
}).existing();

/** Every row of it is open: the database shows none before the end of the reveal. */
export const revealedCounts = pgView('revealed_counts', {
  submissionId: uuid().notNull(),
  fold: text({ enum: ['public', 'private'] }).notNull(),
  hits: integer().notNull(),
  substitutions: integer().notNull(),
  deletions: integer().notNull(),
  insertions: integer().notNull(),
  standardError: doublePrecision(),
}).existing();

export const boardSnapshots = pgTable(
  'board_snapshots',
  {
    competitionId: uuid().notNull(),
    version: bigint({ mode: 'number' }).notNull(),
    at: instant().notNull().defaultNow(),
    frozen: boolean().notNull().default(false),
    body: text().notNull(),
    inputsThrough: bigint({ mode: 'number' }),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.version] })],
);

export const ladderThresholds = pgTable('ladder_thresholds', {
  competitionId: uuid().primaryKey(),
  permille: integer().notNull(),
});

/** What boards are drawn from, at every change; written by triggers, read back by lib/board-inputs.ts. */
export const boardInputs = hidden.table('board_inputs', {
  id: bigserial({ mode: 'number' }).primaryKey(),
  competitionId: uuid().notNull(),
  kind: text({ enum: ['rules', 'team', 'voided', 'published'] }).notNull(),
  subject: uuid().notNull(),
  body: jsonb().$type<Record<string, unknown>>().notNull(),
});

export const resultSnapshots = hidden.table(
  'result_snapshots',
  {
    competitionId: uuid().notNull(),
    version: integer().notNull(),
    labelVersion: integer().notNull(),
    at: instant().notNull().defaultNow(),
    body: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.version] })],
);

export const hiddenRevealSteps = hidden.table(
  'reveal_steps',
  {
    competitionId: uuid().notNull(),
    resultVersion: integer().notNull(),
    step: integer().notNull(),
    isLast: boolean().notNull(),
    body: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.resultVersion, t.step] })],
);

export const revealCodes = hidden.table('reveal_codes', {
  id: uuid().primaryKey(),
  competitionId: uuid().notNull(),
  code: text().notNull(),
  madeBy: uuid(),
  madeAt: instant().notNull().defaultNow(),
});
