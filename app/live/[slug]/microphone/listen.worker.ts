import { bytesInMemory } from '#lib/datasets/byte-source.ts';
import { cutWav, decodeWav, readWavHeader } from '#lib/datasets/wav.ts';
import { type BrowserListener, createBrowserListener, type Sound } from '#scoring/baseline/browser-listener.ts';
import { fetchModel, ModelFetchError, type ServedModel } from '#scoring/baseline/browser-model.ts';
import { NoBrowserRuntimeError, openBrowserRuntime } from '#scoring/baseline/browser-runtime.ts';
import { type Failure, type ListenAnswer, type ListenRequest, mostSeconds, type Source } from './listen.ts';

/* Listens beside the page, so that nothing there stands still. First 'open', then one 'listen' after another. */

let listener: BrowserListener | null = null;

self.onmessage = async ({ data }: MessageEvent<ListenRequest>) => {
  try {
    if (data.kind === 'open') await open(data.model);
    else await listen(data.source);
  } catch (error) {
    console.warn(error);
    say({ kind: 'failed', failure: failureOf(error) });
  }
};

async function open(served: ServedModel): Promise<void> {
  const wasm = {
    simd: new URL(
      '../../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
      import.meta.url,
    ).href,
    plain: new URL(
      '../../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
      import.meta.url,
    ).href,
  };
  const [runtime, model] = await Promise.all([openBrowserRuntime({ wasm }), fetchModel(served)]);
  listener = await createBrowserListener(runtime, model);
  say({ kind: 'ready', rung: runtime.rung, device: runtime.device, skipped: runtime.skipped?.code ?? null });
}

async function listen(source: Source): Promise<void> {
  if (listener === null) throw new Error('nobody listens yet');
  const sound = 'wav' in source ? readWav(source.wav) : source;
  if (sound === null) say({ kind: 'unreadable' });
  else say({ kind: 'heard', heard: await listener.hear(cut(sound)) });
}

function readWav(bytes: Uint8Array<ArrayBuffer>): Sound | null {
  const reading = readWavHeader(bytes);
  return reading.status === 'refused' ? null : decodeWav(cutWav(bytesInMemory(bytes), reading.header, 0, mostSeconds));
}

function cut({ samples, sampleRateHz }: Sound): Sound {
  return { samples: samples.subarray(0, mostSeconds * sampleRateHz), sampleRateHz };
}

function failureOf(error: unknown): Failure {
  if (error instanceof NoBrowserRuntimeError) return 'no-runtime';
  return error instanceof ModelFetchError ? 'no-model' : 'broken';
}

function say(answer: ListenAnswer): void {
  self.postMessage(answer);
}
