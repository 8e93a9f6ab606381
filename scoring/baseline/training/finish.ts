import { errorRate } from '#lib/counts.ts';
import { logMel } from '#scoring/baseline/features.ts';
import type { Decoding, FigureFact, NetworkShape } from '#scoring/baseline/model.ts';
import { createNetwork, outputFramesOf } from '#scoring/baseline/network.ts';
import { spokenText } from '#scoring/baseline/spoken-text.ts';
import { samplesOf, type Utterances } from '#scoring/baseline/training/utterances.ts';
import { fitDecoding, type TuningUtterance } from '#scoring/baseline/tuning.ts';
import { russian } from '#scoring/baseline/vocabulary.ts';
import type { TensorFlow } from '#scoring/runtime/rung.ts';

export type FinishOptions = {
  readonly shape: NetworkShape;
  readonly weights: Float32Array;
  readonly dev: Utterances;
  /** What the language model learns; nothing of dev or test. */
  readonly languageTexts: readonly string[];
  readonly onTried: (tried: number) => void;
};

/**
 * What beam search needs beside a trained network: the language model and the word list, with weights tuned on dev. Null where there
 * are no texts to learn from. The figure is of dev, which chose the weights.
 */
export async function fitToNetwork(
  tf: TensorFlow,
  { shape, weights, dev, languageTexts, onTried }: FinishOptions,
): Promise<{ decoding: Decoding; figure: FigureFact | null } | null> {
  const texts = languageTexts.map(spokenText);
  if (texts.every((text) => russian.indicesOf(text) === null)) return null;
  const heard = await hear(tf, shape, weights, dev);
  const { decoding, tuned } = fitDecoding(texts, heard, russian, onTried);
  const [wordErrorRate, characterErrorRate] = [errorRate(tuned.words), errorRate(tuned.characters)];
  if (wordErrorRate === null || characterErrorRate === null) return { decoding, figure: null };
  return { decoding, figure: { split: 'dev', decoding: 'beam', slice: '', wordErrorRate, characterErrorRate } };
}

async function hear(
  tf: TensorFlow,
  shape: NetworkShape,
  weights: Float32Array,
  dev: Utterances,
): Promise<TuningUtterance[]> {
  const network = createNetwork(tf, shape, weights);
  const heard: TuningUtterance[] = [];
  for (const [i, reference] of dev.texts.entries()) {
    const features = logMel(samplesOf(dev, i));
    const [logProbabilities] = await network.logProbabilities([features]);
    heard.push({ logProbabilities: logProbabilities!, frames: outputFramesOf(features.frames, shape), reference });
  }
  network.dispose();
  return heard;
}
