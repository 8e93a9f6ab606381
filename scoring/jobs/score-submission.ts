import type { Database } from '#lib/db/client.ts';
import { isDiskFull } from '#lib/db/lost-connection.ts';
import {
  type Claim,
  claimSubmission,
  getSubmittedFile,
  handBack,
  postponeClaim,
  recordFailure,
  releaseClaim,
  renewClaim,
  type Score,
} from '#lib/db/scoring.ts';
import { log } from '#lib/log.ts';
import { isFormat } from '#lib/predictions/records.ts';
import { countResult } from '#scoring/figures.ts';
import { holdClaim, LostClaimError, type Unfinished } from '#scoring/jobs/hold.ts';
import type { Recorder } from '#scoring/jobs/recorder.ts';
import { keyOfSplit, readSplit } from '#scoring/references.ts';
import { OutOfLimitsError, type Scorer } from '#scoring/score-in-thread.ts';

export type LeaseTimes = { leaseSeconds: number; renewSeconds: number };

/** A worker that dies is noticed after this. */
export const leaseTimes: LeaseTimes = { leaseSeconds: 15, renewSeconds: 4 };

/** Before a submission that could not be scored is tried again: what ailed the database or the disk may be over by then. */
const retrySeconds = 5;

/** A submission that is being scored. `scored`: its thread is free again; `recorded`: its result is written, or it was given up. */
export type Begun = { isFollowed: boolean; scored: Promise<void>; recorded: Promise<void> };

/**
 * Begins to score the submission whose turn it is; null where none waits. Until its result is written its claim is kept alive. What
 * goes wrong spends the attempt; after the last one the submission fails with its reason. One that the platform cannot score, or not
 * within its limits, fails at once. At `stopping` it goes back into the queue.
 */
export async function beginNextSubmission(
  db: Database,
  scorer: Scorer,
  record: Recorder['record'],
  times: LeaseTimes = leaseTimes,
  stopping?: AbortSignal,
): Promise<Begun | null> {
  const claim = await claimSubmission(db, times.leaseSeconds);
  if (claim === null) return null;
  const started = performance.now();
  const { submissionId, attempt } = claim;
  const about = { kind: 'score-submission', id: submissionId, attempt, submissionId } as const;
  const hold = holdClaim({
    about,
    renewEveryMs: times.renewSeconds * 1000,
    renew: () => renewClaim(db, claim, times.leaseSeconds),
    giveBack: () => handBack(db, claim),
    stopping,
  });
  const scored = score(db, claim, scorer, hold.signal);
  const work = scored.then(async (score) => {
    if (!(await record({ claim, score }))) throw new LostClaimError(about);
    tellRecorded(claim, performance.now() - started);
  });
  const recorded = hold.until(work, (error) => giveUp(db, claim, error));
  const isOver = () => {};
  return { isFollowed: claim.isFollowed, scored: scored.then(isOver, isOver), recorded };
}

function tellRecorded({ submissionId, attempt, waitedSeconds }: Claim, milliseconds: number): void {
  countResult(waitedSeconds + milliseconds / 1000);
  log.info({ submissionId, attempt, milliseconds: Math.round(milliseconds) }, 'submission scored');
}

/** A file that the platform took in and cannot score: its reason is shown to the team. */
class UnscorableError extends Error {
  readonly reason: string;

  constructor(reason: string, { submissionId }: Claim) {
    super(`submission ${submissionId} cannot be scored: ${reason}`);
    this.name = 'UnscorableError';
    this.reason = reason;
  }
}

async function score(db: Database, claim: Claim, scorer: Scorer, signal: AbortSignal): Promise<Score> {
  const { submissionId, split } = claim;
  const format = claim.format !== null && isFormat(claim.format) ? claim.format : undefined;
  const sent = await getSubmittedFile(db, submissionId);
  const references = () => readSplit(db, claim);
  const outcome = await scorer.score({ key: keyOfSplit(claim), references, sent, split, format }, signal);
  if (!outcome.ok) throw new UnscorableError(outcome.reason, claim);
  return outcome.score;
}

async function giveUp(db: Database, claim: Claim, error: unknown): Promise<Unfinished> {
  if (isDiskFull(error)) {
    await postponeClaim(db, claim, retrySeconds);
    return 'given-back';
  }
  const reason = finalReason(claim, error);
  if (reason === null) await releaseClaim(db, claim, retrySeconds);
  else await recordFailure(db, claim, reason);
  return reason === null ? 'given-back' : 'failed';
}

/** Why nobody will try again; null where somebody will. */
function finalReason({ attempt, attemptLimit }: Claim, error: unknown): string | null {
  if (error instanceof UnscorableError) return error.reason;
  if (error instanceof OutOfLimitsError) return 'limits';
  return attempt >= attemptLimit ? 'internal' : null;
}
