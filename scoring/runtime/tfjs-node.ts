import { createRequire } from 'node:module';
import { type OpenRung, RungRefusedError, type TensorFlow } from '#scoring/runtime/rung.ts';

/** What the binding says of itself (tfjs-node 4.22, nodejs_kernel_backend.ts). */
type NodeBackend = { isUsingGpuDevice?: boolean; binding?: { TF_Version?: string } };

/**
 * TensorFlow's C library. `path` is the file of the package, which brings a TensorFlow.js of its own. Without CUDA the GPU package
 * computes on the processor and says so on stderr only: it is refused here.
 */
export async function openTfjsNode(path: string, wantsGpu: boolean): Promise<OpenRung> {
  bringBackRemovedUtilities();
  const tf = createRequire(path)(path) as TensorFlow;
  await tf.ready();
  if (tf.getBackend() !== 'tensorflow') throw new RungRefusedError('broken', `backend ${tf.getBackend()}`);
  const { isUsingGpuDevice = false, binding } = tf.backend() as NodeBackend;
  if (wantsGpu && !isUsingGpuDevice) throw new RungRefusedError('no-gpu');
  const device = `TensorFlow ${binding?.TF_Version ?? ''} ${isUsingGpuDevice ? 'CUDA' : 'CPU'}`.replace('  ', ' ');
  return { tf, device, isGpu: isUsingGpuDevice, close: () => {} };
}

/** tfjs-node 4.22 calls two functions that Node.js 23 no longer has. */
function bringBackRemovedUtilities(): void {
  const old = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  old.isArray ??= Array.isArray;
}
