import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoSpeech } from '#lib/datasets/demo-speech.ts';
import { installationFolder } from '#lib/env.ts';

/*
 * What stands on the demo's board: answers of our own models, made beforehand by make-entries.ts. `early` is a model that
 * was trained for a short time, `final` the shipped one; `beam` decodes with the language model,
 * `narrow` as well, with few hypotheses at a time.
 */

export type DemoFile = `${'early' | 'final'}-${'greedy' | 'beam'}` | 'final-narrow';

/** Of `narrow`. */
export const narrowBeamWidth = 4;

/** One upload of a team. `day` counts from the start of submissions; the files differ in format, as people's do. */
export type DemoEntry = {
  /** Index in demoTeams. */
  team: number;
  day: number;
  split: 'test' | 'dev';
  file: DemoFile;
  format: 'csv' | 'jsonl' | 'kaldi' | 'trn';
  note: string;
  /** The file is spoilt on purpose, and so refused. */
  isBroken?: true;
};

export const demoTeams = [
  'Жадный поиск',
  'Лучевой поиск с языковой моделью',
  'Короткое обучение',
  'Короткое обучение с языковой моделью',
  'Узкий луч с языковой моделью',
];

const notes: Record<DemoFile, string> = {
  'early-greedy': 'модель после короткого обучения, жадный поиск',
  'early-beam': 'модель после короткого обучения, лучевой поиск с языковой моделью',
  'final-greedy': 'обученная модель, жадный поиск',
  'final-beam': 'обученная модель, лучевой поиск с языковой моделью',
  'final-narrow': `обученная модель, лучевой поиск шириной ${narrowBeamWidth} с языковой моделью`,
};

export const demoEntries: readonly DemoEntry[] = [
  entry(2, 0.3, 'early-greedy', 'csv'),
  entry(2, 0.4, 'early-greedy', 'csv', 'dev'),
  entry(0, 0.5, 'early-greedy', 'kaldi'),
  {
    ...entry(3, 1.0, 'early-greedy', 'csv'),
    isBroken: true,
    note: 'файл испорчен нарочно, чтобы показать, как выглядит отказ',
  },
  entry(3, 1.1, 'early-greedy', 'csv'),
  entry(1, 1.2, 'early-beam', 'trn'),
  entry(3, 1.4, 'early-beam', 'jsonl', 'dev'),
  entry(3, 1.5, 'early-beam', 'jsonl'),
  entry(4, 1.9, 'final-narrow', 'jsonl'),
  entry(4, 2.0, 'final-narrow', 'jsonl', 'dev'),
  entry(0, 2.1, 'final-greedy', 'kaldi'),
  entry(0, 2.2, 'final-greedy', 'kaldi', 'dev'),
  entry(1, 2.3, 'final-beam', 'trn', 'dev'),
  entry(1, 2.4, 'final-beam', 'trn'),
];

function entry(
  team: number,
  day: number,
  file: DemoFile,
  format: DemoEntry['format'],
  split: DemoEntry['split'] = 'test',
): DemoEntry {
  return { team, day, split, file, format, note: notes[file] };
}

const folder = join(installationFolder, 'bin/demo/entries');

/** The models that the files were made by: `{early,final}: {epochs, heardSeconds, fingerprint}`. */
export const demoModelsPath = join(folder, 'models.json');

/** A text for every recording of test and dev. */
export function demoFilePath(kind: DemoSpeech['kind'], file: DemoFile): string {
  return join(folder, kind, `${file}.csv`);
}

/**
 * The predictions file of an entry for these utterances, in their order. A recording that was not there when the files were made
 * gets an empty text.
 */
export function demoFile(
  kind: DemoSpeech['kind'],
  ids: readonly string[],
  { file, format, isBroken }: Pick<DemoEntry, 'file' | 'format' | 'isBroken'>,
): { fileName: string; bytes: Buffer } {
  const texts = readTexts(demoFilePath(kind, file));
  const lines = ids.map((id) => writers[format](id, texts.get(id) ?? ''));
  const rows = [...(format === 'csv' ? ['id,text'] : []), ...(isBroken ? broken(lines) : lines)];
  return { fileName: fileNames[format], bytes: Buffer.from(`${rows.join('\n')}\n`) };
}

/** Lines `id,text` of words and spaces below a header: our models write no other characters. */
function readTexts(path: string): Map<string, string> {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
  return new Map(
    lines.map((line) => {
      const comma = line.indexOf(',');
      return [line.slice(0, comma), line.slice(comma + 1)];
    }),
  );
}

const fileNames = { csv: 'predictions.csv', jsonl: 'predictions.jsonl', kaldi: 'text', trn: 'hypotheses.trn' };

const writers: Record<DemoEntry['format'], (id: string, text: string) => string> = {
  csv: (id, text) => `${id},${text}`,
  jsonl: (id, text) => JSON.stringify({ id, pred_text: text }),
  kaldi: (id, text) => `${id} ${text}`.trimEnd(),
  trn: (id, text) => `${text} (${id})`.trimStart(),
};

/** What happens to files: lines lost and doubled, a line of another set, a quote never closed. */
function broken(lines: readonly string[]): string[] {
  const kept = lines.filter((_, i) => i % 40 !== 7);
  return [
    ...kept.slice(0, 12),
    kept[3]!,
    ...kept.slice(12, 30),
    'eval-0031,этой записи здесь нет',
    ...kept.slice(30, -1),
    `"${kept.at(-1)}`,
  ];
}
