import { holm } from './holm.ts';

export const tieLevel = 0.05;

/**
 * Classes of a ranked list of `systems`, best first: for each system the number of its class, from 0 on. The first system leads
 * the first class. A leader is tested against every system below it, with Holm's correction over those tests; its class runs
 * down to just before the first that differs at 5 %, and that one leads the next class. So classes are disjoint runs, and no
 * member differs significantly from its leader; two members of one class below the leader may differ from each other.
 * `pValueOf` compares two places of the list; null, where a test says nothing, separates nobody.
 */
export function tieClasses(systems: number, pValueOf: (leader: number, other: number) => number | null): number[] {
  const classes: number[] = [];
  for (let leader = 0, number = 0; leader < systems; number += 1) {
    const below = Array.from({ length: systems - leader - 1 }, (_, i) => pValueOf(leader, leader + 1 + i) ?? 1);
    const firstApart = holm(below).findIndex((p) => p < tieLevel);
    const members = firstApart < 0 ? systems - leader : firstApart + 1;
    for (let i = 0; i < members; i += 1) classes.push(number);
    leader += members;
  }
  return classes;
}
