import { parentPort, workerData } from 'node:worker_threads';
import {
  createTrainingLane,
  type LaneResult,
  type LaneTask,
  type TrainingMemory,
} from '#scoring/baseline/training/lanes.ts';
import { openRuntime } from '#scoring/runtime.ts';

/*
 * What runs in the threads of scoring/baseline/training/lanes.ts, bundled as dist/train-thread.mjs: answers once when it is ready and
 * then to every task. An error ends it.
 */

const { tf } = await openRuntime({ wanted: 'wasm' });
const lane = createTrainingLane(tf, workerData as TrainingMemory);
parentPort?.on('message', async (task: LaneTask) => answer(await lane.run(task)));
answer({ loss: 0, symbols: 0, texts: [] });

function answer(result: LaneResult): void {
  parentPort?.postMessage(result);
}
