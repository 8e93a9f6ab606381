import type { LanguageModel } from './language-model.ts';
import { outside, type WordList } from './words.ts';

/** What beam search knows of texts beside the network. */
export type DecodingModel = { readonly languageModel: LanguageModel; readonly words: WordList };

/**
 * What a text is worth beside its sound: languageWeight · ln P(text) + symbolBonus · symbols + wordBonus · words, and for each word
 * of the list wordWeight · ln of its share of the texts, for each other word outOfListPenalty. With all at 0 only the sound counts.
 */
export type TextWeights = {
  /** α ≥ 0. */
  readonly languageWeight: number;
  /** β for letters and spaces alike: the model of texts makes every symbol cost, which shortens texts. */
  readonly symbolBonus: number;
  /** β for words. */
  readonly wordBonus: number;
  readonly wordWeight: number;
  /** ≤ 0. */
  readonly outOfListPenalty: number;
};

const space = 1;

/** The score of text as a sum over its symbols: each function is given the state before and says what is added. */
export type TextScorer = {
  /** Of `symbol` after `before`, the symbol before it (0 at the start of the text). */
  added(languageState: number, wordState: number, before: number, symbol: number): number;
  nextWordState(wordState: number, symbol: number): number;
  /** Of the end of the text. */
  atEnd(languageState: number, wordState: number, before: number): number;
};

/** A word outside the list pays as soon as it leaves the list, so that it gives way before its end. */
export function createTextScorer({ languageModel, words }: DecodingModel, weights: TextWeights): TextScorer {
  const { languageWeight, symbolBonus, wordBonus, wordWeight, outOfListPenalty } = weights;
  const nextWordState = (state: number, symbol: number) =>
    symbol === space ? 0 : state === outside ? outside : words.advance(state, symbol);
  const atWordEnd = (state: number, before: number) => {
    if (before <= space || state === outside) return 0;
    const share = words.logShare(state);
    return share === null ? outOfListPenalty : wordWeight * share;
  };
  return {
    nextWordState,
    added(languageState, wordState, before, symbol) {
      const common = languageWeight * languageModel.logProbability(languageState, symbol) + symbolBonus;
      if (symbol === space) return common + atWordEnd(wordState, before);
      const begins = before <= space ? wordBonus : 0;
      const leaves = wordState !== outside && words.advance(wordState, symbol) === outside ? outOfListPenalty : 0;
      return common + begins + leaves;
    },
    atEnd: (languageState, wordState, before) =>
      languageWeight * languageModel.logProbability(languageState, 0) + atWordEnd(wordState, before),
  };
}
