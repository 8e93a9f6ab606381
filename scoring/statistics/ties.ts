import { holm } from './holm.ts';

export const tieLevel = 0.05;

/** Where a place of the list stands. `pValue` is Holm's, of the test against `leader`; null for the first place, and where the test says nothing. */
export type TieClass = {
  /** Of the class, from 0 on. */
  readonly number: number;
  /** The place it was tested against: the first of its own class or, where it leads one itself, of the class above. */
  readonly leader: number;
  readonly pValue: number | null;
};

/**
 * Classes of a ranked list of `systems`, best first: one entry per place. The first system leads the first class. A leader is
 * tested against every system below it, with Holm's correction over those tests; its class runs down to just before the first that
 * differs at 5 %, and that one leads the next class. So classes are disjoint runs, and no member differs significantly from its
 * leader; two members of one class below the leader may differ from each other. `pValueOf` compares two places of the list; null,
 * where a test says nothing, separates nobody.
 */
export function tieClasses(
  systems: number,
  pValueOf: (leader: number, other: number) => number | null,
): readonly TieClass[] {
  const classes: TieClass[] = systems > 0 ? [{ number: 0, leader: 0, pValue: null }] : [];
  for (let leader = 0, number = 0; leader < systems; number += 1) {
    const below = Array.from({ length: systems - leader - 1 }, (_, i) => pValueOf(leader, leader + 1 + i));
    const adjusted = holm(below.map((p) => p ?? 1));
    const firstApart = adjusted.findIndex((p) => p < tieLevel);
    const tested = firstApart < 0 ? below.length : firstApart + 1;
    for (let i = 0; i < tested; i += 1) {
      const pValue = below[i] === null ? null : adjusted[i]!;
      classes.push({ number: i === firstApart ? number + 1 : number, leader, pValue });
    }
    leader += tested > 0 ? tested : 1;
    if (firstApart < 0) break;
  }
  return classes;
}

/**
 * The same runs where all pairs were tested together: a class goes down to just before the first system that is apart from its
 * leader, and that one leads the next. The number of each place's class, from 1 on.
 */
export function tieRuns(systems: number, isApart: (leader: number, other: number) => boolean): number[] {
  const classes: number[] = [];
  let [leader, number] = [0, 1];
  for (let place = 0; place < systems; place += 1) {
    if (isApart(leader, place)) {
      leader = place;
      number += 1;
    }
    classes.push(number);
  }
  return classes;
}
