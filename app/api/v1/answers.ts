import { createHash } from 'node:crypto';
import type {
  CompetitionFacts,
  CompetitionSummary,
  ReceiptAnswer,
  ScoreAnswer,
  SubmissionAnswer,
  SubmissionSummary,
} from '#lib/api/answers.ts';
import {
  briefOf,
  type Competition,
  isFrozen,
  isOpen,
  nameOf,
  phase,
  quotaResetsAt,
  rulesOf,
  windows,
} from '#lib/competition.ts';
import { errorRate } from '#lib/counts.ts';
import type { Quota } from '#lib/db/quota.ts';
import type { SubmissionStatus, SubmissionView } from '#lib/db/submission-views.ts';
import type { SplitSummary } from '#lib/db/utterances.ts';
import { webEnv } from '#lib/env.ts';
import { failureSentence } from '#lib/failure-sentence.ts';
import { fileErrors } from '#lib/http.ts';
import type { ChainHead } from '#lib/log-chain.ts';
import { mappingCsv } from '#lib/mapping-csv.ts';
import type { Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { uploadLimits } from '#lib/predictions/limits.ts';
import type { PartScore, WholeScore } from '#lib/scores.ts';
import { profileHash } from '#scoring/profile-hash.ts';
import { isProfileName, profiles } from '#scoring/wer/normalise.ts';

/*
 * Rows as the API shows them. Every key is written out: what is added to a row does not leave the house by itself.
 */

export function summaryOf(competition: Competition, now: Date, language: Language): CompetitionSummary {
  const c = competition;
  const all = windows(c);
  const window = ({ start, end }: { start: Date; end: Date | null }) => ({
    start: start.toISOString(),
    end: optional(end),
  });
  return {
    slug: c.slug,
    name: nameOf(c, language),
    names: { ru: c.nameRu, en: c.nameEn },
    phase: phase(c, now),
    frozen: isFrozen(c, now),
    isDemo: c.isDemo,
    timeZone: c.timeZone,
    windows: {
      registration: window(all.registration),
      teamChanges: window(all.teamChanges),
      train: window(all.train),
      dev: window(all.dev),
      test: window(all.test),
      submissions: window(all.submissions),
    },
    instants: {
      freeze: optional(c.freezesAt),
      close: c.submissionsEndAt.toISOString(),
      defence: optional(c.defenceAt),
      reveal: optional(c.revealsAt),
      gradesPublished: optional(c.gradesPublishedAt),
    },
    links: {
      self: apiAddress(c.slug),
      page: pageAddress(c.slug),
      data: apiAddress(c.slug, '/data'),
      submissions: apiAddress(c.slug, '/submissions'),
      leaderboard: apiAddress(c.slug, '/leaderboard'),
      events: apiAddress(c.slug, '/events'),
    },
  };
}

/** How texts are read before they are scored. */
function readingOf({ id, slug, profile, mapping }: Competition) {
  if (!isProfileName(profile)) throw new Error(`competition ${id} has an unknown profile "${profile}"`);
  const file = mapping && Buffer.from(mappingCsv(mapping));
  return {
    profile,
    profileVersion: profiles[profile].version,
    profileHash: profileHash(profile, mapping),
    mapping: file && {
      rules: mapping.length,
      bytes: file.length,
      sha256: createHash('sha256').update(file).digest('hex'),
      url: apiAddress(slug, '/mapping.csv'),
    },
  };
}

export function factsOf(
  competition: Competition,
  splits: readonly SplitSummary[],
  { thresholdPermille, head }: { thresholdPermille: number | null; head: ChainHead | null },
  now: Date,
  language: Language,
): CompetitionFacts {
  const c = competition;
  const all = windows(c);
  return {
    ...summaryOf(c, now, language),
    now: now.toISOString(),
    brief: briefOf(c, language),
    rules: rulesOf(c, language),
    rulesVersion: c.rulesVersion,
    licence: c.licence,
    attribution: c.attribution,
    quota: { perDay: c.dailyQuota, timeZone: c.timeZone, resetsAt: quotaResetsAt(c, now).toISOString() },
    log: head && { position: head.position, sha256: head.hash },
    teamSize: c.teamSize,
    policy: c.policy,
    ladderThreshold: thresholdPermille === null ? null : thresholdPermille / 1000,
    ...readingOf(c),
    unit: c.unit,
    publicFoldPercent: c.publicFoldPercent,
    splits: splits.map(({ split, utterances, seconds, bytes }) => ({
      split,
      released: isOpen(all[split], now),
      releasedAt: all[split].start.toISOString(),
      utterances,
      seconds,
      bytes,
    })),
    limits: {
      sentBytes: uploadLimits.sentBytes,
      unpackedBytes: uploadLimits.fileBytes,
      lineBytes: uploadLimits.lineBytes,
    },
  };
}

export function quotaOf({ used, limit, resetsAt }: Quota): NonNullable<ReceiptAnswer['quota']> {
  return { used, limit, resetsAt: resetsAt.toISOString() };
}

export function submissionSummaryOf(view: SubmissionView, t: Translate): SubmissionSummary {
  const { status } = view;
  const score = status.state === 'scored' ? scoreOf(status) : null;
  return {
    id: view.id,
    competition: view.slug,
    split: view.split,
    state: status.state,
    queuePosition: 'position' in status ? status.position : null,
    score: score && { wer: score.wer, interval: score.interval },
    verdict: status.state === 'scored' ? status.verdict : null,
    receivedAt: view.receivedAt.toISOString(),
    finishedAt: 'finishedAt' in status ? status.finishedAt.toISOString() : null,
    late: view.late,
    voided: view.voidedAt !== null,
    charged: view.charged,
    author: view.author?.name ?? null,
    file: view.fileName,
    note: view.note,
    code: view.codeLink,
    format: view.format,
    bytes: view.bytes,
    sha256: view.sha256,
    errorCount: status.state === 'rejected' ? status.problemCount : 0,
    failure: status.state === 'failed' ? failureSentence(status.reason, t) : null,
    links: submissionLinks(view.slug, view.id),
  };
}

export function submissionOf(view: SubmissionView, t: Translate): SubmissionAnswer {
  const { status, warnings } = view;
  return {
    ...submissionSummaryOf(view, t),
    score: status.state === 'scored' ? wholeScoreOf(status, view.whole) : null,
    errors: status.state === 'rejected' ? fileErrors(status.problems, t) : [],
    warnings: fileErrors(warnings, t),
  };
}

export function submissionLinks(slug: string, id: string): ReceiptAnswer['links'] {
  const self = `${webEnv().origin}/api/v1/submissions/${id}`;
  const page = pageAddress(slug, `/submissions/${id}`);
  return { self, file: `${self}/file`, page, leaderboard: apiAddress(slug, '/leaderboard') };
}

/** Ids and names of recordings may hold anything; slashes stay, as those of a path. */
export function recordingAddress(slug: string, split: string, id: string): string {
  const path = id.split('/').map(encodeURIComponent).join('/');
  return apiAddress(slug, `/data/files/${split}/${path}`);
}

export function apiAddress(slug: string, path = ''): string {
  return `${webEnv().origin}/api/v1/competitions/${slug}${path}`;
}

function pageAddress(slug: string, path = ''): string {
  return `${webEnv().origin}/c/${slug}${path}`;
}

type Scored = Extract<SubmissionStatus, { state: 'scored' }>;

/** After the reveal a file that never had a number has its counts, too. */
function wholeScoreOf(status: Scored, whole: WholeScore | null): ScoreAnswer | null {
  if (whole === null) return scoreOf(status);
  const test = { whole: partOf(whole.whole), public: partOf(whole.public), private: partOf(whole.private) };
  return { wer: null, interval: null, dev: null, ...scoreOf(status), test };
}

function partOf({ counts, interval }: PartScore): NonNullable<ScoreAnswer['test']>['whole'] {
  return { words: counts, wer: errorRate(counts), interval: interval && [interval[0], interval[1]] };
}

/** Null where this viewer may see no score now, or none exists. */
function scoreOf({ test, dev }: Scored): ScoreAnswer | null {
  if (dev !== null) {
    const { words, characters, interval, utterances } = dev;
    const everything = { words, characters, cer: errorRate(characters), utterances: [...utterances] };
    return { wer: errorRate(words), interval: interval && [interval[0], interval[1]], dev: everything, test: null };
  }
  if (test === null) return null;
  const { werPermille, intervalPermille } = test;
  const interval = intervalPermille && ratios(intervalPermille);
  return { wer: werPermille / 1000, interval, dev: null, test: null };
}

function ratios([low, high]: readonly [number, number]): [number, number] {
  return [low / 1000, high / 1000];
}

function optional(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
