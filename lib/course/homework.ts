import { type CourseSettings, roundPoints } from '#lib/course/settings.ts';
import { startedDays } from '#lib/time.ts';

/*
 * What a homework is worth when it was handed in. Pure; the zone is the course's, never that of a server or a reader.
 */

/** The hard one is the later of the two. */
export type Deadlines = { softAt: Date; hardAt: Date };

/** What was marked, before anything is taken off, and when it was handed in. */
export type Marked = { points: number; handedInAt: Date };

/** How the points came about, for a sentence in the reader's language. */
export type HomeworkReason =
  | { kind: 'none' }
  | { kind: 'in-time' }
  /** `penalty` is what was really taken off, never more than was marked. */
  | { kind: 'late'; days: number; penalty: number }
  | { kind: 'too-late' };

export type HomeworkPoints = { points: number; why: HomeworkReason };

/**
 * In time up to and at the soft deadline. After it each started day costs `penaltyPerDay`: the first begins at the deadline, each next
 * at the same local time. From the hard deadline on nothing counts. Never below 0.
 */
export function pointsOfHomework(
  marked: Marked | null,
  { softAt, hardAt }: Deadlines,
  rule: Pick<CourseSettings, 'penaltyPerDay'> & { timeZone: string },
): HomeworkPoints {
  if (marked === null) return { points: 0, why: { kind: 'none' } };
  const { points, handedInAt } = marked;
  if (handedInAt >= hardAt) return { points: 0, why: { kind: 'too-late' } };
  if (handedInAt <= softAt) return { points: roundPoints(points), why: { kind: 'in-time' } };
  const days = startedDays(softAt, handedInAt, rule.timeZone);
  const penalty = Math.min(roundPoints(points), roundPoints(days * rule.penaltyPerDay));
  return { points: roundPoints(points - penalty), why: { kind: 'late', days, penalty } };
}

/** The later of what holds for all and what was agreed with one student: an agreement takes nothing away. */
export function deadlinesWith(general: Deadlines, agreed: Deadlines | null): Deadlines {
  if (agreed === null) return general;
  const later = (a: Date, b: Date) => (a >= b ? a : b);
  return { softAt: later(general.softAt, agreed.softAt), hardAt: later(general.hardAt, agreed.hardAt) };
}
