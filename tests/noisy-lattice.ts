import type { Vocabulary } from '#scoring/baseline/vocabulary.ts';
import type { RandomSource } from '#scoring/statistics/random.ts';

/** ln of probabilities [frames, symbols]. */
export type Lattice = { readonly logProbabilities: Float32Array; readonly frames: number };

/**
 * What a network of middling skill makes of a text: each character on one frame, one or two blank ones after it, normal noise on
 * all logits. At noise 1.3 about one character in five is taken for another.
 */
export function noisyLattice(text: string, vocabulary: Vocabulary, random: RandomSource, noise: number): Lattice {
  const symbols = vocabulary.symbols.length;
  const path = vocabulary.indicesOf(text)!.flatMap((symbol) => [symbol, 0, ...(random() % 5 < 2 ? [0] : [])]);
  const logProbabilities = new Float32Array(path.length * symbols);
  for (const [frame, label] of path.entries()) {
    const row = logProbabilities.subarray(frame * symbols, (frame + 1) * symbols);
    for (let symbol = 0; symbol < symbols; symbol += 1) row[symbol] = noise * normal(random);
    row[label]! += label === 0 ? 6 : 4;
    const total = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
    for (let symbol = 0; symbol < symbols; symbol += 1) row[symbol]! -= total;
  }
  return { logProbabilities, frames: path.length };
}

/** Box and Muller (1958). */
function normal(random: RandomSource): number {
  const uniform = () => (random() + 0.5) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Rows of logits turned into ln of probabilities. */
export function normalised(logits: readonly (readonly number[])[]): Float32Array {
  return new Float32Array(
    logits.flatMap((row) => {
      const total = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
      return row.map((logit) => logit - total);
    }),
  );
}
