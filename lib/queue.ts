import { type Job, PgBoss, type Queue } from 'pg-boss';
import { ToleratedClient } from '#lib/db/client.ts';
import { installQueueFunctions, type JobKind, jobKinds } from '#lib/db/jobs.ts';
import { withoutOtherMigrators } from '#lib/db/migrate.ts';

/*
 * The job queue: pg-boss, in a schema of its own. A job only reminds of a row, and whether work is repeated is decided by that
 * row's attempts: so the queue never retries, a lost job is found again by the sweep, and a doubled one finds nothing to do.
 */

export type Handlers = Record<JobKind, (id: string) => Promise<void>>;
export type RunningQueue = { stop(graceSeconds: number): Promise<void> };

const schema = 'pgboss';

// One open job per key (enqueue_job makes it of the row's id and attempt).
const policy = 'exclusive';
// A dead worker's job is given up after its heartbeat, long before it would expire.
const queueOptions = {
  notify: true,
  retryLimit: 0,
  heartbeatSeconds: 10,
  expireInSeconds: 24 * 3600,
  deleteAfterSeconds: 24 * 3600,
} satisfies Omit<Queue, 'name'>;

/** Makes or updates the queue's schema, functions and grants, as the owner: after the migrations, at every start. */
export function createQueueSchema(ownerUrl: string): Promise<void> {
  return withoutOtherMigrators(ownerUrl, () => makeQueueSchema(ownerUrl));
}

async function makeQueueSchema(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, schema, max: 2, supervise: false, schedule: false });
  const errors: Error[] = [];
  boss.on('error', (error) => errors.push(error));
  await boss.start();
  try {
    const statements: [JobKind, string][] = [];
    for (const kind of jobKinds) {
      await boss.createQueue(kind, { ...queueOptions, policy });
      await boss.updateQueue(kind, queueOptions);
      statements.push([kind, await captureInsert(boss, kind)]);
    }
    await installQueueFunctions(ownerUrl, schema, Object.fromEntries(statements) as Record<JobKind, string>);
  } finally {
    await boss.stop({ graceful: false });
  }
  if (errors[0]) throw errors[0];
}

/**
 * Works the queue until stopped: each job wakes its handler, one at a time per kind. A handler that throws is reported to
 * `onError`; its row is looked at again by whoever sweeps.
 */
export async function startQueue(
  url: string,
  handlers: Handlers,
  onError: (error: Error) => void,
): Promise<RunningQueue> {
  // The library hands its options on to its pool of connections.
  const pool = { Client: ToleratedClient };
  const boss = new PgBoss({
    ...pool,
    connectionString: url,
    application_name: 'rostrum-queue',
    schema,
    max: 4,
    // The owner migrates; what needs ownership of the tables stays off here.
    migrate: false,
    reindex: false,
    monitorVacuum: false,
    schedule: false,
    registerInstance: false,
    useListenNotify: true,
    superviseIntervalSeconds: 10,
  });
  boss.on('error', onError);
  await boss.start();
  for (const kind of jobKinds) {
    // NOTIFY wakes a worker once: without a batch of two and the burst, a backlog waits for the poll after every job.
    const options = { batchSize: 2, burstWhenBatchFull: true, perJobResults: true, notifyPollingIntervalSeconds: 2 };
    await boss.work<{ id: string }>(kind, { ...options, perJobResults: true }, async (jobs) => {
      const results = [];
      for (const job of jobs) results.push(await workOn(job, handlers[kind], onError));
      return results;
    });
  }
  return { stop: (graceSeconds) => boss.stop({ graceful: true, timeout: graceSeconds * 1000 }) };
}

async function workOn(job: Job<{ id: string }>, handle: Handlers[JobKind], onError: (error: Error) => void) {
  try {
    await handle(job.data.id);
    return { id: job.id, status: 'completed' as const };
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
    return { id: job.id, status: 'failed' as const };
  }
}

/**
 * The statement with which this version of pg-boss inserts a job, taken from its own `send`. It becomes the body of a function,
 * remade at every start, so that an update of the library brings its new statement along.
 */
async function captureInsert(boss: PgBoss, kind: JobKind): Promise<string> {
  let captured = '';
  const db = {
    async executeSql(text: string) {
      captured = text;
      return { rows: [{ id: '00000000-0000-0000-0000-000000000000' }] };
    },
  };
  await boss.send(kind, { id: '' }, { db, singletonKey: kind });
  if (!captured.includes('$1') || captured.includes('$2'))
    throw new Error(`pg-boss inserts a ${kind} job in a new way`);
  return captured;
}
