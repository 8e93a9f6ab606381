import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alignSymbols } from '#scoring/baseline/alignment.ts';
import { normalised } from '../noisy-lattice.ts';

/** Blank, space and two letters. */
const symbols = 4;

const anyRow = fc.array(fc.integer({ min: -12, max: 4 }), { minLength: symbols, maxLength: symbols });
const anyLattice = fc.array(anyRow, { maxLength: 5 }).map((logits) => ({
  frames: logits.length,
  logProbabilities: normalised(logits),
}));

describe('an alignment', () => {
  test('is the likeliest of all paths of its text', () => {
    fc.assert(
      fc.property(anyLattice, fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }), (lattice, labelling) => {
        const { frames, logProbabilities } = lattice;
        const aligned = alignSymbols(logProbabilities, frames, symbols, labelling);
        const best = bestPath(logProbabilities, frames, labelling);
        if (aligned === null || labelling.length === 0) {
          expect(labelling.length === 0 ? aligned : best).toEqual(labelling.length === 0 ? [] : null);
          return;
        }
        const path = new Array<number>(frames).fill(0);
        for (const { symbol, firstFrame, endFrame } of aligned) path.fill(symbol, firstFrame, endFrame);
        expect(aligned.map(({ symbol }) => symbol)).toEqual(labelling);
        expect(path.filter((label, at) => label !== 0 && label !== path[at - 1])).toEqual(labelling);
        expect(scoreOfPath(logProbabilities, path)).toBeCloseTo(best!, 6);
      }),
      { numRuns: 80 },
    );
  });

  test('gives each symbol the highest probability of its frames', () => {
    const lattice = normalised([
      [0, 0, 2, 0],
      [0, 0, 3, 0],
      [4, 0, 0, 0],
      [0, 0, 2, 0],
    ]);
    const aligned = alignSymbols(lattice, 4, symbols, [2, 2])!;
    expect(aligned.map(({ firstFrame, endFrame }) => [firstFrame, endFrame])).toEqual([
      [0, 2],
      [3, 4],
    ]);
    expect(aligned[0]!.probability).toBeCloseTo(Math.exp(lattice[symbols + 2]!), 6);
    expect(alignSymbols(lattice, 4, symbols, [2, 2, 2])).toBeNull();
    expect(alignSymbols(lattice, 0, symbols, [2])).toBeNull();
  });
});

function scoreOfPath(logProbabilities: Float32Array, path: readonly number[]): number {
  return path.reduce((sum, label, frame) => sum + logProbabilities[frame * symbols + label]!, 0);
}

/** ln of the likeliest path of a labelling, of all one by one; null where there is none. */
function bestPath(logProbabilities: Float32Array, frames: number, labelling: readonly number[]): number | null {
  let best: number | null = null;
  for (let number = 0; number < symbols ** frames; number += 1) {
    const path = Array.from({ length: frames }, (_, frame) => Math.floor(number / symbols ** frame) % symbols);
    const merged = path.filter((label, at) => label !== 0 && label !== path[at - 1]);
    if (merged.join() !== labelling.join()) continue;
    best = Math.max(best ?? Number.NEGATIVE_INFINITY, scoreOfPath(logProbabilities, path));
  }
  return best;
}
