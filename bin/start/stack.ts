import { join } from 'node:path';
import { recordMode } from '#lib/db/installation.ts';
import { type OwnerEnv, readStartEnv } from '#lib/env.ts';
import { type Environment, SettingsError } from '#lib/settings.ts';
import { requirePort } from './address.ts';
import type { DemoOutcome } from './admin.ts';
import { buildPages } from './build.mjs';
import { migrateInstallation } from './database.ts';
import { type KeptDatabase, keepDatabase } from './kept-database.ts';
import { requireBucket } from './objects.ts';
import { becomeReady, beginDemo } from './ready.ts';
import type { Report } from './report.mjs';
import { say, settingsRefusal } from './sentences.mjs';
import { reloadOnChange, startProcesses } from './served.ts';
import { isFresh } from './sources.mjs';

export type StackOptions = {
  root: string;
  environment: Environment;
  /** With reload. */
  development: boolean;
  report: Report;
  /** Aborted when it is time to stop. */
  signal: AbortSignal;
  /** Lets a second start on the same home know where this one is. */
  tell(facts: { address: string }): void;
};

type Closer = () => Promise<unknown>;

// Together below the five seconds in which everything has to be gone.
const processGraceMs = 2_400;
const databaseGraceMs = 1_800;

/** Runs everything until `signal`: database, web and worker, each started again where it dies. */
export async function runStack(options: StackOptions): Promise<void> {
  const { environment, development, report, signal } = options;
  const wanted = readSettings(environment);
  const port = await requirePort(wanted.host, wanted.port);
  const env = readSettings({ ...environment, PORT: String(port) });
  // Last opened, first closed.
  const closers: Closer[] = [];
  try {
    const { database, demo } = await prepare(options, env, closers);
    const served = startProcesses(options, env, database);
    closers.push(() => served.stop(processGraceMs));
    if (development) closers.push(await reloadOnChange(served, report));
    await becomeReady(options, env, served, demo);
    options.tell({ address: env.origin });
    await aborted(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (signal.aborted) report.line(say('stopping'));
    for (const close of closers.reverse()) await close();
  }
}

function readSettings(environment: Environment): OwnerEnv {
  try {
    return readStartEnv(environment);
  } catch (error) {
    throw error instanceof SettingsError ? settingsRefusal(error.problems) : error;
  }
}

type Prepared = { database: KeptDatabase; demo: Promise<DemoOutcome | null> };

/** Pages built, database migrated and the demo begun, at the same time. */
async function prepare(options: StackOptions, env: OwnerEnv, closers: Closer[]): Promise<Prepared> {
  const { root, environment, development, report, signal } = options;
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const build = async () => {
    if (development || isFresh(root, 'pages', env.basePath)) return;
    const logFile = join(env.home, 'logs', 'build.log');
    await report.step('step-build', () =>
      buildPages(root, { env: { ...environment, ROSTRUM_URL: env.origin }, logFile, signal: both }),
    );
  };
  const open = async () => {
    const database = await report.step('step-database', () => keepDatabase(env, report, both));
    closers.push(async () => {
      if (!(await database.close(databaseGraceMs))) report.line(say('database-kept'));
    });
    both.throwIfAborted();
    await requireBucket(env);
    const { ownerUrl } = database.addresses();
    await report.step('step-migrate', () => migrateInstallation(ownerUrl, root));
    await recordMode(ownerUrl, env.mode);
    const demo = beginDemo(options, env, both);
    // Looked at when it is needed; until then a stop may have ended it.
    demo.catch(() => {});
    return { database, demo };
  };
  // Whichever fails first is the reason; the other is not left behind half done.
  const failBoth = (error: unknown) => {
    failed.abort(error);
    throw error;
  };
  const [, opened] = await Promise.allSettled([build().catch(failBoth), open().catch(failBoth)]);
  both.throwIfAborted();
  if (opened.status === 'rejected') throw opened.reason;
  return opened.value;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}
