import { bigint, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import { instant, jobColumns } from '#lib/db/schema/columns.ts';

export const baselineRuns = pgTable('baseline_runs', {
  ...jobColumns(),
  teamId: uuid().notNull(),
  split: text({ enum: ['dev', 'test'] }).notNull(),
  model: text().notNull(),
  decoding: text({ enum: ['greedy', 'language-model'] })
    .notNull()
    .default('language-model'),
  done: integer().notNull().default(0),
  total: integer(),
  backend: text(),
  device: text(),
  skipped: jsonb().$type<SkippedRung[]>().notNull().default([]),
  submissionId: uuid(),
});

/** A rung of the ladder that could not be used, and why: `baseline.rung-${code}` in lib/messages. */
export type SkippedRung = { backend: string; code: string; details: string };

export const workers = pgTable('workers', {
  id: uuid().primaryKey(),
  process: text().notNull(),
  startedAt: instant().notNull().defaultNow(),
  seenAt: instant().notNull().defaultNow(),
  runtime: jsonb().$type<WorkerRuntime>(),
  deskUrl: text(),
  diskFreeBytes: bigint({ mode: 'number' }),
  diskBytes: bigint({ mode: 'number' }),
  figures: jsonb().$type<WorkerFigures>(),
});

/** What a worker counted since it began, as prom-client writes it. */
export type WorkerFigures = readonly MetricObjectWithValues<MetricValue<string>>[];

/** A rung of the ladder that passed its self-check. */
export type UsableRung = {
  backend: string;
  device: string;
  isGpu: boolean;
  /** Of the acoustic model's convolution. */
  gigaflops: number;
  /** How many times as fast as the kernel it resamples many systems. */
  bootstrapRatio: number;
};

/** The rungs of the runtime ladder as a worker found them, from the one that is tried first down. */
export type WorkerRuntime = {
  /** ROSTRUM_BACKEND: no other rung is used. */
  wanted: string | null;
  rungs: (SkippedRung | UsableRung)[];
};
