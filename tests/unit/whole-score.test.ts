import { describe, expect, test } from 'vitest';
import { errorRate } from '#lib/counts.ts';
import { type FoldCounts, wholeScore } from '#lib/scores.ts';

const fold = (errors: number, words: number, standardError: number | null): FoldCounts => ({
  counts: { hits: words - errors, substitutions: errors, deletions: 0, insertions: 0 },
  standardError,
});

describe('the test split as a whole', () => {
  test('pools the counts of its folds: a small fold weighs little', () => {
    const { whole } = wholeScore({ public: fold(10, 20, null), private: fold(0, 180, null) });
    expect(errorRate(whole.counts)).toBe(0.05);
  });

  test('has the interval of a weighted sum of two independent rates', () => {
    const { whole, public: shown } = wholeScore({ public: fold(30, 300, 0.02), private: fold(70, 700, 0.01) });
    const margin = 1.959963984540054 * Math.sqrt((300 * 0.02) ** 2 + (700 * 0.01) ** 2) * (1 / 1000);
    expect(whole.interval![0]).toBeCloseTo(0.1 - margin, 12);
    expect(whole.interval![1]).toBeCloseTo(0.1 + margin, 12);
    expect(shown.interval![1] - shown.interval![0]).toBeGreaterThan(whole.interval![1] - whole.interval![0]);
  });

  test('has no interval where one fold has none, and no rate without words', () => {
    expect(wholeScore({ public: fold(1, 10, null), private: fold(1, 10, 0.1) }).whole.interval).toBeNull();
    const { whole } = wholeScore({ public: fold(0, 0, null), private: fold(0, 0, null) });
    expect([errorRate(whole.counts), whole.interval]).toEqual([null, null]);
  });
});
