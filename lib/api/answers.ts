import { z } from 'zod';

/*
 * The bodies that /api/v1 answers with, as schemas: the routes are typed by them, clients check by them, and the OpenAPI document
 * is made of them. Instants are ISO 8601 in UTC, rates are ratios, sizes are bytes.
 */

const instant = z.iso.datetime();
const address = z.url();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const split = z.enum(['train', 'dev', 'test']);
const scoredSplit = z.enum(['dev', 'test']);
const ratio = z.number().nullable();

export const window = z.object({ start: instant, end: instant.nullable() }).meta({
  id: 'Window',
  description: 'Half-open, [start, end). Without an end it stays open.',
});

export const competitionSummary = z
  .object({
    slug: z.string(),
    name: z.string().meta({ description: 'In the language of the caller.' }),
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

export const competitionList = z.object({ competitions: z.array(competitionSummary) }).meta({ id: 'CompetitionList' });

export const competitionFacts = competitionSummary
  .extend({
    now: instant.meta({ description: 'The clock that the rules read.' }),
    brief: z.string().meta({ description: 'Markdown, in the language of the caller.' }),
    rules: z.string().meta({ description: 'Markdown, in the language of the caller.' }),
    rulesVersion: z.int(),
    licence: z.string(),
    attribution: z.string(),
    quota: z.object({ perDay: z.int(), timeZone: z.string(), resetsAt: instant }),
    log: z.object({ position: z.int(), sha256 }).nullable().meta({
      description:
        'The head of the competition’s log: with it noted, nobody changes what was before it unnoticed. From the freeze to the reveal that of the freeze.',
    }),
    teamSize: z.int(),
    policy: z.enum(['open', 'ladder']),
    ladderThreshold: ratio.meta({
      description:
        'By about how much WER has to fall below the team’s best for a new score, in steps of 0.001. Null but under the policy “ladder”.',
    }),
    profile: z.string(),
    profileVersion: z.int(),
    profileHash: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .meta({ description: 'Of all that decides how texts are read, the mapping included; it stands in every score.' }),
    mapping: z
      .object({ rules: z.int(), bytes: z.int(), sha256, url: address })
      .nullable()
      .meta({ description: 'The spellings that count as others, as the file under `url`. Null where there are none.' }),
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
      z.object({ id: z.string(), split, seconds: z.number().nullable(), bytes: z.int(), sha256, url: address }),
    ),
    archives: z.array(z.object({ split, bytes: z.int(), sha256, url: address })),
    manifests: z.array(z.object({ split, url: address })),
    sampleSubmission: address.nullable().meta({ description: 'Null until the test split is released.' }),
  })
  .meta({ id: 'Data' });

export const quota = z.object({ used: z.int(), limit: z.int(), resetsAt: instant }).meta({
  id: 'Quota',
  description: 'Attempts of the team on the day of the competition that the upload was charged to.',
});

export const receipt = z
  .object({
    id: z.uuid(),
    receivedAt: instant.meta({ description: 'Decides the window and the day.' }),
    sha256: sha256.meta({ description: 'Of the bytes as sent and stored.' }),
    late: z.boolean(),
    quota: quota.nullable().meta({ description: 'Null where nothing was charged.' }),
    links: z.object({ self: address, file: address, page: address, leaderboard: address }),
  })
  .meta({ id: 'Receipt' });

export const fileError = z
  .object({
    line: z.int().meta({ description: '1-based; 0 for the file as a whole.' }),
    column: z.int().meta({ description: '1-based, in code points; 0 for the whole line or file.' }),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: 'FileError' });

const counts = z.object({ hits: z.int(), substitutions: z.int(), deletions: z.int(), insertions: z.int() });
const interval = z.tuple([z.number(), z.number()]).nullable();

const part = z.object({ words: counts, wer: ratio, interval });

const rate = z.object({ wer: ratio, interval }).meta({
  id: 'Rate',
  description: 'On test: of the public part, rounded to thousandths, with its interval rounded outwards.',
});

export const score = rate
  .extend({
    dev: z
      .object({
        words: counts,
        characters: counts,
        cer: ratio,
        utterances: z.array(z.object({ id: z.string(), words: counts })),
      })
      .nullable()
      .meta({ description: 'Of the dev split: everything. Null on test.' }),
    test: z.object({ whole: part, public: part, private: part }).nullable().meta({
      description: 'Of the test split and its folds, once the results are revealed. Null before, and on dev.',
    }),
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
    verdict: z.enum(['improvement', 'no-improvement', 'waiting']).nullable().meta({
      description:
        'Under the policy “ladder”: whether the file is a significant improvement over the team’s best so far and has a score; “waiting” until the baseline and earlier files are counted. Null where every score is shown.',
    }),
    receivedAt: instant,
    finishedAt: instant.nullable(),
    late: z.boolean(),
    voided: z.boolean(),
    charged: z.boolean().meta({ description: 'Whether it cost an attempt that was not given back.' }),
    author: z.string().nullable(),
    file: z.string(),
    note: z.string(),
    code: z.string().nullable(),
    format: z.string().nullable(),
    bytes: z.int(),
    sha256,
    errorCount: z.int().meta({ description: 'How many problems a rejected file has.' }),
    failure: z
      .string()
      .nullable()
      .meta({ description: 'Why the platform could not score it, in the language of the caller.' }),
    links: z.object({ self: address, file: address, page: address, leaderboard: address }),
  })
  .meta({ id: 'SubmissionSummary' });

export const submission = submissionSummary
  .extend({
    score: score.nullable(),
    errors: z.array(fileError).meta({ description: 'Of each code the first hundred.' }),
    warnings: z.array(fileError),
  })
  .meta({ id: 'Submission' });

export const submissionList = z
  .object({
    submissions: z.array(submissionSummary),
    quota: quota.meta({ description: 'As of now.' }),
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
  .meta({ id: 'Problem', description: 'RFC 9457, as application/problem+json.' });

export type CompetitionSummary = z.infer<typeof competitionSummary>;
export type CompetitionFacts = z.infer<typeof competitionFacts>;
export type CompetitionList = z.infer<typeof competitionList>;
export type DataListing = z.infer<typeof dataListing>;
export type ReceiptAnswer = z.infer<typeof receipt>;
export type ScoreAnswer = z.infer<typeof score>;
export type SubmissionSummary = z.infer<typeof submissionSummary>;
export type SubmissionAnswer = z.infer<typeof submission>;
export type SubmissionListAnswer = z.infer<typeof submissionList>;
