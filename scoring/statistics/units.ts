import type { CountColumns } from '#scoring/columns.ts';

/**
 * Errors and reference lengths of what is drawn at random: one entry per unit, such as a speaker. Rates are ratios of the two
 * columns' sums.
 */
export type UnitCounts = { readonly errors: Float64Array; readonly lengths: Float64Array };

/** `unitOf` names each utterance's unit by a number from 0 on; null where every utterance is a unit of its own. */
export function poolByUnit(columns: CountColumns, unitOf: ArrayLike<number> | null): UnitCounts {
  const { hits, substitutions, deletions, insertions } = columns;
  if (unitOf === null) return eachAlone(columns);
  let units = 0;
  for (let i = 0; i < hits.length; i += 1) units = Math.max(units, unitOf[i]! + 1);
  const errors = new Float64Array(units);
  const lengths = new Float64Array(units);
  for (let i = 0; i < hits.length; i += 1) {
    const unit = unitOf[i]!;
    errors[unit]! += substitutions[i]! + deletions[i]! + insertions[i]!;
    lengths[unit]! += hits[i]! + substitutions[i]! + deletions[i]!;
  }
  return { errors, lengths };
}

function eachAlone({ hits, substitutions, deletions, insertions }: CountColumns): UnitCounts {
  const errors = new Float64Array(hits.length);
  const lengths = new Float64Array(hits.length);
  for (let i = 0; i < hits.length; i += 1) {
    const missed = substitutions[i]! + deletions[i]!;
    errors[i] = missed + insertions[i]!;
    lengths[i] = missed + hits[i]!;
  }
  return { errors, lengths };
}

/** Numbers names from 0 on in the order in which they first come. */
export function numberUnits(names: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  });
}
