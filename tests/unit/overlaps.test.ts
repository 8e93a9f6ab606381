import { expect, test } from 'vitest';
import type { Split } from '#lib/competition.ts';
import { divideIntoFolds } from '#lib/datasets/folds.ts';
import { findOverlaps } from '#lib/datasets/overlaps.ts';

type Said = { id: string; split: Split; file?: string; sound?: string; text?: string; speaker?: string };

function overlapsOf(...all: Said[]) {
  return warningsOf(findOverlaps(all.map(whole)));
}

const warningsOf = ({ warnings }: ReturnType<typeof findOverlaps>) =>
  warnings.map(({ code, values }) => [code.replace('warning-dataset-', ''), values]);

function whole(said: Said) {
  return { file: said.id, sound: said.id, text: `текст ${said.id}`, speaker: null, ...said };
}

const sentence = 'нажмите один чтобы прослушать новые сообщения';

test('texts of test that are said in train or dev, too, are counted and named by id alone', () => {
  const warnings = overlapsOf(
    { id: 'x1', split: 'train', text: 'Нажмите один, чтобы прослушать новые сообщения.' },
    { id: 'x2', split: 'test', text: sentence },
    { id: 'x3', split: 'test', text: `${sentence} снова` },
    { id: 'x4', split: 'test', text: 'до свидания и всего хорошего' },
    { id: 'x5', split: 'dev', text: 'добрый день вас приветствует компания' },
  );
  expect(warnings).toEqual([['test-text-elsewhere', { count: 2, ids: 'x2, x3' }]]);
  expect(JSON.stringify(warnings)).not.toContain('нажмите');
});

test('a sentence that stands twice in test alone, or twice in train, is nobody’s leak', () => {
  expect(
    overlapsOf(
      { id: 'a', split: 'test', text: sentence },
      { id: 'b', split: 'test', text: sentence },
      { id: 'c', split: 'train', text: 'совсем другая фраза о погоде' },
      { id: 'd', split: 'train', text: 'совсем другая фраза о погоде' },
    ),
  ).toEqual([]);
});

test('that nothing is said is no sentence that repeats', () => {
  expect(overlapsOf({ id: 'a', split: 'test', text: '' }, { id: 'b', split: 'train', text: '…' })).toEqual([]);
});

test('speakers of test that are heard elsewhere are counted, and not named', () => {
  const warnings = overlapsOf(
    { id: 'a', split: 'train', speaker: 'Мария' },
    { id: 'b', split: 'test', speaker: 'Мария' },
    { id: 'c', split: 'test', speaker: 'Мария' },
    { id: 'd', split: 'test', speaker: 'Пётр' },
  );
  expect(warnings).toEqual([['test-speaker-elsewhere', { count: 1 }]]);
});

test('a recording shared by train and dev is one warning, one that is in test as well another', () => {
  expect(
    overlapsOf(
      { id: 'a', split: 'train', sound: '1' },
      { id: 'b', split: 'dev', sound: '1' },
      { id: 'c', split: 'train', sound: '2' },
      { id: 'd', split: 'dev', sound: '2' },
      { id: 'e', split: 'test', sound: '2' },
    ),
  ).toEqual([
    ['test-recording-elsewhere', { count: 1, ids: 'e' }],
    ['recording-in-splits', { count: 1, ids: 'b' }],
  ]);
});

test('what is imported by itself is compared with the splits that stand', () => {
  const standing = [
    { id: 't1', split: 'test' as const, file: 'f1', sound: null, text: sentence, speaker: 'Мария' },
    { id: 't2', split: 'test' as const, file: 'f2', sound: null, text: 'до свидания и всего хорошего', speaker: null },
  ];
  const imported = [
    whole({ id: 'a', split: 'train', file: 'f2', text: `${sentence}!` }),
    whole({ id: 'b', split: 'train', speaker: 'Мария' }),
  ];
  expect(warningsOf(findOverlaps(imported, standing))).toEqual([
    ['test-recording-elsewhere', { count: 1, ids: 't2' }],
    ['test-text-elsewhere', { count: 1, ids: 't1' }],
    ['test-speaker-elsewhere', { count: 1 }],
  ]);
  expect(warningsOf(findOverlaps(imported))).toEqual([]);
});

test('near-equal texts, and the utterances of a speaker, stay together in the folds', () => {
  const utterances = Array.from({ length: 400 }, (_, i) => ({
    id: `u${i}`,
    speaker: null as string | null,
    group: null,
    reference: `${sentence} номер ${'абвгдежзик'[Math.floor(i / 4) % 10]!.repeat(12)}${Math.floor(i / 40)}${i % 4 === 0 ? ' пожалуйста' : ''}`,
    seconds: 1 + (i % 7),
  }));
  const salt = Buffer.alloc(32, 3);
  const byText = divideIntoFolds(utterances, 50, salt);
  const foldsOf = new Map<string, Set<string>>();
  for (const [i, unit] of byText.unitOf.entries()) {
    foldsOf.set(unit, (foldsOf.get(unit) ?? new Set()).add(byText.foldOf[i]!));
  }
  expect(byText.kind).toBe('text');
  expect([...foldsOf.values()].filter((folds) => folds.size > 1)).toEqual([]);
  for (let i = 0; i < 400; i += 4) expect(new Set(byText.unitOf.slice(i, i + 4)).size).toBe(1);

  const spoken = utterances.map((utterance, i) => ({ ...utterance, speaker: `s${i % 25}` }));
  const bySpeaker = divideIntoFolds(spoken, 50, salt);
  expect(bySpeaker.kind).toBe('speaker');
  for (let i = 0; i < 25; i += 1) {
    expect(new Set(bySpeaker.foldOf.filter((_, place) => place % 25 === i)).size).toBe(1);
  }
  // The control: folds drawn utterance by utterance would cut most of them.
  expect(new Set(bySpeaker.foldOf).size).toBe(2);
});
