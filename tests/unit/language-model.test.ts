import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateLanguageModel, trainLanguageModel } from '#scoring/baseline/kneser-ney.ts';
import { BrokenLanguageModelError, bitsPerSymbol, type LanguageModel } from '#scoring/baseline/language-model.ts';
import { languageModelFromBytes, languageModelToBytes } from '#scoring/baseline/language-model-file.ts';
import { russian } from '#scoring/baseline/vocabulary.ts';
import { normalise } from '#scoring/wer/normalise.ts';

const symbols = 5;
const anyTexts = fc.array(fc.array(fc.integer({ min: 1, max: symbols - 1 }), { maxLength: 12 }), { maxLength: 12 });

/** Real sentences: what the pages of the product say, without markup; every fifth is held out. */
const sentences = ['data', 'organise', 'lab', 'problems', 'scoring', 'upload', 'board', 'competition']
  .flatMap((area) => Object.values<string>(JSON.parse(readFileSync(`lib/messages/ru/${area}.json`, 'utf8'))))
  .map((text) => normalise(text, 'ru-yo').join(' '))
  .filter((text) => russian.indicesOf(text) !== null && text !== '');
const heldOut = sentences.filter((_, index) => index % 5 === 0).map((text) => russian.indicesOf(text)!);
const training = sentences.filter((_, index) => index % 5 !== 0);

/** ln P(symbol | context), by the equations of the paper, with n-grams as strings. 0 before a text is written S, after it 0. */
function textbook(texts: readonly number[][], order: number): (context: readonly number[], symbol: number) => number {
  const counts = new Map<string, number>();
  const lefts = new Map<string, Set<string>>();
  for (const text of texts.filter(({ length }) => length > 0)) {
    const all = ['S', ...text.map(String), '0'];
    for (let end = 1; end < all.length; end += 1) {
      for (let length = 1; length <= Math.min(order, end + 1); length += 1) {
        const ngram = all.slice(end + 1 - length, end + 1).join(' ');
        counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
        const left = all[end - length];
        if (left !== undefined) lefts.set(ngram, (lefts.get(ngram) ?? new Set()).add(left));
      }
    }
  }
  const lengthOf = (ngram: string) => ngram.split(' ').length;
  const counted = (ngram: string): number =>
    lengthOf(ngram) === order || ngram.startsWith('S') ? (counts.get(ngram) ?? 0) : (lefts.get(ngram)?.size ?? 0);
  const discounts = Array.from({ length: order + 1 }, (_, length) => {
    const n = (times: number) =>
      [...counts.keys()].filter((ngram) => lengthOf(ngram) === length && counted(ngram) === times).length;
    const y = n(1) / (n(1) + 2 * n(2));
    const found = [1 - 2 * y * (n(2) / n(1)), 2 - 3 * y * (n(3) / n(2)), 3 - 4 * y * (n(4) / n(3))];
    const isUsable = found.every((discount, index) => discount > 0 && discount <= index + 1);
    return isUsable ? found : [0.5, 1, 1.5];
  });
  const probability = (context: readonly string[], symbol: number): number => {
    const of = (other: number) => counted([...context, other].join(' '));
    const all = Array.from({ length: symbols }, (_, other) => of(other));
    const total = all.reduce((sum, count) => sum + count, 0);
    const below = () => (context.length === 0 ? 1 / symbols : probability(context.slice(1), symbol));
    if (total === 0) return below();
    const discount = (count: number) => (count === 0 ? 0 : discounts[context.length + 1]![Math.min(count, 3) - 1]!);
    const free = all.reduce((sum, count) => sum + discount(count), 0);
    return (of(symbol) - discount(of(symbol)) + free * below()) / total;
  };
  return (context, symbol) => {
    const names = ['S', ...context.map(String)];
    return Math.log(probability(order === 1 ? [] : names.slice(1 - order), symbol));
  };
}

function sumOf(model: LanguageModel, state: number): number {
  let sum = 0;
  for (let symbol = 0; symbol < model.symbols; symbol += 1) sum += Math.exp(model.logProbability(state, symbol));
  return sum;
}

function contextsOf({ tables }: LanguageModel): number[] {
  return Array.from(tables.logBackoff, (_, context) => context);
}

