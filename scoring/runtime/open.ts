import type { backends } from '#lib/settings.ts';
import { installationFolder, locatePackage, nativeFolder } from '#scoring/runtime/packages.ts';
import { type OpenRung, RungRefusedError } from '#scoring/runtime/rung.ts';
import { wrongAnswerOf } from '#scoring/runtime/self-check.ts';

export type Backend = (typeof backends)[number];

/** The package that the installation lacks until `rostrum admin gpu-install` brings it; WebAssembly is always there. */
export const packageOf: Record<Exclude<Backend, 'wasm'>, string> = {
  'tfjs-node-gpu': '@tensorflow/tfjs-node-gpu',
  webgpu: 'webgpu',
  'tfjs-node': '@tensorflow/tfjs-node',
};

export type RungOptions = {
  /** Folders whose packages are used, the first that has one. */
  readonly folders: readonly string[];
  /** For tests of correctness: a program that pretends to be a GPU passes as WebGPU, and is still called no GPU. */
  readonly allowSoftware: boolean;
};

export const usualFolders = [installationFolder, ...Object.values(packageOf).map(nativeFolder)];

/** One rung in this process, with its self-check passed. Throws RungRefusedError, or whatever a broken package throws. */
export async function openRung(backend: Backend, options: RungOptions): Promise<OpenRung> {
  const rung = await start(backend, options);
  const wrong = await wrongAnswerOf(rung.tf);
  if (wrong === null) return rung;
  rung.close();
  throw new RungRefusedError('wrong-answer', wrong);
}

async function start(backend: Backend, { folders, allowSoftware }: RungOptions): Promise<OpenRung> {
  if (backend === 'wasm') return (await import('#scoring/runtime/wasm.ts')).openWasm();
  const path = locatePackage(packageOf[backend], folders);
  if (path === null) throw new RungRefusedError('not-installed', packageOf[backend]);
  if (backend === 'webgpu') return (await import('#scoring/runtime/webgpu.ts')).openWebGpu(path, allowSoftware);
  return (await import('#scoring/runtime/tfjs-node.ts')).openTfjsNode(path, backend === 'tfjs-node-gpu');
}
