/**
 * A trained model as the rest of the program holds it; in files it is a folder (model-folder.ts). Plain data, the same in Node and
 * in the browser.
 */
export type BaselineModel = {
  /** What the network was trained on; recordings of other rates are resampled to it. */
  readonly sampleRateHz: number;
  readonly shape: NetworkShape;
  /** What an output of the network stands for: index 0 is the blank, written '', index 1 the space, then letters. */
  readonly symbols: readonly string[];
  /** All parameters one after another, as `parametersOf(shape)` lays them out. */
  readonly weights: Float32Array;
  /** Null: greedy decoding only. */
  readonly decoding: Decoding | null;
  readonly facts: ModelFacts;
};

/**
 * The sizes of the network. The first convolution (`firstKernel` frames wide, a multiple of `stride`) keeps one frame of `stride`;
 * then one residual convolution, `kernel` frames wide (odd), per dilation; then one value per symbol.
 */
export type NetworkShape = {
  readonly bands: number;
  readonly channels: number;
  readonly firstKernel: number;
  readonly stride: number;
  readonly kernel: number;
  readonly dilations: readonly number[];
  readonly symbols: number;
};

/** What beam search needs beside the network. */
export type Decoding = {
  /** The character n-gram model in its compact bytes. */
  readonly languageModel: Uint8Array;
  /** Lines "word count", as `countWords` writes them. */
  readonly words: readonly string[];
  /** Numbers of the beam search by their names, tuned on dev. */
  readonly options: Readonly<Record<string, number>>;
};

/** Where the model comes from and what it is worth: everything the card says, for programs. */
export type ModelFacts = {
  /** What the board and the card call it. */
  readonly name: string;
  readonly seed: number;
  readonly epochs: number;
  /** Seconds of sound it was trained on, and seconds it heard in all epochs. */
  readonly trainingSeconds: number;
  readonly heardSeconds: number;
  readonly data: readonly DataFact[];
  readonly figures: readonly FigureFact[];
};

/** A set of recordings or texts that the model was made of. */
export type DataFact = {
  readonly name: string;
  /** 0 for texts. */
  readonly seconds: number;
  readonly licence: string;
  readonly attribution: string;
};

/** Error rates are ratios. */
export type FigureFact = {
  readonly split: 'train' | 'dev' | 'test';
  readonly decoding: 'greedy' | 'beam';
  /** '' for the whole split. */
  readonly slice: string;
  readonly wordErrorRate: number;
  readonly characterErrorRate: number;
};
