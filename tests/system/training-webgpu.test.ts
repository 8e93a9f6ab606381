import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { weightCountOf } from '#scoring/baseline/network.ts';
import { gradientOf } from '#scoring/baseline/training/backward.ts';
import { usualFolders } from '#scoring/runtime/open.ts';
import { locatePackage } from '#scoring/runtime/packages.ts';
import { openRuntime } from '#scoring/runtime.ts';
import { numbersFrom, tinyShape } from '../networks.ts';

/** Chromium brings a WebGPU device without hardware: a hundred times slower than WebAssembly, and as exact. */
const icd = '/usr/lib/chromium/vk_swiftshader_icd.json';
const folders = [...usualFolders, process.env.ROSTRUM_TEST_PACKAGES ?? ''].filter((folder) => folder !== '');
const missing = [
  locatePackage('webgpu', folders) === null && 'the package webgpu (ROSTRUM_TEST_PACKAGES names its folder)',
  !existsSync(icd) && icd,
].filter((name) => name !== false);

function gradientOn(tf: Awaited<ReturnType<typeof openRuntime>>['tf']) {
  const next = numbersFrom(4);
  const weights = Float32Array.from({ length: weightCountOf(tinyShape) }, () => next() - 0.4);
  const targets = [[1, 2, 2, 3], [3, 1], [2]];
  const batch = [40, 22, 9].map((frames, index) => ({
    features: { frames, data: Float32Array.from({ length: frames * tinyShape.bands }, () => 2 * next() - 1) },
    target: targets[index]!,
  }));
  return gradientOf(tf, tinyShape, weights, batch, { dropout: 0.2, random: numbersFrom(8) });
}

describe.skipIf(missing.length > 0)(`training on WebGPU${missing.map((name) => `, skipped without ${name}`)}`, () => {
  beforeAll(() => {
    vi.stubEnv('VK_ICD_FILENAMES', icd);
    vi.stubEnv('LD_LIBRARY_PATH', dirname(icd));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  test('has the gradient that WebAssembly has, and leaves no tensor behind', async () => {
    const wasm = await openRuntime({ wanted: 'wasm' });
    const expected = await gradientOn(wasm.tf);
    wasm.close();
    const webGpu = await openRuntime({ wanted: 'webgpu', folders, allowSoftware: true });
    const before = webGpu.tf.memory().numTensors;
    const { loss, gradient } = await gradientOn(webGpu.tf);
    expect(webGpu.tf.memory().numTensors).toBe(before);
    webGpu.close();
    expect(loss).toBeCloseTo(expected.loss, 4);
    for (const [index, value] of expected.gradient.entries()) expect(gradient[index]).toBeCloseTo(value, 4);
    expect(gradient.some((value) => Math.abs(value) > 1)).toBe(true);
  });
});
