import { type Gpu, isSoftwareAdapter, nameOfAdapter, openDevice } from '#scoring/runtime/adapter.ts';
import { type RungRefusal, RungRefusedError, refusalOf, type TensorFlow } from '#scoring/runtime/rung.ts';
import { wrongAnswerOf } from '#scoring/runtime/self-check.ts';

/** TensorFlow.js at work in a reader's browser. */
export type BrowserRuntime = {
  readonly tf: TensorFlow;
  readonly rung: 'webgpu' | 'wasm';
  /** In the words of the driver; '' where it does not tell pages. */
  readonly device: string;
  /** Why WebGPU is not used; null where it is. */
  readonly skipped: RungRefusal | null;
};

export type BrowserRuntimeOptions = {
  /** Addresses of the package's modules, for machines with and without SIMD. */
  readonly wasm: { readonly simd: string; readonly plain: string };
};

/** Neither rung can be used here. */
export class NoBrowserRuntimeError extends Error {
  override readonly name = 'NoBrowserRuntimeError';
}

/**
 * The ladder of a browser: WebGPU on real hardware, else WebAssembly; each with its self-check passed. For a worker of its own: it
 * sets the one backend of TensorFlow.js in its thread. Throws NoBrowserRuntimeError.
 */
export async function openBrowserRuntime(options: BrowserRuntimeOptions): Promise<BrowserRuntime> {
  const tf = await import('@tensorflow/tfjs-core');
  try {
    const device = await openWebGpu(tf);
    return { tf, rung: 'webgpu', device, skipped: null };
  } catch (error) {
    const device = await openWasm(tf, options.wasm);
    return { tf, rung: 'wasm', device, skipped: refusalOf(error) };
  }
}

async function openWebGpu(tf: TensorFlow): Promise<string> {
  const { gpu } = navigator as { gpu?: Gpu };
  const adapter = gpu && (await gpu.requestAdapter({ powerPreference: 'high-performance' }));
  if (!adapter) throw new RungRefusedError('no-adapter');
  const device = nameOfAdapter(adapter.info);
  if (isSoftwareAdapter(adapter.info)) throw new RungRefusedError('software-adapter', device);
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  type Parameters = ConstructorParameters<typeof WebGPUBackend>;
  const opened = await openDevice(adapter);
  const backend = new WebGPUBackend(opened as Parameters[0], adapter.info as Parameters[1]);
  // The package has put itself there, with a device of its own choice.
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => backend);
  await tf.setBackend('webgpu');
  const wrong = await wrongAnswerOf(tf);
  if (wrong === null) return device;
  tf.removeBackend('webgpu');
  throw new RungRefusedError('wrong-answer', wrong);
}

async function openWasm(tf: TensorFlow, { simd, plain }: BrowserRuntimeOptions['wasm']): Promise<string> {
  requireWebAssembly();
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // Threads would need a page that is isolated from all others, and scripts out of nowhere.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd,
  });
  if (!(await tf.setBackend('wasm'))) throw new NoBrowserRuntimeError('WebAssembly did not start');
  const wrong = await wrongAnswerOf(tf);
  if (wrong !== null) throw new NoBrowserRuntimeError(wrong);
  return (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'WebAssembly (SIMD)' : 'WebAssembly';
}

/** An empty module: what a browser without WebAssembly, or a policy against it, refuses before the package waits for it. */
const emptyModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

function requireWebAssembly(): void {
  try {
    new WebAssembly.Module(emptyModule);
  } catch (cause) {
    throw new NoBrowserRuntimeError('no WebAssembly', { cause });
  }
}
