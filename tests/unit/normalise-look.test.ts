import { describe, expect, test } from 'vitest';
import { createNormaliser, type Normaliser } from '#scoring/wer/normalise.ts';
import { look, type SeenWord } from '../../app/c/[slug]/normalise/look.ts';
import { stretchesOf } from '../../app/c/[slug]/normalise/marks.ts';

const ru = createNormaliser('ru');

/** As a reader of the page takes it in: `word`, `word(was)`, `-was-`; `=` marks what the mapping did. */
function told(words: readonly SeenWord[]): string {
  return words
    .map(
      ({ word, was, by }) =>
        (word === null ? `-${was}-` : was === null ? word : `${word}(${was})`) + (by === 'mapping' ? '=' : ''),
    )
    .join(' ');
}

const toldLine = (text: string, full: Normaliser = ru) => told(look(text, ru, full)[0]!.words);

describe('what the scorer sees', () => {
  test('is told word by word with what each was', () => {
    expect(toldLine('Привет,\u00a0мир — за\u0301мок!')).toBe('привет(Привет,) мир -—- замок(за\u0301мок!)');
  });

  test('names a part that falls into several words once', () => {
    expect(toldLine('да,нет')).toBe('да(да,нет) нет');
  });

  test('keeps the number of a line that has words, and skips what is blank', () => {
    expect(look('раз\r\n\u00a0\n\nдва', ru, ru).map(({ line }) => line)).toEqual([1, 4]);
  });

  test('says of each line whether text in brackets goes, which only some profiles do', () => {
    const whisper = createNormaliser('whisper-basic');
    const seen = (full: Normaliser) => look('да (смех)\nда', full, full).map(({ isCutByBrackets }) => isCutByBrackets);
    expect(seen(whisper)).toEqual([true, false]);
    expect(seen(ru)).toEqual([false, false]);
  });

  test('of a line that is left with nothing is that all of it went', () => {
    expect(toldLine('…')).toBe('-…-');
  });

  test.each([
    ['one word for another', 'ок да', { from: 'ок', to: 'окей' }, 'окей(ок)= да'],
    ['several words for one', 'да и так далее', { from: 'и так далее', to: 'итд' }, 'да итд(и так далее)='],
    ['one word for several', 'Ну, итд', { from: 'итд', to: 'и так далее' }, 'ну(Ну,) и(итд)= так= далее='],
    ['nothing for a word', 'ну да', { from: 'ну', to: '' }, '-ну-= да'],
  ])('shows what a mapping puts: %s', (_what, text, rules, expected) => {
    expect(toldLine(text, createNormaliser('ru', [rules]))).toBe(expected);
  });

  test('always has the words that are scored, in their order', () => {
    const text = 'Ёж, ёлка и 3.14 — «кое-что» ну (да) ЙОД и\u0306од';
    const full = createNormaliser('ru', [
      { from: 'ну', to: '' },
      { from: 'ёлка', to: 'ель' },
      { from: 'и', to: 'и ещё' },
    ]);
    const words = look(text, ru, full)[0]!.words.flatMap(({ word }) => word ?? []);
    expect(words).toEqual([...full.words(text)]);
  });
});

describe('characters that cannot be seen', () => {
  test('are named one by one', () => {
    const named = stretchesOf('а\u0301\u00a0б\u200b\ufeff в').map(({ text, name }) => name ?? text);
    expect(named).toEqual(['а', 'U+0301', 'NBSP', 'б', 'ZWSP', 'BOM', ' в']);
  });

  test('(control) are none in a plain text', () => {
    expect(stretchesOf('йод — это ёмко 😀')).toEqual([{ text: 'йод — это ёмко 😀', name: null }]);
  });
});
