import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { isSoftwareAdapter } from '#scoring/runtime/adapter.ts';
import { usualFolders } from '#scoring/runtime/open.ts';
import { locatePackage } from '#scoring/runtime/packages.ts';
import { wrongAnswerOf } from '#scoring/runtime/self-check.ts';
import { inspectLadder, NoRuntimeError, openRuntime, type Runtime } from '#scoring/runtime.ts';
import { aWav } from '../wav-files.ts';

// Each rung that is there is tried in a process of its own.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'rostrum-runtime-'));
afterAll(() => rmSync(folder, { recursive: true }));

const require = createRequire(import.meta.url);
const [core, cpu] = ['tfjs-core', 'tfjs-backend-cpu'].map((name) =>
  JSON.stringify(require.resolve(`@tensorflow/${name}`)),
);

/** What a native package would be: TensorFlow.js that computes with its plain backend and says of itself what the test wants. */
function nativePackage({ isUsingGpuDevice = true, begin = '', end = '' }): string {
  return `${begin}
    const tf = require(${core});
    require(${cpu});
    const backend = () => ({ isUsingGpuDevice: ${isUsingGpuDevice}, binding: { TF_Version: '2.9.1' } });
    module.exports = { ...tf, backend, getBackend: () => 'tensorflow' };
    ${end}`;
}

let made = 0;
function folderWith(packages: Record<string, string>): string {
  made += 1;
  const root = join(folder, String(made));
  for (const [name, source] of Object.entries(packages)) {
    const file = join(root, 'node_modules', name, 'index.js');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, source);
  }
  return root;
}

const gpu = '@tensorflow/tfjs-node-gpu';
const node = '@tensorflow/tfjs-node';

function refusalsOf({ skipped }: Pick<Runtime, 'skipped'>): Record<string, string> {
  return Object.fromEntries(
    skipped.map(({ backend, refusal }) => [backend, `${refusal.code} ${refusal.details}`.trim()]),
  );
}

async function refusalsWith(packages: Record<string, string>, deadlineMs = 30_000): Promise<Record<string, string>> {
  const runtime = await openRuntime({ folders: [folderWith(packages)], deadlineMs });
  expect(runtime.backend).toBe('wasm');
  return refusalsOf(runtime);
}

describe.concurrent('the ladder', () => {
  test('ends on WebAssembly where nothing else is installed, and says what is missing', async () => {
    const runtime = await openRuntime({ folders: [folder] });
    expect(runtime).toMatchObject({ backend: 'wasm', isGpu: false, device: expect.stringContaining('SIMD') });
    expect(refusalsOf(runtime)).toEqual({
      'tfjs-node-gpu': `not-installed ${gpu}`,
      webgpu: 'not-installed webgpu',
      'tfjs-node': `not-installed ${node}`,
    });
  });

  test('opens WebAssembly for several who ask at the same moment', async () => {
    const opened = await Promise.all([1, 2, 3].map(() => openRuntime({ wanted: 'wasm' })));
    expect(opened.map(({ backend }) => backend)).toEqual(['wasm', 'wasm', 'wasm']);
  });

  test('takes a GPU that computes right', async () => {
    const runtime = await openRuntime({ folders: [folderWith({ [gpu]: nativePackage({}) })] });
    expect(runtime).toMatchObject({ backend: 'tfjs-node-gpu', isGpu: true, device: 'TensorFlow 2.9.1 CUDA' });
  });

  test('never calls a processor a GPU, and says which libraries the GPU misses', async () => {
    const begin = `console.error("W dso_loader: Could not load dynamic library 'libcudart.so.11.0'; dlerror: …");`;
    const withoutCuda = nativePackage({ isUsingGpuDevice: false, begin });
    const runtime = await openRuntime({ folders: [folderWith({ [gpu]: withoutCuda, [node]: withoutCuda })] });
    expect(runtime).toMatchObject({ backend: 'tfjs-node', isGpu: false, device: 'TensorFlow 2.9.1 CPU' });
    expect(refusalsOf(runtime)['tfjs-node-gpu']).toBe('no-gpu libcudart.so.11.0');
  });

  test('goes on after a package without its addon', async () => {
    const source = "throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found');";
    expect((await refusalsWith({ [gpu]: source }))['tfjs-node-gpu']).toMatch(/^broken The Node\.js native addon/);
  });

  test('survives a driver that crashes', async () => {
    const source = "console.error('driver fault'); process.kill(process.pid, 'SIGSEGV'); while (true);";
    expect((await refusalsWith({ [gpu]: source }))['tfjs-node-gpu']).toBe('crashed SIGSEGV: driver fault');
  });

  test('does not wait for a driver that hangs', async () => {
    expect((await refusalsWith({ [gpu]: 'while (true);' }, 1_500))['tfjs-node-gpu']).toBe('timed-out 1.5');
  });

  test('does not take a GPU that computes wrong', async () => {
    const end = 'module.exports.matMul = (a, b) => tf.add(tf.matMul(a, b), 0.01);';
    const refusals = await refusalsWith({ [gpu]: nativePackage({ end }) });
    expect(refusals['tfjs-node-gpu']).toMatch(/^wrong-answer matMul: 2\.5[\d]* instead of 2\.5$/);
  });

  test('stands still on the rung that is wanted', async () => {
    const folders = [folderWith({ [gpu]: nativePackage({}) })];
    expect((await openRuntime({ folders, wanted: 'wasm' })).backend).toBe('wasm');
    await expect(openRuntime({ folders, wanted: 'webgpu' })).rejects.toSatisfy(
      (error) => error instanceof NoRuntimeError && refusalsOf(error).webgpu === 'not-installed webgpu',
    );
  });
});

