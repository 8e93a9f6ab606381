/**
 * A character n-gram model as an automaton. Symbols are those of the network: 1 is the space, then letters; 0, the network's blank,
 * stands here for the end of a text. A state is the longest context that the model knows something of.
 */
export type LanguageModel = {
  readonly order: number;
  /** How many symbols there are, the end of a text among them. */
  readonly symbols: number;
  /** The state before the first symbol of a text. */
  readonly start: number;
  /** Natural logarithm of the probability of `symbol` after `state`; above −Infinity for every symbol. */
  logProbability(state: number, symbol: number): number;
  /** The state after `symbol`. After the end of a text (0) that is the start of the next. */
  advance(state: number, symbol: number): number;
  readonly tables: NgramTables;
};

/**
 * All n-grams as a trie, level after level, siblings next to each other by rising symbol. Node 0 is the empty context; nodes 1 to
 * `symbols` are the single symbols, all of them. Nodes of the last level are no contexts.
 */
export type NgramTables = {
  readonly order: number;
  readonly symbols: number;
  /** [nodes] the last symbol of the n-gram. */
  readonly symbol: Uint8Array;
  /** [contexts + 1] children of context i stand from firstChild[i] up to firstChild[i + 1]. */
  readonly firstChild: Uint32Array;
  /** [nodes] of the last symbol after the others, interpolated with all shorter contexts. */
  readonly logProbability: Float32Array | Float64Array;
  /** [contexts] what the probability under the next shorter context is multiplied by where the n-gram is not here. */
  readonly logBackoff: Float32Array | Float64Array;
};

/** Why n-grams are no model: not closed under leaving out the first symbol. */
export class BrokenLanguageModelError extends Error {
  override readonly name = 'BrokenLanguageModelError';
}

/** Throws BrokenLanguageModelError if an n-gram is there without the shorter ones that it ends in. */
export function createLanguageModel(tables: NgramTables): LanguageModel {
  const { order, symbols, logProbability, logBackoff } = tables;
  const { shorter, next } = linksOf(tables);
  return {
    order,
    symbols,
    start: next[1]!,
    tables,
    logProbability: remembering(symbols, (state, symbol) => {
      let backoff = 0;
      let context = state;
      for (;;) {
        const node = findChild(tables, context, symbol);
        if (node > 0) return backoff + logProbability[node]!;
        backoff += logBackoff[context]!;
        context = shorter[context]!;
      }
    }),
    advance(state, symbol) {
      let context = state;
      for (;;) {
        const node = findChild(tables, context, symbol);
        if (node > 0) return next[node]!;
        context = shorter[context]!;
      }
    },
  };
}

/** Mean of −log₂ of the probability of a symbol, the ends of the texts counted; 2 to its power is the perplexity. */
export function bitsPerSymbol(model: LanguageModel, texts: readonly ArrayLike<number>[]): number {
  let sum = 0;
  let count = 0;
  for (const text of texts) {
    let state = model.start;
    for (let i = 0; i <= text.length; i += 1) {
      const symbol = i < text.length ? text[i]! : 0;
      sum += model.logProbability(state, symbol);
      state = model.advance(state, symbol);
      count += 1;
    }
  }
  return count === 0 ? 0 : -sum / count / Math.LN2;
}

/** How many states are remembered, a power of two; what is known of them fits the caches of a processor. */
const places = 2048;

/** Prefixes in a beam differ long ago and are in few states: what was looked up for one is asked for others. */
function remembering(symbols: number, lookUp: LanguageModel['logProbability']): LanguageModel['logProbability'] {
  const stateAt = new Int32Array(places).fill(-1);
  const known = new Float64Array(places * symbols);
  return (state, symbol) => {
    const place = state & (places - 1);
    if (stateAt[place] !== state) {
      stateAt[place] = state;
      known.fill(Number.NaN, place * symbols, (place + 1) * symbols);
    }
    const at = place * symbols + symbol;
    if (Number.isNaN(known[at]!)) known[at] = lookUp(state, symbol);
    return known[at]!;
  };
}

/** The node of `context` and `symbol` together, or 0 where that n-gram is unknown. */
function findChild({ firstChild, symbol: symbolOf }: NgramTables, context: number, symbol: number): number {
  if (context === 0) return 1 + symbol;
  let low = firstChild[context]!;
  let high = firstChild[context + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = symbolOf[middle]!;
    if (found === symbol) return middle;
    if (found < symbol) low = middle + 1;
    else high = middle;
  }
  return 0;
}

/**
 * For each context the one without its first symbol, and for each n-gram the state after it: itself if anything is known to
 * follow, otherwise the longest end of it that something follows.
 */
function linksOf(tables: NgramTables): { shorter: Uint32Array; next: Uint32Array } {
  const { symbol, firstChild } = tables;
  const contexts = firstChild.length - 1;
  const shorter = new Uint32Array(contexts);
  const next = new Uint32Array(symbol.length);
  for (let context = 0; context < contexts; context += 1) {
    for (let node = firstChild[context]!; node < firstChild[context + 1]!; node += 1) {
      const end = context === 0 ? 0 : findChild(tables, shorter[context]!, symbol[node]!);
      if (context > 0 && end === 0) throw new BrokenLanguageModelError('an n-gram is there without its own end');
      if (node < contexts) shorter[node] = end;
      next[node] = node < contexts && firstChild[node]! < firstChild[node + 1]! ? node : next[end]!;
    }
  }
  return { shorter, next };
}
