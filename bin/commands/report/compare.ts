import type { References } from '#scoring/corpus.ts';
import { type CompareOptions, type Comparison, compareSystems, type TestName } from '#scoring/statistics/compare.ts';
import { collectEvents, type EventColumns, eventsOf } from '#scoring/statistics/events.ts';
import { alignWords } from '#scoring/wer/analyse.ts';
import type { System } from './result.ts';

type Compared = Pick<System, 'columns' | 'hypothesisOf'>;

/** The first system with each of the others. Its own alignments, which MAPSSWE takes, are made once. */
export function compareWithFirst(
  test: TestName,
  references: References,
  first: Compared,
  others: readonly Compared[],
  options: CompareOptions,
): Comparison[] {
  const one = { words: first.columns, events: once(() => eventsIn(references, first)) };
  return others.map((other) => {
    const two = { words: other.columns, events: () => eventsIn(references, other) };
    return compareSystems(test, one, two, options);
  });
}

function eventsIn(references: References, { columns, hypothesisOf }: Compared): EventColumns {
  const { words } = references.normaliser;
  const { substitutions, deletions, insertions } = columns;
  const utterances = Array.from({ length: references.length }, (_, i) => {
    const texts = references.textsOf(i);
    const isRight = substitutions[i]! + deletions[i]! + insertions[i]! === 0;
    if (isRight && texts.length === 1) return eventsOf([]);
    const { chosen, steps } = alignWords(texts.map(words), words(hypothesisOf(i)));
    return eventsOf(steps, chosen);
  });
  return collectEvents(utterances);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
