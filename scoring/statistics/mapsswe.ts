import { normalTwoSided } from './distributions.ts';
import type { EventColumns } from './events.ts';

/** Sums over the segments of two systems; d is the first's errors minus the second's in a segment. All are whole numbers. */
export type SegmentSums = {
  readonly segments: number;
  readonly errors: readonly [number, number];
  /** Σd². */
  readonly squares: number;
};

/** `mean` and `deviation` of d over segments; z and pValue are null where the segments tell nothing of their own spread. */
export type Mapsswe = {
  readonly segments: number;
  readonly errors: readonly [number, number];
  readonly mean: number;
  readonly deviation: number;
  readonly z: number | null;
  readonly pValue: number | null;
};

/**
 * Matched pairs sentence segment word error test: do two systems err equally often? Speech is cut where both had at least two
 * words in a row right, so that segments can be taken as independent; the mean difference of errors per segment is compared with
 * its standard error, two-sided, against the normal distribution. Sources: Gillick & Cox (1989); Pallett, Fisher & Fiscus (1990);
 * the same segments as NIST's sc_stats.
 */
export function mapsswe(first: EventColumns, second: EventColumns): Mapsswe {
  return mapssweOf(segmentSums(first, second));
}

/** The test's outcome from its sums; the deviation is the sample's (n − 1). */
export function mapssweOf({ segments, errors, squares }: SegmentSums): Mapsswe {
  const sum = errors[0] - errors[1];
  const mean = segments === 0 ? 0 : sum / segments;
  const variance = segments < 2 ? 0 : (squares - (sum * sum) / segments) / (segments - 1);
  const deviation = Math.sqrt(Math.max(0, variance));
  if (squares === 0) return { segments, errors, mean, deviation, z: 0, pValue: 1 };
  if (deviation === 0) return { segments, errors, mean, deviation, z: null, pValue: null };
  const z = mean / (deviation / Math.sqrt(segments));
  return { segments, errors, mean, deviation, z, pValue: normalTwoSided(z) };
}

/**
 * Cuts every utterance into segments. Neighbouring places where either system erred share one unless two words lie between them.
 * Where the systems were scored against different wordings, places cannot be compared, so the utterance is one segment; each
 * keeps the errors it was scored with, and swapping the systems only turns the sign.
 */
function segmentSums(first: EventColumns, second: EventColumns): SegmentSums {
  const utterances = first.wordings.length;
  if (second.wordings.length !== utterances) throw new Error('the two systems differ in their number of utterances');
  const sums = { segments: 0, squares: 0 };
  for (let i = 0; i < utterances; i += 1) addUtterance(first, second, i, sums);
  return { ...sums, errors: [errorsOfEvents(first), errorsOfEvents(second)] };
}

/** Sums of every two of the systems: the first with the second, the first with the third … the second with the third … */
export type PairwiseSums = (systems: readonly EventColumns[]) => SegmentSums[];

export const segmentSumsOfPairs: PairwiseSums = (systems) =>
  systems.flatMap((first, i) => systems.slice(i + 1).map((second) => segmentSums(first, second)));

export function errorsOfEvents({ errors }: EventColumns): number {
  return errors.reduce((sum, count) => sum + count, 0);
}

/** Adds the segments of one utterance to `sums`. */
export function addUtterance(
  first: EventColumns,
  second: EventColumns,
  utterance: number,
  sums: { segments: number; squares: number },
): void {
  const whole = first.wordings[utterance] !== second.wordings[utterance];
  const endA = first.starts[utterance + 1]!;
  const endB = second.starts[utterance + 1]!;
  let a = first.starts[utterance]!;
  let b = second.starts[utterance]!;
  while (a < endA || b < endB) {
    let difference = 0;
    let last = -1;
    while (a < endA || b < endB) {
      const placeA = a < endA ? first.places[a]! : Number.POSITIVE_INFINITY;
      const placeB = b < endB ? second.places[b]! : Number.POSITIVE_INFINITY;
      const place = Math.min(placeA, placeB);
      if (last >= 0 && !whole && wordsBetween(last, place) >= 2) break;
      if (placeA === place) difference += first.errors[a++]!;
      if (placeB === place) difference -= second.errors[b++]!;
      last = place;
    }
    sums.segments += 1;
    sums.squares += difference ** 2;
  }
}

/** Reference words strictly between two places. */
function wordsBetween(place: number, later: number): number {
  return (later >> 1) - ((place + 1) >> 1);
}
