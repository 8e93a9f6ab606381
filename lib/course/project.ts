import { type CourseSettings, type EqualBy, roundPoints, significanceLevel } from '#lib/course/settings.ts';
import type { ResultRow, Results } from '#lib/finals.ts';

/*
 * What a team's final result is worth. Places are those of the competition's result: among ranked teams, by the private fold. Pure.
 */

export type BaselineReason =
  | { kind: 'beaten' }
  | { kind: 'not-beaten' }
  /** Fewer errors, by chance perhaps: only where the course asks for significance. */
  | { kind: 'not-significant'; pValue: number | null }
  | { kind: 'no-baseline' }
  | Outside;
export type PlaceReason =
  /** `last` is greater than `first` where equal results share the places from one to the other. */
  { kind: 'place'; first: number; last: number; teams: number } | Outside;
type Outside =
  /** Guests, and teams that organisers do not rank. */
  { kind: 'unranked' } | { kind: 'no-result' } | { kind: 'no-team' };

export type TeamPoints = {
  baseline: { points: number; why: BaselineReason };
  place: { points: number; why: PlaceReason };
};

/** Points of every team with a result, by its id. */
export function pointsOfTeams(
  results: Pick<Results, 'rows'>,
  settings: CourseSettings,
): ReadonlyMap<string, TeamPoints> {
  const teams = results.rows.filter(({ kind }) => kind === 'team');
  const spans = placeSpans(teams.filter(isRanked), settings.equalBy);
  const ranked = teams.filter(isRanked).length;
  return new Map(
    teams.map((row) => {
      const span = spans.get(row.teamId);
      if (span === undefined) return [row.teamId, nothingFor('unranked')];
      const { first, last } = span;
      const place = {
        points: pointsOfPlaces(span, ranked, settings),
        why: { kind: 'place', first, last, teams: ranked },
      };
      return [row.teamId, { baseline: pointsOfBaseline(row, settings), place } as TeamPoints];
    }),
  );
}

/** Of people whose team has no result, or who have no team. */
export function nothingFor(kind: Outside['kind']): TeamPoints {
  return { baseline: { points: 0, why: { kind } }, place: { points: 0, why: { kind } } };
}

/** Places that a class of equal results takes up, 1-based, both included. */
export type PlaceSpan = { first: number; last: number };

/**
 * Points of each team in a class: the mean of what its places are worth. Without a table place p of T is worth
 * placePoints · (T − p) / (T − 1), and the only place of one team all of them.
 */
export function pointsOfPlaces({ first, last }: PlaceSpan, teams: number, settings: CourseSettings): number {
  let sum = 0;
  for (let place = first; place <= last; place += 1) sum += worthOf(place, teams, settings);
  return roundPoints(sum / (last - first + 1));
}

function worthOf(place: number, teams: number, { placePoints, placeTable }: CourseSettings): number {
  if (placeTable !== null) return placeTable[place - 1] ?? 0;
  return teams === 1 ? placePoints : (placePoints * (teams - place)) / (teams - 1);
}

/** Ranked rows stand in order; equals follow one another. */
function placeSpans(ranked: readonly ResultRow[], equalBy: EqualBy): Map<string, PlaceSpan> {
  const spans = new Map<string, PlaceSpan>();
  for (let start = 0; start < ranked.length; ) {
    let end = start + 1;
    while (end < ranked.length && areEqual(ranked[start]!, ranked[end]!, equalBy)) end += 1;
    for (const { teamId } of ranked.slice(start, end)) spans.set(teamId, { first: start + 1, last: end });
    start = end;
  }
  return spans;
}

function areEqual(a: ResultRow, b: ResultRow, equalBy: EqualBy): boolean {
  return a.place === b.place || (equalBy === 'tie-classes' && a.tied !== null && a.tied === b.tied);
}

function pointsOfBaseline(row: ResultRow, settings: CourseSettings): TeamPoints['baseline'] {
  const { beatsBaseline, pValue } = row;
  if (beatsBaseline === null) return { points: 0, why: { kind: 'no-baseline' } };
  if (!beatsBaseline) return { points: 0, why: { kind: 'not-beaten' } };
  const isSignificant = pValue !== null && pValue < significanceLevel;
  if (settings.baselineNeedsSignificance && !isSignificant)
    return { points: 0, why: { kind: 'not-significant', pValue } };
  return { points: roundPoints(settings.baselinePoints), why: { kind: 'beaten' } };
}

function isRanked({ isGuest, isUnranked, place }: ResultRow): boolean {
  return !isGuest && !isUnranked && place !== null;
}
