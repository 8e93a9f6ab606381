const mebibyte = 2 ** 20;

/** How much is read, in bytes: files as they are sent and as they are unpacked, lines unpacked. */
export type ReadLimits = {
  readonly sentBytes: number;
  readonly fileBytes: number;
  readonly lineBytes: number;
  /** Unpacked bytes per sent byte. Texts reach 20, bombs 1000. */
  readonly unpackRatio: number;
};

/** For files that a stranger sends. */
export const uploadLimits: ReadLimits = {
  sentBytes: 8 * mebibyte,
  fileBytes: 64 * mebibyte,
  lineBytes: mebibyte,
  unpackRatio: 100,
};

/** For a person's own files on their own machine: memory is the limit. */
export const localLimits: ReadLimits = {
  sentBytes: Number.POSITIVE_INFINITY,
  fileBytes: Number.POSITIVE_INFINITY,
  lineBytes: Number.POSITIVE_INFINITY,
  unpackRatio: Number.POSITIVE_INFINITY,
};

/**
 * How many words a hypothesis may have. It follows from the audio and never from the reference, whose length the refusal
 * would give away. Twelve words a second is about three times fast speech; twenty are for very short recordings.
 */
export function maxHypothesisWords(seconds: number): number {
  return Math.floor(12 * seconds) + 20;
}

/** An id may have this many code points. */
export const maxIdLength = 200;
