/*
 * Made-up recognisers for the demo: each reference is spoilt by a stated model, the same way every time. Never shown as results.
 */

/** How often a word is spoilt and how; probabilities per reference word, independent of each other. */
export type NoiseModel = {
  /** The word is replaced, by another of the references' words or by a misspelling of itself. */
  substituted: number;
  /** Of the substituted words, the share that is misspelt. */
  misspelt: number;
  deleted: number;
  /** A misspelt copy of the word follows it. */
  inserted: number;
};

export type NoiseSeeds = {
  /** Where errors fall, and of which kind. */
  places: number;
  /** What stands there instead. With equal places and all of it misspelt, other words mean as many errors in every utterance. */
  words: number;
};

/** Hypotheses for `references` (words parted by single spaces) under a noise model. Same seeds, same hypotheses. */
export function spoil(references: readonly string[], model: NoiseModel, seeds: NoiseSeeds): string[] {
  const vocabulary = [...new Set(references.flatMap((reference) => reference.split(' ')))].filter(Boolean).sort();
  const known = new Set(vocabulary);
  const places = seededRandom(seeds.places);
  const words = seededRandom(seeds.words);
  const another = () => vocabulary[Math.floor(words() * vocabulary.length)]!;
  return references.map((reference) => {
    const hypothesis: string[] = [];
    for (const word of reference.split(' ').filter(Boolean)) {
      const isDeleted = places() < model.deleted;
      const isSubstituted = places() < model.substituted;
      const isMisspelt = places() < model.misspelt;
      const isFollowed = places() < model.inserted;
      if (isSubstituted) hypothesis.push(isMisspelt ? misspell(word, known, words) : another());
      else if (!isDeleted) hypothesis.push(word);
      if (isFollowed) hypothesis.push(misspell(word, known, words));
    }
    return hypothesis.join(' ');
  });
}

const letters = [...'абвгдежзийклмнопрстуфхцчшщъыьэюя'];

/** One letter is changed, dropped or doubled, until nothing of the vocabulary comes out. */
function misspell(word: string, known: ReadonlySet<string>, random: () => number): string {
  let spelling = [...word];
  do {
    const at = Math.floor(random() * spelling.length);
    const kind = random();
    const letter = letters[Math.floor(random() * letters.length)]!;
    if (kind < 0.2 && spelling.length > 3) spelling = spelling.toSpliced(at, 1);
    else if (kind < 0.3) spelling = spelling.toSpliced(at, 0, spelling[at]!);
    else spelling = spelling.with(at, letter);
  } while (known.has(spelling.join('')));
  return spelling.join('');
}

/** Mulberry32: numbers from 0 to below 1. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
