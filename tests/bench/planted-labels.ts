import { drawBelow, type RandomSource } from '#scoring/statistics/random.ts';
import { normalise, type Words } from '#scoring/wer/normalise.ts';
import { uniform } from './simulated.ts';

/** Labels of which some were made wrong, and which. */
export type Planted = { labels: Words[]; wrong: ReadonlySet<number> };

const kinds = ['substituted', 'dropped', 'inserted', 'swapped'] as const;

/** Makes so many labels wrong, each in one of four ways in turn; none comes out as it was. */
export function plantWrongLabels(truths: readonly Words[], count: number, random: RandomSource): Planted {
  const labels = [...truths];
  const wrong = new Set<number>();
  while (wrong.size < count) {
    const u = drawBelow(random, truths.length);
    const label = misread(truths, u, kinds[wrong.size % kinds.length]!, random);
    if (wrong.has(u) || label.join(' ') === truths[u]!.join(' ')) continue;
    labels[u] = label;
    wrong.add(u);
  }
  return { labels, wrong };
}

function misread(truths: readonly Words[], u: number, kind: (typeof kinds)[number], random: RandomSource): Words {
  const words = [...truths[u]!];
  const other = truths[drawBelow(random, truths.length)]!;
  const word = other[drawBelow(random, other.length)]!;
  if (kind === 'swapped') return other;
  if (kind === 'inserted') words.splice(drawBelow(random, words.length + 1), 0, word);
  else words.splice(drawBelow(random, words.length), 1, ...(kind === 'substituted' ? [word] : []));
  return normalise(words.join(' '));
}

export type CorpusShape = {
  utterances: number;
  /** Error rates, one for each system. */
  rates: readonly number[];
  /** Of the words that a system gets wrong, it replaces this share by the one word that sounds most like it. */
  sameSound: number;
  /** Chance that a system hears a word as the system before it does, whatever that was. */
  likeTheOneBefore: number;
};

/**
 * Made-up texts and what systems hear: utterances and words are harder for all by a log-normal factor, and what is misheard is often
 * misheard alike.
 */
export function simulateCorpus({ utterances, rates, sameSound, likeTheOneBefore }: CorpusShape, random: RandomSource) {
  const vocabulary = 2000;
  const hardnessOfWord = Float64Array.from({ length: vocabulary }, () => logNormal(random, 0.5));
  // Squared draws: few words are frequent.
  const drawWord = () => Math.floor(vocabulary * uniform(random) ** 2);
  const spoken = Array.from({ length: utterances }, () => {
    const hardness = logNormal(random, 0.5);
    return { hardness, words: Array.from({ length: 3 + drawBelow(random, 12) }, drawWord) };
  });
  const hear = (word: number, hardness: number, rate: number): number[] => {
    if (uniform(random) >= Math.min(0.9, rate * hardness * hardnessOfWord[word]!)) return [word];
    const way = uniform(random);
    if (way < 0.2) return [];
    const instead = uniform(random) < sameSound ? (word * 7 + 1) % vocabulary : drawWord();
    return way < 0.35 ? [word, drawWord()] : [instead];
  };
  const systems: number[][][][] = [];
  for (const [k, rate] of rates.entries()) {
    const before = systems[k - 1];
    systems.push(
      spoken.map(({ words, hardness }, u) =>
        words.map((word, i) =>
          before && uniform(random) < likeTheOneBefore ? before[u]![i]! : hear(word, hardness, rate),
        ),
      ),
    );
  }
  const text = (words: readonly number[]) => normalise(words.map((word) => `w${word}`).join(' '));
  return {
    truths: spoken.map(({ words }) => text(words)),
    systems: systems.map((heard) => heard.map((words) => text(words.flat()))),
  };
}

/** With a mean of 1. */
function logNormal(random: RandomSource, deviation: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(random)));
  return Math.exp(deviation * radius * Math.cos(2 * Math.PI * uniform(random)) - deviation ** 2 / 2);
}
