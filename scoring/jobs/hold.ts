import { log } from '#lib/log.ts';

/** What a worker does about its claim while it works: each answers whether, or acts only where, the claim is still its own. */
export type Holding = {
  /** What is said in the log. */
  about: { kind: string; id: string; attempt: number };
  renewEveryMs: number;
  renew(): Promise<boolean>;
  giveBack(): Promise<void>;
  /** Aborted when the work is to be given back, since the worker ends. */
  stopping: AbortSignal | undefined;
};

/** `signal` is aborted, with a LostClaimError, once the claim is no longer this attempt's: so it is when it was given back. */
export type Hold = { signal: AbortSignal; renew(): Promise<void>; end(): void };

export class LostClaimError extends Error {
  constructor({ kind, id, attempt }: Holding['about']) {
    super(`attempt ${attempt} at ${kind} ${id} is no longer the one that holds it`);
    this.name = 'LostClaimError';
  }
}

/** Keeps a claim alive until `end`, and gives it back when the worker stops. A database that does not answer is asked again. */
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
  return {
    signal: lost.signal,
    renew: renewing,
    end() {
      clearInterval(timer);
      stopping?.removeEventListener('abort', givingBack);
    },
  };
}
