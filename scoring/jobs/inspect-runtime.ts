import { constants } from 'node:os';
import type { WorkerRuntime } from '#lib/db/schema.ts';
import type { WorkerEnv } from '#lib/env.ts';
import { inspectLadder, type RuntimeOptions } from '#scoring/runtime.ts';

/** How every rung of the ladder does here, looked at while the processor has nothing better to do. */
export async function inspectRuntime(
  { backend: wanted }: Pick<WorkerEnv, 'backend'>,
  options: RuntimeOptions = {},
): Promise<WorkerRuntime> {
  const ladder = await inspectLadder({ ...options, priority: constants.priority.PRIORITY_LOW });
  const rungs = ladder.map((rung) => {
    const { backend } = rung;
    if (rung.status === 'refused') return { backend, ...rung.refusal };
    const { device, isGpu, gigaflops, bootstrapRatio } = rung;
    return { backend, device, isGpu, gigaflops, bootstrapRatio };
  });
  return { wanted, rungs };
}
