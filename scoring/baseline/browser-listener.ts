import { alignSymbols } from '#scoring/baseline/alignment.ts';
import type { ListeningModel } from '#scoring/baseline/browser-model.ts';
import type { BrowserRuntime } from '#scoring/baseline/browser-runtime.ts';
import { bands, logMel, rawLogMel, sampleRateHz } from '#scoring/baseline/features.ts';
import { createRecogniser, type Hearing } from '#scoring/baseline/recogniser.ts';
import { resample } from '#scoring/baseline/resample.ts';
import { createVocabulary, type Vocabulary } from '#scoring/baseline/vocabulary.ts';
import { peaksOf, type Shades, shadesOf } from '#scoring/lab/sound-shades.ts';

/** One channel, −1 to 1. */
export type Sound = { readonly samples: Float32Array; readonly sampleRateHz: number };

/** A letter or the space between words, where the network heard it, and the highest probability that it gave it there. */
export type HeardLetter = {
  readonly letter: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly probability: number;
};

export type Heard = {
  /** What the network listened to: 8 kHz. */
  readonly sound: Sound;
  readonly seconds: number;
  /** From the samples to the text. */
  readonly computeSeconds: number;
  readonly text: string;
  /** Without the model of texts; null where there is none. */
  readonly greedyText: string | null;
  /** Of `text`, in time; empty where it cannot be put on the sound. */
  readonly letters: readonly HeardLetter[];
  readonly peaks: readonly number[];
  readonly shades: Shades;
};

export type BrowserListener = { hear(sound: Sound): Promise<Heard> };

const peaksPerSecond = 60;
const mostShadeColumns = 4096;
/** How long a hop of the features is. */
const hopSeconds = 0.01;

/** Ready when it has heard a second of silence: what the first sound would wait for is done by then. */
export async function createBrowserListener(
  { tf }: Pick<BrowserRuntime, 'tf'>,
  model: ListeningModel,
): Promise<BrowserListener> {
  if (model.shape.bands !== bands || model.sampleRateHz !== sampleRateHz) {
    throw new Error(`a model for ${model.shape.bands} bands at ${model.sampleRateHz} Hz`);
  }
  const recogniser = createRecogniser(tf, model);
  const vocabulary = createVocabulary(model.symbols);
  await recogniser.hear(logMel(new Float32Array(sampleRateHz)));
  return {
    async hear(given) {
      const begun = performance.now();
      const samples = resample(given.samples, given.sampleRateHz, sampleRateHz);
      const hearing = await recogniser.hear(logMel(samples));
      const computeSeconds = (performance.now() - begun) / 1000;
      const seconds = samples.length / sampleRateHz;
      return {
        sound: { samples, sampleRateHz },
        seconds,
        computeSeconds,
        text: hearing.text,
        greedyText: model.decoding === null ? null : hearing.greedyText,
        letters: lettersOf(hearing, vocabulary, hopSeconds * model.shape.stride),
        peaks: peaksOf(samples, Math.ceil(seconds * peaksPerSecond)),
        shades: shadesOf(rawLogMel(samples), mostShadeColumns),
      };
    },
  };
}

function lettersOf(
  { text, frames, logProbabilities }: Hearing,
  vocabulary: Vocabulary,
  frameSeconds: number,
): HeardLetter[] {
  const { symbols } = vocabulary;
  const labelling = vocabulary.indicesOf(text);
  const aligned = labelling && alignSymbols(logProbabilities, frames, symbols.length, labelling);
  return (aligned ?? []).map(({ symbol, firstFrame, endFrame, probability }) => ({
    letter: symbols[symbol]!,
    startSeconds: firstFrame * frameSeconds,
    endSeconds: endFrame * frameSeconds,
    probability,
  }));
}
