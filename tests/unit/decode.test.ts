import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beamDecode, defaultBeamOptions, greedyDecode, openDecoding } from '#scoring/baseline/decode.ts';
import { trainLanguageModel } from '#scoring/baseline/kneser-ney.ts';
import { languageModelToBytes } from '#scoring/baseline/language-model-file.ts';
import { type BeamOptions, searchBeam } from '#scoring/baseline/prefix-beam.ts';
import type { DecodingModel, TextWeights } from '#scoring/baseline/text-score.ts';
import { createVocabulary } from '#scoring/baseline/vocabulary.ts';
import { countWords, createWordList } from '#scoring/baseline/words.ts';
import { createRandom } from '#scoring/statistics/random.ts';
import { noisyLattice, normalised } from '../noisy-lattice.ts';

const vocabulary = createVocabulary(['', ' ', 'а', 'б']);
const symbols = vocabulary.symbols.length;
const texts = ['а', 'аб', 'ба аб', 'баб аб а', 'абба', 'а а а', 'баб'];
const model: DecodingModel = {
  languageModel: trainLanguageModel(texts, vocabulary, 3),
  words: createWordList(countWords(texts), vocabulary),
};

const noWeights: TextWeights = {
  languageWeight: 0,
  symbolBonus: 0,
  wordBonus: 0,
  wordWeight: 0,
  outOfListPenalty: 0,
};
const noLimits = {
  beamWidth: Number.POSITIVE_INFINITY,
  tokenThreshold: Number.NEGATIVE_INFINITY,
  scoreMargin: Number.POSITIVE_INFINITY,
};

const anyRow = fc.array(fc.integer({ min: -12, max: 4 }), { minLength: symbols, maxLength: symbols });
const anyLattice = fc.array(anyRow, { maxLength: 5 }).map((logits) => ({
  frames: logits.length,
  logProbabilities: normalised(logits),
}));
const anyWeights: fc.Arbitrary<TextWeights> = fc.record({
  languageWeight: fc.double({ min: 0, max: 2, noNaN: true }),
  symbolBonus: fc.double({ min: -1, max: 2, noNaN: true }),
  wordBonus: fc.double({ min: -1, max: 2, noNaN: true }),
  wordWeight: fc.double({ min: 0, max: 1, noNaN: true }),
  outOfListPenalty: fc.double({ min: -5, max: 0, noNaN: true }),
});

/** P(labelling | sound) as the sum over all paths, one by one; labellings as texts. */
function allLabellings(logProbabilities: Float32Array, frames: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let path = 0; path < symbols ** frames; path += 1) {
    const labels = Array.from({ length: frames }, (_, frame) => Math.floor(path / symbols ** frame) % symbols);
    const logProbability = labels.reduce((sum, label, frame) => sum + logProbabilities[frame * symbols + label]!, 0);
    const merged = labels.filter((label, frame) => label !== 0 && label !== labels[frame - 1]);
    const text = vocabulary.textOf(merged);
    found.set(text, (found.get(text) ?? 0) + Math.exp(logProbability));
  }
  return found;
}

const counts = new Map(countWords(texts).map((line) => line.split(' ') as [string, string]));

function wordScore(word: string, weights: TextWeights): number {
  const total = [...counts.values()].reduce((sum, count) => sum + Number(count) + 1, 0);
  const count = counts.get(word);
  return count === undefined ? weights.outOfListPenalty : weights.wordWeight * Math.log((Number(count) + 1) / total);
}

/** The score of a text, written as the definition reads. */
function textScore(text: string, weights: TextWeights): number {
  const { languageModel } = model;
  let state = languageModel.start;
  let score = 0;
  for (const symbol of [...vocabulary.indicesOf(text)!, 0]) {
    score += weights.languageWeight * languageModel.logProbability(state, symbol);
    state = languageModel.advance(state, symbol);
  }
  for (const word of text.split(' ').filter((word) => word !== ''))
    score += weights.wordBonus + wordScore(word, weights);
  return score + weights.symbolBonus * text.length;
}

function expectSearchToEqualBruteForce(
  lattice: { frames: number; logProbabilities: Float32Array },
  weights: TextWeights,
): void {
  const options: BeamOptions = { ...weights, ...noLimits };
  const found = searchBeam(lattice.logProbabilities, lattice.frames, symbols, model, options, 10_000);
  const expected = [...allLabellings(lattice.logProbabilities, lattice.frames)]
    .map(([text, probability]) => ({ text, score: Math.log(probability) + textScore(text, weights) }))
    .sort((one, other) => other.score - one.score);
  expect(found.length).toBe(expected.length);
  const scoreOf = new Map(expected.map(({ text, score }) => [text, score]));
  for (const [index, { symbols, score, logProbability }] of found.entries()) {
    const text = vocabulary.textOf(symbols);
    expect(score).toBeCloseTo(scoreOf.get(text)!, 9);
    expect(score).toBeCloseTo(expected[index]!.score, 9);
    expect(score - logProbability).toBeCloseTo(textScore(text, weights), 9);
  }
}

