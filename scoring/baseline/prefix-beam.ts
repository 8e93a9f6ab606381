import { addPrefix, createPrefixes, findPrefix, type Prefixes, symbolsOf } from './prefixes.ts';
import { createTextScorer, type DecodingModel, type TextScorer, type TextWeights } from './text-score.ts';
import { blank } from './vocabulary.ts';

export type BeamOptions = TextWeights & {
  /** How many prefixes go on after each frame. */
  readonly beamWidth: number;
  /** Natural logarithm; symbols below it in a frame are not tried there, but for the likeliest. */
  readonly tokenThreshold: number;
};

/** A labelling that the search ended with. */
export type Hypothesis = {
  readonly symbols: readonly number[];
  /** ln P(symbols | sound) over the paths that the search kept. */
  readonly logProbability: number;
  /** That and the score of the text: what the search ranks by. */
  readonly score: number;
};

/**
 * CTC prefix beam search: the labellings of the best scores, best first; the sum runs over all paths to a labelling, not the
 * best path alone. `logProbabilities` [frames, symbols]. Without limits (beamWidth and −tokenThreshold Infinity) it is exact. Of
 * equal scores the prefix met first is kept. Sources: Graves & Jaitly (2014), algorithm 1; Hannun et al. (2014), with text scores
 * added symbol by symbol.
 */
export function searchBeam(
  logProbabilities: Float32Array,
  frames: number,
  symbols: number,
  model: DecodingModel,
  options: BeamOptions,
  most: number,
): Hypothesis[] {
  const { languageModel } = model;
  const scorer = createTextScorer(model, options);
  const prefixes = createPrefixes(4096, languageModel.start);
  const search: Search = {
    prefixes,
    scorer,
    advance: languageModel.advance,
    beam: Int32Array.of(0),
    reached: new Int32Array(256),
    reachedCount: 0,
    frame: 0,
  };
  let logScale = 0;
  const row: Row = { probabilities: new Float64Array(symbols), tried: new Uint8Array(symbols), triedCount: 0 };
  for (let frame = 0; frame < frames; frame += 1) {
    readRow(row, logProbabilities.subarray(frame * symbols, (frame + 1) * symbols), options.tokenThreshold);
    search.frame = frame;
    extendAll(search, row);
    logScale += keepBest(search, options.beamWidth);
  }
  return finish(search, logScale).slice(0, most);
}

type Search = {
  readonly prefixes: Prefixes;
  readonly scorer: TextScorer;
  readonly advance: (state: number, symbol: number) => number;
  /** Prefixes that go on, best first. */
  beam: Int32Array;
  /** Prefixes that the frame gave probability to: the first `reachedCount`. */
  reached: Int32Array;
  reachedCount: number;
  frame: number;
};

/** A frame: probabilities of all symbols, and those that are tried after each prefix. */
type Row = { readonly probabilities: Float64Array; readonly tried: Uint8Array; triedCount: number };

function readRow(row: Row, logProbabilities: Float32Array, threshold: number): void {
  let best = 0;
  for (let symbol = 0; symbol < logProbabilities.length; symbol += 1) {
    row.probabilities[symbol] = Math.exp(logProbabilities[symbol]!);
    if (logProbabilities[symbol]! > logProbabilities[best]!) best = symbol;
  }
  row.triedCount = 0;
  for (let symbol = blank + 1; symbol < logProbabilities.length; symbol += 1) {
    if (logProbabilities[symbol]! < threshold && symbol !== best) continue;
    row.tried[row.triedCount] = symbol;
    row.triedCount += 1;
  }
}

function extendAll(search: Search, { probabilities, tried, triedCount }: Row): void {
  const { prefixes } = search;
  search.reachedCount = 0;
  for (const prefix of search.beam) {
    const last = prefixes.symbol[prefix]!;
    const afterBlank = prefixes.inBlank[prefix]!;
    const afterAny = afterBlank + prefixes.inSymbol[prefix]!;
    reach(search, prefix);
    prefixes.nextInBlank[prefix]! += afterAny * probabilities[blank]!;
    prefixes.nextInSymbol[prefix]! += prefixes.inSymbol[prefix]! * probabilities[last]!;
    for (let i = 0; i < triedCount; i += 1) {
      const symbol = tried[i]!;
      // Only a blank between them makes two of the same symbol.
      const probability = (symbol === last ? afterBlank : afterAny) * probabilities[symbol]!;
      if (probability === 0) continue;
      const child = extend(search, prefix, symbol);
      reach(search, child);
      prefixes.nextInSymbol[child]! += probability;
    }
  }
}

