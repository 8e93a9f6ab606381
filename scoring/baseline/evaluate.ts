import type { ErrorCounts } from '#lib/counts.ts';
import { csv } from '#lib/csv.ts';
import type { Mapping } from '#lib/mapping.ts';
import type { SoundFile } from '#scoring/baseline/sound.ts';
import type { TranscribeOptions, Transcriber } from '#scoring/baseline/transcribe.ts';
import { type CountColumns, selectColumns, totalOf } from '#scoring/columns.ts';
import { prepareReferences, scoreFile } from '#scoring/corpus.ts';
import { type Measure, measure } from '#scoring/measure.ts';
import { numberUnits } from '#scoring/statistics/units.ts';
import { createNormaliser, type ProfileName } from '#scoring/wer/normalise.ts';

/** Recordings with what is said in them, and the rules by which texts are compared. */
export type EvaluationSet = {
  readonly profile: ProfileName;
  readonly mapping: Mapping | null;
  readonly utterances: readonly EvaluatedUtterance[];
};

export type EvaluatedUtterance = {
  readonly id: string;
  readonly references: readonly [string, ...string[]];
  /** What intervals take as one draw, by its name. */
  readonly unit: string;
  readonly slices: Readonly<Record<string, string>>;
  readonly file: SoundFile;
};

export type Evaluation = {
  readonly texts: readonly string[];
  readonly words: Measure;
  readonly characters: Measure;
  readonly slices: readonly SliceErrors[];
  /** Of sound, and of the clock from the first file to the last text; loading the model is not in it. */
  readonly seconds: number;
  readonly tookSeconds: number;
};

/** Errors in the part of the split that has one value of one key, as `key: value`. */
export type SliceErrors = { readonly slice: string; readonly words: ErrorCounts; readonly characters: ErrorCounts };

/** In fewer utterances a rate says little. */
const leastInSlice = 20;

/** Transcribes every recording and counts the errors as an upload's would be; characters with the spaces between words. */
export async function evaluate(
  { profile, mapping, utterances }: EvaluationSet,
  transcriber: Transcriber,
  options: TranscribeOptions,
): Promise<Evaluation> {
  const begun = performance.now();
  const texts = await transcriber.transcribe(
    utterances.map(({ file }) => file),
    options,
  );
  const tookSeconds = (performance.now() - begun) / 1000;
  const references = prepareReferences(utterances, createNormaliser(profile, mapping));
  const hypotheses = csv(
    ['id', 'text'],
    utterances.map(({ id }, i) => [id, texts[i]!]),
  );
  const scored = scoreFile(references, Buffer.from(hypotheses), { characters: 'with-spaces', format: 'csv' });
  if (!scored.ok) throw new Error(`our own texts cannot be scored: ${JSON.stringify(scored.problems[0])}`);
  const unitOf = numberUnits(utterances.map(({ unit }) => unit));
  const characters = scored.characters!;
  const result = {
    texts,
    words: measure(scored.words, unitOf),
    characters: measure(characters, unitOf),
    slices: sliceErrors(utterances, scored.words, characters),
  };
  references.release();
  const seconds = utterances.reduce((sum, { file }) => sum + file.seconds, 0);
  return { ...result, seconds, tookSeconds };
}

function sliceErrors(
  utterances: readonly EvaluatedUtterance[],
  words: CountColumns,
  characters: CountColumns,
): SliceErrors[] {
  const members = new Map<string, number[]>();
  for (const [i, { slices }] of utterances.entries()) {
    for (const [key, value] of Object.entries(slices)) {
      const slice = `${key}: ${value}`;
      const known = members.get(slice);
      if (known === undefined) members.set(slice, [i]);
      else known.push(i);
    }
  }
  return [...members]
    .filter(([, which]) => which.length >= leastInSlice)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([slice, which]) => ({
      slice,
      words: totalOf(selectColumns(words, which)),
      characters: totalOf(selectColumns(characters, which)),
    }));
}
