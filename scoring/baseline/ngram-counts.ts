/** The n-grams of one length in texts, in lexicographic order; those that begin with the start of a text come first. */
export type NgramLevel = {
  /** [n-grams] last symbol. */
  readonly symbol: Uint8Array;
  /** [n-grams] place, one level below, of the n-gram without its last symbol; 0 on the first level. */
  readonly parent: Uint32Array;
  /** [n-grams] place, one level below, of the n-gram without its first symbol; 0 on the first level. */
  readonly end: Uint32Array;
  /** [n-grams] how often it stands in the texts. */
  readonly count: Uint32Array;
  /** How many of them begin with the start of a text; on the first level none, since there symbol 0 is the end. */
  initial: number;
};

/**
 * Counts all n-grams up to `order` of texts of symbols 1 … symbols − 1. Symbol 0 as the first of several is the start of a text,
 * as the last its end. The first level has every symbol, counted or not. Throws RangeError where an n-gram would not fit a number.
 */
export function countNgrams(texts: readonly ArrayLike<number>[], symbols: number, order: number): NgramLevel[] {
  if (!Number.isInteger(order) || order < 1 || (symbols + 1) ** order > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`n-grams of ${symbols} symbols cannot be of order ${order}`);
  }
  const walk: Walk = { windows: sortedWindows(texts, symbols + 1, order), base: symbols + 1, order };
  const sizes = new Uint32Array(order + 1);
  visitNgrams(walk, (length, _symbol, isNew) => {
    if (isNew) sizes[length]! += 1;
  });
  sizes[1] = symbols;
  const levels = Array.from({ length: order }, (_, index) => emptyLevel(sizes[index + 1]!));
  levels[0]!.symbol.forEach((_, symbol, all) => {
    all[symbol] = symbol;
  });
  fill(levels, walk);
  for (let index = 1; index < order; index += 1) link(levels, index);
  return levels;
}

/** Windows are n-grams as numbers: digits to `base`, symbol + 1 each, 0 after the end of a text. */
type Walk = { windows: Float64Array; base: number; order: number };

function emptyLevel(size: number): NgramLevel {
  const [parent, end, count] = [new Uint32Array(size), new Uint32Array(size), new Uint32Array(size)];
  return { symbol: new Uint8Array(size), parent, end, count, initial: 0 };
}

/** One window for each start and symbol of the texts, the longest n-gram that begins there; sorted. */
function sortedWindows(texts: readonly ArrayLike<number>[], base: number, order: number): Float64Array {
  const windows = new Float64Array(texts.reduce((sum, { length }) => sum + (length > 0 ? length + 1 : 0), 0));
  let filled = 0;
  for (const text of texts) {
    if (text.length === 0) continue;
    for (let at = -1; at < text.length; at += 1) {
      let window = 0;
      for (let i = at; i < at + order; i += 1) {
        const digit = i > text.length ? 0 : i < 0 || i === text.length ? 1 : text[i]! + 1;
        window = window * base + digit;
      }
      windows[filled] = window;
      filled += 1;
    }
  }
  return windows.sort();
}

/** Calls for every n-gram of every window, short ones first; `isNew` where the window before did not begin with it. */
function visitNgrams(
  { windows, base, order }: Walk,
  visit: (length: number, symbol: number, isNew: boolean) => void,
): void {
  const before = new Float64Array(order + 1).fill(-1);
  const divisors = Float64Array.from({ length: order + 1 }, (_, length) => base ** (order - length));
  for (const window of windows) {
    for (let length = 1; length <= order; length += 1) {
      const ngram = Math.floor(window / divisors[length]!);
      if (ngram % base === 0) break;
      visit(length, (ngram % base) - 1, ngram !== before[length]);
      before[length] = ngram;
    }
  }
}

function fill(levels: readonly NgramLevel[], walk: Walk): void {
  const place = new Int32Array(walk.order + 1).fill(-1);
  visitNgrams(walk, (length, symbol, isNew) => {
    const level = levels[length - 1]!;
    if (length === 1) place[1] = symbol;
    else if (isNew) {
      place[length]! += 1;
      level.symbol[place[length]!] = symbol;
      level.parent[place[length]!] = place[length - 1]!;
    }
    level.count[place[length]!]! += 1;
  });
}

/** Finds the ends of the n-grams of a level and how many of them are initial. */
function link(levels: readonly NgramLevel[], index: number): void {
  const level = levels[index]!;
  const below = levels[index - 1]!;
  const first = childrenOf(below, index > 1 ? levels[index - 2]!.symbol.length : 1);
  for (let i = 0; i < level.symbol.length; i += 1) {
    const parent = level.parent[i]!;
    if (index === 1 ? parent === 0 : parent < below.initial) level.initial += 1;
    level.end[i] = index === 1 ? level.symbol[i]! : placeOf(below, first, below.end[parent]!, level.symbol[i]!);
  }
}

/** [parents + 1] where the children of each place of the level below begin. */
function childrenOf({ parent }: Pick<NgramLevel, 'parent'>, parents: number): Uint32Array {
  const first = new Uint32Array(parents + 1);
  for (const place of parent) first[place + 1]! += 1;
  for (let i = 0; i < parents; i += 1) first[i + 1]! += first[i]!;
  return first;
}

function placeOf({ symbol }: NgramLevel, first: Uint32Array, parent: number, wanted: number): number {
  let [low, high] = [first[parent]!, first[parent + 1]! - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (symbol[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
