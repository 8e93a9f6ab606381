import {
  bigint,
  bigserial,
  boolean,
  customType,
  date,
  doublePrecision,
  integer,
  interval,
  jsonb,
  numeric,
  pgSchema,
  pgTable,
  pgView,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import type { BoardDifference } from '#lib/board-difference.ts';
import type { Material } from '#lib/course/programme.ts';
import type { CourseSettings } from '#lib/course/settings.ts';
import type { PairEvidence, PairExample } from '#lib/evidence.ts';
import type { ImportReport } from '#lib/import-report.ts';
import { optionalCategories } from '#lib/mail/categories.ts';
import type { Mapping } from '#lib/mapping.ts';
import type { Problem } from '#lib/problems.ts';
import type { DevScore } from '#lib/scores.ts';

/*
 * The tables of migrations/*.sql as TypeScript sees them: names and types only. Constraints, indexes, grants and triggers
 * are SQL and stand there. Column names are the snake_case of the keys (client.ts). A test compares both.
 */

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
/** Written as one text: drizzle's own arrays look at every number a few times, and some of these have ten thousand. */
const integers = customType<{ data: number[]; driverData: string }>({
  dataType: () => 'integer[]',
  toDriver: (values) => `{${values.join()}}`,
});
const instant = () => timestamp({ withTimezone: true, mode: 'date' });
const identifier = () => uuid().primaryKey().defaultRandom();

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
  purpose: text({ enum: ['sign-up', 'sign-in', 'password', 'first-administrator'] }).notNull(),
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

export const rateLimits = pgTable('rate_limits', {
  key: text().primaryKey(),
  windowStart: instant().notNull(),
  count: integer().notNull(),
});

export const events = pgTable('events', {
  id: bigserial({ mode: 'number' }).primaryKey(),
  at: instant().notNull().defaultNow(),
  actorId: uuid(),
  competitionId: uuid(),
  kind: text().notNull(),
  subject: text().notNull().default(''),
  reason: text().notNull().default(''),
  details: jsonb().$type<Record<string, unknown>>().notNull().default({}),
});

/** `chain`: the competition of its events, or the nil uuid. Written by chain_events() alone (docs/en/operators/log.md). */
export const eventChain = pgTable(
  'event_chain',
  {
    chain: uuid().notNull(),
    position: bigint({ mode: 'number' }).notNull(),
    eventId: bigint({ mode: 'number' }).notNull(),
    hash: bytea().notNull(),
    chainedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.chain, t.position] })],
);

export const unchainedEvents = pgTable('unchained_events', {
  eventId: bigint({ mode: 'number' }).primaryKey(),
  chain: uuid().notNull(),
});

export const logChecks = pgTable(
  'log_checks',
  {
    chain: uuid().notNull(),
    checkedAt: instant().notNull().defaultNow(),
    position: bigint({ mode: 'number' }).notNull(),
    hash: bytea().notNull(),
    problem: text(),
  },
  (t) => [primaryKey({ columns: [t.chain, t.checkedAt] })],
);

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
  id: identifier(),
  competitionId: uuid().notNull(),
  requestedBy: uuid(),
  path: text().notNull(),
  options: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  state: text({ enum: ['queued', 'running', 'done', 'failed'] })
    .notNull()
    .default('queued'),
  attempt: integer().notNull().default(0),
  leaseUntil: instant(),
  done: integer().notNull().default(0),
  total: integer(),
  problems: jsonb().$type<Problem[]>().notNull().default([]),
  failure: text(),
  createdAt: instant().notNull().defaultNow(),
  startedAt: instant(),
  finishedAt: instant(),
  uploadId: uuid(),
  report: jsonb().$type<ImportReport>(),
});

export const baselineRuns = pgTable('baseline_runs', {
  id: identifier(),
  competitionId: uuid().notNull(),
  requestedBy: uuid(),
  teamId: uuid().notNull(),
  split: text({ enum: ['dev', 'test'] }).notNull(),
  model: text().notNull(),
  decoding: text({ enum: ['greedy', 'language-model'] })
    .notNull()
    .default('language-model'),
  state: text({ enum: ['queued', 'running', 'done', 'failed'] })
    .notNull()
    .default('queued'),
  attempt: integer().notNull().default(0),
  leaseUntil: instant(),
  done: integer().notNull().default(0),
  total: integer(),
  backend: text(),
  device: text(),
  skipped: jsonb().$type<SkippedRung[]>().notNull().default([]),
  submissionId: uuid(),
  failure: text(),
  createdAt: instant().notNull().defaultNow(),
  startedAt: instant(),
  finishedAt: instant(),
});

/** A rung of the ladder that could not be used, and why: `baseline.rung-${code}` in lib/messages. */
export type SkippedRung = { backend: string; code: string; details: string };

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

