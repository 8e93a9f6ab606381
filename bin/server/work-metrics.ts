import { AggregatorRegistry, Gauge, type Registry } from 'prom-client';
import type { Database } from '#lib/db/client.ts';
import { type Load, readLoad } from '#lib/db/load.ts';
import type { WorkerFigures } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';

/*
 * What the database tells: queue, workers, mails, room. It is the same whichever web process is asked.
 */

type Gauges = ReturnType<typeof createGauges>;

/** Reads them again at every `refresh`; those of a database that does not answer are left out, and `rostrum_database_up` is 0. */
export function createWorkMetrics(registry: Registry, db: Database) {
  const gauges = createGauges(registry);
  createPoolGauges(registry, db);
  let workers: Load['workers'] = [];
  return {
    async refresh(): Promise<void> {
      for (const each of Object.values(gauges)) forget(each);
      const load = await readLoad(db).catch((error: unknown) => {
        log.warn({ err: error }, 'no figures from the database');
        return null;
      });
      workers = load?.workers ?? [];
      gauges.up.set(load === null ? 0 : 1);
      if (load !== null) tell(gauges, load);
    },
    /** What the workers counted, each under its name. */
    async ofWorkers(): Promise<string> {
      const counted = workers.filter(({ figures }) => figures !== null);
      if (counted.length === 0) return '';
      return AggregatorRegistry.aggregate(counted.map(({ process, figures }) => named(figures!, process))).metrics();
    },
  };
}

function tell(gauges: Gauges, load: Load): void {
  const alive = load.workers.filter(({ isFresh }) => isFresh).length;
  const values: [keyof Gauges, number | null][] = [
    ['databaseSize', load.databaseBytes],
    ['workers', alive],
    ['waiting', load.waiting],
    ['oldestWaiting', load.oldestSeconds],
    ['mails', load.mailsWaiting],
    ['oldestMail', load.oldestMailSeconds],
    ['mailsGivenUp', load.mailsGivenUp],
    ['backup', load.lastBackupAt],
  ];
  for (const [name, value] of values) if (value !== null) gauges[name].set(value);
  for (const { process: worker, silentSeconds, freeBytes, bytes } of load.workers) {
    gauges.silent.set({ worker }, silentSeconds);
    if (freeBytes !== null) gauges.diskFree.set({ worker }, freeBytes);
    if (bytes !== null) gauges.disk.set({ worker }, bytes);
  }
}

function createGauges(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  return {
    up: gauge('rostrum_database_up', 'Whether the database answered this reading.'),
    databaseSize: gauge('rostrum_database_size_bytes', 'What the database takes on its disk.'),
    workers: gauge('rostrum_workers', 'Workers that were heard of in the last 15 seconds.'),
    silent: gauge('rostrum_worker_heartbeat_age_seconds', 'Since when a worker was not heard of.', ['worker']),
    diskFree: gauge('rostrum_worker_disk_free_bytes', 'Room where a worker keeps recordings.', ['worker']),
    disk: gauge('rostrum_worker_disk_size_bytes', 'The size of that disk.', ['worker']),
    waiting: gauge('rostrum_submissions_waiting', 'Files that wait to be scored or are being scored.'),
    oldestWaiting: gauge('rostrum_submissions_oldest_waiting_seconds', 'How long the oldest of them waits; 0: none.'),
    mails: gauge('rostrum_mails_waiting', 'Mails that wait to be sent.'),
    oldestMail: gauge('rostrum_mails_oldest_waiting_seconds', 'How long the oldest of them waits; 0: none.'),
    mailsGivenUp: gauge('rostrum_mails_given_up', 'Mails of the last 30 days that no attempt could deliver.'),
    backup: gauge('rostrum_last_backup_timestamp_seconds', 'When a backup was last made; missing: never.'),
  };
}

function createPoolGauges(registry: Registry, { $client: pool }: Database): void {
  const registers = [registry];
  new Gauge({
    name: 'rostrum_database_pool_connections',
    help: 'Connections of this process to the database.',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
    },
  });
  new Gauge({
    name: 'rostrum_database_pool_size',
    help: 'How many connections this process may have.',
    registers,
    collect() {
      this.set(pool.options.max);
    },
  });
  new Gauge({
    name: 'rostrum_database_pool_waiting',
    help: 'Questions that wait for a connection.',
    registers,
    collect() {
      this.set(pool.waitingCount);
    },
  });
}

/** Without labels a reset leaves 0 behind, which would be a reading. */
function forget(gauge: Gauge<string>): void {
  gauge.reset();
  gauge.remove({});
}

/** Each sample says which worker it is of. */
function named(figures: WorkerFigures, worker: string): WorkerFigures {
  return figures.map((metric) => ({
    ...metric,
    values: metric.values.map((sample) => ({ ...sample, labels: { worker, ...sample.labels } })),
  }));
}
