import { parentPort, workerData } from 'node:worker_threads';
import { type BatchAnswer, createListener, type ReadyAnswer, type ThreadData } from '#scoring/baseline/listener.ts';
import type { SoundFile } from '#scoring/baseline/sound.ts';
import { openRuntime } from '#scoring/runtime.ts';

/* What runs in the threads of scoring/baseline/listener.ts, bundled as dist/transcribe-thread.mjs. An error ends it. */

const { model } = workerData as ThreadData;
const listener = createListener(await openRuntime({ wanted: 'wasm' }), model);
parentPort?.on('message', async (files: SoundFile[]) => {
  parentPort?.postMessage({ texts: await listener.transcribe(files) } satisfies BatchAnswer);
});
parentPort?.postMessage({ device: listener.device } satisfies ReadyAnswer);
