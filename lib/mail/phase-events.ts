import type { Competition } from '#lib/competition.ts';

/*
 * What the clock brings about in a competition, as far as people are written to about it. Pure: which of it is due at an instant.
 */

const phaseEventKinds = [
  'registration-open',
  'registration-closing',
  'teams-locking',
  'train-released',
  'dev-released',
  'test-released',
  'submissions-open',
  'nothing-sent',
  'frozen',
  'closed',
] as const;
export type PhaseEventKind = (typeof phaseEventKinds)[number];

/**
 * Who is told: `students` of its course who have not accepted the rules; `teamless`, who have and are in no team; `participants`, who
 * have or are in a team; `members` of teams, `done` of those that may send nothing more, `silent` of those that have sent nothing for test.
 */
export type Audience = 'students' | 'teamless' | 'participants' | 'members' | 'done' | 'silent';

/** `at` is the boundary that is told of, `until` the instant from which on the mail would say nothing true. */
export type PhaseEvent = { kind: PhaseEventKind; at: Date; until: Date | null };

const hour = 3_600_000;
/** Warnings come so long before. */
const warningMs = 24 * hour;
/** What nobody was told within this time, since the platform was down, is no news any more. */
const freshMs = 12 * hour;

export const audienceOf: Record<PhaseEventKind, Audience> = {
  'registration-open': 'students',
  'registration-closing': 'students',
  'teams-locking': 'teamless',
  'train-released': 'participants',
  'dev-released': 'participants',
  'test-released': 'participants',
  'submissions-open': 'participants',
  'nothing-sent': 'silent',
  frozen: 'members',
  closed: 'done',
};

/** Warnings may be refused as reminders, the rest as news of phases. */
export function isWarning(kind: PhaseEventKind): boolean {
  return kind === 'registration-closing' || kind === 'teams-locking' || kind === 'nothing-sent';
}

/**
 * Events that are due, in the order of the kinds. What had begun when the competition was published is due from then on. A window
 * shorter than a warning's notice has no warning: it was told when it opened.
 */
export function listDueEvents(competition: Competition, now: Date): PhaseEvent[] {
  const { publishedAt } = competition;
  if (publishedAt === null || now < publishedAt) return [];
  return scheduleOf(competition)
    .filter(({ dueAt, until }) => {
      const due = Math.max(dueAt.getTime(), publishedAt.getTime());
      return due <= now.getTime() && now.getTime() < due + freshMs && (until === null || now < until);
    })
    .map(({ kind, at, until }) => ({ kind, at, until }));
}

type Scheduled = PhaseEvent & { dueAt: Date };

function scheduleOf(c: Competition): Scheduled[] {
  const begins = (kind: PhaseEventKind, at: Date, until: Date | null): Scheduled => ({ kind, at, until, dueAt: at });
  const warns = (kind: PhaseEventKind, from: Date, at: Date): Scheduled[] => {
    const dueAt = new Date(at.getTime() - warningMs);
    return dueAt <= from ? [] : [{ kind, at, until: at, dueAt }];
  };
  // A board that freezes at the close is told of by the close.
  const freeze = c.freezesAt !== null && c.freezesAt < c.submissionsEndAt ? c.freezesAt : null;
  return [
    begins('registration-open', c.registrationStartsAt, c.registrationEndsAt),
    ...warns('registration-closing', c.registrationStartsAt, c.registrationEndsAt),
    ...warns('teams-locking', c.teamChangesStartAt, c.teamChangesEndAt),
    begins('train-released', c.trainReleasedAt, null),
    begins('dev-released', c.devReleasedAt, null),
    begins('test-released', c.testReleasedAt, null),
    begins('submissions-open', c.submissionsStartAt, c.submissionsEndAt),
    ...warns('nothing-sent', c.submissionsStartAt, c.submissionsEndAt),
    ...(freeze === null ? [] : [begins('frozen', freeze, c.submissionsEndAt)]),
    begins('closed', c.submissionsEndAt, c.revealsAt),
  ];
}
