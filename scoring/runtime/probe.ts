import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { type Backend, openRung, type RungOptions } from '#scoring/runtime/open.ts';
import { type RungRefusal, refusalOf } from '#scoring/runtime/rung.ts';
import { measureGigaflops } from '#scoring/runtime/self-check.ts';
import { usualSumsRatio } from '#scoring/runtime/sums.ts';

/*
 * A process that tries one rung and tells of it by a message, bundled as dist/runtime-probe.mjs. Drivers crash and hang; here they
 * take nobody with them.
 */

export type ProbeTask = RungOptions & { readonly backend: Backend };

export type ProbeAnswer =
  | {
      readonly status: 'passed';
      readonly device: string;
      readonly isGpu: boolean;
      readonly gigaflops: number;
      /** How many times as fast as the kernel it resamples many systems. */
      readonly bootstrapRatio: number;
    }
  | { readonly status: 'refused'; readonly refusal: RungRefusal };

process.once('disconnect', () => process.exit());
process.once('message', async (task: ProbeTask) => {
  // Written before the process ends, whatever a native library still has running.
  process.send!(await tryRung(task), () => process.exit());
});

async function tryRung({ backend, ...options }: ProbeTask): Promise<ProbeAnswer> {
  try {
    const { tf, device, isGpu } = await openRung(backend, options);
    const gigaflops = await measureGigaflops(tf);
    const kernel = createStatisticsKernel(loadModule('statistics'));
    return { status: 'passed', device, isGpu, gigaflops, bootstrapRatio: await usualSumsRatio(tf, kernel) };
  } catch (error) {
    return { status: 'refused', refusal: refusalOf(error) };
  }
}
