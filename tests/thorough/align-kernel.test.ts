import { describe, expect, test, vi } from 'vitest';
import type { ErrorCounts } from '#lib/counts.ts';
import { instantiate } from '#scoring/kernel/instantiate.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { countErrors } from '#scoring/wer/align.ts';
import type { Characters } from '#scoring/wer/normalise.ts';
import { isLong } from '../length.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

type Kernel = {
  heapStart(): number;
  setScratch(base: number): void;
  countTokens(reference: number, n: number, hypothesis: number, m: number, out: number): void;
  countShortTokens(reference: number, n: number, hypothesis: number, m: number, out: number): void;
};
const kernel = instantiate<Kernel>(loadModule('kernel')!);

/** Both ways of the kernel that there are for these tokens, which have to agree. */
function counted(reference: ArrayLike<number>, hypothesis: ArrayLike<number>): ErrorCounts {
  const counts = countedAs(Int32Array, reference, hypothesis);
  for (const tokens of [reference, hypothesis]) {
    for (let i = 0; i < tokens.length; i += 1) if (tokens[i]! > 0xffff) return counts;
  }
  const short = countedAs(Uint16Array, reference, hypothesis);
  if (JSON.stringify(short) !== JSON.stringify(counts)) expect({ reference, hypothesis, short }).toEqual(counts);
  return counts;
}

function countedAs(
  Tokens: typeof Int32Array | typeof Uint16Array,
  reference: ArrayLike<number>,
  hypothesis: ArrayLike<number>,
): ErrorCounts {
  const out = (kernel.heapStart() + 15) & ~15;
  const at = out + 16;
  const end = at + Tokens.BYTES_PER_ELEMENT * (reference.length + hypothesis.length);
  const missing = end - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / 65536));
  new Tokens(kernel.memory.buffer, at).set(reference);
  new Tokens(kernel.memory.buffer, at).set(hypothesis, reference.length);
  kernel.setScratch(end);
  const count = Tokens === Int32Array ? kernel.countTokens : kernel.countShortTokens;
  count(at, reference.length, at + Tokens.BYTES_PER_ELEMENT * reference.length, hypothesis.length, out);
  const [hits, substitutions, deletions, insertions] = new Int32Array(kernel.memory.buffer, out, 4);
  return { hits: hits!, substitutions: substitutions!, deletions: deletions!, insertions: insertions! };
}

const plain = (reference: number[], hypothesis: number[]) =>
  countErrors(Int32Array.from(reference) as Characters, Int32Array.from(hypothesis) as Characters);

/** The definition: fewest errors, then most hits, each pair of prefixes once. */
function oracle(reference: readonly number[], hypothesis: readonly number[]): { errors: number; hits: number } {
  const known = new Map<number, number>();
  const key = (i: number, j: number): number => {
    if (i === 0 || j === 0) return (i + j) * 1000;
    const found = known.get(i * 1000 + j);
    if (found !== undefined) return found;
    const paired = key(i - 1, j - 1) + (reference[i - 1] === hypothesis[j - 1] ? -1 : 1000);
    const best = Math.min(paired, key(i - 1, j) + 1000, key(i, j - 1) + 1000);
    known.set(i * 1000 + j, best);
    return best;
  };
  const best = key(reference.length, hypothesis.length);
  const errors = Math.floor((best + 999) / 1000);
  return { errors, hits: errors * 1000 - best };
}

/** Mulberry32: the same numbers in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** As a recogniser would have it: some tokens lost, some taken for others, some invented. */
function misheard(tokens: readonly number[], percent: number, alphabet: number, random: (below: number) => number) {
  return tokens.flatMap((token) => {
    if (random(100) >= percent) return [token];
    return [[], [random(alphabet)], [token, random(alphabet)]][random(3)]!;
  });
}

const random = randomNumbers(20260301);
const some = (length: number, alphabet: number) => Array.from({ length }, () => random(alphabet));

