import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createSnapshot, listBoards, listOverdueBoards } from '#lib/db/boards.ts';
import { openDatabase } from '#lib/db/client.ts';
import { lockCompetition } from '#lib/db/competition-lock.ts';
import { removeDroppedSlides } from '#lib/db/dropped-slides.ts';
import { sendDueReminders } from '#lib/db/finals-reminders.ts';
import type { JobKind } from '#lib/db/jobs.ts';
import { listUncommitted, recordCommitment } from '#lib/db/label-commitments.ts';
import { subscribe } from '#lib/db/live.ts';
import { chainEvents, listChains, listHeads, recordCheck } from '#lib/db/log-chain.ts';
import { recordScores, republishScores } from '#lib/db/score-records.ts';
import { sweepSubmissions } from '#lib/db/scoring.ts';
import { sweepWork } from '#lib/db/work-claims.ts';
import { deleteLostWorkers, deleteWorker, recordHeartbeat, recordRuntime } from '#lib/db/workers.ts';
import { readDiskSpace } from '#lib/disk-space.ts';
import { workerEnv } from '#lib/env.ts';
import { log } from '#lib/log.ts';
import { keepSwept } from '#lib/objects/leftovers.ts';
import { requireObjects } from '#lib/objects/require.ts';
import { objectStore } from '#lib/objects.ts';
import { type Handlers, startQueue } from '#lib/queue.ts';
import { findTies } from '#scoring/board-ties.ts';
import { openDesk } from '#scoring/desk.ts';
import { readFigures } from '#scoring/figures.ts';
import { runLabelAudit } from '#scoring/jobs/audit-labels.ts';
import { runComparison } from '#scoring/jobs/compare-teams.ts';
import { runImport, sweepArchiveUploads } from '#scoring/jobs/import-dataset.ts';
import { inspectRuntime } from '#scoring/jobs/inspect-runtime.ts';
import { createLanes, type Piece } from '#scoring/jobs/lanes.ts';
import { createMeasurer } from '#scoring/jobs/measure-unmeasured.ts';
import { createRecorder } from '#scoring/jobs/recorder.ts';
import { runRescore } from '#scoring/jobs/rescore.ts';
import { runBaseline } from '#scoring/jobs/run-baseline.ts';
import { beginNextSubmission, leaseTimes } from '#scoring/jobs/score-submission.ts';
import { recordDueResults } from '#scoring/results.ts';
import { startScorer } from '#scoring/score-in-thread.ts';

/*
 * The scoring worker: a process of its own, under the one role that may read references. Any number of them may run, and any of
 * them may be killed at any time.
 */

const sweepMs = 2_000;
const measureMs = 5_000;
const headsMs = 10_000;
const heartbeatMs = 5_000;
/** When the demonstration is up: what comes later is not hurried. */
const runtimeMs = 10_000;
/** Of the time to stop in, for giving back what is not finished. */
const giveBackMs = 500;
/** After which nothing is waited for any more. */
const patienceMs = 400;
/** The largest file takes a few seconds. Kept references come to some ten bytes a character in each thread. */
const limits = { threads: 2, deadlineMs: 20_000, heapMegabytes: 1024, keptCharacters: 20_000_000 };

/** A second board within this time would be seen by nobody. What waits has been claimed, and is lost with this process until its lease ends. */
const recording = { pauseMs: 500, mostWaiting: 32 };

const env = workerEnv();
log.level = env.logLevel;
const db = openDatabase(env.databaseUrl, { name: 'rostrum-worker', connections: 6 });
const { secret } = env;
const desk = secret === null ? null : await openDesk({ ...env, db, secret, url: env.deskUrl });
const worker = { id: randomUUID(), process: `${hostname()}:${process.pid}`, deskUrl: desk?.url ?? null };
const scorer = startScorer(limits);
const givingBack = new AbortController();
/** Work that takes minutes is given back at once. */
const givingBackLongWork = new AbortController();
const longWork = givingBackLongWork.signal;
const notedHeads = new Map<string, string>();
let isStopping = false;
let isReady = false;
// Whoever started this process is gone, and nobody would ever end it; what it waits for as it starts may be gone as well.
process.on('disconnect', () => (isReady ? void stop('parent gone') : process.exit(1)));
if (process.connected === false) process.exit(1);
const recorder = createRecorder(
  (competitionId, scored) => recordScores(db, competitionId, scored, findTies),
  recording,
);
const onScoringError = (error: unknown) => log.error({ err: error }, 'scoring');
const lanes = createLanes(limits.threads, takeNext, onScoringError);

await requireObjects(env);
await beat();
const queue = await startQueue(
  env.databaseUrl,
  {
    // One job is enough to score all that waits: the others then find nothing.
    'score-submission': () => lanes.wake(),
    'import-dataset': unlessStopping((id) => runImport(db, env.databaseUrl, id, env, longWork)),
    'run-baseline': unlessStopping((id) => runBaseline(db, id, env, longWork)),
    rescore: unlessStopping((id) => runRescore(db, scorer, id, longWork)),
    'audit-labels': unlessStopping((id) => runLabelAudit(db, id, longWork)),
    'compare-teams': unlessStopping((id) => runComparison(db, id, longWork)),
  },
  (error) => log.error({ err: error }, 'queue'),
);
const boardRequests = await subscribe(env.databaseUrl, 'rostrum_board', {
  onConnected: () => {
    // What was told while the database was away has been lost.
    void lanes.wake();
    void reporting('boards', republishAll);
  },
  onCompetition: (competitionId) => void reporting('board', () => republish(competitionId)),
});
const measureUnmeasured = createMeasurer(db, scorer);
const timers = [
  every(heartbeatMs, 'heartbeat', beat),
  every(sweepMs, 'sweep', sweep),
  every(measureMs, 'measuring', measureUnmeasured),
  once(runtimeMs, 'runtime', async () => recordRuntime(db, worker.id, await inspectRuntime(env))),
  every(3_600_000, 'lost workers', () => deleteLostWorkers(db)),
  every(600_000, 'old uploads', () => sweepArchiveUploads(db, env)),
  every(600_000, 'dropped slides', sweepSlides),
  every(3_600_000, 'checking the log', checkLog),
  every(headsMs, 'heads of the log', noteHeads),
  { stop: keepSwept(env.home) },
];

