// A file that one living process holds. The holder is named by number and start, so a file left by a dead one is no obstacle.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identityOf } from '../../lib/processes.mjs';

/**
 * @typedef {{ pid: number, identity: string, [fact: string]: string | number }} Holder
 * @typedef {{ status: 'held', tell: (facts: Record<string, string | number>) => void, release: () => void }} Held
 */

/**
 * Takes the lock, or says who has it. `tell` adds facts for others to read.
 * @param {string} path
 * @returns {Held | { status: 'taken', holder: Holder }}
 */
export function takeLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const me = { pid: process.pid, identity: identityOf(process.pid) };
  for (;;) {
    if (createFrom(path, me)) return held(path, me);
    const holder = readHolder(path);
    if (holder === null) continue;
    if (isHolding(holder)) return { status: 'taken', holder };
    removeStale(path, holder);
  }
}

/**
 * @param {string} path
 * @param {number} limitMs
 * @param {AbortSignal} [signal]
 * @returns {Promise<Held | { status: 'taken', holder: Holder }>}
 */
export async function waitForLock(path, limitMs, signal) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    signal?.throwIfAborted();
    const outcome = takeLock(path);
    if (outcome.status === 'held' || Date.now() > deadline) return outcome;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * @param {string} path
 * @returns {Holder | null} who holds the lock now
 */
export function lockHolder(path) {
  const holder = readHolder(path);
  return holder !== null && isHolding(holder) ? holder : null;
}

/**
 * @param {string} path
 * @param {Holder} me
 * @returns {Held}
 */
function held(path, me) {
  return {
    status: 'held',
    tell(facts) {
      writeWhole(path, { ...me, ...facts });
    },
    release() {
      if (readHolder(path)?.identity === me.identity) rmSync(path, { force: true });
    },
  };
}

/** @param {Holder} holder */
function isHolding(holder) {
  const identity = identityOf(holder.pid);
  return identity !== '' && identity === holder.identity;
}

/**
 * link() makes the file with its content in one step, and only where there is none.
 * @param {string} path
 * @param {Holder} me
 */
function createFrom(path, me) {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(me));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * @param {string} path
 * @param {Holder} content
 */
function writeWhole(path, content) {
  const next = `${path}.${process.pid}`;
  writeFileSync(next, JSON.stringify(content));
  renameSync(next, path);
}

/**
 * Two processes may find the same stale file, and the slower one must not remove the quicker one's new lock: what was moved
 * aside is looked at again, and put back where it is alive.
 * @param {string} path
 * @param {Holder} stale
 */
function removeStale(path, stale) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved !== null && moved.identity !== stale.identity && isHolding(moved)) renameSync(aside, path);
  rmSync(aside, { force: true });
}

/**
 * @param {string} path
 * @returns {Holder | null}
 */
function readHolder(path) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch {
    return { pid: 0, identity: 'unreadable' };
  }
}
