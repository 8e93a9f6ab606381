import { bigint, doublePrecision, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, identifier, instant, jobColumns } from '#lib/db/schema/columns.ts';
import type { ImportReport } from '#lib/import-report.ts';
import type { Problem } from '#lib/problems.ts';

export const utterances = pgTable(
  'utterances',
  {
    competitionId: uuid().notNull(),
    id: text().notNull(),
    split: text({ enum: ['train', 'dev', 'test'] }).notNull(),
    position: integer().notNull(),
    seconds: doublePrecision(),
    bytes: bigint({ mode: 'number' }).notNull(),
    sha256: bytea().notNull(),
    fileName: text().notNull(),
    mediaType: text().notNull(),
    reference: text(),
    alternatives: text().array().notNull().default([]),
    speaker: text(),
    slices: jsonb().$type<Record<string, string>>().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.id] })],
);

/** Another revision whenever the list of a split has changed; the database sees to it. */
export const utteranceLists = pgTable(
  'utterance_lists',
  {
    competitionId: uuid().notNull(),
    split: text({ enum: ['train', 'dev', 'test'] }).notNull(),
    revision: uuid().notNull().defaultRandom(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.split] })],
);

export const archives = pgTable(
  'archives',
  {
    competitionId: uuid().notNull(),
    split: text({ enum: ['train', 'dev', 'test'] }).notNull(),
    sha256: bytea().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    builtAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.split] })],
);

export const archiveUploads = pgTable('archive_uploads', {
  id: identifier(),
  competitionId: uuid().notNull(),
  requestedBy: uuid().notNull(),
  fileName: text().notNull(),
  bytes: bigint({ mode: 'number' }).notNull(),
  received: bigint({ mode: 'number' }).notNull().default(0),
  touchedAt: instant().notNull().defaultNow(),
});

export const imports = pgTable('imports', {
  ...jobColumns(),
  path: text().notNull(),
  options: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  done: integer().notNull().default(0),
  total: integer(),
  problems: jsonb().$type<Problem[]>().notNull().default([]),
  uploadId: uuid(),
  report: jsonb().$type<ImportReport>(),
});

export const foldSizes = pgTable(
  'fold_sizes',
  {
    competitionId: uuid().notNull(),
    fold: text({ enum: ['public', 'private'] }).notNull(),
    utterances: integer().notNull(),
    units: integer().notNull(),
    words: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.competitionId, t.fold] })],
);
