import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVocabulary } from '#scoring/baseline/vocabulary.ts';
import { BrokenWordListError, countWords, createWordList, outside } from '#scoring/baseline/words.ts';

const vocabulary = createVocabulary(['', ' ', 'а', 'б']);

describe('a word list', () => {
  test('knows its words, their shares, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('а', 'б', ' '), maxLength: 9 })), (texts) => {
        const lines = countWords(texts);
        const list = createWordList([...lines].reverse(), vocabulary);
        const total = lines.reduce((sum, line) => sum + Number(line.split(' ')[1]) + 1, 0);
        const stateOf = (word: string) =>
          vocabulary.indicesOf(word)!.reduce((at, symbol) => (at === outside ? at : list.advance(at, symbol)), 0);
        for (const line of lines) {
          const [word, count] = line.split(' ') as [string, string];
          expect(list.logShare(stateOf(word))).toBeCloseTo(Math.log((Number(count) + 1) / total), 12);
        }
        for (const other of ['аа', 'бб', 'абаба', 'баабб']) {
          const isListed = lines.some((line) => line.startsWith(`${other} `));
          const state = stateOf(other);
          expect(state !== outside && list.logShare(state) !== null).toBe(isListed);
        }
        expect(list.size).toBe(lines.length);
        expect(list.logShare(0)).toBeNull();
      }),
    );
  });

  test('is refused with lines that are not a word and a count', () => {
    for (const line of ['а', 'а 0', 'а -1', 'а 1 ', 'аб  2', 'ещё 3', '', ' 1', 'а 1e3']) {
      expect(() => createWordList([line], vocabulary)).toThrow(BrokenWordListError);
    }
    expect(createWordList(['а 1'], vocabulary).size).toBe(1);
  });
});
