import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { JobKind } from '#lib/db/jobs.ts';
import type { WorkerFigures } from '#lib/db/schema.ts';

/*
 * What this worker counts since it began. It has no address to be asked at: every heartbeat takes it to the database, and the web tells
 * it with its own figures (bin/server/work-metrics.ts).
 */

const registry = new Registry();
const registers = [registry];
const jobs = new Counter({
  name: 'rostrum_worker_jobs_total',
  help: 'Jobs of a worker by kind and outcome; given-back: the next attempt does it.',
  labelNames: ['kind', 'outcome'],
  registers,
});
const results = new Histogram({
  name: 'rostrum_submission_result_seconds',
  help: 'From the receipt of a file to its score.',
  buckets: [1, 2, 5, 10, 30, 60, 120, 300, 1800],
  registers,
});
new Counter({
  name: 'rostrum_worker_cpu_seconds_total',
  help: 'Processor time of a worker.',
  registers,
  collect() {
    const { user, system } = process.cpuUsage();
    this.reset();
    this.inc((user + system) / 1e6);
  },
});
new Gauge({
  name: 'rostrum_worker_resident_memory_bytes',
  help: 'Memory of a worker.',
  registers,
  collect() {
    this.set(process.memoryUsage.rss());
  },
});

/** `given-back`: another attempt will do it. */
export type Outcome = 'done' | 'failed' | 'given-back';

export function countJob(kind: JobKind, outcome: Outcome): void {
  jobs.inc({ kind, outcome });
}

/** A file was scored so long after its receipt. */
export function countResult(seconds: number): void {
  results.observe(seconds);
}

export function readFigures(): Promise<WorkerFigures> {
  return registry.getMetricsAsJSON();
}
