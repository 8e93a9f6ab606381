import { expect, test } from 'vitest';
import { detectableDifference } from '#lib/detectable.ts';
import { createRandom } from '#scoring/statistics/random.ts';

test('is that of the measured folds: 3.1 points at 300 utterances, 1.7 at 1,000, 1.2 at 2,000', () => {
  const rounded = [300, 1000, 2000].map((utterances) => detectableDifference(10.8 * utterances, 0.15)!.toFixed(1));
  expect(rounded).toEqual(['3.1', '1.7', '1.2']);
});

test('shrinks with more words and with fewer errors, and is none without words', () => {
  expect(detectableDifference(40_000, 0.15)).toBeCloseTo(detectableDifference(10_000, 0.15)! / 2, 12);
  expect(detectableDifference(10_000, 0.05)).toBeLessThan(detectableDifference(10_000, 0.15)!);
  expect(detectableDifference(0, 0.15)).toBeNull();
});

test('is found four times out of five where errors are as clustered as it takes them to be', () => {
  const random = createRandom(1);
  const uniform = () => random() / 2 ** 32;
  const utterances = 1000;
  const words = 11;
  const worse = 0.15 + detectableDifference(utterances * words, 0.15)! / 100;
  // An utterance is heard well or badly as a whole, so that errors vary 1.7 times as much as by the word.
  const errors = (rate: number) => {
    const heard = rate * (uniform() < 0.5 ? 1 + spread : 1 - spread);
    let sum = 0;
    for (let word = 0; word < words; word += 1) if (uniform() < heard) sum += 1;
    return sum;
  };
  const spread = Math.sqrt((1.7 / (1 - 0.15) - 1) * ((1 - 0.15) / 0.15 / (words - 1)));
  const found = Array.from({ length: 300 }, () => {
    const differences = Array.from({ length: utterances }, () => errors(worse) - errors(0.15));
    const mean = differences.reduce((a, b) => a + b) / utterances;
    const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (utterances - 1);
    return mean / Math.sqrt(variance / utterances) > 1.645;
  });
  const share = found.filter((is) => is).length / found.length;
  expect(share).toBeGreaterThan(0.72);
  expect(share).toBeLessThan(0.88);
});
