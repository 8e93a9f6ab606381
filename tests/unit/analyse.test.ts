import { describe, expect, test } from 'vitest';
import { alignWords, analyse } from '#scoring/wer/analyse.ts';
import { normalise } from '#scoring/wer/normalise.ts';
import { scoreWords } from '#scoring/wer/score.ts';
import { countsOf } from '../step-counts.ts';

const words = (text: string) => normalise(text, 'raw');

function aligned(pairs: readonly (readonly [reference: string, hypothesis: string])[]) {
  return pairs.map(([text, answer]) => {
    const hypothesis = words(answer);
    return { hypothesis, ...alignWords([words(text)], hypothesis) };
  });
}

describe('the wording an utterance is aligned with', () => {
  test('is the one that is counted, and its steps add up to the counts', () => {
    const cases = [
      { wordings: ['а б в', 'а б'], heard: 'а б', chosen: 1 },
      { wordings: ['а б', 'а б в'], heard: 'а б в г', chosen: 1 },
      { wordings: ['двадцать пять', '25'], heard: '25', chosen: 1 },
      { wordings: ['', 'ага'], heard: '', chosen: 0 },
      { wordings: ['кот дом', 'кот сад'], heard: 'кот лес', chosen: 0 },
    ];
    for (const { wordings, heard, chosen } of cases) {
      const references = wordings.map(words);
      const found = alignWords(references, words(heard));
      expect(found.chosen).toBe(chosen);
      expect(found.reference).toBe(references[chosen]);
      expect(countsOf(found.steps)).toEqual(scoreWords(references, words(heard)));
    }
  });

  test('is the same for every random set of wordings, whichever stands first', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const sentence = () => words(Array.from({ length: random(7) }, () => 'абв'[random(3)]).join(' '));
    for (let round = 0; round < 500; round += 1) {
      const references = [sentence(), sentence(), sentence()];
      const heard = sentence();
      const expected = scoreWords(references, heard);
      expect(countsOf(alignWords(references, heard).steps)).toEqual(expected);
      expect(countsOf(alignWords([...references].reverse(), heard).steps)).toEqual(expected);
    }
  });
});

describe('a summary of errors', () => {
  test('counts each kind, most frequent first', () => {
    const summary = analyse(
      aligned([
        ['кот и пёс', 'кит и пёс'],
        ['рыжий кот', 'рыжий кит'],
        ['кот ушёл в лес', 'кот ушёл лес'],
        ['дом', 'дом ну'],
        ['рама', 'мама'],
      ]),
    );
    expect(summary).toEqual({
      confusions: [
        { reference: 'кот', hypothesis: 'кит', count: 2 },
        { reference: 'рама', hypothesis: 'мама', count: 1 },
      ],
      deletions: [{ word: 'в', count: 1 }],
      insertions: [{ word: 'ну', count: 1 }],
    });
  });

  test('puts equals in code point order, beyond the first plane too', () => {
    const summary = analyse(aligned([['\u{1f600} \uff5e б а аа', '']]));
    expect(summary.deletions.map(({ word }) => word)).toEqual(['а', 'аа', 'б', '\uff5e', '\u{1f600}']);
  });

  test('is empty where nothing went wrong', () => {
    expect(analyse(aligned([['всё верно', 'всё верно']]))).toEqual({ confusions: [], deletions: [], insertions: [] });
    expect(analyse([])).toEqual({ confusions: [], deletions: [], insertions: [] });
  });
});