function pair(longest: number): [number[], number[]] {
  const alphabet = [1, 2, 3, 4, 30, 100_000][random(6)]!;
  const reference = some(random(longest + 1), alphabet);
  const isUnrelated = random(4) === 0;
  return [
    reference,
    isUnrelated ? some(random(longest + 1), alphabet) : misheard(reference, random(60), alphabet, random),
  ];
}

describe('counts of the kernel', () => {
  test('are those of plain TypeScript for pairs of any kind', () => {
    for (let i = 0; i < (isLong ? 20_000 : 5_000); i += 1) {
      const [reference, hypothesis] = pair([4, 12, 40, 200][Math.min(3, random(10))]!);
      const counts = counted(reference, hypothesis);
      const expected = plain(reference, hypothesis);
      if (JSON.stringify(counts) !== JSON.stringify(expected)) {
        expect({ reference, hypothesis, counts }).toEqual({ reference, hypothesis, counts: expected });
      }
    }
  });

  test('are those of the definition', () => {
    for (let i = 0; i < 1000; i += 1) {
      const [reference, hypothesis] = pair(i % 10 === 0 ? 80 : 14);
      const { hits, substitutions, deletions, insertions } = counted(reference, hypothesis);
      const errors = substitutions + deletions + insertions;
      expect({ errors, hits }).toEqual(oracle(reference, hypothesis));
      expect([hits + substitutions + deletions, hits + substitutions + insertions]).toEqual([
        reference.length,
        hypothesis.length,
      ]);
    }
  });

  test('swap deletions and insertions when the sides are swapped', () => {
    for (let i = 0; i < (isLong ? 2000 : 500); i += 1) {
      const [reference, hypothesis] = pair(60);
      const counts = counted(reference, hypothesis);
      const swapped = { ...counts, deletions: counts.insertions, insertions: counts.deletions };
      expect(counted(hypothesis, reference)).toEqual(swapped);
    }
  });

  test('hold for sides with nothing in common, with one token, and with none', () => {
    const count = (n: number, m: number, token: number) =>
      Object.values(counted(Array(n).fill(7), Array(m).fill(token)));
    expect(count(300, 700, 8)).toEqual([0, 300, 0, 400]);
    expect(count(70_000, 1_000, 8)).toEqual([0, 1000, 69_000, 0]);
    expect(count(300, 700, 7)).toEqual([300, 0, 0, 400]);
    expect(count(5, 0, 7)).toEqual([0, 0, 5, 0]);
    expect(count(0, 5, 7)).toEqual([0, 0, 0, 5]);
    expect(count(0, 0, 7)).toEqual([0, 0, 0, 0]);
    expect(Object.values(counted([1], [2, 3, 1, 2]))).toEqual([1, 0, 0, 3]);
    expect(Object.values(counted([1], [2, 3, 2]))).toEqual([0, 1, 0, 2]);
  });

  test('are those of plain TypeScript for sides of hundreds of tokens and of very different lengths', () => {
    for (let i = 0; i < (isLong ? 150 : 60); i += 1) {
      const alphabet = [1, 3, 500][i % 3]!;
      const reference = some(random(i % 2 === 0 ? 40 : 900), alphabet);
      const hypothesis = i % 5 === 0 ? some(random(900), alphabet) : misheard(reference, random(70), alphabet, random);
      const inserted = some(random(3) * 150, alphabet);
      hypothesis.splice(random(hypothesis.length + 1), 0, ...inserted);
      expect(counted(reference, hypothesis)).toEqual(plain(reference, hypothesis));
      expect(counted(hypothesis, reference)).toEqual(plain(hypothesis, reference));
    }
  });

  test('hold for long sides, far from each other and near', () => {
    const reference = some(5000, 1000);
    const shifted = [...reference.slice(700), ...reference.slice(0, 700)];
    for (const hypothesis of [misheard(reference, 30, 1000, random), shifted, some(4000, 30)]) {
      expect(counted(reference, hypothesis)).toEqual(plain(reference, hypothesis));
    }
  });
});