describe('the self-check', () => {
  test('passes where all is computed right', async () => {
    const { tf: wasm } = await openRuntime({ wanted: 'wasm' });
    expect(await wrongAnswerOf(wasm)).toBeNull();
  });

  test.each<[string, Partial<typeof tf>]>([
    ['conv1d', { conv1d: (x, w, stride, pad) => tf.conv1d(x, tf.reverse(w as tf.Tensor3D, 0), stride, pad) }],
    ['conv1d with dilation', { conv1d: (x, w, stride, pad) => tf.conv1d(x, w, stride, pad) }],
    ['logSoftmax', { logSoftmax: tf.softmax }],
    ['matMul', { matMul: (a) => tf.mul(a, Number.NaN) as never }],
  ])('finds a wrong %s', async (name, wrong) => {
    const { tf: wasm } = await openRuntime({ wanted: 'wasm' });
    expect(await wrongAnswerOf({ ...wasm, ...wrong })).toMatch(new RegExp(`^${name}: `));
  });
});

describe('an adapter of WebGPU', () => {
  const adapter = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false };

  test.each([
    { vendor: 'google', architecture: 'swiftshader', description: 'SwiftShader driver 5.0.0' },
    { vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' },
    { vendor: 'mesa', device: 'lavapipe' },
    { vendor: 'microsoft', description: 'Microsoft Basic Render Driver' },
    { vendor: 'nvidia', isFallbackAdapter: true },
  ])('that is a program is no GPU: %o', (info) => {
    expect(isSoftwareAdapter({ ...adapter, ...info })).toBe(true);
  });

  test.each([
    { vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H100 80GB HBM3' },
    { vendor: 'amd', architecture: 'rdna-3', description: 'AMD Radeon RX 7900' },
    { vendor: 'apple', architecture: 'metal-3' },
  ])('(control) of hardware is one: %o', (info) => {
    expect(isSoftwareAdapter({ ...adapter, ...info })).toBe(false);
  });
});

/** Chromium brings a WebGPU device without hardware, with the loader that finds it. */
const icd = '/usr/lib/chromium/vk_swiftshader_icd.json';
const folders = [...usualFolders, process.env.ROSTRUM_TEST_PACKAGES ?? ''].filter((folder) => folder !== '');
const missing = [
  locatePackage('webgpu', folders) === null && 'the package webgpu (ROSTRUM_TEST_PACKAGES names its folder)',
  !existsSync(icd) && icd,
].filter((name) => name !== false);

describe.skipIf(missing.length > 0)(
  `WebGPU on SwiftShader${missing.map((name) => `, skipped without ${name}`)}`,
  () => {
    const webGpu = async (allowSoftware: boolean) => {
      vi.stubEnv('VK_ICD_FILENAMES', icd);
      vi.stubEnv('LD_LIBRARY_PATH', dirname(icd));
      const rungs = await inspectLadder({ folders, allowSoftware }).finally(() => vi.unstubAllEnvs());
      return rungs.find(({ backend }) => backend === 'webgpu');
    };

    test('is refused as a rung', async () => {
      expect(await webGpu(false)).toMatchObject({
        status: 'refused',
        refusal: { code: 'software-adapter', details: expect.stringContaining('SwiftShader') },
      });
    });

    test('computes right where a test allows it, and is called no GPU even then', async () => {
      expect(await webGpu(true)).toMatchObject({ status: 'passed', isGpu: false });
    });

    const printedBy = async (program: string, ...args: string[]) => {
      const packages = folders.find((each) => locatePackage('webgpu', [each]) !== null)!;
      const words = [require.resolve('tsx/cli'), join(import.meta.dirname, '..', program), packages, ...args];
      const env = { ...process.env, VK_ICD_FILENAMES: icd, LD_LIBRARY_PATH: dirname(icd) };
      const { stdout } = await promisify(execFile)(process.execPath, words, { env, maxBuffer: 2 ** 24 });
      return JSON.parse(stdout);
    };

    test('lets a network write the same texts as WebAssembly', async () => {
      const wav = join(folder, 'noise.wav');
      writeFileSync(wav, aWav({ data: new Uint8Array(32_000).map((_, i) => (i * i * 7) % 253) }));
      const { wasm, webgpu } = await printedBy('rung-texts.ts', '2', wav, wav);
      expect(webgpu).toEqual(wasm);
      expect(wasm[0].length).toBeGreaterThan(10);
    });

    test('resamples many systems as the kernel does, bit for bit', async () => {
      const { kernel, wasm, webgpu } = await printedBy('rung-sums.ts');
      expect(wasm).toEqual(kernel);
      expect(webgpu).toEqual(kernel);
    });
  },
);
