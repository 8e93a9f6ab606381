import { withBase } from '#lib/base-path.ts';
import { type BaselineModelSummary, listBaselineModels, modelFolder, shippedModel } from '#lib/baseline-models.ts';
import { findModelAtWork } from '#lib/db/microphone.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { log } from '#lib/log.ts';
import { type ModelFile, modelFileAddress } from '#lib/model-files.ts';
import type { ServedModel } from '#scoring/baseline/browser-model.ts';
import { type ModelDescription, ModelFolderError, readDescription } from '#scoring/baseline/model-folder.ts';

/** A model for the browser, and what people want to know of it. */
export type ShownModel = Pick<BaselineModelSummary, 'title' | 'devWordErrorRate'> & {
  readonly served: ServedModel;
  readonly cardAddress: string;
  /** It came with Rostrum, so that we know what it was trained on. */
  readonly isShipped: boolean;
  /** Of all that the browser fetches of it. */
  readonly bytes: number;
};

/** The model that last made the competition's baseline, else the one that comes with Rostrum; null where neither is here. */
export async function modelFor(competitionId: string): Promise<ShownModel | null> {
  const { home } = webEnv();
  const [atWork, models] = await Promise.all([findModelAtWork(webDatabase(), competitionId), listBaselineModels(home)]);
  for (const wanted of [atWork, shippedModel]) {
    const summary = models.find(({ name }) => name === wanted);
    const description = summary && (await descriptionOf(home, summary.name));
    if (summary && description) return shown(summary, description);
  }
  return null;
}

async function descriptionOf(home: string, name: string): Promise<ModelDescription | null> {
  try {
    return await readDescription(modelFolder(home, name));
  } catch (error) {
    if (!(error instanceof ModelFolderError)) throw error;
    log.warn({ err: error, model: name }, 'a baseline model cannot be used');
    return null;
  }
}

function shown({ name, title, devWordErrorRate }: BaselineModelSummary, description: ModelDescription): ShownModel {
  const { sampleRateHz, shape, symbols, weights, decoding } = description;
  const part = (file: ModelFile, { bytes, sha256 }: { bytes: number; sha256: string }) => ({
    url: withBase(modelFileAddress(name, file, sha256)),
    bytes,
  });
  const parts = decoding === null ? [weights] : [weights, decoding.languageModel, decoding.words];
  return {
    title,
    devWordErrorRate,
    isShipped: name === shippedModel,
    cardAddress: modelFileAddress(name, 'MODEL_CARD.md'),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    served: {
      sampleRateHz,
      shape,
      symbols,
      weights: { ...part('weights.bin', weights), precision: weights.precision },
      decoding: decoding && {
        languageModel: part('language-model.bin', decoding.languageModel),
        words: part('words.txt', decoding.words),
        options: decoding.options,
      },
    },
  };
}
