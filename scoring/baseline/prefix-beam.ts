import { addPrefix, createPrefixes, findPrefix, notYet, type Prefixes, symbolsOf } from './prefixes.ts';
import { bestOf, clearFloor, createFloor, type Floor, raiseFloor } from './ranking.ts';
import { createTextScorer, type DecodingModel, type TextScorer, type TextWeights } from './text-score.ts';
import { blank } from './vocabulary.ts';

export type BeamOptions = TextWeights & {
  /** How many prefixes go on after each frame. */
  readonly beamWidth: number;
  /** Natural logarithm; symbols below it in a frame are not tried there, but for the likeliest. */
  readonly tokenThreshold: number;
  /** How far behind the best score a prefix may fall and still go on. */
  readonly scoreMargin: number;
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
 * best path alone. `logProbabilities` [frames, symbols]. Without limits (beamWidth, −tokenThreshold and scoreMargin Infinity) it is exact. Of
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
  const search: Search = {
    prefixes: createPrefixes(capacityFor(frames, options.beamWidth), model.languageModel.start),
    scorer: createTextScorer(model, options),
    model,
    options,
    floor: createFloor(options.beamWidth),
    mostAdded: Math.max(0, options.symbolBonus) + Math.max(0, options.wordBonus),
    beam: Int32Array.of(0),
    reached: new Int32Array(256),
    reachedCount: 0,
    frame: 0,
  };
  let logScale = 0;
  const row: Row = {
    logProbabilities: logProbabilities.subarray(0, 0),
    probabilities: new Float64Array(symbols),
    tried: new Uint8Array(symbols),
    triedCount: 0,
  };
  for (let frame = 0; frame < frames; frame += 1) {
    row.logProbabilities = logProbabilities.subarray(frame * symbols, (frame + 1) * symbols);
    readRow(row, options.tokenThreshold);
    search.frame = frame;
    extendAll(search, row);
    logScale += keepBest(search);
  }
  return finish(search, logScale).slice(0, most);
}

/** Room for what most searches meet, so that few columns must grow, but not for more than a few megabytes at once. */
function capacityFor(frames: number, beamWidth: number): number {
  return Math.min(1 << 16, 64 + frames * 2 * Math.min(beamWidth, 64));
}

type Search = {
  readonly prefixes: Prefixes;
  readonly scorer: TextScorer;
  readonly model: DecodingModel;
  readonly options: BeamOptions;
  readonly floor: Floor;
  /** No symbol adds more to the score of a text: the model of texts and the word list only take away. */
  readonly mostAdded: number;
  /** Prefixes that go on, best first. */
  beam: Int32Array;
  /** Prefixes that the frame gave probability to: the first `reachedCount`. */
  reached: Int32Array;
  reachedCount: number;
  frame: number;
};

/** A frame: probabilities of all symbols, and those that are tried after each prefix, likely ones first. */
type Row = {
  logProbabilities: Float32Array;
  readonly probabilities: Float64Array;
  readonly tried: Uint8Array;
  triedCount: number;
};

function readRow(row: Row, threshold: number): void {
  const { logProbabilities, probabilities, tried } = row;
  let best = 0;
  for (let symbol = 0; symbol < logProbabilities.length; symbol += 1) {
    probabilities[symbol] = Math.exp(logProbabilities[symbol]!);
    if (logProbabilities[symbol]! > logProbabilities[best]!) best = symbol;
  }
  row.triedCount = 0;
  for (let symbol = blank + 1; symbol < logProbabilities.length; symbol += 1) {
    if (logProbabilities[symbol]! < threshold && symbol !== best) continue;
    let at = row.triedCount;
    for (; at > 0 && logProbabilities[symbol]! > logProbabilities[tried[at - 1]!]!; at -= 1) tried[at] = tried[at - 1]!;
    tried[at] = symbol;
    row.triedCount += 1;
  }
}

function extendAll(search: Search, row: Row): void {
  const { prefixes, beam, options, floor } = search;
  search.reachedCount = 0;
  clearFloor(floor);
  for (const prefix of beam) {
    stay(search, prefix, row);
    raiseFloor(floor, prefixes.rank[prefix]! + row.logProbabilities[blank]!);
  }
  for (const prefix of beam) {
    for (let i = 0; i < row.triedCount; i += 1) {
      const symbol = row.tried[i]!;
      const soundRank = prefixes.rank[prefix]! + row.logProbabilities[symbol]!;
      if (soundRank + search.mostAdded < floor.best - options.scoreMargin) break;
      extend(search, prefix, symbol, row, soundRank);
    }
  }
}

