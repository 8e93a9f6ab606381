/*
 * What is kept how long. The page /privacy shows this table; lib/db/retention.ts deletes what has a period, lib/archive-uploads.ts
 * and the log files' own limit the rest.
 */

/** `days` or `hours` after the last that it was needed for; `erasure`: until the person is erased; `megabytes` of each process. */
export type Period =
  | { until: 'days'; count: number }
  | { until: 'hours'; count: number }
  | { until: 'megabytes'; count: number }
  | { until: 'erasure' | 'competition' | 'course' | 'always' | 'operator' };

/** Whatever is deleted by the clock, and nothing else. */
export const passing = [
  'sessions',
  'mails',
  'links',
  'tokens',
  'invitations',
  'counters',
  'offers',
  'tellings',
  'reminders',
  'checks',
] as const;
export type Passing = (typeof passing)[number];
export type Kept = Passing | (typeof lasting)[number];

const lasting = ['account', 'teams', 'files', 'words', 'courses', 'events', 'uploads', 'logs', 'backups'] as const;

/** Within a day whoever clicks on an ended link is told so; within two every limit has begun anew. */
const linkDays = 1;
const counterDays = 2;
/** A part in running a competition waits so long for somebody to sign up with its address. */
export const offerDays = 30;
/** Nothing is told later than a day after it happened: what was told is no longer asked for by then, whoever's clock is wrong. */
const leastTellingDays = 7;
/** ROSTRUM_KEEP_DAYS where it is not set, and the most: a known network sets an account's owner apart from who guesses. */
export const defaultKeepDays = 30;
export const mostKeepDays = 365;
/** A file of 10 MB, and the one before it. */
const logMegabytes = 20;

/** For how many days what passes is kept. */
export function daysKept(kind: Passing, keepDays: number): number {
  switch (kind) {
    case 'links':
      return linkDays;
    case 'counters':
      return counterDays;
    case 'offers':
      return offerDays;
    case 'tellings':
    case 'reminders':
      return Math.max(leastTellingDays, keepDays);
    default:
      return keepDays;
  }
}

/** Everything that is stored about people, in the order in which the page tells it. */
export function retentionTable(keepDays: number, uploadHours: number): { kind: Kept; period: Period }[] {
  return [
    { kind: 'account', period: { until: 'erasure' } },
    { kind: 'sessions', period: { until: 'days', count: daysKept('sessions', keepDays) } },
    { kind: 'tokens', period: { until: 'days', count: daysKept('tokens', keepDays) } },
    { kind: 'links', period: { until: 'days', count: daysKept('links', keepDays) } },
    { kind: 'mails', period: { until: 'days', count: daysKept('mails', keepDays) } },
    { kind: 'counters', period: { until: 'days', count: daysKept('counters', keepDays) } },
    { kind: 'tellings', period: { until: 'days', count: daysKept('tellings', keepDays) } },
    { kind: 'reminders', period: { until: 'days', count: daysKept('reminders', keepDays) } },
    { kind: 'teams', period: { until: 'competition' } },
    { kind: 'invitations', period: { until: 'days', count: daysKept('invitations', keepDays) } },
    { kind: 'offers', period: { until: 'days', count: daysKept('offers', keepDays) } },
    { kind: 'files', period: { until: 'competition' } },
    { kind: 'words', period: { until: 'erasure' } },
    { kind: 'courses', period: { until: 'course' } },
    { kind: 'events', period: { until: 'always' } },
    { kind: 'checks', period: { until: 'days', count: daysKept('checks', keepDays) } },
    { kind: 'uploads', period: { until: 'hours', count: uploadHours } },
    { kind: 'logs', period: { until: 'megabytes', count: logMegabytes } },
    { kind: 'backups', period: { until: 'operator' } },
  ];
}
