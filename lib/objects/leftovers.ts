import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { log } from '#lib/log.ts';
import { ownerOf } from '#lib/objects/unfinished.ts';

/*
 * What web, worker or a command had begun to write when it was killed. Every web and worker looks through its folder of data.
 */

/** Of an owner that cannot be asked for. Whoever lives writes on, or says so every hour (lib/objects/s3.ts). */
const unknownHours = 24;
const hourMs = 3_600_000;
const places = ['recordings', 'archives', 'baseline', 'scratch'];

/** Now and every hour, until the returned function is called. */
export function keepSwept(home: string): () => void {
  const sweep = async () => {
    const removed = await sweepLeftovers(home, new Date());
    if (removed > 0) log.info({ removed }, 'removed what processes that are gone had left unfinished');
  };
  const run = () => void sweep().catch((error) => log.error({ err: error }, 'unfinished files could not be removed'));
  run();
  const timer = setInterval(run, hourMs).unref();
  return () => clearInterval(timer);
}

/** Removes what a process left that is gone, and what nobody knows the owner of once it is a day old. Returns how much that was. */
export async function sweepLeftovers(home: string, now: Date): Promise<number> {
  let removed = 0;
  for (const place of places) {
    for await (const { path, name } of unfinishedIn(join(home, place))) {
      if (!(await isLeft(path, name, now))) continue;
      await rm(path, { recursive: true, force: true });
      removed += 1;
    }
  }
  return removed;
}

/** A folder at a time: there may be a million recordings. */
async function* unfinishedIn(folder: string): AsyncGenerator<{ path: string; name: string }> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (ownerOf(entry.name) !== null) yield { path, name: entry.name };
    else if (entry.isDirectory()) yield* unfinishedIn(path);
  }
}

async function isLeft(path: string, name: string, now: Date): Promise<boolean> {
  const owner = ownerOf(name);
  if (owner !== 'unknown') return owner === 'dead';
  const found = await stat(path).catch(() => null);
  return found !== null && now.getTime() - found.mtimeMs > unknownHours * hourMs;
}
