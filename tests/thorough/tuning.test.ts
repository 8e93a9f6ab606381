import { describe, expect, test } from 'vitest';
import { errorsOf } from '#lib/counts.ts';
import { demoPhrases } from '#lib/datasets/demo-phrases.ts';
import { beamDecode, defaultBeamOptions, greedyDecode, openDecoding } from '#scoring/baseline/decode.ts';
import type { BeamOptions } from '#scoring/baseline/prefix-beam.ts';
import { fitDecoding, tuneDecoding } from '#scoring/baseline/tuning.ts';
import { russian } from '#scoring/baseline/vocabulary.ts';
import { createRandom } from '#scoring/statistics/random.ts';
import { normalise } from '#scoring/wer/normalise.ts';
import { scoreCharacters, scoreWords } from '#scoring/wer/score.ts';
import { noisyLattice } from '../noisy-lattice.ts';

const texts = demoPhrases.map((text) => normalise(text, 'ru-yo').join(' ')).filter((text) => russian.indicesOf(text));
const random = createRandom(11);
const utterances = texts
  .filter((_, index) => index % 5 === 0)
  .map((reference) => ({ ...noisyLattice(reference, russian, random, 1.5), reference }));

const { decoding, tuned } = fitDecoding(texts, utterances, russian);
const { model } = openDecoding(decoding, russian);

function errorsUnder(decode: (utterance: (typeof utterances)[number]) => string): [words: number, characters: number] {
  let [words, characters] = [0, 0];
  for (const utterance of utterances) {
    const [reference, hypothesis] = [utterance.reference, decode(utterance)].map((text) => normalise(text, 'ru-yo'));
    words += errorsOf(scoreWords([reference!], hypothesis!));
    characters += errorsOf(scoreCharacters([reference!], hypothesis!));
  }
  return [words, characters];
}

const errorsWith = (options: BeamOptions) =>
  errorsUnder(({ logProbabilities, frames }) => beamDecode(logProbabilities, frames, russian, model, options));

describe('tuning the decoding', () => {
  test('tells the errors that its weights make', () => {
    expect(errorsWith(tuned.options)).toEqual([errorsOf(tuned.words), errorsOf(tuned.characters)]);
    expect(tuned.tried).toBeGreaterThan(16);
  });

  test('finds weights with fewer word errors than none, and than greedy decoding', () => {
    const [tunedErrors] = errorsWith(tuned.options);
    const none = { languageWeight: 0, symbolBonus: 0, wordBonus: 0, wordWeight: 0, outOfListPenalty: 0 };
    const [untuned] = errorsWith({ ...defaultBeamOptions, ...none });
    const [greedy] = errorsUnder(({ logProbabilities, frames }) => greedyDecode(logProbabilities, frames, russian));
    expect(tunedErrors).toBeLessThan(untuned);
    expect(tunedErrors).toBeLessThan(greedy);
  });

  test('finds the same weights again, and never worse ones than it began with', () => {
    const few = utterances.slice(0, 3);
    const start = { ...defaultBeamOptions, beamWidth: 8, languageWeight: 0.45 };
    const [once, again] = [tuneDecoding(few, russian, model, start), tuneDecoding(few, russian, model, start)];
    expect(again).toEqual(once);
    const from = tuneDecoding(few, russian, model, once.options);
    expect(errorsOf(from.words)).toBeLessThanOrEqual(errorsOf(once.words));
  });

  test('stays with what it began with where nothing is better', () => {
    const told: number[] = [];
    const start = { ...defaultBeamOptions, languageWeight: 0.45 };
    const found = tuneDecoding([], russian, model, start, (tried) => told.push(tried));
    expect(found.options).toEqual(start);
    expect(told).toEqual(Array.from({ length: found.tried }, (_, index) => index + 1));
  });

  test('leaves out of the list what the network cannot spell', () => {
    const { decoding } = fitDecoding(['нажмите один', 'press 2'], [], russian);
    expect(decoding.words).toEqual(['нажмите 1', 'один 1']);
    expect(openDecoding(decoding, russian).options).toEqual(defaultBeamOptions);
  });
});
