import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { sumsOnRung } from '#scoring/runtime/sums.ts';
import { openRuntime } from '#scoring/runtime.ts';

/*
 * A program for tests: `tsx tests/rung-sums.ts FOLDER` prints the bootstrap's sums of a few systems by the kernel, on WebAssembly and
 * on WebGPU, with the packages of FOLDER. A process of its own, as rung-texts.ts.
 */

const [folder = ''] = process.argv.slice(2);
const kernel = createStatisticsKernel(loadModule('statistics'));
const columns = [3, 1801].map((factor) => Float64Array.from({ length: 90 }, (_, i) => (i * i * factor) % 2048));
const options = { seed: 11, resamples: 200 };
const sums: Record<string, number[][]> = { kernel: kernel.resampledSums(columns, options).map((each) => [...each]) };
for (const wanted of ['wasm', 'webgpu'] as const) {
  const runtime = await openRuntime({ wanted, folders: [folder], allowSoftware: true });
  const found = await sumsOnRung(runtime.tf, columns, options, kernel.createCountDraws);
  sums[wanted] = found.map((each) => [...each]);
  runtime.close();
}
console.log(JSON.stringify(sums));
