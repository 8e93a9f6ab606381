import { resolve } from 'node:path';
import type { Translate } from '#lib/messages/translate.ts';
import { type Clip, secondsOf } from '#scoring/baseline/corpus/clips.ts';
import type { DataFact } from '#scoring/baseline/model.ts';
import { findClips } from './evaluation-set.ts';
import type { TrainOptions } from './train.ts';

export type TrainingClips = {
  readonly training: readonly Clip[];
  readonly dev: readonly Clip[];
  readonly data: readonly DataFact[];
};

/** Train and dev of a folder, or of the demo's recordings where none is named. Test is not looked at. */
export async function findTrainingClips({ data: folder, ...said }: TrainOptions, t: Translate): Promise<TrainingClips> {
  const { splits } = await findClips(folder, t);
  const source =
    folder === undefined
      ? demoSource
      : { name: resolve(folder), licence: said.licence ?? '', attribution: said.attribution ?? '' };
  return { training: splits.train, dev: splits.dev, data: [{ ...source, seconds: secondsOf(splits.train) }] };
}

const demoSource = {
  name: 'Russian telephone prompts (Debian: asterisk-core-sounds-ru)',
  licence: 'CC BY 3.0',
  attribution: 'Russian voice prompts © 2010 Maxim, provided by Maxim Topal, ivrvoice.ru.',
};
