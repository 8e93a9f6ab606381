/**
 * The prefixes that a search has met, as a tree in columns that grow together; prefix 0 is the empty one. Probabilities are those
 * of all paths to a prefix that end in a blank or in its last symbol, times a common factor.
 */
export type Prefixes = {
  size: number;
  parent: Int32Array;
  /** Last symbol; 0 of the empty prefix. */
  symbol: Uint8Array;
  firstChild: Int32Array;
  sibling: Int32Array;
  /** `notYet` until somebody asks, as is `wordState` then. */
  languageState: Int32Array;
  wordState: Int32Array;
  textScore: Float64Array;
  inBlank: Float64Array;
  inSymbol: Float64Array;
  /** The same two after the frame that is being read. */
  nextInBlank: Float64Array;
  nextInSymbol: Float64Array;
  /** The last frame that reached the prefix. */
  frame: Int32Array;
  /** The last frame into which one of its children went on from the one before. */
  childFrame: Int32Array;
  /** ln(inBlank + inSymbol) + textScore; of prefixes that are compared, after the frame. */
  rank: Float64Array;
};

const none = -1;
export const notYet = -1;

export function createPrefixes(capacity: number, languageState: number): Prefixes {
  const integers = () => new Int32Array(capacity).fill(none);
  const reals = () => new Float64Array(capacity);
  const prefixes: Prefixes = {
    size: 0,
    parent: integers(),
    symbol: new Uint8Array(capacity),
    firstChild: integers(),
    sibling: integers(),
    languageState: integers(),
    wordState: integers(),
    textScore: reals(),
    inBlank: reals(),
    inSymbol: reals(),
    nextInBlank: reals(),
    nextInSymbol: reals(),
    frame: integers(),
    childFrame: integers(),
    rank: reals(),
  };
  addPrefix(prefixes, none, 0, 0);
  prefixes.languageState[0] = languageState;
  prefixes.wordState[0] = 0;
  prefixes.inBlank[0] = 1;
  return prefixes;
}

/** The prefix of `parent` and `symbol`, or −1. */
export function findPrefix(
  { firstChild, sibling, symbol: symbolOf }: Prefixes,
  parent: number,
  symbol: number,
): number {
  let child = firstChild[parent]!;
  while (child !== none && symbolOf[child] !== symbol) child = sibling[child]!;
  return child;
}

export function addPrefix(prefixes: Prefixes, parent: number, symbol: number, textScore: number): number {
  if (prefixes.size === prefixes.symbol.length) grow(prefixes);
  const prefix = prefixes.size;
  prefixes.size += 1;
  prefixes.parent[prefix] = parent;
  prefixes.symbol[prefix] = symbol;
  prefixes.textScore[prefix] = textScore;
  if (parent !== none) {
    prefixes.sibling[prefix] = prefixes.firstChild[parent]!;
    prefixes.firstChild[parent] = prefix;
  }
  return prefix;
}

export function symbolsOf({ parent, symbol }: Prefixes, prefix: number): number[] {
  const symbols: number[] = [];
  for (let at = prefix; at > 0; at = parent[at]!) symbols.push(symbol[at]!);
  return symbols.reverse();
}

function grow(prefixes: Prefixes): void {
  const { size, ...columns } = prefixes;
  for (const [name, column] of Object.entries(columns)) {
    const larger = new (column.constructor as Int32ArrayConstructor)(column.length * 2);
    if (larger instanceof Int32Array) larger.fill(none);
    larger.set(column);
    Object.assign(prefixes, { [name]: larger });
  }
}
