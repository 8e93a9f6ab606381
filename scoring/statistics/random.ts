/** The seed of every draw that nobody asked to be drawn otherwise; reports record it. */
export const defaultSeed = 20_260_101;

/** Unsigned whole numbers below 2³², all equally likely. */
export type RandomSource = () => number;

/**
 * xoshiro128** 1.1: period 2¹²⁸ − 1, the same numbers on every machine. The state is filled from a 32-bit seed by splitmix32.
 * Sources: Blackman & Vigna, Scrambled Linear Pseudorandom Number Generators (2021); Steele, Lea & Flood (2014).
 */
export function createRandom(seed: number = defaultSeed): RandomSource {
  return randomFrom(stateOf(seed));
}

function randomFrom([a, b, c, d]: [number, number, number, number]): RandomSource {
  return () => {
    const product = Math.imul(b, 5);
    const value = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return value;
  };
}

/** Four words of state; only one of 2¹²⁸ states, all zeros, is forbidden, and no seed leads to it. */
function stateOf(seed: number): [number, number, number, number] {
  const next = wordsFrom(seed);
  return [next(), next(), next(), next()];
}

function wordsFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

/** So many generators draw units in turn: what a vector of 32-bit numbers holds. */
const lanes = 4;

/** States of the generators: word w of generator g stands at w × 4 + g. The first generator is `createRandom`'s. */
export function statesOf(seed: number): Uint32Array {
  const next = wordsFrom(seed);
  const states = new Uint32Array(4 * lanes);
  for (let generator = 0; generator < lanes; generator += 1) {
    for (let word = 0; word < 4; word += 1) states[word * lanes + generator] = next();
  }
  return states;
}

/** Fills `drawn` with whole numbers below its length, each exactly as likely. What the generators drew beyond is dropped. */
export type UnitDraws = (drawn: Int32Array) => void;

/** Draws the units of one resample after the other, by four generators in turn. */
export function createUnitDraws(seed: number): UnitDraws {
  const states = statesOf(seed);
  const sources = Array.from({ length: lanes }, (_, g) =>
    randomFrom([states[g]!, states[lanes + g]!, states[2 * lanes + g]!, states[3 * lanes + g]!]),
  );
  return (drawn) => {
    for (let count = 0; count < drawn.length; ) {
      for (const random of sources) {
        const unit = below(random(), drawn.length);
        if (unit >= 0 && count < drawn.length) drawn[count++] = unit;
      }
    }
  };
}

/**
 * A whole number from 0 to `bound` − 1, each exactly as likely; `bound` from 1 to 2³². The upper half of draw × bound, drawn
 * again where its lower half is among the 2³² mod bound smallest. Source: Lemire, Fast Random Integer Generation in an Interval
 * (2019).
 */
export function drawBelow(random: RandomSource, bound: number): number {
  for (;;) {
    const value = below(random(), bound);
    if (value >= 0) return value;
  }
}

/** −1 where the draw has to be drawn again. */
function below(value: number, bound: number): number {
  // Two halves of 16 bits keep every product exact in a double.
  const upper = (value >>> 16) * bound + Math.floor(((value & 0xffff) * bound) / 65_536);
  const lower = Math.imul(value, bound) >>> 0;
  // The remainder is smaller than the bound, and seldom has to be known.
  return lower >= bound || lower >= 4_294_967_296 % bound ? Math.floor(upper / 65_536) : -1;
}
