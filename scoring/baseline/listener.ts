import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { bands, logMel, sampleRateHz } from '#scoring/baseline/features.ts';
import type { BaselineModel } from '#scoring/baseline/model.ts';
import { createRecogniser } from '#scoring/baseline/recogniser.ts';
import { readSound, type SoundFile } from '#scoring/baseline/sound.ts';
import { dist } from '#scoring/dist.ts';
import type { TensorFlow } from '#scoring/runtime/rung.ts';

/** What turns recordings into texts, one batch after another. */
export type Listener = {
  readonly device: string;
  transcribe(files: readonly SoundFile[]): Promise<string[]>;
  close(): Promise<void>;
};

/** A listener in this thread, on the backend that `tf` has set. Throws where the model hears something else than our features. */
export function createListener({ tf, device }: { tf: TensorFlow; device: string }, model: BaselineModel): Listener {
  if (model.shape.bands !== bands || model.sampleRateHz !== sampleRateHz) {
    throw new Error(
      `a model for ${model.shape.bands} bands at ${model.sampleRateHz} Hz, not ${bands} at ${sampleRateHz}`,
    );
  }
  const recogniser = createRecogniser(tf, model);
  return {
    device,
    transcribe: (files) => recogniser.recognise(files.map((file) => logMel(readSound(file)))),
    close: async () => recogniser.dispose(),
  };
}

/** What a thread is told at its start, and what it says when it is ready and then after each batch. */
export type ThreadData = { readonly model: BaselineModel };
export type ReadyAnswer = { readonly device: string };
export type BatchAnswer = { readonly texts: string[] };

/** Small objects are few here; with what Node gives a thread by itself, it would hold 45 MB more. */
const maxYoungGenerationSizeMb = 8;

/** A listener in a thread of its own, on WebAssembly: one more core. Resolved when it is ready. */
export async function createThreadListener(model: BaselineModel): Promise<Listener> {
  const worker = new Worker(join(dist, 'transcribe-thread.mjs'), {
    workerData: { model } satisfies ThreadData,
    resourceLimits: { maxYoungGenerationSizeMb },
  });
  const { device } = await answerOf<ReadyAnswer>(worker);
  return {
    device,
    async transcribe(files) {
      worker.postMessage(files);
      return (await answerOf<BatchAnswer>(worker)).texts;
    },
    async close() {
      await worker.terminate();
    },
  };
}

function answerOf<Answer>(worker: Worker): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off('message', onAnswer).off('error', onError).off('exit', onExit);
      finish();
    };
    const onAnswer = (answer: Answer) => settle(() => resolve(answer));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = () => settle(() => reject(new Error('the transcribing thread ended')));
    worker.on('message', onAnswer).on('error', onError).on('exit', onExit);
  });
}
