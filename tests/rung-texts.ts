import { createListener } from '#scoring/baseline/listener.ts';
import { type Backend, openRuntime } from '#scoring/runtime.ts';
import { anUntrainedModel } from './baseline-model.ts';

/*
 * A program for tests: `tsx tests/rung-texts.ts FOLDER SECONDS FILE.wav …` prints what an untrained network writes of WAV files on
 * WebAssembly and on WebGPU, with the packages of FOLDER. A process of its own, since the loader of Vulkan reads the environment once.
 */

const [folder = '', seconds = '', ...paths] = process.argv.slice(2);
const files = paths.map((path) => ({ path, stretch: null, seconds: Number(seconds) }));
const texts: Partial<Record<Backend, string[]>> = {};
for (const wanted of ['wasm', 'webgpu'] as const) {
  const runtime = await openRuntime({ wanted, folders: [folder], allowSoftware: true });
  const listener = createListener(runtime, anUntrainedModel());
  texts[wanted] = await listener.transcribe(files);
  await listener.close();
  runtime.close();
}
console.log(JSON.stringify(texts));
