import type { AlignmentStep } from '#scoring/wer/align.ts';

/**
 * Where in an utterance a system erred. Places run along the reference: 2g is the gap before word g (2N the one after the last),
 * 2w + 1 is word w. `places` ascend; `errors` tells how many fell there: 1 at a word, the number of insertions in a gap.
 * `wording` is the number of the alternative reference that the places belong to.
 */
export type ErrorEvents = {
  readonly wording: number;
  readonly places: readonly number[];
  readonly errors: readonly number[];
};

/** Events of many utterances: those of utterance i stand from starts[i] to starts[i + 1]. */
export type EventColumns = {
  readonly wordings: Int32Array;
  /** One longer than there are utterances. */
  readonly starts: Int32Array;
  readonly places: Int32Array;
  readonly errors: Int32Array;
};

/** Events of one utterance by its alignment to the reference `wording`. */
export function eventsOf(steps: readonly AlignmentStep[], wording = 0): ErrorEvents {
  const places: number[] = [];
  const errors: number[] = [];
  let word = 0;
  for (const step of steps) {
    if (step.kind === 'insertion') {
      if (places.at(-1) === 2 * word) errors[errors.length - 1]! += 1;
      else {
        places.push(2 * word);
        errors.push(1);
      }
      continue;
    }
    if (step.kind !== 'hit') {
      places.push(2 * word + 1);
      errors.push(1);
    }
    word += 1;
  }
  return { wording, places, errors };
}

/** Events of all utterances in the order of the references. */
export function collectEvents(utterances: Iterable<ErrorEvents>): EventColumns {
  const wordings: number[] = [];
  const starts = [0];
  const places: number[] = [];
  const errors: number[] = [];
  for (const utterance of utterances) {
    wordings.push(utterance.wording);
    for (const place of utterance.places) places.push(place);
    for (const count of utterance.errors) errors.push(count);
    starts.push(places.length);
  }
  return {
    wordings: Int32Array.from(wordings),
    starts: Int32Array.from(starts),
    places: Int32Array.from(places),
    errors: Int32Array.from(errors),
  };
}
