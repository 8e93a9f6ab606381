import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnerEnv } from '#lib/env.ts';
import { type Addresses, type OpenDatabase, openInstallation } from './database.ts';
import type { Report } from './report.mjs';
import { say } from './sentences.mjs';

export type KeptDatabase = {
  /** Whether this installation runs the server itself, which then is nobody else's. */
  isEmbedded: boolean;
  addresses(): Addresses;
  /** Calls back when the server had to move to another port, so that the addresses handed out lead nowhere. */
  onMoved(callback: () => void): void;
  /** Says whether the server is gone, or was never ours to stop: another command may hold it. */
  close(limitMs: number): Promise<boolean>;
};

const name = 'PostgreSQL';
const lookEveryMs = 250;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/** Opens the installation's database, and starts the embedded one again where it dies. */
export async function keepDatabase(env: OwnerEnv, report: Report, signal: AbortSignal): Promise<KeptDatabase> {
  let current = await openInstallation(env, signal);
  let tellMoved = () => {};
  const closing = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: closing.signal }).catch(() => {});
  const kept = current.embedded === null ? Promise.resolve() : keepUp();

  async function keepUp(): Promise<void> {
    for (;;) {
      await pause(lookEveryMs);
      if (closing.signal.aborted) return;
      if (current.embedded?.isAlive()) continue;
      const before = current;
      current = await reopen();
      if (current === before) return;
      await before.embedded?.release(0);
      report.line(say('restarted', { name }));
      if (current.ownerUrl !== before.ownerUrl) tellMoved();
    }
  }

  async function reopen(): Promise<OpenDatabase> {
    const log = join(env.home, 'logs', 'postgres.log');
    for (let pauseMs = firstPauseMs; !closing.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await openInstallation(env, closing.signal);
      } catch (error) {
        const reason = (error as Error).message.replace(/\.$/, '');
        report.line(say('restarting', { name, reason, seconds: pauseMs / 1000, log }));
        await pause(pauseMs);
      }
    }
    return current;
  }

  return {
    isEmbedded: current.embedded !== null,
    addresses: () => current,
    onMoved(callback) {
      tellMoved = callback;
    },
    async close(limitMs) {
      closing.abort();
      await kept;
      return (await current.embedded?.release(limitMs)) ?? true;
    },
  };
}
