import { setTimeout as sleep } from 'node:timers/promises';
import type { JobKind } from '#lib/db/jobs.ts';
import { isConnectionLost, isDiskFull } from '#lib/db/lost-connection.ts';
import { log } from '#lib/log.ts';
import { countJob, type Outcome } from '#scoring/figures.ts';

/** What a worker does about its claim while it works: each answers whether, or acts only where, the claim is still its own. */
export type Holding = {
  /** What is said in the log; every line about a file carries its `submissionId`. */
  about: { kind: JobKind; id: string; attempt: number; submissionId?: string };
  renewEveryMs: number;
  renew(): Promise<boolean>;
  giveBack(): Promise<void>;
  /** Aborted when the work is to be given back, since the worker ends. */
  stopping: AbortSignal | undefined;
};

/** What becomes of work that is not done. */
export type Unfinished = Exclude<Outcome, 'done'>;

/** `signal` is aborted, with a LostClaimError, once the claim is no longer this attempt's: so it is when it was given back. */
export type Hold = {
  signal: AbortSignal;
  /** Throws where the claim is lost. */
  renew(): Promise<void>;
  /**
   * Keeps the claim until `work` is over, and counts what came of it. An error that is the work's own is for `fail` to record. Where the
   * database was lost amid the work, the claim is given back as soon as it answers again: the next attempt begins anew, unless what was
   * written last has reached the database all the same, and then there is nothing left to give.
   */
  until(work: Promise<void>, fail: (error: unknown) => Promise<Unfinished>): Promise<void>;
};

export class LostClaimError extends Error {
  constructor({ kind, id, attempt }: Holding['about']) {
    super(`attempt ${attempt} at ${kind} ${id} is no longer the one that holds it`);
    this.name = 'LostClaimError';
  }
}

/** Keeps a claim alive, and gives it back when the worker stops. A database that does not answer is asked again. */
export function holdClaim({ about, renewEveryMs, renew, giveBack, stopping }: Holding): Hold {
  const lost = new AbortController();
  const renewing = async () => {
    if (!(await renew())) lost.abort(new LostClaimError(about));
  };
  const timer = setInterval(() => {
    renewing().catch((error: unknown) => log.warn({ err: error, ...about }, 'claim not renewed'));
  }, renewEveryMs);
  const givingBack = () =>
    giveBack().then(
      () => lost.abort(new LostClaimError(about)),
      (error: unknown) => log.warn({ err: error, ...about }, 'claim not given back'),
    );
  stopping?.addEventListener('abort', givingBack);
  if (stopping?.aborted) void givingBack();

  const endWithout = async (error: unknown, fail: (error: unknown) => Promise<Unfinished>): Promise<Unfinished> => {
    if (error instanceof LostClaimError) {
      log.warn(about, error.message);
      return 'given-back';
    }
    if (isConnectionLost(error)) {
      log.warn({ err: error, ...about }, 'the database was lost amid the work, which is given back');
      await onceAnswered(giveBack);
      return 'given-back';
    }
    log.error({ err: error, ...about }, 'work failed');
    return onceAnswered(() => fail(error));
  };
  return {
    signal: lost.signal,
    async renew() {
      await renewing();
      lost.signal.throwIfAborted();
    },
    async until(work, fail) {
      try {
        const outcome = await work.then(
          () => 'done' as const,
          (error: unknown) => endWithout(error, fail),
        );
        countJob(about.kind, outcome);
      } finally {
        clearInterval(timer);
        stopping?.removeEventListener('abort', givingBack);
      }
    },
  };
}

const askAgainMs = 250;
let lastAsked: Promise<unknown> = Promise.resolve();

/**
 * Asks until the database answers, and has room for what is written. Those who lost it together take turns, so that only one of them
 * knocks at a database that recovers. What is asked must be safe to repeat: an answer that was lost may have been a yes.
 */
function onceAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = lastAsked.then(() => untilAnswered(ask));
  lastAsked = answer.catch(() => {});
  return answer;
}

async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isConnectionLost(error) && !isDiskFull(error)) throw error;
    }
    await sleep(askAgainMs);
  }
}
