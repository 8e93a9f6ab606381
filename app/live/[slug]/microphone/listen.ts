import type { Heard, Sound } from '#scoring/baseline/browser-listener.ts';
import type { ServedModel } from '#scoring/baseline/browser-model.ts';

/* What the page and its worker say to each other. Sounds go no further than that. */

/** A WAV is read by our own reader, as the server reads it; everything else comes decoded. */
export type Source = Sound | { readonly wav: Uint8Array<ArrayBuffer> };

export type ListenRequest =
  | { readonly kind: 'open'; readonly model: ServedModel }
  | { readonly kind: 'listen'; readonly source: Source };

/** `skipped`: the code of why the graphics card does not compute, `microphone.rung-${code}`; null where it does. */
export type Readiness = { readonly rung: 'webgpu' | 'wasm'; readonly device: string; readonly skipped: string | null };

/** `no-runtime`: this browser computes nothing here; `no-model`: the model could not be fetched; `broken`: anything else. */
export type Failure = 'no-runtime' | 'no-model' | 'broken';

export type ListenAnswer =
  | ({ readonly kind: 'ready' } & Readiness)
  | { readonly kind: 'heard'; readonly heard: Heard }
  /** No WAV that our reader takes. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What is heard of a longer sound. */
export const mostSeconds = 60;