/** Unreadable for the role of the web: only functions called by the scoring side or the owner touch these. */
const hidden = pgSchema('hidden');

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
  id: identifier(),
  competitionId: uuid().notNull(),
  labelVersion: integer().notNull(),
  revision: integer().notNull(),
  requestedBy: uuid(),
  state: text({ enum: ['queued', 'running', 'done', 'failed'] })
    .notNull()
    .default('queued'),
  attempt: integer().notNull().default(0),
  leaseUntil: instant(),
  done: integer().notNull().default(0),
  total: integer(),
  difference: jsonb().$type<BoardDifference>(),
  failure: text(),
  createdAt: instant().notNull().defaultNow(),
  startedAt: instant(),
  finishedAt: instant(),
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
  id: identifier(),
  competitionId: uuid().notNull(),
  labelVersion: integer().notNull(),
  requestedBy: uuid(),
  state: text({ enum: ['queued', 'running', 'done', 'failed'] })
    .notNull()
    .default('queued'),
  attempt: integer().notNull().default(0),
  leaseUntil: instant(),
  systems: jsonb().$type<{ kind: 'file' | 'submission'; id: string }[]>().notNull().default([]),
  audited: integer(),
  effectiveSystems: doublePrecision(),
  failure: text(),
  createdAt: instant().notNull().defaultNow(),
  startedAt: instant(),
  finishedAt: instant(),
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

const points = () => numeric({ mode: 'number' });

export const courses = pgTable('courses', {
  id: identifier(),
  slug: text().notNull(),
  nameRu: text().notNull(),
  nameEn: text().notNull(),
  aboutRu: text().notNull().default(''),
  aboutEn: text().notNull().default(''),
  timeZone: text().notNull().default('Europe/Moscow'),
  competitionId: uuid(),
  settings: jsonb().$type<CourseSettings>().notNull(),
  isDemo: boolean().notNull().default(false),
  publishedAt: instant(),
  createdBy: uuid(),
  createdAt: instant().notNull().defaultNow(),
});

export const courseHomeworks = pgTable('course_homeworks', {
  id: identifier(),
  courseId: uuid().notNull(),
  titleRu: text().notNull(),
  titleEn: text().notNull(),
  link: text(),
  maxPoints: points().notNull(),
  handedOutAt: instant().notNull(),
  softAt: instant().notNull(),
  hardAt: instant().notNull(),
  removedAt: instant(),
});

export const courseLectures = pgTable('course_lectures', {
  id: identifier(),
  courseId: uuid().notNull(),
  heldAt: instant().notNull(),
  titleRu: text().notNull(),
  titleEn: text().notNull(),
  materials: jsonb().$type<Material[]>().notNull().default([]),
  homeworkId: uuid(),
  isProject: boolean().notNull().default(false),
});

export const courseStudents = pgTable('course_students', {
  id: identifier(),
  courseId: uuid().notNull(),
  studentNumber: text().notNull(),
  name: text().notNull(),
  groupName: text().notNull().default(''),
  email: text().notNull(),
  emailKey: text().notNull(),
  userId: uuid(),
  invitedAt: instant(),
  removedAt: instant(),
  createdAt: instant().notNull().defaultNow(),
});

export const homeworkResults = pgTable('homework_results', {
  id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  courseId: uuid().notNull(),
  homeworkId: uuid().notNull(),
  studentId: uuid().notNull(),
  points: points(),
  handedInAt: instant(),
  reason: text().notNull().default(''),
  recordedBy: uuid(),
  recordedAt: instant().notNull().defaultNow(),
});

export const homeworkExtensions = pgTable('homework_extensions', {
  id: identifier(),
  courseId: uuid().notNull(),
  homeworkId: uuid().notNull(),
  studentId: uuid().notNull(),
  softAt: instant().notNull(),
  hardAt: instant().notNull(),
  reason: text().notNull(),
  createdBy: uuid(),
  createdAt: instant().notNull().defaultNow(),
  revokedAt: instant(),
});

export const courseSheets = pgTable(
  'course_sheets',
  {
    courseId: uuid().notNull(),
    version: integer().notNull(),
    body: text().notNull(),
    reason: text().notNull().default(''),
    publishedBy: uuid(),
    publishedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.courseId, t.version] })],
);

export const courseSheetRows = pgTable(
  'course_sheet_rows',
  {
    courseId: uuid().notNull(),
    version: integer().notNull(),
    studentId: uuid().notNull(),
    body: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.courseId, t.version, t.studentId] })],
);

export const shortlistConsents = pgTable('shortlist_consents', {
  studentId: uuid().primaryKey(),
  contact: text().notNull(),
  givenAt: instant().notNull().defaultNow(),
});

export const teamComparisons = hidden.table('team_comparisons', {
  id: identifier(),
  competitionId: uuid().notNull(),
  labelVersion: integer().notNull(),
  requestedBy: uuid(),
  state: text({ enum: ['queued', 'running', 'done', 'failed'] })
    .notNull()
    .default('queued'),
  attempt: integer().notNull().default(0),
  leaseUntil: instant(),
  teams: integer(),
  knownSystems: integer(),
  failure: text(),
  createdAt: instant().notNull().defaultNow(),
  startedAt: instant(),
  finishedAt: instant(),
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
