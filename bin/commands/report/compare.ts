import type { References } from '#scoring/corpus.ts';
import { type System as Compared, systemOf } from '#scoring/statistics/compare.ts';
import { alignWords } from '#scoring/wer/analyse.ts';
import type { Ties } from '#scoring/wer/ties.ts';
import { isRight, type System } from './result.ts';

/** Systems for tests: MAPSSWE takes the alignments that were counted, each made once. `tick` is told how many there are yet. */
export function comparedSystems(
  references: References,
  systems: readonly Pick<System, 'columns' | 'hypothesisOf'>[],
  ties: Ties,
  tick: (done: number, total: number) => void,
): Compared[] {
  const { words } = references.normaliser;
  const total = systems.length * references.length;
  let done = 0;
  return systems.map(({ columns, hypothesisOf }) =>
    systemOf(columns, (i) => {
      done += 1;
      tick(done, total);
      const texts = references.textsOf(i);
      if (texts.length === 1 && isRight(columns, i)) return null;
      return alignWords(texts.map(words), words(hypothesisOf(i)), ties);
    }),
  );
}
