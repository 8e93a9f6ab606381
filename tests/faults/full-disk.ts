import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '#scoring/statistics/random.ts';
import { type Round, runRound } from './crashes.ts';
import { startProduct } from './product.ts';

/** What a new home needs, and little more: the start refuses a disk with less. */
const diskMegabytes = 420;
const fullMs = 6_000;

/**
 * A round on a disk that another program fills to the last byte, and frees after a few seconds. Null where nobody may mount one: only
 * root can.
 */
export async function fillDisk(seed: number): Promise<Round | null> {
  const disk = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'tmpfs', disk]).status === 0;
  try {
    if (!mounted) return null;
    const product = await startProduct(disk);
    try {
      const plan = { fault: 'full disk' as const, act: () => fillAndFree(disk), clients: 40 };
      return await runRound(product, plan, createRandom(seed));
    } finally {
      await product.stop();
    }
  } finally {
    if (mounted) spawnSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}

async function fillAndFree(disk: string): Promise<void> {
  const filler = join(disk, 'filler');
  const deadline = Date.now() + fullMs;
  for (let i = 0; Date.now() < deadline; i += 1) {
    // What the server gives back in the meantime is taken, too.
    const { bavail, bsize } = statfsSync(disk);
    if (bavail > 0) fill(`${filler}-${i}`, bavail * bsize);
    await sleep(20);
  }
  spawnSync('sh', ['-c', `rm -f '${filler}'-*`]);
}

function fill(file: string, bytes: number): void {
  try {
    writeFileSync(file, Buffer.alloc(bytes));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
