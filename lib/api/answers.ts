import { z } from 'zod';

/*
 * The bodies that /api/v1 answers with, as schemas: the routes are typed by them, clients check by them, and the OpenAPI document
 * is made of them. Instants are ISO 8601 in UTC, rates are ratios, sizes are bytes. What a field means stands in the messages
 * `api.field-…`, in both languages.
 */

const instant = z.iso.datetime();
const address = z.url();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const split = z.enum(['train', 'dev', 'test']);
const scoredSplit = z.enum(['dev', 'test']);
const ratio = z.number().nullable();

export const window = z.object({ start: instant, end: instant.nullable() }).meta({ id: 'Window' });

export const competitionSummary = z
  .object({
    slug: z.string(),
    name: z.string(),
    names: z.object({ ru: z.string(), en: z.string() }),
    phase: z.enum(['draft', 'upcoming', 'registration', 'submissions', 'closed', 'revealing', 'revealed']),
    frozen: z.boolean(),
    isDemo: z.boolean(),
    timeZone: z.string(),
    windows: z.object({
      registration: window,
      teamChanges: window,
      train: window,
      dev: window,
      test: window,
      submissions: window,
    }),
    instants: z.object({
      freeze: instant.nullable(),
      close: instant,
      defence: instant.nullable(),
      reveal: instant.nullable(),
      gradesPublished: instant.nullable(),
    }),
    links: z.object({
      self: address,
      page: address,
      data: address,
      submissions: address,
      leaderboard: address,
      events: address,
    }),
  })
  .meta({ id: 'CompetitionSummary' });

export const account = z
  .object({
    user: z.object({ id: z.uuid(), name: z.string() }),
    token: z.object({ name: z.string(), scopes: z.array(z.string()), expiresAt: instant.nullable() }).nullable(),
  })
  .meta({ id: 'Account' });

export const competitionList = z.object({ competitions: z.array(competitionSummary) }).meta({ id: 'CompetitionList' });

export const competitionFacts = competitionSummary
  .extend({
    now: instant,
    brief: z.string(),
    rules: z.string(),
    rulesVersion: z.int(),
    licence: z.string(),
    attribution: z.string(),
    quota: z.object({ perDay: z.int(), timeZone: z.string(), resetsAt: instant }),
    log: z.object({ position: z.int(), sha256 }).nullable(),
    teamSize: z.int(),
    policy: z.enum(['open', 'ladder']),
    ladderThreshold: ratio,
    profile: z.string(),
    profileVersion: z.int(),
    profileHash: z.string().regex(/^[0-9a-f]{16}$/),
    mapping: z.object({ rules: z.int(), bytes: z.int(), sha256, url: address }).nullable(),
    unit: z.enum(['speaker', 'group', 'text']),
    publicFoldPercent: z.int(),
    splits: z.array(
      z.object({
        split,
        released: z.boolean(),
        releasedAt: instant,
        utterances: z.int(),
        seconds: z.number(),
        bytes: z.int(),
      }),
    ),
    limits: z.object({ sentBytes: z.int(), unpackedBytes: z.int(), lineBytes: z.int() }),
  })
  .meta({ id: 'Competition' });

export const dataListing = z
  .object({
    files: z.array(
      z.object({
        id: z.string(),
        split,
        path: z.string(),
        seconds: z.number().nullable(),
        bytes: z.int(),
        sha256,
        url: address,
      }),
    ),
    archives: z.array(z.object({ split, bytes: z.int(), sha256, url: address })),
    manifests: z.array(z.object({ split, url: address })),
    sampleSubmission: address.nullable(),
  })
  .meta({ id: 'Data' });

export const quota = z.object({ used: z.int(), limit: z.int(), resetsAt: instant }).meta({ id: 'Quota' });

export const receipt = z
  .object({
    id: z.uuid(),
    receivedAt: instant,
    sha256,
    late: z.boolean(),
    quota: quota.nullable(),
    links: z.object({ self: address, file: address, page: address, leaderboard: address }),
  })
  .meta({ id: 'Receipt' });

export const fileError = z
  .object({
    line: z.int(),
    column: z.int(),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: 'FileError' });

