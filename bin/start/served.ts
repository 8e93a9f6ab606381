import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endAllLeases } from '#lib/db/jobs.ts';
import type { OwnerEnv } from '#lib/env.ts';
import { type Served, webEnvironment, workerEnvironment } from './environments.ts';
import type { KeptDatabase } from './kept-database.ts';
import type { Report } from './report.mjs';
import { readSecrets } from './secrets.ts';
import { Refusal, say } from './sentences.mjs';
import type { StackOptions } from './stack.ts';
import { NeverReadyError, type SupervisedProcess, type SuperviseEvents, supervise } from './supervise.ts';

export type ServedProcesses = {
  web: SupervisedProcess;
  worker: SupervisedProcess;
  /** Rejects, with what to do, where one of them cannot be started; never resolves. */
  failed: Promise<never>;
  stop(graceMs: number): Promise<void>;
};

/**
 * An import of a hundred thousand recordings is the worker's largest piece of work; the web keeps thousands of streams and little else.
 * Files that come and go are large beside what the worker keeps: with less room than that again, collecting them took half of its time.
 */
export const memory = {
  web: { heapMegabytes: 512, youngMegabytes: 4, growthPercent: 15 },
  worker: { heapMegabytes: 2048, growthPercent: 100 },
};

/** Web and worker, each with what it may know and nothing else. */
export function startProcesses(options: StackOptions, env: OwnerEnv, database: KeptDatabase): ServedProcesses {
  const { root, environment, development, report } = options;
  const served: Served = { env, secret: env.secret ?? readSecrets(env.home).secret, development };
  const plan = (name: 'web' | 'worker', file: string, environmentOf: typeof webEnvironment) => ({
    name,
    file: join(root, 'dist', file),
    cwd: root,
    environment: () => environmentOf(environment, served, database.addresses()),
    logFile: join(env.home, 'logs', `${name}.log`),
    ...memory[name],
  });
  const web = supervise(plan('web', 'server.mjs', webEnvironment), eventsFor(report));
  const workerPlan = plan('worker', 'worker.mjs', workerEnvironment);
  // The embedded database has no other worker than this one, and the home no other supervisor.
  const prepare = async () => endAllLeases(database.addresses().ownerUrl);
  const worker = supervise(database.isEmbedded ? { ...workerPlan, prepare } : workerPlan, eventsFor(report));
  database.onMoved(() => {
    web.restart();
    worker.restart();
  });
  const failed = new Promise<never>((_, reject) => {
    for (const { ready } of [web, worker]) ready.catch((error) => reject(explain(error)));
  });
  failed.catch(() => {});
  return {
    web,
    worker,
    failed,
    async stop(graceMs) {
      await Promise.all([web.stop(graceMs), worker.stop(graceMs)]);
    },
  };
}

/** Bundles again what changes and restarts whom it concerns. Pages reload by themselves. Resolves to the end of it. */
export async function reloadOnChange(processes: ServedProcesses, report: Report): Promise<() => Promise<void>> {
  const { watchBundle } = await import('../bundle.mjs');
  const restarts: Record<string, () => void> = {
    server: () => processes.web.restart(),
    worker: () => processes.worker.restart(),
  };
  const onRebuilt = (names: string[]) => {
    for (const name of names) restarts[name]?.();
    report.line(say('rebuilt', { names: names.join(', ') }));
  };
  return watchBundle(onRebuilt, (problem) => report.line(problem));
}

function eventsFor(report: Report): SuperviseEvents {
  return {
    restarting: (name, reason, seconds, log) => report.line(say('restarting', { name, reason, seconds, log })),
    runningAgain: (name) => report.line(say('restarted', { name })),
  };
}

function explain(error: unknown): unknown {
  if (!(error instanceof NeverReadyError)) return error;
  const { name, logFile } = error.plan;
  const lastLines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  return new Refusal('process-failed', { name, log: logFile }, { cause: error, details: lastLines });
}
