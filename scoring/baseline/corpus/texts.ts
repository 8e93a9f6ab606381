import { nearTextTest } from '#lib/datasets/near-texts.ts';
import { numberPhrase } from '#scoring/baseline/corpus/number-phrases.ts';
import { sentence, singleWord } from '#scoring/baseline/corpus/sentences.ts';
import { createRandom, drawBelow, type RandomSource } from '#scoring/statistics/random.ts';

export type TextOptions = {
  /** Texts of the training split. */
  train: readonly string[];
  /** Texts of the dev and test splits: nothing equal or nearly equal to one of them is returned. */
  excluded: readonly string[];
  seed: number;
  /** How many texts are drawn. */
  count: number;
};

/** `percent`: how often it is drawn from, in proportion to the others. */
type Source = { percent: number; draw: (random: RandomSource) => string };

const mostRepeats = 3;
/** Drawn again where a text is excluded or was drawn often enough; where nearly all are, there are no more. */
const mostDrawsPerText = 20;

/**
 * Texts to be spoken: those of the training split and stretches of them, numbers, single words, sentences of our own. None more
 * often than thrice; fewer than `count` only where there are not so many. The same for the same options.
 */
export function trainingTexts(options: TextOptions): string[] {
  const { train } = options;
  const ofTrain: Source[] = [
    { percent: 15, draw: (random) => oneOf(train, random) },
    { percent: 20, draw: (random) => stretchOf(oneOf(train, random), random) },
  ];
  return draw(options, [
    ...(train.length > 0 ? ofTrain : []),
    { percent: 20, draw: numberPhrase },
    { percent: 10, draw: singleWord },
    { percent: 35, draw: sentence },
  ]);
}

/**
 * Texts to learn from how letters follow each other: those of the training split, each thrice since they are of the kind that is
 * to be recognised, and `count` sentences, numbers and words of our own.
 */
export function languageModelTexts(options: TextOptions): string[] {
  const isExcluded = nearTextTest(options.excluded);
  const train = options.train.filter((text) => !isExcluded(text));
  const own = draw(options, [
    { percent: 30, draw: numberPhrase },
    { percent: 10, draw: singleWord },
    { percent: 60, draw: sentence },
  ]);
  return [...train, ...train, ...train, ...own];
}

function draw({ excluded, seed, count }: TextOptions, sources: readonly Source[]): string[] {
  const random = createRandom(seed);
  const isExcluded = nearTextTest(excluded);
  const weighed = sources.flatMap((source) => new Array<Source>(source.percent).fill(source));
  const repeats = new Map<string, number>();
  const texts: string[] = [];
  for (let draws = 0; texts.length < count && draws < count * mostDrawsPerText; draws++) {
    const text = oneOf(weighed, random).draw(random);
    const repeated = repeats.get(text) ?? 0;
    if (text === '' || repeated >= mostRepeats || isExcluded(text)) continue;
    repeats.set(text, repeated + 1);
    texts.push(text);
  }
  return texts;
}

/** One to six words in a row. */
function stretchOf(text: string, random: RandomSource): string {
  const words = text.split(/\s+/).filter((word) => /\p{L}/u.test(word));
  const length = Math.min(words.length, 1 + drawBelow(random, 6));
  const start = drawBelow(random, words.length - length + 1);
  return words.slice(start, start + length).join(' ');
}

function oneOf<Item>(items: readonly Item[], random: RandomSource): Item {
  return items[drawBelow(random, items.length)]!;
}
