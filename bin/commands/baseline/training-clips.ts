import { resolve } from 'node:path';
import { ownerEnv } from '#lib/env.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { type Clip, type ClipSplits, secondsOf } from '#scoring/baseline/corpus/clips.ts';
import { syntheticClips } from '#scoring/baseline/corpus/synthetic.ts';
import { languageModelTexts, trainingTexts } from '#scoring/baseline/corpus/texts.ts';
import type { DataFact } from '#scoring/baseline/model.ts';
import type { Recipe } from '#scoring/baseline/training/recipe.ts';
import { printError } from '../explain.ts';
import { progressLine } from '../progress.ts';
import { findClips } from './evaluation-set.ts';
import type { TrainOptions } from './train.ts';

export type TrainingClips = {
  readonly training: readonly Clip[];
  readonly dev: readonly Clip[];
  /** For the language model. */
  readonly languageTexts: readonly string[];
  readonly data: readonly DataFact[];
};

/**
 * Train and dev of a folder, or of the demo's recordings where none is named, and synthetic speech. Of test only the texts are looked
 * at, to speak none of them.
 */
export async function findTrainingClips(
  { data: folder, ...said }: TrainOptions,
  recipe: Recipe,
  t: Translate,
): Promise<TrainingClips> {
  const { splits } = await findClips(folder, t);
  const source =
    folder === undefined
      ? demoSource
      : { name: resolve(folder), licence: said.licence ?? '', attribution: said.attribution ?? '' };
  const recorded = { ...source, seconds: secondsOf(splits.train) };
  const spoken = recipe.syntheticTexts > 0 ? await speak(splits, recipe, t) : [];
  const synthetic = spoken.length > 0 ? [{ ...syntheticSource, seconds: secondsOf(spoken) }] : [];
  const own = { count: ownSentences, ...textsFrom(splits, recipe) };
  return {
    training: [...splits.train, ...spoken],
    dev: splits.dev,
    languageTexts: languageModelTexts(own),
    data: [recorded, ...synthetic, ownTexts],
  };
}

/** More of them are of less use: what is said on telephones drowns in what we think of. */
const ownSentences = 3000;

/** What texts are made of, and what none of them may be near. */
function textsFrom(splits: ClipSplits, { seed }: Recipe) {
  const textsOf = (clips: readonly Clip[]) => clips.map(({ text }) => text);
  return { train: textsOf(splits.train), excluded: textsOf([...splits.dev, ...splits.test]), seed };
}

async function speak(splits: ClipSplits, recipe: Recipe, t: Translate): Promise<readonly Clip[]> {
  const { syntheticTexts, seed } = recipe;
  const texts = trainingTexts({ count: syntheticTexts, ...textsFrom(splits, recipe) });
  const progress = progressLine(() => 'baseline.train-speaking', t);
  const { home } = ownerEnv();
  const speech = await syntheticClips({
    home,
    texts,
    seed,
    onProgress: (done, total) => progress.show({ stage: 'train-speaking', done, total }),
  }).finally(() => progress.end());
  if (speech.status === 'made') return speech.clips;
  printError(t('baseline.train-no-synthesiser'));
  return [];
}

const demoSource = {
  name: 'Russian telephone prompts (Debian: asterisk-core-sounds-ru)',
  licence: 'CC BY 3.0',
  attribution: 'Russian voice prompts © 2010 Maxim, provided by Maxim Topal, ivrvoice.ru.',
};

const ownTexts = {
  name: 'Sentences of our own, for the language model beside the texts of the train split',
  seconds: 0,
  licence: 'of this program',
  attribution: '',
};

const syntheticSource = {
  name: 'Synthetic speech',
  licence: 'what the programs speak is free of theirs; the texts are those of the train split and ours',
  attribution: 'Spoken by eSpeak NG and, where it is installed, by Festival with the voice msu_ru_nsh_clunits.',
};
