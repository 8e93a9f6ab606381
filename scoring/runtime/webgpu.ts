import { pathToFileURL } from 'node:url';
import { type Gpu, isSoftwareAdapter, nameOfAdapter, openDevice } from '#scoring/runtime/adapter.ts';
import { type OpenRung, RungRefusedError } from '#scoring/runtime/rung.ts';

/** What is used of the package `webgpu` (Dawn, the WebGPU of Chromium). */
type Dawn = { create(options: readonly string[]): Gpu; globals: Record<string, unknown> };

/**
 * A GPU by Vulkan, Metal or Direct3D. `path` is the file of the package `webgpu`. The adapter is asked for and looked at here: what
 * TensorFlow.js does without one breaks only later. `allowSoftware` is for tests of correctness on machines without a GPU.
 */
export async function openWebGpu(path: string, allowSoftware: boolean): Promise<OpenRung> {
  const { create, globals } = (await import(pathToFileURL(path).href)) as Dawn;
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new RungRefusedError('no-adapter');
  const device = nameOfAdapter(adapter.info);
  const isSoftware = isSoftwareAdapter(adapter.info);
  if (isSoftware && !allowSoftware) throw new RungRefusedError('software-adapter', device);
  const [tf, { WebGPUBackend }] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-backend-webgpu'),
  ]);
  const opened = await openDevice(adapter);
  const restore = publish(gpu, globals);
  type Parameters = ConstructorParameters<typeof WebGPUBackend>;
  const backend = new WebGPUBackend(opened as Parameters[0], adapter.info as Parameters[1]);
  tf.registerBackend('webgpu', () => backend);
  await tf.setBackend('webgpu');
  const close = () => {
    tf.removeBackend('webgpu');
    opened.destroy();
    restore();
  };
  return { tf, device, isGpu: !isSoftware, close };
}

/** TensorFlow.js looks for the GPU where a browser has it. Newer versions of Node.js have a `navigator` of their own. */
function publish(gpu: Gpu, globals: Record<string, unknown>): () => void {
  Object.assign(globalThis, globals);
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true, writable: true });
  return () => {
    // A GPU that anybody can reach keeps the process alive.
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  };
}
