import type { Vocabulary } from './vocabulary.ts';

/** A list of words as an automaton over the network's symbols. Its states are the prefixes of its words; 0 is the empty one. */
export type WordList = {
  readonly size: number;
  /** The prefix after `symbol`, or `outside` where no word goes on so. */
  advance(prefix: number, symbol: number): number;
  /** Natural logarithm of the word's share of the texts, its count plus one; null where the prefix is no word. */
  logShare(prefix: number): number | null;
};

/** The state of what is a prefix of no word of the list. */
export const outside = -1;

/** Why lines are no list of words. */
export class BrokenWordListError extends Error {
  override readonly name = 'BrokenWordListError';
}

/** A line "word count" for each word of the texts, the frequent ones first. Words stand one space apart. */
export function countWords(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of texts.flatMap((text) => text.split(' '))) {
    if (word !== '') counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([one, oneCount], [other, otherCount]) => otherCount - oneCount || (one < other ? -1 : 1))
    .map(([word, count]) => `${word} ${count}`);
}

/** Reads lines of `countWords`. Throws BrokenWordListError for other lines and for words that the vocabulary cannot spell. */
export function createWordList(lines: readonly string[], vocabulary: Pick<Vocabulary, 'indicesOf'>): WordList {
  const words = lines.map((line) => parseLine(line, vocabulary)).sort(bySpelling);
  const { symbol, firstChild, count } = buildTrie(words);
  const total = words.reduce((sum, word) => sum + word.count + 1, 0);
  return {
    size: words.length,
    advance(prefix, wanted) {
      let low = firstChild[prefix]!;
      let high = firstChild[prefix + 1]!;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (symbol[middle] === wanted) return middle;
        if (symbol[middle]! < wanted) low = middle + 1;
        else high = middle;
      }
      return outside;
    },
    logShare: (prefix) => (count[prefix] === 0 ? null : Math.log((count[prefix]! + 1) / total)),
  };
}

type Word = { spelling: readonly number[]; count: number };

function parseLine(line: string, vocabulary: Pick<Vocabulary, 'indicesOf'>): Word {
  const [, word = '', count = ''] = /^(\S+) ([1-9]\d{0,14})$/.exec(line) ?? [];
  const spelling = word === '' ? null : vocabulary.indicesOf(word);
  if (spelling === null) throw new BrokenWordListError(`not a word of this vocabulary and its count: ${line}`);
  return { spelling, count: Number(count) };
}

function bySpelling({ spelling: one }: Word, { spelling: other }: Word): number {
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i += 1) if (one[i] !== other[i]) return one[i]! - other[i]!;
  return one.length - other.length;
}

/** `symbol`, `count` [prefixes], short prefixes first, siblings together; `firstChild` [prefixes + 1]. `words` are sorted. */
function buildTrie(words: readonly Word[]): { symbol: Uint8Array; firstChild: Uint32Array; count: Float64Array } {
  const most = words.reduce((sum, { spelling }) => sum + spelling.length, 1);
  const symbol = new Uint8Array(most);
  const firstChild = new Uint32Array(most + 1);
  const count = new Float64Array(most);
  // Prefix i is shared by the words from begin[i] up to end[i].
  const [begin, end, depth] = [new Uint32Array(most), new Uint32Array(most), new Uint32Array(most)];
  end[0] = words.length;
  let prefixes = 1;
  for (let prefix = 0; prefix < prefixes; prefix += 1) {
    firstChild[prefix] = prefixes;
    for (let at = begin[prefix]!; at < end[prefix]!; at += 1) {
      const word = words[at]!;
      const next = word.spelling[depth[prefix]!];
      if (next === undefined) count[prefix]! += word.count;
      else if (prefixes > firstChild[prefix]! && symbol[prefixes - 1] === next) end[prefixes - 1] = at + 1;
      else {
        symbol[prefixes] = next;
        depth[prefixes] = depth[prefix]! + 1;
        begin[prefixes] = at;
        end[prefixes] = at + 1;
        prefixes += 1;
      }
    }
    firstChild[prefix + 1] = prefixes;
  }
  return {
    symbol: symbol.slice(0, prefixes),
    firstChild: firstChild.slice(0, prefixes + 1),
    count: count.slice(0, prefixes),
  };
}
