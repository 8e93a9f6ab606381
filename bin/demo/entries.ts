import { type NoiseModel, type NoiseSeeds, spoil } from '#lib/datasets/demo-noise.ts';
import { normalise, type ProfileName } from '#scoring/wer/normalise.ts';

/** One upload of a made-up team. `day` counts from the start of submissions; the files differ in format, as people's do. */
export type DemoEntry = {
  /** Index in demoTeams. */
  team: number;
  day: number;
  model: NoiseModel;
  seeds: NoiseSeeds;
  format: 'csv' | 'jsonl' | 'kaldi' | 'trn';
  note: string;
  /** The file is spoilt as a file, too, and so refused. */
  isBroken?: true;
};

export const demoTeams = ['Белый шум', 'Тихий канал', 'Обратная связь', 'Очень громкое эхо в длинном коридоре'];

/** Two teams with one model, one choice of places and only misspelt words make as many errors in every utterance: a tie. */
const tied = { model: { substituted: 0.17, misspelt: 1, deleted: 0.05, inserted: 0.03 }, places: 21 };

export const demoEntries: readonly DemoEntry[] = [
  entry(2, 0.3, { substituted: 0.26, misspelt: 0.6, deleted: 0.07, inserted: 0.04 }, 31, 'csv', 'первая попытка'),
  entry(
    0,
    0.5,
    { substituted: 0.33, misspelt: 0.5, deleted: 0.08, inserted: 0.05 },
    11,
    'kaldi',
    'CTC без языковой модели',
  ),
  entry(
    3,
    1.0,
    { substituted: 0.36, misspelt: 0.4, deleted: 0.12, inserted: 0.06 },
    41,
    'csv',
    'ночная выгрузка',
    true,
  ),
  entry(
    3,
    1.1,
    { substituted: 0.36, misspelt: 0.4, deleted: 0.12, inserted: 0.06 },
    42,
    'csv',
    'та же модель, файл целиком',
  ),
  entry(2, 1.2, { substituted: 0.18, misspelt: 0.7, deleted: 0.05, inserted: 0.03 }, 32, 'csv', 'шумовая аугментация'),
  entry(1, 1.5, { substituted: 0.31, misspelt: 0.5, deleted: 0.1, inserted: 0.04 }, 12, 'trn', 'базовый рецепт'),
  { ...entry(0, 2.1, tied.model, 51, 'kaldi', 'с языковой моделью'), seeds: { places: tied.places, words: 51 } },
  { ...entry(1, 2.3, tied.model, 52, 'trn', 'лексикон и лучи'), seeds: { places: tied.places, words: 52 } },
  entry(2, 2.4, { substituted: 0.09, misspelt: 0.8, deleted: 0.03, inserted: 0.02 }, 33, 'jsonl', 'ансамбль из трёх'),
];

/** What teams have to beat; made as their files are. */
export const demoBaseline = {
  model: { substituted: 0.24, misspelt: 0.7, deleted: 0.06, inserted: 0.04 },
  seeds: { places: 61, words: 61 },
};

function entry(
  team: number,
  day: number,
  model: NoiseModel,
  seed: number,
  format: DemoEntry['format'],
  note: string,
  isBroken?: true,
): DemoEntry {
  return { team, day, model, seeds: { places: seed, words: seed }, format, note, ...(isBroken ? { isBroken } : {}) };
}

export type Labelled = { id: string; references: readonly [string, ...string[]] };

/** A predictions file of a made-up recogniser for these utterances. */
export function demoFile(
  utterances: readonly Labelled[],
  profile: ProfileName,
  { model, seeds, format, isBroken }: Pick<DemoEntry, 'model' | 'seeds' | 'format' | 'isBroken'>,
): { fileName: string; bytes: Buffer } {
  const references = utterances.map(({ references: [reference] }) => normalise(reference, profile).join(' '));
  const hypotheses = spoil(references, model, seeds);
  const lines = utterances.map(({ id }, i) => writers[format](id, hypotheses[i]!));
  const rows = [...(format === 'csv' ? ['id,text'] : []), ...(isBroken ? broken(lines) : lines)];
  return { fileName: fileNames[format], bytes: Buffer.from(`${rows.join('\n')}\n`) };
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