function extend({ prefixes, scorer, advance }: Search, prefix: number, symbol: number): number {
  const known = findPrefix(prefixes, prefix, symbol);
  if (known >= 0) return known;
  const languageState = prefixes.languageState[prefix]!;
  const wordState = prefixes.wordState[prefix]!;
  const added = scorer.added(languageState, wordState, prefixes.symbol[prefix]!, symbol);
  const nextWordState = scorer.nextWordState(wordState, symbol);
  const textScore = prefixes.textScore[prefix]! + added;
  return addPrefix(prefixes, prefix, symbol, advance(languageState, symbol), nextWordState, textScore);
}

function reach(search: Search, prefix: number): void {
  if (search.prefixes.frame[prefix] === search.frame) return;
  search.prefixes.frame[prefix] = search.frame;
  search.prefixes.nextInBlank[prefix] = 0;
  search.prefixes.nextInSymbol[prefix] = 0;
  if (search.reachedCount === search.reached.length) {
    const larger = new Int32Array(search.reached.length * 2);
    larger.set(search.reached);
    search.reached = larger;
  }
  search.reached[search.reachedCount] = prefix;
  search.reachedCount += 1;
}

/**
 * Makes the best of the reached prefixes the beam, and their probabilities such that the largest is 1, since products over many
 * frames would leave the range of numbers. Returns the logarithm of what they were divided by.
 */
function keepBest(search: Search, beamWidth: number): number {
  const { prefixes, reached, reachedCount } = search;
  const { nextInBlank, nextInSymbol, rank, textScore } = prefixes;
  let most = 0;
  for (let i = 0; i < reachedCount; i += 1) {
    const prefix = reached[i]!;
    const probability = nextInBlank[prefix]! + nextInSymbol[prefix]!;
    rank[prefix] = Math.log(probability) + textScore[prefix]!;
    most = Math.max(most, probability);
  }
  search.beam = bestOf(reached.subarray(0, reachedCount), rank, beamWidth);
  const scale = most > 0 ? most : 1;
  for (const prefix of search.beam) {
    prefixes.inBlank[prefix] = nextInBlank[prefix]! / scale;
    prefixes.inSymbol[prefix] = nextInSymbol[prefix]! / scale;
  }
  return Math.log(scale);
}

/** Up to `width` of `reached`, best first. */
function bestOf(reached: Int32Array, rank: Float64Array, width: number): Int32Array {
  const kept = new Int32Array(Math.min(width, reached.length));
  let count = 0;
  for (const prefix of reached) {
    if (count === kept.length && !goesBefore(rank, prefix, kept[count - 1]!)) continue;
    let at = count === kept.length ? count - 1 : count;
    for (; at > 0 && goesBefore(rank, prefix, kept[at - 1]!); at -= 1) kept[at] = kept[at - 1]!;
    kept[at] = prefix;
    count = Math.min(count + 1, kept.length);
  }
  return kept;
}

/** By falling rank, of equals the one met first. */
function goesBefore(rank: Float64Array, prefix: number, other: number): boolean {
  return rank[prefix]! > rank[other]! || (rank[prefix] === rank[other] && prefix < other);
}

function finish({ prefixes, scorer, beam }: Search, logScale: number): Hypothesis[] {
  const { inBlank, inSymbol, textScore, languageState, wordState, symbol } = prefixes;
  return Array.from(beam, (prefix) => {
    const logProbability = Math.log(inBlank[prefix]! + inSymbol[prefix]!) + logScale;
    const ending = scorer.atEnd(languageState[prefix]!, wordState[prefix]!, symbol[prefix]!);
    return { prefix, logProbability, score: logProbability + textScore[prefix]! + ending };
  })
    .sort((one, other) => other.score - one.score || one.prefix - other.prefix)
    .map(({ prefix, logProbability, score }) => ({ symbols: symbolsOf(prefixes, prefix), logProbability, score }));
}
