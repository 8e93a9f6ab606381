import { createKernel, type Kernel } from './functions.ts';

/*
 * New memory is costly: every page of it is zeroed by the system when it is first touched, which takes as long as reading what goes
 * there. So one that was let go is used again.
 */

/** A kernel whose memory is its holder's alone, until it is released. */
export type Lease = {
  /** Throws once it is released: the memory may hold another's texts by then. */
  kernel(): Kernel;
  /** What is never released goes with its holder, memory and all. */
  release(): void;
};

/** One larger than this is not kept for the next. */
const mostKeptBytes = 2 ** 27;

let idle: Kernel | null = null;

/** Null where the machine cannot run a kernel. */
export function leaseKernel(): Lease | null {
  let held = idle ?? createKernel();
  idle = null;
  if (held === null) return null;
  return {
    kernel() {
      if (held === null) throw new Error('these references were released');
      return held;
    },
    release() {
      if (held !== null && held.memory.buffer.byteLength <= mostKeptBytes) idle = held;
      held = null;
    },
  };
}