process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
isReady = true;
log.info({ worker: worker.id }, 'worker ready');
process.send?.('ready');

function unlessStopping(handle: Handlers[JobKind]): Handlers[JobKind] {
  return async (id) => {
    // Whoever comes next finds it by the sweep.
    if (!isStopping) await handle(id);
  };
}

async function beat(): Promise<void> {
  await recordHeartbeat(db, { ...worker, disk: await readDiskSpace(env.home), figures: await readFigures() });
}

async function sweep(): Promise<void> {
  await chainEvents(db);
  const { failed } = await sweepSubmissions(db);
  if (failed > 0) log.error({ failed }, 'submissions failed: their workers were lost');
  await sweepWork(db);
  await sendDueReminders(db, env.origin);
  for (const competitionId of await listUncommitted(db)) await commit(competitionId);
  for (const competitionId of await listOverdueBoards(db)) await redraw(competitionId);
  await recordDueResults(db);
}

async function takeNext(): Promise<Piece | null> {
  await recorder.room();
  if (isStopping) return null;
  const begun = await beginNextSubmission(db, scorer, recorder.record, leaseTimes, givingBack.signal);
  begun?.recorded.catch(onScoringError);
  return begun && { isFollowed: begun.isFollowed, done: begun.scored };
}

/** Promises the labels in force, before anybody is scored by them. */
async function commit(competitionId: string): Promise<void> {
  await db.transaction(async (tx) => recordCommitment(tx, await lockCompetition(tx, competitionId)));
}

/** Nothing happens where nothing on the board has changed. */
async function redraw(competitionId: string): Promise<void> {
  await db.transaction((tx) => createSnapshot(tx, competitionId, findTies));
}

/**
 * Who asks may have changed what scores are shown by: the policy, or a file that no longer counts. Or the reveal was called, and a
 * full hall waits for the result.
 */
async function republish(competitionId: string): Promise<void> {
  await db.transaction((tx) => republishScores(tx, competitionId, findTies));
  await recordDueResults(db);
}

async function republishAll(): Promise<void> {
  for (const competitionId of await listBoards(db)) await republish(competitionId);
}

async function sweepSlides(): Promise<void> {
  const store = objectStore(env);
  await removeDroppedSlides(db, (sha256) => store.remove('recordings', sha256));
}

/** Every chain from its first event to its head. */
async function checkLog(): Promise<void> {
  for (const chain of await listChains(db)) {
    const { fault } = await recordCheck(db, chain);
    if (fault !== null) log.error({ chain, fault }, 'the log was tampered with');
  }
}

/** Into this process's output: whoever collects that elsewhere has what nobody here can take back. */
async function noteHeads(): Promise<void> {
  for (const { chain, position, hash } of await listHeads(db)) {
    if (notedHeads.get(chain) !== hash) log.info({ chain, position, sha256: hash }, 'head of the log');
    notedHeads.set(chain, hash);
  }
}

/** Runs `task` again and again, never twice at once. */
function every(milliseconds: number, name: string, task: () => Promise<void>): { stop(): void } {
  let timer: NodeJS.Timeout;
  const run = async () => {
    await reporting(name, task);
    if (!isStopping) timer = setTimeout(run, milliseconds);
  };
  timer = setTimeout(run, milliseconds);
  return { stop: () => clearTimeout(timer) };
}

function once(milliseconds: number, name: string, task: () => Promise<void>): { stop(): void } {
  const timer = setTimeout(() => void reporting(name, task), milliseconds);
  return { stop: () => clearTimeout(timer) };
}

async function reporting(name: string, task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    log.error({ err: error }, `${name} failed`);
  }
}

/** Finishes what is being scored, up to a moment, and gives back what takes longer; all other work at once. */
async function stop(reason: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info({ reason }, 'worker stopping');
  for (const timer of timers) timer.stop();
  recorder.hurry();
  givingBackLongWork.abort();
  const drainMs = env.drainSeconds * 1000;
  setTimeout(() => givingBack.abort(), Math.max(0, drainMs - giveBackMs)).unref();
  const closed = Promise.allSettled([
    queue.stop(env.drainSeconds),
    lanes.settled().then(recorder.settled),
    boardRequests.close(),
    desk?.close(),
  ]).then(() => deleteWorker(db, worker.id).catch(() => {}));
  // The database may be stopping at the same moment, and then nothing that waits for it comes to an end.
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, drainMs + patienceMs))]);
  // An exit waits for threads that only just begin, and nobody is there to read its status.
  if (reason === 'parent gone') process.kill(process.pid, 'SIGKILL');
  process.exit(0);
}