/** Hannun et al. (2014), algorithm 1, with prefixes as texts and nothing left out: the texts that are left, best first. */
function textbookBeam(logProbabilities: Float32Array, frames: number, weights: TextWeights, width: number): string[] {
  const partScore = (text: string) => {
    const { languageWeight } = weights;
    const indices = vocabulary.indicesOf(text)!;
    const state = indices.reduce(model.languageModel.advance, model.languageModel.start);
    const isOpen = text !== '' && !text.endsWith(' ');
    const openWord = isOpen ? text.split(' ').at(-1)! : '';
    const isPrefix = [...counts.keys()].some((word) => word.startsWith(openWord));
    const shut = isOpen && isPrefix ? wordScore(openWord, weights) : 0;
    return textScore(text, weights) - languageWeight * model.languageModel.logProbability(state, 0) - shut;
  };
  let beam = new Map([['', { blank: 1, symbol: 0 }]]);
  for (let frame = 0; frame < frames; frame += 1) {
    const p = (symbol: number) => Math.exp(logProbabilities[frame * symbols + symbol]!);
    const next = new Map<string, { blank: number; symbol: number }>();
    const at = (text: string) => next.get(text) ?? next.set(text, { blank: 0, symbol: 0 }).get(text)!;
    for (const [text, { blank, symbol }] of beam) {
      const last = text === '' ? 0 : vocabulary.symbols.indexOf(text.at(-1)!);
      at(text).blank += (blank + symbol) * p(0);
      at(text).symbol += symbol * p(last);
      for (let other = 1; other < symbols; other += 1) {
        const before = other === last ? blank : blank + symbol;
        if (before > 0) at(text + vocabulary.symbols[other]).symbol += before * p(other);
      }
    }
    const rank = ([text, { blank, symbol }]: [string, { blank: number; symbol: number }]) =>
      Math.log(blank + symbol) + partScore(text);
    beam = new Map([...next].sort((one, other) => rank(other) - rank(one)).slice(0, width));
  }
  const score = ([text, { blank, symbol }]: [string, { blank: number; symbol: number }]) =>
    Math.log(blank + symbol) + textScore(text, weights);
  return [...beam].sort((one, other) => score(other) - score(one)).map(([text]) => text);
}

/** `text` as a network would see it: each character on a frame, blanks between, everything else unlikely. */
function spoken(text: string, likely = 6): { frames: number; logProbabilities: Float32Array } {
  const path = [...text].flatMap((character) => [vocabulary.symbols.indexOf(character), 0]);
  const logits = path.map((label) => vocabulary.symbols.map((_, symbol) => (symbol === label ? likely : 0)));
  return { frames: path.length, logProbabilities: normalised(logits) };
}

describe('greedy decoding', () => {
  test('reads the likeliest path with repetitions merged and blanks dropped', () => {
    const path = [0, 2, 2, 0, 2, 3, 3, 1, 1, 3, 0];
    const logits = path.map((label) => vocabulary.symbols.map((_, symbol) => (symbol === label ? 1 : 0)));
    expect(greedyDecode(normalised(logits), path.length, vocabulary)).toBe('ааб б');
  });

  test('of equally likely symbols takes the first, of no frames no text', () => {
    expect(
      greedyDecode(
        normalised([
          [1, 1, 1, 1],
          [0, 0, 1, 1],
        ]),
        2,
        vocabulary,
      ),
    ).toBe('а');
    expect(greedyDecode(new Float32Array(0), 0, vocabulary)).toBe('');
  });

  test('leaves no spaces at the ends or next to each other', () => {
    const path = [1, 2, 1, 0, 1, 3, 1];
    const logits = path.map((label) => vocabulary.symbols.map((_, symbol) => (symbol === label ? 1 : 0)));
    expect(greedyDecode(normalised(logits), path.length, vocabulary)).toBe('а б');
  });
});

