/*
 * What a course decides about its points. Points are decimal numbers with at most two digits after the point: every sum is rounded to
 * them, so that a sheet adds up as it is printed.
 */

/** How places are told apart: by exact errors on the private fold, or only where tests tell them apart (tie classes). */
export type EqualBy = 'errors' | 'tie-classes';

export type CourseSettings = {
  /** Off a homework for each started day after its soft deadline. */
  penaltyPerDay: number;
  /** For beating the baseline. */
  baselinePoints: number;
  /** Whether fewer errors have to be significantly fewer. */
  baselineNeedsSignificance: boolean;
  /** For the first place; the last gets none of them. */
  placePoints: number;
  /** Points of the places from the first on instead of the scale; who comes later gets none. Null for the scale. */
  placeTable: readonly number[] | null;
  equalBy: EqualBy;
  /** From so many points on. Below the first the grade is 2. */
  thresholds: Readonly<Record<3 | 4 | 5, number>>;
  /** How many students are on the shortlist, 5 to 7. */
  shortlistSize: number;
};

export const defaultSettings: CourseSettings = {
  penaltyPerDay: 0.5,
  baselinePoints: 20,
  baselineNeedsSignificance: false,
  placePoints: 20,
  placeTable: null,
  equalBy: 'errors',
  thresholds: { 3: 50, 4: 70, 5: 90 },
  shortlistSize: 7,
};

/** Two-sided; what "significantly fewer errors" means. */
export const significanceLevel = 0.05;

/** What a homework is worth unless set otherwise. */
export const homeworkPoints = 20;

/** Offered when a homework is handed out. */
export const offeredDays = { soft: 14, hard: 28 };

export const shortlistSizes = { least: 5, most: 7 };

export function roundPoints(points: number): number {
  // The nudge is far below a hundredth and far above what binary fractions are off: 1.005 is 1.01.
  return Math.round((points + 1e-9) * 100) / 100;
}

/** What everybody can reach with the project. */
export function mostProjectPoints({ baselinePoints, placePoints, placeTable }: CourseSettings): number {
  return roundPoints(baselinePoints + (placeTable === null ? placePoints : Math.max(0, ...placeTable)));
}
