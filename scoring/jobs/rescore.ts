import type { Database } from '#lib/db/client.ts';
import { giveBackJob } from '#lib/db/jobs.ts';
import {
  claimRescore,
  listRescoreTasks,
  recordRescoreDone,
  recordRescored,
  recordRescoreFailed,
  recordRescoreProgress,
} from '#lib/db/label-rescore-jobs.ts';
import { previewDraft, type Rescore } from '#lib/db/label-rescores.ts';
import { getSubmittedFile, type ScoringTask } from '#lib/db/scoring.ts';
import { log } from '#lib/log.ts';
import { isFormat } from '#lib/predictions/records.ts';
import { holdClaim } from '#scoring/jobs/hold.ts';
import { readSplit, type Split } from '#scoring/references.ts';
import type { Scorer } from '#scoring/score-in-thread.ts';

const leaseSeconds = 15;
const showEveryMs = 500;
/** Files in work: while some are counted, others are read and written. What teams send meanwhile takes turns with them. */
const lanes = 4;

/**
 * Counts all files by a draft of the labels, as an organiser asked, and says what people would see change. The board does not
 * depend on any of it. It can be stopped at any moment: the next attempt begins anew.
 */
export async function runRescore(db: Database, scorer: Scorer, id: string, stopping?: AbortSignal): Promise<void> {
  const claim = await claimRescore(db, id, leaseSeconds);
  if (claim === null) return;
  const started = performance.now();
  const progress = { done: 0, total: 0 };
  const hold = holdClaim({
    about: { kind: 'rescore', id, attempt: claim.attempt },
    renewEveryMs: showEveryMs,
    renew: () => recordRescoreProgress(db, claim, progress, leaseSeconds),
    giveBack: () => giveBackJob(db, { kind: 'rescore', id }, claim.attempt),
    stopping,
  });
  const work = async () => {
    await countAll(db, scorer, claim, progress, hold.signal);
    await hold.renew();
    await recordRescoreDone(db, claim, await previewDraft(db, claim.competitionId));
    const milliseconds = Math.round(performance.now() - started);
    log.info({ rescoreId: id, files: progress.done, milliseconds }, 'rescored');
  };
  await hold.until(work(), async (error) => {
    await recordRescoreFailed(db, claim, error instanceof OvertakenError ? 'overtaken' : 'internal');
    return 'failed';
  });
}

/** The draft or the claim is no longer what it was. */
class OvertakenError extends Error {
  constructor({ id, attempt }: Rescore) {
    super(`attempt ${attempt} at rescore ${id} no longer counts what was asked for`);
    this.name = 'OvertakenError';
  }
}

/** Files that are scored meanwhile are counted too, until none is left. */
async function countAll(
  db: Database,
  scorer: Scorer,
  claim: Rescore,
  progress: { done: number; total: number },
  signal: AbortSignal,
): Promise<void> {
  const counted = new Set<string>();
  let split: Promise<Split> | null = null;
  for (;;) {
    const tasks = (await listRescoreTasks(db, claim)).filter(({ submissionId }) => !counted.has(submissionId));
    if (tasks.length === 0) return;
    progress.total += tasks.length;
    split ??= readSplit(db, tasks[0]!);
    // Who waits for it hears what went wrong. Where a file failed before, nobody does, and that would end the worker.
    split.catch(() => {});
    const references = () => split!;
    const next = tasks.values();
    const lane = async () => {
      for (const task of next) {
        signal.throwIfAborted();
        await count(db, scorer, claim, task, { references, signal });
        counted.add(task.submissionId);
        progress.done += 1;
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }
}

type Counting = { references: () => Promise<Split>; signal: AbortSignal };

async function count(
  db: Database,
  scorer: Scorer,
  claim: Rescore,
  task: ScoringTask,
  { references, signal }: Counting,
): Promise<void> {
  const format = task.format !== null && isFormat(task.format) ? task.format : undefined;
  const sent = await getSubmittedFile(db, task.submissionId);
  // Not the key of a label version: a draft's references change.
  const key = `rescore:${claim.id}:${claim.attempt}`;
  const outcome = await scorer.score({ key, references, sent, split: 'test', format }, signal);
  if (!outcome.ok || outcome.score.split !== 'test') {
    throw new Error(`submission ${task.submissionId} was scored once and cannot be again`);
  }
  const { scorerVersion, profileHash, ...score } = outcome.score;
  if (!(await recordRescored(db, claim, task, { scorerVersion, profileHash, ...score })))
    throw new OvertakenError(claim);
}
