import { createLanguageModel, type LanguageModel } from './language-model.ts';
import { countNgrams, type NgramLevel } from './ngram-counts.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * A character model of texts by interpolated modified Kneser–Ney smoothing: Chen & Goodman, "An empirical study of smoothing
 * techniques for language modeling" (1999), section 3. N-grams of `pruneFrom` symbols and more that were seen once are left out
 * after the estimation, as in KenLM; what they had goes to the shorter contexts, so that probabilities still sum to 1. Texts
 * with characters outside the vocabulary are left out.
 */
export function trainLanguageModel(
  texts: readonly string[],
  vocabulary: Pick<Vocabulary, 'symbols' | 'indicesOf'>,
  order: number,
  pruneFrom = Number.POSITIVE_INFINITY,
): LanguageModel {
  const spelled = texts.flatMap((text) => {
    const indices = vocabulary.indicesOf(text);
    return indices === null ? [] : [indices];
  });
  return estimateLanguageModel(spelled, vocabulary.symbols.length, order, pruneFrom);
}

/** The same of texts as symbols 1 … symbols − 1. */
export function estimateLanguageModel(
  texts: readonly ArrayLike<number>[],
  symbols: number,
  order: number,
  pruneFrom = Number.POSITIVE_INFINITY,
): LanguageModel {
  const levels = countNgrams(texts, symbols, order);
  const estimated: Estimate[] = [];
  for (const [index, level] of levels.entries()) {
    const counts = index + 1 < order ? adjustedCounts(level, levels[index + 1]!) : level.count;
    const contexts = index > 0 ? levels[index - 1]!.symbol.length : 1;
    const leastCount = index + 1 < pruneFrom ? 0 : 2;
    estimated.push(estimate(level, counts, leastCount, contexts, estimated.at(-1)?.probability ?? null, symbols));
  }
  return createLanguageModel(pack(levels, estimated, symbols));
}

/** `isKept` [n-grams], `probability` [n-grams], `backoff` [n-grams of the level below, as contexts]. */
type Estimate = { isKept: Uint8Array; probability: Float64Array; backoff: Float64Array };

/** In how many different contexts an n-gram stands; before those at the start of a text nothing can stand, so they keep counts. */
function adjustedCounts(level: NgramLevel, above: NgramLevel): Uint32Array {
  const counts = new Uint32Array(level.count.length);
  for (const end of above.end) counts[end]! += 1;
  counts.set(level.count.subarray(0, level.initial));
  return counts;
}

function estimate(
  level: NgramLevel,
  counts: Uint32Array,
  leastCount: number,
  contexts: number,
  shorter: Float64Array | null,
  symbols: number,
): Estimate {
  const discounts = discountsOf(counts);
  const total = new Float64Array(contexts);
  const free = new Float64Array(contexts);
  const isKept = new Uint8Array(counts.length);
  for (let i = 0; i < counts.length; i += 1) {
    isKept[i] = level.count[i]! >= leastCount || shorter === null ? 1 : 0;
    total[level.parent[i]!]! += counts[i]!;
    free[level.parent[i]!]! += isKept[i] ? discounts[Math.min(counts[i]!, 3)]! : counts[i]!;
  }
  const backoff = free.map((mass, context) => (total[context]! > 0 ? mass / total[context]! : 1));
  const probability = new Float64Array(counts.length);
  for (let i = 0; i < counts.length; i += 1) {
    const context = level.parent[i]!;
    const below = shorter === null ? 1 / symbols : shorter[level.end[i]!]!;
    const discounted = counts[i]! - discounts[Math.min(counts[i]!, 3)]!;
    probability[i] = backoff[context]! * below + (counts[i]! > 0 ? discounted / total[context]! : 0);
  }
  return { isKept, probability, backoff };
}

/**
 * [0, D₁, D₂, D₃₊] from the numbers of n-grams that were counted once to four times: Chen & Goodman (1999), equation 26. Where
 * those numbers say nothing, as of the few single letters that all are frequent, the values that KenLM falls back to.
 */
function discountsOf(counts: Uint32Array): readonly number[] {
  const [, once, twice, thrice, fourTimes] = countsOfCounts(counts) as [number, number, number, number, number];
  const share = once / (once + 2 * twice);
  const found = [
    0,
    1 - 2 * share * (twice / once),
    2 - 3 * share * (thrice / twice),
    3 - 4 * share * (fourTimes / thrice),
  ];
  return found.every((discount, count) => count === 0 || (discount > 0 && discount <= count))
    ? found
    : [0, 0.5, 1, 1.5];
}

function countsOfCounts(counts: Uint32Array): number[] {
  const found = [0, 0, 0, 0, 0];
  for (const count of counts) if (count < 5) found[count]! += 1;
  return found;
}

/** The n-grams that are kept, one level after the other. */
function pack(levels: readonly NgramLevel[], estimates: readonly Estimate[], symbols: number): LanguageModel['tables'] {
  const sizes = estimates.map(({ isKept }) => isKept.reduce((sum, kept) => sum + kept, 0));
  const nodes = sizes.reduce((sum, size) => sum + size, 1);
  const contexts = nodes - sizes.at(-1)!;
  const symbol = new Uint8Array(nodes);
  const logProbability = new Float64Array(nodes);
  const firstChild = new Uint32Array(contexts + 1);
  const logBackoff = new Float64Array(contexts);
  let parents = new Uint32Array(1);
  let node = 1;
  firstChild[0] = 1;
  for (const [index, level] of levels.entries()) {
    const { isKept, probability, backoff } = estimates[index]!;
    const places = new Uint32Array(isKept.length);
    for (let i = 0; i < isKept.length; i += 1) {
      if (!isKept[i]) continue;
      const context = parents[level.parent[i]!]!;
      places[i] = node;
      symbol[node] = level.symbol[i]!;
      logProbability[node] = Math.log(probability[i]!);
      logBackoff[context] = Math.log(backoff[level.parent[i]!]!);
      node += 1;
      firstChild[context + 1] = node;
    }
    parents = places;
  }
  // A context without children has none between those of its neighbours.
  for (let i = 1; i <= contexts; i += 1) firstChild[i] = Math.max(firstChild[i]!, firstChild[i - 1]!);
  return { order: levels.length, symbols, symbol, firstChild, logProbability, logBackoff };
}
