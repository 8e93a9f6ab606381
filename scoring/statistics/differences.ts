import type { UnitCounts } from './units.ts';

/**
 * Rate of the first system minus the second's, unit by unit; units in which either has no reference token have no rate and are
 * left out. One division of whole numbers each, so that equal differences come out as equal numbers and count as ties.
 */
export function rateDifferences(first: UnitCounts, second: UnitCounts): number[] {
  const differences: number[] = [];
  for (let i = 0; i < first.errors.length; i += 1) {
    const lengthA = first.lengths[i]!;
    const lengthB = second.lengths[i]!;
    if (lengthA === 0 || lengthB === 0) continue;
    differences.push((first.errors[i]! * lengthB - second.errors[i]! * lengthA) / (lengthA * lengthB));
  }
  return differences;
}
