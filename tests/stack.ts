import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOwnerEnv } from '#lib/env.ts';
import type { Environment } from '#lib/settings.ts';
import { freePort } from '../bin/start/address.ts';
import { webEnvironment, workerEnvironment } from '../bin/start/environments.ts';
import { memory } from '../bin/start/served.ts';
import { type SupervisedProcess, supervise } from '../bin/start/supervise.ts';
import { createTestDatabase, dropTestDatabase, type TestCluster, type TestDatabaseUrls } from './cluster.ts';

/** The built product on a database of its own: `dist/` and `.next/` must be fresh (bin/test.mjs sees to it). */
export type TestStack = {
  origin: string;
  /** What session cookies are sealed with. */
  secret: string;
  home: string;
  urls: TestDatabaseUrls;
  web: SupervisedProcess;
  worker: SupervisedProcess;
  /** For commands of the owner: `node dist/rostrum.mjs …`. */
  ownerEnvironment: Environment;
  stop(): Promise<void>;
};

/** What `/metrics` asks for. */
export const metricsToken = 'the-figures-of-a-stack-that-tests-started';

const root = join(import.meta.dirname, '..');

export async function startTestStack(cluster: TestCluster, settings: Environment = {}): Promise<TestStack> {
  const urls = await createTestDatabase(cluster);
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-home-'));
  const base: Environment = {
    PATH: process.env.PATH,
    HOME: home,
    HOST: '127.0.0.1',
    PORT: String(await freePort('127.0.0.1')),
    ROSTRUM_HOME: home,
    ROSTRUM_DEMO: '0',
    LOG_LEVEL: 'warn',
    METRICS_TOKEN: metricsToken,
    ...settings,
  };
  const env = readOwnerEnv(base);
  const secret = randomBytes(32).toString('hex');
  const served = { env, secret, development: false };
  const addresses = { ownerUrl: urls.ownerUrl, webUrl: urls.webUrl, scorerUrl: urls.scorerUrl };
  const start = (name: string, environment: Environment) =>
    supervise(
      {
        name,
        file: join(root, 'dist', `${name}.mjs`),
        cwd: root,
        environment: () => environment,
        logFile: join(home, `${name}.log`),
        ...(name === 'server' ? memory.web : { ...memory.worker, heapMegabytes: 512 }),
      },
      { restarting: () => {}, runningAgain: () => {} },
    );
  const web = start('server', webEnvironment(base, served, addresses));
  const worker = start('worker', workerEnvironment(base, served, addresses));
  const stop = async () => {
    await Promise.all([web.stop(3_000), worker.stop(3_000)]);
    await dropTestDatabase(cluster, urls.name);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await Promise.race([Promise.all([web.ready, worker.ready]), tooLate()]);
  } catch (error) {
    const logs = ['server', 'worker'].map((name) => readFileSync(join(home, `${name}.log`), 'utf8').slice(-2_000));
    await stop();
    throw new Error(`The stack did not start.\n${logs.join('\n')}`, { cause: error });
  }
  return {
    origin: env.origin,
    home,
    urls,
    web,
    worker,
    secret,
    ownerEnvironment: { ...base, DATABASE_URL: urls.ownerUrl },
    stop,
  };
}

/** Before the hook that waits for a stack runs out of its own minute, and could not say what the processes said. */
async function tooLate(): Promise<never> {
  await sleep(45_000, undefined, { ref: false });
  throw new Error('not ready within 45 s');
}
