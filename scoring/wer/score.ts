import { type ErrorCounts, errorsOf, referenceLength } from '#lib/counts.ts';
import { type CharacterChoice, charactersOf, type Words } from './normalise.ts';
import { countErrorsUnder, type Ties } from './ties.ts';

/** Stands in every score. It rises with any change that can move a count: profiles, alignment, the choice of alternatives. */
export const SCORER_VERSION = 1;

/** Word counts against the cheapest of the alternatives. */
export function scoreWords(references: readonly Words[], hypothesis: Words, ties: Ties = 'canonical'): ErrorCounts {
  return cheapest(references.map((reference) => countErrorsUnder(ties, reference, hypothesis)));
}

/** Code point counts against the alternative that is cheapest in code points, which may be another than in words. */
export function scoreCharacters(
  references: readonly Words[],
  hypothesis: Words,
  choice: CharacterChoice = 'with-spaces',
  ties: Ties = 'canonical',
): ErrorCounts {
  const characters = charactersOf(hypothesis, choice);
  return cheapest(references.map((reference) => countErrorsUnder(ties, charactersOf(reference, choice), characters)));
}

/**
 * Fewest errors, then most hits, then the longest reference: whichever order the alternatives stand in, the same counts
 * come out. Errors and not rates are compared, since errors are what is pooled.
 */
function cheapest(alternatives: readonly ErrorCounts[]): ErrorCounts {
  return alternatives.reduce((best, other) => {
    const difference =
      errorsOf(other) - errorsOf(best) || best.hits - other.hits || referenceLength(best) - referenceLength(other);
    return difference < 0 ? other : best;
  });
}
