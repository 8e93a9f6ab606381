import type { competitions } from '#lib/db/schema.ts';
import type { Language } from '#lib/messages/language.ts';
import { localDay, nextLocalDay } from '#lib/time.ts';

export type Competition = typeof competitions.$inferSelect;
export type Split = 'train' | 'dev' | 'test';

export const splits: readonly Split[] = ['train', 'dev', 'test'];

/** Half-open, [start, end). A null end means "for good". */
export type Window = { start: Date; end: Date | null };
export type WindowName = 'registration' | 'teamChanges' | 'train' | 'dev' | 'test' | 'submissions';

/** Where a competition stands as a whole; the single windows are independent of each other and decide what one may do. */
export type Phase = 'draft' | 'upcoming' | 'registration' | 'submissions' | 'closed' | 'revealing' | 'revealed';

/** The one sentence a team reads: message `competition.status-${key}`, filled with `until`. */
export type Status =
  | { key: 'draft' | 'revealing' | 'revealed'; until: null }
  | { key: Exclude<Phase, 'draft' | 'revealing' | 'revealed'> | 'frozen'; until: Date | null };

export function windows(competition: Competition): Record<WindowName, Window> {
  const c = competition;
  return {
    registration: { start: c.registrationStartsAt, end: c.registrationEndsAt },
    teamChanges: { start: c.teamChangesStartAt, end: c.teamChangesEndAt },
    train: { start: c.trainReleasedAt, end: null },
    dev: { start: c.devReleasedAt, end: null },
    test: { start: c.testReleasedAt, end: null },
    submissions: { start: c.submissionsStartAt, end: c.submissionsEndAt },
  };
}

export function isOpen(window: Window, now: Date): boolean {
  return window.start <= now && (window.end === null || now < window.end);
}

export function phase(competition: Competition, now: Date): Phase {
  if (competition.publishedAt === null || now < competition.publishedAt) return 'draft';
  if (isRevealed(competition, now)) return 'revealed';
  if (isRevealDue(competition, now)) return 'revealing';
  if (now >= competition.submissionsEndAt) return 'closed';
  if (now >= competition.submissionsStartAt) return 'submissions';
  return now >= competition.registrationStartsAt ? 'registration' : 'upcoming';
}

export function status(competition: Competition, now: Date): Status {
  const key = phase(competition, now);
  switch (key) {
    case 'draft':
    case 'revealing':
    case 'revealed':
      return { key, until: null };
    case 'upcoming':
      return { key, until: competition.registrationStartsAt };
    case 'registration':
      return { key, until: competition.submissionsStartAt };
    case 'submissions':
      return { key: isFrozen(competition, now) ? 'frozen' : key, until: competition.submissionsEndAt };
    case 'closed':
      return { key, until: competition.revealsAt };
  }
}

/**
 * How the one sentence will change, as if the competition were published now: from which instant on it is another, in order. The
 * first has no start; the end of a staged reveal has no instant and is none.
 */
export function listStages(competition: Competition): { from: Date | null; status: Status }[] {
  const published = { ...competition, publishedAt: new Date(0) };
  const { registrationStartsAt, submissionsStartAt, submissionsEndAt, freezesAt, revealsAt } = competition;
  const starts = [registrationStartsAt, submissionsStartAt, freezesAt, submissionsEndAt, revealsAt]
    .filter((instant) => instant !== null)
    .sort((a, b) => a.getTime() - b.getTime());
  const stages = [null, ...starts].map((from) => ({ from, status: status(published, from ?? new Date(0)) }));
  return stages.filter(({ status: { key } }, i) => key !== stages[i - 1]?.status.key);
}

/** From the freeze to the end of the reveal the public board stands still. */
export function isFrozen(competition: Competition, now: Date): boolean {
  return competition.freezesAt !== null && now >= competition.freezesAt && !isRevealed(competition, now);
}

/** Since when the public board stands still; null while it does not. */
export function frozenSince(competition: Competition, now: Date): Date | null {
  return isFrozen(competition, now) ? competition.freezesAt : null;
}

/** Whether everything is open: the instant of the reveal has passed and, where it is staged, its last step was shown. As SQL's is_revealed. */
export function isRevealed(competition: Competition, now: Date): boolean {
  const { revealMode, revealEndedAt } = competition;
  return (
    isRevealDue(competition, now) && (revealMode === 'at-once' || (revealEndedAt !== null && now >= revealEndedAt))
  );
}

/** From then on there is a result, and a staged reveal may begin. */
export function isRevealDue({ revealsAt }: Competition, now: Date): boolean {
  return revealsAt !== null && now >= revealsAt;
}

/** From when on a team's files are late, with which a close of `until` was agreed: never earlier than for all, never after the reveal. */
export function closeFor(competition: Competition, until: Date | null): Date {
  const { submissionsEndAt, revealsAt } = competition;
  if (until === null || until <= submissionsEndAt) return submissionsEndAt;
  return revealsAt !== null && revealsAt < until ? revealsAt : until;
}

/** The next instant at which what people see of the competition changes, or null: for countdowns and `phase` events. */
export function nextBoundary(competition: Competition, now: Date): Date | null {
  const c = competition;
  const instants = [
    ...Object.values(windows(c)).flatMap((w) => [w.start, w.end]),
    c.publishedAt,
    c.freezesAt,
    c.revealsAt,
  ];
  const ahead = instants.filter((instant): instant is Date => instant !== null && instant > now);
  return ahead.length === 0 ? null : new Date(Math.min(...ahead.map(Number)));
}

/** The day that an upload at `instant` is charged to: a calendar day in the competition's zone. */
export function quotaDay(competition: Pick<Competition, 'timeZone'>, instant: Date): string {
  return localDay(instant, competition.timeZone);
}

export function quotaResetsAt(competition: Pick<Competition, 'timeZone'>, instant: Date): Date {
  return nextLocalDay(instant, competition.timeZone);
}

export function nameOf(competition: Pick<Competition, 'nameRu' | 'nameEn'>, language: Language): string {
  return language === 'ru' ? competition.nameRu : competition.nameEn;
}

export function briefOf(competition: Competition, language: Language): string {
  return language === 'ru' ? competition.briefRu || competition.briefEn : competition.briefEn || competition.briefRu;
}

export function rulesOf(competition: Competition, language: Language): string {
  return language === 'ru' ? competition.rulesRu || competition.rulesEn : competition.rulesEn || competition.rulesRu;
}
