/** The index of CTC's blank: no symbol in this frame. */
export const blank = 0;

/**
 * The symbols between which the network chooses in every frame. `symbols[0]` is the blank, written as the empty string;
 * each of the others is one code point.
 */
export type Vocabulary = {
  readonly symbols: readonly string[];
  /** The symbols of a text, one per code point; null where a character is not among them. Its words stand one space apart. */
  indicesOf(text: string): number[] | null;
  /** The text of symbols after CTC's repetitions were merged. Blanks are dropped. */
  textOf(indices: Iterable<number>): string;
};

/** Throws where a symbol stands twice or the first one is not the blank. */
export function createVocabulary(symbols: readonly string[]): Vocabulary {
  const indexOf = new Map(symbols.map((symbol, index) => [symbol, index]));
  if (symbols[blank] !== '' || indexOf.size !== symbols.length) throw new Error('symbols must differ, the blank first');
  return {
    symbols,
    indicesOf(text) {
      const indices = Array.from(text, (character) => indexOf.get(character) ?? blank);
      return indices.includes(blank) ? null : indices;
    },
    textOf: (indices) => Array.from(indices, (index) => symbols[index]!).join(''),
  };
}

/** Blank, space and the Russian letters: 34 symbols. Texts come through the profile `ru-yo`, so ё is written as е. */
export const russian = createVocabulary(['', ' ', ...'абвгдежзийклмнопрстуфхцчшщъыьэюя']);
