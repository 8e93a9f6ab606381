import { fromFloat16 } from '#scoring/baseline/float16.ts';
import type { BaselineModel, Decoding } from '#scoring/baseline/model.ts';

/** A model as a page hands it to the browser: what model.json says, with addresses of the other files. Plain data. */
export type ServedModel = Pick<BaselineModel, 'sampleRateHz' | 'shape' | 'symbols'> & {
  readonly weights: ServedPart & { readonly precision: 'float32' | 'float16' };
  readonly decoding:
    | (Pick<Decoding, 'options'> & { readonly languageModel: ServedPart; readonly words: ServedPart })
    | null;
};

export type ServedPart = { readonly url: string; readonly bytes: number };

/** What listens: a model without what people read of it. */
export type ListeningModel = Omit<BaselineModel, 'facts'>;

/** A part of the model could not be had whole. */
export class ModelFetchError extends Error {
  override readonly name = 'ModelFetchError';
}

/** Fetches the parts at once. Throws ModelFetchError; what is in them is checked by who reads it. */
export async function fetchModel(served: ServedModel): Promise<ListeningModel> {
  const { sampleRateHz, shape, symbols, weights, decoding } = served;
  const [numbers, languageModel, words] = await Promise.all([
    fetchPart(weights),
    decoding && fetchPart(decoding.languageModel),
    decoding && fetchPart(decoding.words),
  ]);
  const { buffer } = numbers;
  return {
    sampleRateHz,
    shape,
    symbols,
    weights: weights.precision === 'float16' ? fromFloat16(new Uint16Array(buffer)) : new Float32Array(buffer),
    decoding:
      decoding && languageModel && words
        ? { languageModel, words: linesOf(new TextDecoder().decode(words)), options: decoding.options }
        : null,
  };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

async function fetchPart({ url, bytes }: ServedPart): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw new ModelFetchError(url, { cause });
  });
  if (!response.ok) throw new ModelFetchError(`${url}: ${response.status}`);
  const content = new Uint8Array(await response.arrayBuffer());
  if (content.length !== bytes) throw new ModelFetchError(`${url}: ${content.length} bytes instead of ${bytes}`);
  return content;
}
