import { add, type ErrorCounts, errorsOf, noCounts } from '#lib/counts.ts';
import { normalise, type Words } from '#scoring/wer/normalise.ts';
import { scoreCharacters, scoreWords } from '#scoring/wer/score.ts';
import { beamDecode, defaultBeamOptions } from './decode.ts';
import { trainLanguageModel } from './kneser-ney.ts';
import { languageModelFromBytes, languageModelToBytes } from './language-model-file.ts';
import type { Decoding } from './model.ts';
import type { BeamOptions } from './prefix-beam.ts';
import type { DecodingModel, TextWeights } from './text-score.ts';
import type { Vocabulary } from './vocabulary.ts';
import { countWords, createWordList } from './words.ts';

/** An utterance of dev as the network heard it, `logProbabilities` [frames, symbols], and what was said. */
export type TuningUtterance = {
  readonly logProbabilities: Float32Array;
  readonly frames: number;
  readonly reference: string;
};

export type Tuned = {
  readonly options: BeamOptions;
  /** Of all utterances under these options. */
  readonly words: ErrorCounts;
  readonly characters: ErrorCounts;
  /** How many settings were tried. */
  readonly tried: number;
};

/** 20,000 sentences come to 2 MB so, and leaving the rare long n-grams out costs 0.1 % of the bits. */
const order = 8;
const pruneFrom = 6;

/**
 * All that beam search needs beside the network, from texts that were normalised by `ru-yo` and stand nowhere in dev or test:
 * character model, word list, and weights tuned on dev, by the model as it is read back from its bytes. Texts that the vocabulary
 * cannot spell are left out; with no utterances the weights stay as they usually are.
 */
export function fitDecoding(
  texts: readonly string[],
  utterances: readonly TuningUtterance[],
  vocabulary: Vocabulary,
  onTried: (tried: number) => void = () => {},
): { readonly decoding: Decoding; readonly tuned: Tuned } {
  const spelled = texts.filter((text) => vocabulary.indicesOf(text) !== null);
  const languageModel = languageModelToBytes(trainLanguageModel(spelled, vocabulary, order, pruneFrom));
  const words = countWords(spelled);
  const model = { languageModel: languageModelFromBytes(languageModel), words: createWordList(words, vocabulary) };
  const tuned = tuneDecoding(utterances, vocabulary, model, defaultBeamOptions, onTried);
  return { decoding: { languageModel, words, options: tuned.options }, tuned };
}

/** First a grid of the two that depend on each other most, then each in turn by steps that are halved while nothing is gained. */
const languageWeights = [0.3, 0.6, 0.9, 1.2];
const symbolBonuses = [0, 0.6, 1.2, 1.8];
const steps: readonly {
  readonly name: keyof TextWeights;
  readonly step: number;
  readonly least: number;
  most: number;
}[] = [
  { name: 'languageWeight', step: 0.2, least: 0, most: 3 },
  { name: 'symbolBonus', step: 0.4, least: -2, most: 6 },
  { name: 'outOfListPenalty', step: 2, least: -20, most: 0 },
  { name: 'wordBonus', step: 0.8, least: -4, most: 8 },
  { name: 'wordWeight', step: 0.2, least: 0, most: 1 },
];
const halvings = 2;

/**
 * The weights of the beam search with the fewest word errors in the utterances, of equals the fewest character errors, then the
 * ones tried first: the same for the same utterances. Coordinate search, so a better setting may be elsewhere. `onTried` is told
 * how many settings were tried after each.
 */
export function tuneDecoding(
  utterances: readonly TuningUtterance[],
  vocabulary: Vocabulary,
  model: DecodingModel,
  start: BeamOptions,
  onTried: (tried: number) => void = () => {},
): Tuned {
  const references = utterances.map(({ reference }) => normalise(reference, 'ru-yo'));
  const found = new Map<string, Tuned>();
  const tryOut = (options: BeamOptions): Tuned => {
    const key = JSON.stringify(options);
    const known = found.get(key);
    if (known !== undefined) return known;
    const tried = {
      options,
      ...countErrors(utterances, references, vocabulary, model, options),
      tried: found.size + 1,
    };
    found.set(key, tried);
    onTried(found.size);
    return tried;
  };
  let best = tryOut(start);
  for (const languageWeight of languageWeights) {
    for (const symbolBonus of symbolBonuses) best = better(best, tryOut({ ...start, languageWeight, symbolBonus }));
  }
  return { ...refine(best, tryOut), tried: found.size };
}

function refine(start: Tuned, tryOut: (options: BeamOptions) => Tuned): Tuned {
  let best = start;
  for (let halved = 0; halved <= halvings; ) {
    const before = best;
    for (const { name, step, least, most } of steps) {
      for (const by of [step / 2 ** halved, -step / 2 ** halved]) {
        const value = Math.min(most, Math.max(least, rounded(best.options[name] + by)));
        best = better(best, tryOut({ ...best.options, [name]: value }));
      }
    }
    if (best === before) halved += 1;
  }
  return best;
}

/** Sums of steps to three decimals, so that a setting is reached as the same number from both sides. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The other only where it is truly better. */
function better(best: Tuned, other: Tuned): Tuned {
  const difference =
    errorsOf(other.words) - errorsOf(best.words) || errorsOf(other.characters) - errorsOf(best.characters);
  return difference < 0 ? other : best;
}

function countErrors(
  utterances: readonly TuningUtterance[],
  references: readonly Words[],
  vocabulary: Vocabulary,
  model: DecodingModel,
  options: BeamOptions,
): { words: ErrorCounts; characters: ErrorCounts } {
  let [words, characters] = [noCounts, noCounts];
  for (const [index, { logProbabilities, frames }] of utterances.entries()) {
    const reference = references[index]!;
    const hypothesis = normalise(beamDecode(logProbabilities, frames, vocabulary, model, options), 'ru-yo');
    words = add(words, scoreWords([reference], hypothesis));
    characters = add(characters, scoreCharacters([reference], hypothesis));
  }
  return { words, characters };
}
