import { beamDecode, greedyDecode, openDecoding } from './decode.ts';
import type { Features } from './features.ts';
import type { BaselineModel, NetworkShape } from './model.ts';
import { createNetwork, type Network, outputFramesOf, type TensorFlow } from './network.ts';
import { createVocabulary } from './vocabulary.ts';

/** A model at work, in Node and in the browser. */
export type Recogniser = {
  /** The text of each utterance; fastest where they are about equally long and come to half a minute together. */
  recognise(batch: readonly Features[]): Promise<string[]>;
  /** One utterance, with what its text was made of. */
  hear(features: Features): Promise<Hearing>;
  dispose(): void;
};

/** What the network heard in each of its frames, `shape.stride` frames of features long, and the texts made of it. */
export type Hearing = {
  readonly frames: number;
  /** ln p [frames, symbols]. */
  readonly logProbabilities: Float32Array;
  /** By the likeliest symbols alone. */
  readonly greedyText: string;
  /** As `recognise` has it. */
  readonly text: string;
};

/** What the network hears at once, 30 s: beyond that its memory would grow with the recording. */
const mostFrames = 3000;

/** Searches with a beam where the model has what that needs, else takes the likeliest symbols. Throws what openDecoding throws. */
export function createRecogniser(tf: TensorFlow, model: Omit<BaselineModel, 'facts'>): Recogniser {
  const { shape } = model;
  const vocabulary = createVocabulary(model.symbols);
  const decoding = model.decoding && openDecoding(model.decoding, vocabulary);
  const decode = (logProbabilities: Float32Array, frames: number) =>
    decoding === null
      ? greedyDecode(logProbabilities, frames, vocabulary)
      : beamDecode(logProbabilities, frames, vocabulary, decoding.model, decoding.options);
  const network = createNetwork(tf, shape, model.weights);
  const hearAll = (batch: readonly Features[]) =>
    batch.every(({ frames }) => frames <= mostFrames)
      ? network.logProbabilities(batch)
      : inTurn(batch, (features) => logProbabilitiesInPieces(network, shape, features));
  return {
    async recognise(batch) {
      const results = await hearAll(batch);
      return results.map((logProbabilities, i) => decode(logProbabilities, outputFramesOf(batch[i]!.frames, shape)));
    },
    async hear(features) {
      const [logProbabilities] = (await hearAll([features])) as [Float32Array];
      const frames = outputFramesOf(features.frames, shape);
      const greedyText = greedyDecode(logProbabilities, frames, vocabulary);
      const text = decoding === null ? greedyText : decode(logProbabilities, frames);
      return { frames, logProbabilities, greedyText, text };
    },
    dispose: () => network.dispose(),
  };
}

async function inTurn<Item, Result>(items: readonly Item[], act: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results = [];
  for (const item of items) results.push(await act(item));
  return results;
}

/** As if the network had heard all at once: each piece is heard with as much before and after it as reaches its frames. */
async function logProbabilitiesInPieces(
  network: Network,
  shape: NetworkShape,
  { frames, data }: Features,
): Promise<Float32Array> {
  const { stride, bands, symbols } = shape;
  // An output frame begins where a piece does.
  const pieceFrames = Math.floor(mostFrames / stride) * stride;
  const reach = reachOf(shape);
  const whole = new Float32Array(outputFramesOf(frames, shape) * symbols);
  for (let start = 0; start < frames; start += pieceFrames) {
    const from = Math.max(0, start - reach);
    const to = Math.min(frames, start + pieceFrames + reach);
    const piece = { frames: to - from, data: data.subarray(from * bands, to * bands) };
    const [heard] = await network.logProbabilities([piece]);
    const skipped = ((start - from) / stride) * symbols;
    const count = outputFramesOf(Math.min(pieceFrames, frames - start), shape) * symbols;
    whole.set(heard!.subarray(skipped, skipped + count), (start / stride) * symbols);
  }
  return whole;
}

/** How many frames before and after its own an output frame depends on, as a multiple of the stride. */
function reachOf({ firstKernel, kernel, stride, dilations }: NetworkShape): number {
  const deep = dilations.reduce((sum, dilation) => sum + (dilation * (kernel - 1)) / 2, 0);
  return stride * Math.ceil(deep + firstKernel / stride);
}
