import type * as tfjs from '@tensorflow/tfjs-core';

export type TensorFlow = typeof tfjs;

/** A rung of the ladder that came up, not yet checked. */
export type OpenRung = {
  readonly tf: TensorFlow;
  /** In the words of its driver or library, for people. */
  readonly device: string;
  readonly isGpu: boolean;
  close(): void;
};

/** Why a rung is not used; the sentence is the message `baseline.rung-${code}`. */
export type RungRefusal = { readonly code: RungRefusalCode; readonly details: string };

export type RungRefusalCode =
  | 'not-installed'
  | 'broken'
  | 'no-gpu'
  | 'no-adapter'
  | 'software-adapter'
  | 'wrong-answer'
  | 'timed-out'
  | 'crashed';

export class RungRefusedError extends Error {
  readonly refusal: RungRefusal;

  constructor(code: RungRefusalCode, details = '', options: { cause?: unknown } = {}) {
    super(`${code} ${details}`, options);
    this.name = 'RungRefusedError';
    this.refusal = { code, details };
  }
}

/** The refusal inside what was thrown: whatever else a package throws, it is broken. */
export function refusalOf(error: unknown): RungRefusal {
  if (error instanceof RungRefusedError) return error.refusal;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'broken', details: message.split('\n')[0]!.slice(0, 300) };
}