const counts = z
  .object({ hits: z.int(), substitutions: z.int(), deletions: z.int(), insertions: z.int() })
  .meta({ id: 'Counts' });
const interval = z.tuple([z.number(), z.number()]).nullable();

const part = z.object({ words: counts, wer: ratio, interval }).meta({ id: 'Part' });

const rate = z.object({ wer: ratio, interval }).meta({ id: 'Rate' });

export const score = rate
  .extend({
    dev: z
      .object({
        words: counts,
        characters: counts,
        cer: ratio,
        utterances: z.array(z.object({ id: z.string(), words: counts })),
      })
      .nullable(),
    test: z.object({ whole: part, public: part, private: part }).nullable(),
  })
  .meta({ id: 'Score' });

export const submissionSummary = z
  .object({
    id: z.uuid(),
    competition: z.string(),
    split: scoredSplit,
    state: z.enum(['queued', 'scoring', 'scored', 'rejected', 'failed']),
    queuePosition: z.int().nullable(),
    score: rate.nullable(),
    verdict: z.enum(['improvement', 'no-improvement', 'waiting']).nullable(),
    receivedAt: instant,
    finishedAt: instant.nullable(),
    late: z.boolean(),
    voided: z.boolean(),
    charged: z.boolean(),
    author: z.string().nullable(),
    file: z.string(),
    note: z.string(),
    code: z.string().nullable(),
    format: z.string().nullable(),
    bytes: z.int(),
    sha256,
    errorCount: z.int(),
    failure: z.string().nullable(),
    links: z.object({ self: address, file: address, page: address, leaderboard: address }),
  })
  .meta({ id: 'SubmissionSummary' });

export const submission = submissionSummary
  .extend({
    score: score.nullable(),
    errors: z.array(fileError),
    warnings: z.array(fileError),
  })
  .meta({ id: 'Submission' });

export const submissionList = z
  .object({
    submissions: z.array(submissionSummary),
    quota,
  })
  .meta({ id: 'SubmissionList' });

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(fileError).optional(),
  })
  .meta({ id: 'Problem' });

/** How places were tested for ties. */
const tieTest = z.object({
  method: z.enum(['all-pairs', 'leader']).optional(),
  units: z.int(),
  seed: z.number(),
  resamples: z.int(),
});

const boardRow = z
  .object({
    rank: z.int().nullable(),
    team: z.string(),
    isBaseline: z.boolean(),
    wer: ratio,
    interval,
    tied: z.int().nullable(),
    entries: z.int(),
    lastAt: instant.nullable(),
    change: ratio,
    history: z.array(z.tuple([instant, z.number()])),
    teamId: z.uuid(),
    kind: z.enum(['team', 'baseline']),
    isGuest: z.boolean(),
    isUnranked: z.literal(true).optional(),
    isDemo: z.boolean(),
    members: z.int(),
  })
  .meta({ id: 'BoardRow' });

export const leaderboard = z
  .object({
    version: z.int(),
    at: instant,
    frozen: z.boolean(),
    /** Snapshots from before places were tested say nothing of ties. */
    ties: tieTest.nullable().optional(),
    rows: z.array(boardRow),
  })
  .meta({ id: 'Leaderboard' });

export const ownState = z
  .object({
    now: instant,
    team: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    quota: quota.nullable(),
  })
  .meta({ id: 'OwnState' });

export type AccountAnswer = z.infer<typeof account>;
export type CompetitionSummary = z.infer<typeof competitionSummary>;
export type CompetitionFacts = z.infer<typeof competitionFacts>;
export type CompetitionList = z.infer<typeof competitionList>;
export type DataListing = z.infer<typeof dataListing>;
export type LeaderboardAnswer = z.infer<typeof leaderboard>;
export type OwnState = z.infer<typeof ownState>;
export type ReceiptAnswer = z.infer<typeof receipt>;
export type ScoreAnswer = z.infer<typeof score>;
export type SubmissionSummary = z.infer<typeof submissionSummary>;
export type SubmissionAnswer = z.infer<typeof submission>;
export type SubmissionListAnswer = z.infer<typeof submissionList>;