describe('a character model', () => {
  test('gives the probabilities of the textbook', () => {
    fc.assert(
      fc.property(anyTexts, fc.integer({ min: 1, max: 4 }), anyTexts, (texts, order, others) => {
        const model = estimateLanguageModel(texts, symbols, order);
        const expected = textbook(texts, order);
        for (const text of [...texts, ...others].slice(0, 8)) {
          let state = model.start;
          for (let at = 0; at <= text.length; at += 1) {
            const symbol = text[at] ?? 0;
            expect(model.logProbability(state, symbol)).toBeCloseTo(expected(text.slice(0, at), symbol), 9);
            state = model.advance(state, symbol);
          }
          expect(state).toBe(model.start);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('sums to 1 in every context, pruned or not', () => {
    for (const pruneFrom of [Number.POSITIVE_INFINITY, 3]) {
      const model = trainLanguageModel(training, russian, 6, pruneFrom);
      for (const context of contextsOf(model)) expect(Math.abs(sumOf(model, context) - 1)).toBeLessThan(1e-9);
    }
  });

  test('sums to 1 within its steps when it was rounded', () => {
    const model = trainLanguageModel(training, russian, 6);
    const rounded = languageModelFromBytes(languageModelToBytes(model));
    const step = (values: ArrayLike<number>) => Math.max(...Array.from(values, (value) => -value)) / 255;
    const most = step(model.tables.logProbability) / 2 + (5 * step(model.tables.logBackoff)) / 2;
    for (const context of contextsOf(rounded)) {
      expect(Math.abs(Math.log(sumOf(rounded, context)))).toBeLessThanOrEqual(most + 1e-6);
    }
  });

  test('knows as much of an unseen context as of its seen end', () => {
    const model = estimateLanguageModel(
      [
        [1, 2, 3],
        [3, 2, 1],
      ],
      symbols,
      3,
    );
    const stateAfter = (text: number[]) => text.reduce((state, symbol) => model.advance(state, symbol), model.start);
    expect(stateAfter([3, 4, 4, 1])).toBe(stateAfter([4, 1]));
    expect(stateAfter([1, 2])).not.toBe(stateAfter([3, 2]));
    expect(model.logProbability(stateAfter([1, 2]), 4)).toBeLessThan(model.logProbability(stateAfter([1, 2]), 3));
  });

  test('of nothing takes every symbol for equally likely', () => {
    const model = estimateLanguageModel([[]], symbols, 3);
    for (let symbol = 0; symbol < symbols; symbol += 1) {
      expect(model.logProbability(model.start, symbol)).toBeCloseTo(-Math.log(symbols), 12);
    }
  });

  test('predicts new sentences better than one of a lower order, and than Witten–Bell smoothing', () => {
    const bits = [2, 3, 4, 5].map((order) => bitsPerSymbol(trainLanguageModel(training, russian, order), heldOut));
    expect(bits).toEqual([...bits].sort((a, b) => b - a));
    expect(bits.at(-1)).toBeLessThan(wittenBellBits(5));
    expect(bits.at(-1)).toBeGreaterThan(1);
  });

  test('cannot be of an order whose n-grams are no exact numbers', () => {
    expect(() => estimateLanguageModel([], 34, 11)).toThrow(RangeError);
    expect(() => estimateLanguageModel([], 34, 0)).toThrow(RangeError);
  });
});

/** Witten & Bell (1991) as interpolated in Chen & Goodman (1999): the share for shorter contexts is T / (T + N). */
function wittenBellBits(order: number): number {
  const followers = new Map<string, Map<number, number>>();
  for (const text of training.map((text) => [...russian.indicesOf(text)!, 0])) {
    for (let at = 0; at < text.length; at += 1) {
      for (let length = 0; length < order; length += 1) {
        const context = [0, ...text].slice(Math.max(0, at + 1 - length), at + 1).join(' ');
        const found = followers.get(context) ?? new Map<number, number>();
        followers.set(context, found.set(text[at]!, (found.get(text[at]!) ?? 0) + 1));
        if (length > at) break;
      }
    }
  }
  const probability = (context: number[], symbol: number): number => {
    const found = followers.get(context.join(' '));
    const below = () => (context.length === 0 ? 1 / 34 : probability(context.slice(1), symbol));
    if (found === undefined) return below();
    const total = [...found.values()].reduce((sum, count) => sum + count, 0);
    return ((found.get(symbol) ?? 0) + found.size * below()) / (total + found.size);
  };
  let [sum, count] = [0, 0];
  for (const text of heldOut) {
    const all = [0, ...text, 0];
    for (let at = 1; at < all.length; at += 1) {
      sum -= Math.log2(probability(all.slice(Math.max(0, at - order + 1), at), all[at]!));
      count += 1;
    }
  }
  return sum / count;
}

describe('a character model in bytes', () => {
  const bytes = languageModelToBytes(trainLanguageModel(training.slice(0, 60), russian, 4));

  test('comes back as it went', () => {
    const once = languageModelFromBytes(bytes);
    expect(languageModelToBytes(once)).toEqual(bytes);
    expect(once.order).toBe(4);
    expect(bitsPerSymbol(once, heldOut)).toBeCloseTo(
      bitsPerSymbol(trainLanguageModel(training.slice(0, 60), russian, 4), heldOut),
      1,
    );
  });

  test('stays a model where the bytes stand at an odd place of a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 1);
    expect(languageModelFromBytes(larger.subarray(1, 1 + bytes.length)).order).toBe(4);
  });

  test('is refused when cut, extended, of another kind or of another version', () => {
    const [foreign, later] = [bytes.slice(), bytes.slice()];
    foreign[0] = 0x50;
    later[4] = 2;
    for (const broken of [bytes.subarray(0, -1), new Uint8Array([...bytes, 0]), bytes.subarray(0, 7), foreign, later]) {
      expect(() => languageModelFromBytes(broken)).toThrow(BrokenLanguageModelError);
    }
  });

  test('is refused or a model that gives numbers, whatever bytes were changed', () => {
    const small = languageModelToBytes(
      estimateLanguageModel(
        [
          [1, 2, 3, 4],
          [2, 2, 3],
          [4, 1],
        ],
        symbols,
        4,
      ),
    );
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(small.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: -2, max: 2 }),
        (changes, longer) => {
          const mutant = new Uint8Array(small.length + longer);
          mutant.set(small.subarray(0, mutant.length));
          for (const [at, value] of changes) mutant[at] = value;
          refused += walks(mutant) ? 0 : 1;
        },
      ),
      { numRuns: 5000 },
    );
    expect(refused).toBeGreaterThan(2000);
    expect(refused).toBeLessThan(5000);
  });
});

/** False where the bytes are refused as broken; any other failure is thrown on. */
function walks(bytes: Uint8Array): boolean {
  try {
    const model = languageModelFromBytes(bytes);
    for (const context of contextsOf(model).slice(0, 50)) {
      for (let symbol = 0; symbol < model.symbols; symbol += 1) {
        expect(model.logProbability(context, symbol)).toBeLessThanOrEqual(0);
        expect(model.advance(context, symbol)).toBeLessThan(model.tables.logBackoff.length);
      }
    }
    return true;
  } catch (error) {
    if (error instanceof BrokenLanguageModelError) return false;
    throw error;
  }
}