describe('beam search', () => {
  test('without limits finds the sum over all paths of every labelling', () => {
    fc.assert(
      fc.property(anyLattice, (lattice) => expectSearchToEqualBruteForce(lattice, noWeights)),
      { numRuns: 40 },
    );
  });

  test('without limits finds the best scores with texts weighed', () => {
    fc.assert(
      fc.property(anyLattice, anyWeights, (lattice, weights) => expectSearchToEqualBruteForce(lattice, weights)),
      { numRuns: 60 },
    );
  });

  test('keeps no more probability within limits than there is, and ranks what it found', () => {
    fc.assert(
      fc.property(anyLattice, anyWeights, fc.integer({ min: 1, max: 4 }), (lattice, weights, beamWidth) => {
        const options = { ...weights, beamWidth, tokenThreshold: -4, scoreMargin: 20 };
        const found = searchBeam(lattice.logProbabilities, lattice.frames, symbols, model, options, 10);
        const exact = allLabellings(lattice.logProbabilities, lattice.frames);
        expect(found.length).toBeGreaterThan(0);
        expect(found.length).toBeLessThanOrEqual(beamWidth);
        expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
        for (const { symbols, logProbability } of found) {
          expect(Math.exp(logProbability)).toBeLessThanOrEqual(exact.get(vocabulary.textOf(symbols))! * (1 + 1e-9));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('keeps within its width what a search without any shortcut keeps', () => {
    const random = createRandom(7);
    for (let round = 0; round < 80; round += 1) {
      const row = () => Array.from(vocabulary.symbols, () => (random() / 2 ** 32) * 4);
      const { frames, logProbabilities } =
        round % 2 === 0
          ? noisyLattice('баб аб', vocabulary, random, 1 + ((round >> 1) % 4))
          : { frames: 9, logProbabilities: normalised(Array.from({ length: 9 }, row)) };
      const [weights] = fc.sample(anyWeights, { seed: round, numRuns: 1 });
      const options = { ...weights!, ...noLimits, beamWidth: 1 + (round % 9) };
      const found = searchBeam(logProbabilities, frames, symbols, model, options, 10);
      const expected = textbookBeam(logProbabilities, frames, weights!, options.beamWidth);
      expect(found.map(({ symbols }) => vocabulary.textOf(symbols))).toEqual(expected);
    }
  });

  test('one wide follows the clear symbols of a network', () => {
    const { frames, logProbabilities } = spoken('баб аб');
    const options = { ...noWeights, beamWidth: 1, tokenThreshold: -3, scoreMargin: 20 };
    expect(beamDecode(logProbabilities, frames, vocabulary, model, options)).toBe('баб аб');
  });

  test('prefers a word of the list where the sound does not decide', () => {
    const { frames, logProbabilities } = spoken('бб', 0.4);
    const listed = { ...defaultBeamOptions, languageWeight: 0, symbolBonus: 0, outOfListPenalty: -8 };
    const unlisted = { ...listed, outOfListPenalty: 0 };
    const inList = (text: string) => text.split(' ').every((word) => texts.join(' ').split(' ').includes(word));
    expect(inList(beamDecode(logProbabilities, frames, vocabulary, model, listed))).toBe(true);
    const clear = spoken('бб', 9);
    expect(beamDecode(clear.logProbabilities, clear.frames, vocabulary, model, unlisted)).toBe('бб');
    expect(beamDecode(clear.logProbabilities, clear.frames, vocabulary, model, listed)).toBe('бб');
  });

  test('gives no text for no frames, and the same order under ties every time', () => {
    expect(beamDecode(new Float32Array(0), 0, vocabulary, model, defaultBeamOptions)).toBe('');
    const flat = normalised(Array.from({ length: 6 }, () => [0, 0, 0, 0]));
    const options = { ...noWeights, beamWidth: 5, tokenThreshold: -9, scoreMargin: 20 };
    const found = () => searchBeam(flat, 6, symbols, model, options, 5).map(({ symbols }) => symbols.join(''));
    expect(found()).toEqual(found());
    expect(new Set(found()).size).toBe(5);
  });

  test('outlives more prefixes than it first made room for, and probabilities beyond the range of numbers', () => {
    const { frames, logProbabilities } = spoken('баб аб абба '.repeat(60), 3);
    const options = { ...defaultBeamOptions, tokenThreshold: -40 };
    expect(frames).toBeGreaterThan(1400);
    const found = searchBeam(logProbabilities, frames, symbols, model, options, 1);
    expect(vocabulary.textOf(found[0]!.symbols).trim()).toBe('баб аб абба '.repeat(60).trim());
    const faint = logProbabilities.map((value) => value - 3);
    expect(searchBeam(faint, frames, symbols, model, options, 1)[0]!.symbols).toEqual(found[0]!.symbols);
  });
});

describe('what stands in a model for its decoding', () => {
  const decoding = {
    languageModel: languageModelToBytes(model.languageModel),
    words: countWords(texts),
    options: { ...defaultBeamOptions },
  };

  test('decodes', () => {
    const opened = openDecoding(decoding, vocabulary);
    const { frames, logProbabilities } = spoken('баб аб');
    expect(beamDecode(logProbabilities, frames, vocabulary, opened.model, opened.options)).toBe('баб аб');
  });

  test('is refused without one of the numbers or with a beam of no width', () => {
    const { languageWeight: _, ...incomplete } = decoding.options;
    for (const options of [
      incomplete,
      { ...decoding.options, beamWidth: 0 },
      { ...decoding.options, beamWidth: 1.5 },
    ]) {
      expect(() => openDecoding({ ...decoding, options }, vocabulary)).toThrow(RangeError);
    }
  });

  test('is refused with a model of other symbols than the network has', () => {
    const larger = createVocabulary(['', ' ', 'а', 'б', 'в']);
    expect(() => openDecoding(decoding, larger)).toThrow(RangeError);
  });
});
