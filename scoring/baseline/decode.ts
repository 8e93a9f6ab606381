import { languageModelFromBytes } from './language-model-file.ts';
import type { Decoding } from './model.ts';
import { type BeamOptions, searchBeam } from './prefix-beam.ts';
import type { DecodingModel } from './text-score.ts';
import { blank, type Vocabulary } from './vocabulary.ts';
import { createWordList } from './words.ts';

/** Where tuning begins; what it found stands in the model. */
export const defaultBeamOptions: BeamOptions = {
  beamWidth: 32,
  tokenThreshold: -6,
  scoreMargin: 10,
  languageWeight: 0.8,
  symbolBonus: 0.6,
  wordBonus: 0,
  wordWeight: 0,
  outOfListPenalty: -2,
};

/**
 * Text of the likeliest symbol of every frame, repetitions merged and blanks dropped. `logProbabilities` [frames, symbols]; of
 * equals the first symbol counts. Words stand one space apart. Source: Graves et al. (2006), best path decoding.
 */
export function greedyDecode(logProbabilities: Float32Array, frames: number, vocabulary: Vocabulary): string {
  return textOfSymbols(greedySymbols(logProbabilities, frames, vocabulary.symbols.length), vocabulary);
}

/** Text of the best score under network, model of texts and word list. `logProbabilities` [frames, symbols]. */
export function beamDecode(
  logProbabilities: Float32Array,
  frames: number,
  vocabulary: Vocabulary,
  model: DecodingModel,
  options: BeamOptions,
): string {
  const [best] = searchBeam(logProbabilities, frames, vocabulary.symbols.length, model, options, 1);
  return textOfSymbols(best!.symbols, vocabulary);
}

/**
 * Makes what stands in a model's folder ready for the search. Throws BrokenLanguageModelError, BrokenWordListError, and RangeError
 * for a language model of other symbols and for options that are missing or not of their kind.
 */
export function openDecoding(
  decoding: Decoding,
  vocabulary: Vocabulary,
): { readonly model: DecodingModel; readonly options: BeamOptions } {
  const languageModel = languageModelFromBytes(decoding.languageModel);
  if (languageModel.symbols !== vocabulary.symbols.length) {
    throw new RangeError(
      `a language model of ${languageModel.symbols} symbols cannot serve ${vocabulary.symbols.length}`,
    );
  }
  const words = createWordList(decoding.words, vocabulary);
  return { model: { languageModel, words }, options: beamOptionsOf(decoding.options) };
}

/** A network may put spaces at the ends of a text or several in a row; no text has them. */
function textOfSymbols(symbols: Iterable<number>, vocabulary: Vocabulary): string {
  return vocabulary.textOf(symbols).trim().replace(/ +/g, ' ');
}

function greedySymbols(logProbabilities: Float32Array, frames: number, symbols: number): number[] {
  const found: number[] = [];
  let before = blank;
  for (let frame = 0; frame < frames; frame += 1) {
    const row = frame * symbols;
    let best = 0;
    for (let symbol = 1; symbol < symbols; symbol += 1) {
      if (logProbabilities[row + symbol]! > logProbabilities[row + best]!) best = symbol;
    }
    if (best !== before && best !== blank) found.push(best);
    before = best;
  }
  return found;
}

function beamOptionsOf(numbers: Readonly<Record<string, number>>): BeamOptions {
  const read = (name: keyof BeamOptions): number => {
    const value = numbers[name];
    if (value !== undefined && Number.isFinite(value)) return value;
    throw new RangeError(`the search is not told its ${name}`);
  };
  const beamWidth = read('beamWidth');
  if (!Number.isInteger(beamWidth) || beamWidth < 1 || beamWidth > 4096) {
    throw new RangeError(`a beam cannot be ${beamWidth} wide`);
  }
  return {
    beamWidth,
    tokenThreshold: read('tokenThreshold'),
    scoreMargin: read('scoreMargin'),
    languageWeight: read('languageWeight'),
    symbolBonus: read('symbolBonus'),
    wordBonus: read('wordBonus'),
    wordWeight: read('wordWeight'),
    outOfListPenalty: read('outOfListPenalty'),
  };
}
