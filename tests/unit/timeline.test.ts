import { describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { RefusedError } from '#lib/errors.ts';
import {
  type Boundary,
  optionalBoundaries,
  readMoves,
  requiredBoundaries,
  shownTimeline,
  type TypedTimeline,
  upcomingBoundaries,
} from '#lib/timeline.ts';

const began = new Date('2026-11-01T09:30:25.500Z');
const ends = new Date('2026-12-01T20:59:00Z');

/** Only what a timeline is made of. */
function aTimeline(change: Partial<Competition> = {}): Competition {
  const required = Object.fromEntries(requiredBoundaries.map((name) => [name, name.includes('Ends') ? ends : began]));
  const optional = Object.fromEntries(optionalBoundaries.map((name) => [name, null]));
  return { timeZone: 'Europe/Moscow', publishedAt: began, ...required, ...optional, ...change } as Competition;
}

/** As the form sends it when nothing is touched, but for `change`. */
function asShown(competition: Competition, change: TypedTimeline = {}): TypedTimeline {
  return { ...shownTimeline(competition), ...change };
}

function refusalOf(competition: Competition, typed: TypedTimeline, reason = 'because'): RefusedError | null {
  try {
    readMoves(competition, typed, reason, (boundary: Boundary) => boundary);
    return null;
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
}

const move = (competition: Competition, typed: TypedTimeline, reason = 'because') =>
  readMoves(competition, typed, reason, (boundary) => boundary);

describe('the dates of a competition, typed anew', () => {
  test('move nothing where nothing was touched, whatever seconds the instants have', () => {
    const competition = aTimeline();
    expect(move(competition, asShown(competition), '')).toEqual({});
  });

  test('are local times of the competition’s zone', () => {
    const competition = aTimeline();
    expect(move(competition, asShown(competition, { submissionsEndAt: '2026-12-08T23:59' }))).toEqual({
      submissionsEndAt: new Date('2026-12-08T20:59:00Z'),
    });
  });

  test('set and take away what is optional', () => {
    const competition = aTimeline({ freezesAt: ends });
    expect(move(competition, asShown(competition, { freezesAt: '', revealsAt: '2026-12-10T12:00' }))).toEqual({
      freezesAt: null,
      revealsAt: new Date('2026-12-10T09:00:00Z'),
    });
  });

  test('need a reason once the competition is published, and none before', () => {
    const typed = { submissionsEndAt: '2026-12-08T23:59' };
    const published = aTimeline();
    expect(refusalOf(published, asShown(published, typed), '  ')?.code).toBe('reason-required');
    const draft = aTimeline({ publishedAt: null });
    expect(refusalOf(draft, asShown(draft, typed), '')).toBeNull();
  });

  test.each(['', '2026-12-08', 'завтра'])('are refused where one that is needed is %j', (text) => {
    const competition = aTimeline();
    const refusal = refusalOf(competition, asShown(competition, { submissionsEndAt: text }));
    expect(refusal).toMatchObject({ code: 'instant-invalid', values: { field: 'submissionsEndAt' } });
  });

  test('are refused where an optional one is no date', () => {
    const competition = aTimeline();
    expect(refusalOf(competition, asShown(competition, { freezesAt: 'later' }))?.code).toBe('instant-invalid');
  });
});

test('what is still to come is named in order, and what comes at one instant together', () => {
  const competition = aTimeline({
    freezesAt: new Date('2026-11-30T12:00:00Z'),
    submissionsEndAt: ends,
    revealsAt: ends,
  });
  const ahead = upcomingBoundaries(competition, new Date('2026-11-15T00:00:00Z'));
  expect(ahead).toEqual([
    { at: new Date('2026-11-30T12:00:00Z'), boundaries: ['freezesAt'] },
    { at: ends, boundaries: ['registrationEndsAt', 'submissionsEndAt', 'revealsAt'] },
  ]);
  // Half-open: at its own instant a boundary is no longer ahead.
  expect(upcomingBoundaries(competition, ends)).toEqual([]);
});
