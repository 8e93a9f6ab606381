/** The seed of every draw that nobody asked to be drawn otherwise; reports record it. */
export const defaultSeed = 20_260_101;

/** Unsigned whole numbers below 2³², all equally likely. */
export type RandomSource = () => number;

/**
 * xoshiro128** 1.1: period 2¹²⁸ − 1, the same numbers on every machine. The state is filled from a 32-bit seed by splitmix32.
 * Sources: Blackman & Vigna, Scrambled Linear Pseudorandom Number Generators (2021); Steele, Lea & Flood (2014).
 */
export function createRandom(seed: number = defaultSeed): RandomSource {
  let [a, b, c, d] = stateOf(seed);
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
export function stateOf(seed: number): [number, number, number, number] {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  return [next(), next(), next(), next()];
}

/**
 * A whole number from 0 to `bound` − 1, each exactly as likely; `bound` from 1 to 2³². The upper half of draw × bound, drawn
 * again where its lower half is among the 2³² mod bound smallest. Source: Lemire, Fast Random Integer Generation in an Interval
 * (2019).
 */
export function drawBelow(random: RandomSource, bound: number): number {
  for (;;) {
    const value = random();
    // Two halves of 16 bits keep every product exact in a double.
    const upper = (value >>> 16) * bound + Math.floor(((value & 0xffff) * bound) / 65_536);
    const lower = Math.imul(value, bound) >>> 0;
    // The remainder is smaller than the bound, and seldom has to be known.
    if (lower >= bound || lower >= 4_294_967_296 % bound) return Math.floor(upper / 65_536);
  }
}
