import type { Competition } from '#lib/competition.ts';
import { RefusedError } from '#lib/errors.ts';
import { fromLocalInput, toLocalInput } from '#lib/time.ts';

/** The boundaries of a competition, in the order in which they are set. */
export const requiredBoundaries = [
  'registrationStartsAt',
  'registrationEndsAt',
  'teamChangesStartAt',
  'teamChangesEndAt',
  'trainReleasedAt',
  'devReleasedAt',
  'testReleasedAt',
  'submissionsStartAt',
  'submissionsEndAt',
] as const;
export const optionalBoundaries = ['freezesAt', 'defenceAt', 'revealsAt', 'gradesPublishedAt'] as const;

type Required = (typeof requiredBoundaries)[number];
type Optional = (typeof optionalBoundaries)[number];
export type Boundary = Required | Optional;

/** Boundaries that move, and where to; null takes an optional one away. */
export type Moves = Partial<Record<Required, Date> & Record<Optional, Date | null>>;

/** Local times of the competition's zone as they were typed, by boundary. */
export type TypedTimeline = Readonly<Partial<Record<Boundary, string>>>;

/** The boundaries as fields show them: local times of the competition's zone in whole minutes, '' where there is none. */
export function shownTimeline(competition: Competition): Record<Boundary, string> {
  const shown = [...requiredBoundaries, ...optionalBoundaries].map((boundary) => [
    boundary,
    shownIn(competition, boundary),
  ]);
  return Object.fromEntries(shown);
}

function shownIn({ timeZone, ...competition }: Competition, boundary: Boundary): string {
  const instant = competition[boundary];
  return instant === null ? '' : toLocalInput(instant, timeZone);
}

/**
 * Which boundaries the typed times move. Fields show whole minutes, so one left as it was shown is no move, whatever seconds the
 * instant has. Refuses what is no date with a time ('instant-invalid', naming the field by `label`), and after publication a
 * move without a reason ('reason-required').
 */
export function readMoves(
  competition: Competition,
  typed: TypedTimeline,
  reason: string,
  label: (boundary: Boundary) => string,
): Moves {
  const moves: Moves = {};
  for (const boundary of requiredBoundaries) {
    const moved = moveOf(competition, boundary, typed, label);
    if (moved === null) throw new RefusedError('instant-invalid', 422, { field: label(boundary) });
    if (moved !== 'stays') moves[boundary] = moved;
  }
  for (const boundary of optionalBoundaries) {
    const moved = moveOf(competition, boundary, typed, label);
    if (moved !== 'stays') moves[boundary] = moved;
  }
  const needsReason = competition.publishedAt !== null && Object.keys(moves).length > 0;
  if (needsReason && reason.trim() === '') throw new RefusedError('reason-required', 422);
  return moves;
}

/** Instants that are still to come, the next one first, each with every boundary that it is. */
export function upcomingBoundaries(competition: Competition, now: Date): { at: Date; boundaries: Boundary[] }[] {
  const byInstant = new Map<number, Boundary[]>();
  for (const boundary of [...requiredBoundaries, ...optionalBoundaries]) {
    const instant = competition[boundary];
    if (instant === null || instant <= now) continue;
    byInstant.set(instant.getTime(), [...(byInstant.get(instant.getTime()) ?? []), boundary]);
  }
  return [...byInstant].sort(([a], [b]) => a - b).map(([at, boundaries]) => ({ at: new Date(at), boundaries }));
}

function moveOf(
  competition: Competition,
  boundary: Boundary,
  typed: TypedTimeline,
  label: (boundary: Boundary) => string,
): Date | null | 'stays' {
  const text = typed[boundary]?.trim() ?? '';
  if (text === shownIn(competition, boundary)) return 'stays';
  if (text === '') return null;
  const instant = fromLocalInput(text, competition.timeZone);
  if (instant === null) throw new RefusedError('instant-invalid', 422, { field: label(boundary) });
  return instant;
}
