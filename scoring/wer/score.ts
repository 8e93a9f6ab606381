import { add, type ErrorCounts, errorRate, errorsOf, noCounts, referenceLength } from '#lib/counts.ts';
import { countErrors } from './align.ts';
import { type Characters, charactersOf, normalise, type ProfileName, type Words } from './normalise.ts';

/** Stands in every score. It rises with any change that can move a count: profiles, alignment, the choice of alternatives. */
export const SCORER_VERSION = 1;

/** One utterance to be scored. */
export type ScorableUtterance = {
  /** What was said, and other wordings that are as good; at least one. */
  readonly references: readonly [string, ...string[]];
  readonly hypothesis: string;
  /** What varies together, such as a speaker; utterances of one unit share it. Its own id where nothing does. */
  readonly unit: string;
};

/** Counts of what was pooled, with what follows from them. `errorRate` and `interval` are ratios; null where no rate exists. */
export type Measure = ErrorCounts & {
  /** N, the number of reference tokens. */
  readonly reference: number;
  readonly errorRate: number | null;
  readonly interval: readonly [number, number] | null;
  readonly intervalMethod: 'delta';
};

export type CorpusScore = {
  readonly profile: ProfileName;
  readonly scorerVersion: number;
  readonly utterances: number;
  readonly words: Measure;
  readonly characters: Measure | null;
};

/** Counts of one unit: pooled over its utterances, or of a single one. */
export type UnitCounts = { readonly unit: string; readonly counts: ErrorCounts };

/** Normalises, aligns and pools a whole corpus: the document that `rostrum score --json` prints. */
export function scoreCorpus(
  utterances: Iterable<ScorableUtterance>,
  options: { readonly profile: ProfileName; readonly characters: boolean },
): CorpusScore {
  const words: UnitCounts[] = [];
  const characters: UnitCounts[] = [];
  for (const { references, hypothesis, unit } of utterances) {
    const referenceWords = references.map((reference) => normalise(reference, options.profile));
    const hypothesisWords = normalise(hypothesis, options.profile);
    words.push({ unit, counts: scoreWords(referenceWords, hypothesisWords) });
    if (options.characters) characters.push({ unit, counts: scoreCharacters(referenceWords, hypothesisWords) });
  }
  return {
    profile: options.profile,
    scorerVersion: SCORER_VERSION,
    utterances: words.length,
    words: measure(words),
    characters: options.characters ? measure(characters) : null,
  };
}

/** Word counts against the cheapest of the alternatives. */
export function scoreWords(references: readonly Words[], hypothesis: Words): ErrorCounts {
  return cheapest(references.map((reference) => countErrors(reference, hypothesis)));
}

/** Code point counts against the alternative that is cheapest in code points, which may be another than in words. */
export function scoreCharacters(references: readonly Words[], hypothesis: Words): ErrorCounts {
  const characters: Characters = charactersOf(hypothesis);
  return cheapest(references.map((reference) => countErrors(charactersOf(reference), characters)));
}

/** Pools utterances and gives their rate its 95 % interval, with the units as what was drawn at random. */
export function measure(scored: readonly UnitCounts[]): Measure {
  const counts = scored.reduce((total, { counts }) => add(total, counts), noCounts);
  return {
    ...counts,
    reference: referenceLength(counts),
    errorRate: errorRate(counts),
    interval: deltaInterval(scored),
    intervalMethod: 'delta',
  };
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

/** 0.975 quantile of the standard normal distribution. */
const normalQuantile = 1.959963984540054;

/**
 * 95 % interval of the pooled rate R = ΣE/ΣN by the delta method of the ratio estimator over G units:
 * SE = √(G/(G−1) · Σ(E_g − R·N_g)²) / ΣN. The lower bound is never below 0; the upper may pass 1. Null where ΣN is 0 and
 * where a single unit tells nothing of how units differ. Source: Cochran, Sampling Techniques (1977), §2.11.
 */
function deltaInterval(scored: readonly UnitCounts[]): readonly [number, number] | null {
  const units = poolByUnit(scored);
  const total = units.reduce(add, noCounts);
  const rate = errorRate(total);
  if (rate === null || units.length < 2) return null;
  let squares = 0;
  for (const counts of units) squares += (errorsOf(counts) - rate * referenceLength(counts)) ** 2;
  const deviation = Math.sqrt((units.length / (units.length - 1)) * squares) / referenceLength(total);
  return [Math.max(0, rate - normalQuantile * deviation), rate + normalQuantile * deviation];
}

function poolByUnit(scored: readonly UnitCounts[]): ErrorCounts[] {
  const units = new Map<string, ErrorCounts>();
  for (const { unit, counts } of scored) units.set(unit, add(units.get(unit) ?? noCounts, counts));
  return [...units.values()];
}