/** The paths that add nothing to the prefix: a blank, or its last symbol once more. */
function stay(search: Search, prefix: number, { probabilities }: Row): void {
  const { prefixes } = search;
  reach(search, prefix);
  if (prefix > 0) prefixes.childFrame[prefixes.parent[prefix]!] = search.frame;
  const afterAny = prefixes.inBlank[prefix]! + prefixes.inSymbol[prefix]!;
  prefixes.nextInBlank[prefix]! += afterAny * probabilities[blank]!;
  prefixes.nextInSymbol[prefix]! += prefixes.inSymbol[prefix]! * probabilities[prefixes.symbol[prefix]!]!;
}

/**
 * Gives `symbol` after `prefix` its probability, unless that is a prefix outside the beam which cannot come among the best: first by
 * `soundRank`, its rank by its sound alone, and by what a symbol can add at most, then by what it does add.
 */
function extend(search: Search, prefix: number, symbol: number, row: Row, soundRank: number): void {
  const { prefixes, floor, frame } = search;
  const isHopeless = soundRank + search.mostAdded < floor.last;
  if (isHopeless && prefixes.childFrame[prefix] !== frame) return;
  const known = findPrefix(prefixes, prefix, symbol);
  const isInBeam = known >= 0 && prefixes.frame[known] === frame;
  if (isHopeless && !isInBeam) return;
  // Only a blank between them makes two of the same symbol.
  const isSame = symbol === prefixes.symbol[prefix];
  const before = isSame ? prefixes.inBlank[prefix]! : prefixes.inBlank[prefix]! + prefixes.inSymbol[prefix]!;
  const probability = before * row.probabilities[symbol]!;
  if (probability === 0) return;
  const parentScore = prefixes.textScore[prefix]!;
  const textScore = known >= 0 ? prefixes.textScore[known]! : parentScore + addedBy(search, prefix, symbol);
  const rank = soundRank + textScore - parentScore;
  if (!isInBeam && rank < floor.last) return;
  const child = known >= 0 ? known : addPrefix(prefixes, prefix, symbol, textScore);
  reach(search, child);
  prefixes.nextInSymbol[child]! += probability;
  if (!isInBeam && !isSame) raiseFloor(floor, rank);
}

function addedBy(search: Search, prefix: number, symbol: number): number {
  settle(search, prefix);
  const { languageState, wordState, symbol: symbolOf } = search.prefixes;
  return search.scorer.added(languageState[prefix]!, wordState[prefix]!, symbolOf[prefix]!, symbol);
}

/** Most prefixes are never gone on from: their states are found when one is, from those of the prefix before. */
function settle({ prefixes, scorer, model }: Search, prefix: number): void {
  if (prefixes.languageState[prefix] !== notYet) return;
  const parent = prefixes.parent[prefix]!;
  const symbol = prefixes.symbol[prefix]!;
  prefixes.languageState[prefix] = model.languageModel.advance(prefixes.languageState[parent]!, symbol);
  prefixes.wordState[prefix] = scorer.nextWordState(prefixes.wordState[parent]!, symbol);
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
function keepBest(search: Search): number {
  const { prefixes, reached, reachedCount, options } = search;
  const { nextInBlank, nextInSymbol, rank, textScore } = prefixes;
  let most = 0;
  for (let i = 0; i < reachedCount; i += 1) {
    const prefix = reached[i]!;
    const probability = nextInBlank[prefix]! + nextInSymbol[prefix]!;
    rank[prefix] = Math.log(probability) + textScore[prefix]!;
    most = Math.max(most, probability);
  }
  const best = bestOf(reached.subarray(0, reachedCount), rank, options.beamWidth);
  const least = rank[best[0]!]! - options.scoreMargin;
  const scale = most > 0 ? most : 1;
  search.beam = best.filter((prefix, place) => place === 0 || rank[prefix]! >= least);
  for (const prefix of search.beam) {
    rank[prefix]! -= Math.log(scale);
    prefixes.inBlank[prefix] = nextInBlank[prefix]! / scale;
    prefixes.inSymbol[prefix] = nextInSymbol[prefix]! / scale;
  }
  return Math.log(scale);
}

function finish(search: Search, logScale: number): Hypothesis[] {
  const { prefixes, scorer, beam } = search;
  const { inBlank, inSymbol, textScore, languageState, wordState, symbol } = prefixes;
  return Array.from(beam, (prefix) => {
    settle(search, prefix);
    const logProbability = Math.log(inBlank[prefix]! + inSymbol[prefix]!) + logScale;
    const ending = scorer.atEnd(languageState[prefix]!, wordState[prefix]!, symbol[prefix]!);
    return { prefix, logProbability, score: logProbability + textScore[prefix]! + ending };
  })
    .sort((one, other) => other.score - one.score || one.prefix - other.prefix)
    .map(({ prefix, logProbability, score }) => ({ symbols: symbolsOf(prefixes, prefix), logProbability, score }));
}
