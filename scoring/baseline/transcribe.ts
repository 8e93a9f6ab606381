import { availableParallelism } from 'node:os';
import { createListener, createThreadListener, type Listener } from '#scoring/baseline/listener.ts';
import type { BaselineModel } from '#scoring/baseline/model.ts';
import type { SoundFile } from '#scoring/baseline/sound.ts';
import {
  type Backend,
  NoRuntimeError,
  openRuntime,
  type Runtime,
  type RuntimeOptions,
  type Skip,
} from '#scoring/runtime.ts';

export type TranscribeOptions = {
  /** Told after every batch how many seconds of sound are done. */
  readonly onProgress?: (doneSeconds: number) => void;
  /** When it is aborted, work ends after the batches that are under way, and its reason is thrown. */
  readonly signal?: AbortSignal;
};

/** A model with everything that it needs to work, ready before the first recording. */
export type Transcriber = {
  readonly backend: Backend;
  readonly device: string;
  /** The rungs above, each with why it is not used. */
  readonly skipped: readonly Skip[];
  /** A text for each recording, in their order. Memory does not grow with their number. */
  transcribe(files: readonly SoundFile[], options?: TranscribeOptions): Promise<string[]>;
  close(): Promise<void>;
};

export type TranscriberOptions = RuntimeOptions & {
  /** For WebAssembly. */
  readonly threads?: number;
};

/** One for each core; more than eight wait for memory more than they compute. */
export const usualThreads = Math.min(8, availableParallelism());
/** Sound in a batch, its padding included: more is no faster, and takes more memory. */
const batchSeconds = 30;
const mostInBatch = 64;

/**
 * Makes a model ready on the first rung that can be used. A device of its own does everything from this thread; WebAssembly
 * computes on one core, so that it gets a thread for each. Throws NoRuntimeError, and what openDecoding throws.
 */
export async function createTranscriber(model: BaselineModel, options: TranscriberOptions = {}): Promise<Transcriber> {
  const { threads = usualThreads } = options;
  const runtime = await openDevice(options);
  const listeners = runtime.isOpen
    ? [createListener(runtime, model)]
    : await Promise.all(Array.from({ length: threads }, () => createThreadListener(model)));
  const { device } = listeners[0]!;
  return {
    backend: runtime.isOpen ? runtime.backend : 'wasm',
    device: listeners.length === 1 ? device : `${listeners.length} × ${device}`,
    skipped: runtime.skipped,
    transcribe: (files, transcribeOptions = {}) => transcribeOn(listeners, files, transcribeOptions),
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
      if (runtime.isOpen) runtime.close();
    },
  };
}

type Device = ({ readonly isOpen: true } & Runtime) | { readonly isOpen: false; readonly skipped: readonly Skip[] };

/** Every rung but WebAssembly, which the threads open for themselves: this one would only hold memory for it. */
async function openDevice(options: TranscriberOptions): Promise<Device> {
  const { wanted = null } = options;
  if (wanted === 'wasm') return { isOpen: false, skipped: [] };
  try {
    return { isOpen: true, ...(await openRuntime({ ...options, except: ['wasm'] })) };
  } catch (error) {
    if (!(error instanceof NoRuntimeError && wanted === null)) throw error;
    return { isOpen: false, skipped: error.skipped };
  }
}

async function transcribeOn(
  listeners: readonly Listener[],
  files: readonly SoundFile[],
  { onProgress, signal }: TranscribeOptions,
): Promise<string[]> {
  const texts = new Array<string>(files.length).fill('');
  const batches = batchesOf(files.map(({ seconds }) => seconds));
  let next = 0;
  let doneSeconds = 0;
  let hasFailed = false;
  const work = async (listener: Listener) => {
    while (next < batches.length && !hasFailed) {
      signal?.throwIfAborted();
      const batch = batches[next++]!;
      const answer = await listener.transcribe(batch.map((i) => files[i]!));
      batch.forEach((i, row) => {
        texts[i] = answer[row]!;
        doneSeconds += files[i]!.seconds;
      });
      onProgress?.(doneSeconds);
    }
  };
  const outcomes = await Promise.allSettled(
    listeners.map((listener) =>
      work(listener).catch((error) => {
        hasFailed = true;
        throw error;
      }),
    ),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return texts;
}

/**
 * Positions of recordings in batches of about half a minute, the longest first: those of a batch are about equally long, so that little
 * of it is padding, and the last batches are short, so that no thread works long while the others are done.
 */
export function batchesOf(seconds: readonly number[]): number[][] {
  const order = [...seconds.keys()].sort((a, b) => seconds[b]! - seconds[a]! || a - b);
  const batches: number[][] = [];
  let longest = 0;
  for (const i of order) {
    const batch = batches.at(-1);
    if (batch && batch.length < mostInBatch && (batch.length + 1) * longest <= batchSeconds) batch.push(i);
    else {
      batches.push([i]);
      longest = seconds[i]!;
    }
  }
  return batches;
}
