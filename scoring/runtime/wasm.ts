import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { installationFolder } from '#scoring/runtime/packages.ts';
import { type OpenRung, RungRefusedError } from '#scoring/runtime/rung.ts';

/** One core of the processor; more of them by a thread each, since the package has no threads in Node.js. */
export async function openWasm(): Promise<OpenRung> {
  const [tf, { setWasmPaths }] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-backend-wasm'),
  ]);
  const name = '@tensorflow/tfjs-backend-wasm/package.json';
  setWasmPaths(`${join(dirname(createRequire(join(installationFolder, 'package.json')).resolve(name)), 'dist')}/`);
  if (!(await inTurn(() => tf.setBackend('wasm')))) throw new RungRefusedError('broken');
  const hasSimd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const device = hasSimd ? 'WebAssembly (SIMD)' : 'WebAssembly';
  // The module stays for whoever opens it next: it holds a few megabytes, and no thread or file.
  return { tf, device, isGpu: false, close: () => {} };
}

let lastTurn: Promise<unknown> = Promise.resolve();

/** TensorFlow.js gives a backend up as failed that is begun anew before it is there: who opens at the same moment waits. */
function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
  const turn = lastTurn.then(act);
  lastTurn = turn.catch(() => {});
  return turn;
}
