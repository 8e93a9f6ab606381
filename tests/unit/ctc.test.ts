import { describe, expect, test } from 'vitest';
import { ctcLoss } from '#scoring/baseline/ctc.ts';
import { createVocabulary, russian } from '#scoring/baseline/vocabulary.ts';
import { numbersFrom } from '../networks.ts';

function logitsFrom(seed: number, frames: number, symbols: number): Float32Array {
  const next = numbersFrom(seed);
  return Float32Array.from({ length: frames * symbols }, () => 4 * next() - 2);
}

function logSoftmax(logits: ArrayLike<number>, symbols: number): Float32Array {
  return Float32Array.from(logits, (value, index) => {
    const row = Math.floor(index / symbols) * symbols;
    const sum = Array.from({ length: symbols }, (_, symbol) => Math.exp(logits[row + symbol]!)).reduce((a, b) => a + b);
    return value - Math.log(sum);
  });
}

/** Every path there is, one after another: the definition, and far too slow for anything else. */
function lossOverAllPaths(logProbabilities: Float32Array, frames: number, symbols: number, target: number[]): number {
  let total = 0;
  for (let path = 0; path < symbols ** frames; path++) {
    const steps = Array.from({ length: frames }, (_, frame) => Math.floor(path / symbols ** frame) % symbols);
    const spelled = steps.filter((symbol, frame) => symbol !== 0 && symbol !== steps[frame - 1]);
    if (spelled.join() !== target.join()) continue;
    total += Math.exp(steps.reduce((sum, symbol, frame) => sum + logProbabilities[frame * symbols + symbol]!, 0));
  }
  return -Math.log(total);
}

const targets: [string, number[]][] = [
  ['one symbol', [1]],
  ['two symbols', [1, 2]],
  ['a repeated symbol', [2, 2]],
  ['repetitions with something between', [1, 2, 1]],
  ['three symbols, two of them equal', [1, 1, 2]],
  ['nothing', []],
];

describe('the CTC loss', () => {
  test.each(targets)('of %s is the sum over all paths', (_, target) => {
    for (const [seed, frames] of [3, 4, 5, 6].entries()) {
      const logProbabilities = logSoftmax(logitsFrom(seed + 1, frames, 3), 3);
      const expected = lossOverAllPaths(logProbabilities, frames, 3, target);
      const { loss } = ctcLoss(logProbabilities, frames, 3, target);
      if (expected === Number.POSITIVE_INFINITY) expect(loss).toBe(expected);
      else expect(loss).toBeCloseTo(expected, 10);
    }
  });

  test.each(targets)('of %s has the gradient that finite differences show', (_, target) => {
    const [frames, symbols] = [5, 4];
    const logits = Float64Array.from(logitsFrom(7, frames, symbols));
    const lossAt = (index: number, change: number) => {
      const moved = logits.map((value, at) => (at === index ? value + change : value));
      return ctcLoss(logSoftmax(moved, symbols), frames, symbols, target).loss;
    };
    const { gradient } = ctcLoss(logSoftmax(logits, symbols), frames, symbols, target);
    for (const index of logits.keys()) {
      expect(gradient[index]).toBeCloseTo((lossAt(index, 1e-2) - lossAt(index, -1e-2)) / 2e-2, 4);
    }
  });

  test('a target that does not fit into its frames is infinitely unlikely and pulls at nothing', () => {
    const logProbabilities = logSoftmax(logitsFrom(1, 4, 3), 3);
    const { loss, gradient } = ctcLoss(logProbabilities, 4, 3, [1, 1, 2, 2]);
    expect(loss).toBe(Number.POSITIVE_INFINITY);
    expect(gradient.every((value) => value === 0)).toBe(true);
    expect(ctcLoss(logProbabilities, 4, 3, [1, 2, 1, 2]).loss).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  test('without a frame only nothing can be said', () => {
    expect(ctcLoss(new Float32Array(0), 0, 3, []).loss).toBeCloseTo(0, 12);
    expect(ctcLoss(new Float32Array(0), 0, 3, [1]).loss).toBe(Number.POSITIVE_INFINITY);
  });

  test('forty seconds of near certainty neither overflow nor lose the gradient', () => {
    const [frames, symbols] = [1334, 34];
    const target = Array.from({ length: 300 }, (_, index) => 1 + (index % 33));
    const logits = new Float32Array(frames * symbols).fill(-60);
    for (let frame = 0; frame < frames; frame++) logits[frame * symbols + (frame % symbols)] = 60;
    const { loss, gradient } = ctcLoss(logSoftmax(logits, symbols), frames, symbols, target);
    expect(Number.isFinite(loss)).toBe(true);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});

describe('the vocabulary', () => {
  test('spells a text and reads it back', () => {
    const indices = russian.indicesOf('ёж'.replaceAll('ё', 'е').concat(' и уж'));
    expect(indices).not.toBeNull();
    expect(russian.textOf(indices!)).toBe('еж и уж');
    expect(russian.symbols).toHaveLength(34);
  });

  test('a text with anything else is not spelled at all', () => {
    expect(russian.indicesOf('нажмите 1')).toBeNull();
    expect(russian.indicesOf('ещё')).toBeNull();
    expect(russian.indicesOf('')).toEqual([]);
  });

  test('blanks vanish from the text', () => {
    expect(russian.textOf([0, 2, 0, 2, 0])).toBe('аа');
  });

  test('two equal symbols are refused', () => {
    expect(() => createVocabulary(['', 'а', 'а'])).toThrow();
    expect(() => createVocabulary(['а', 'б'])).toThrow();
  });
});
