import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '#lib/db/client.ts';
import type { S3Place } from '#lib/objects/s3-client.ts';
import type { Environment } from '#lib/settings.ts';
import { freePort } from '../bin/start/address.ts';
import { createTestDatabase, dropTestDatabase, type TestCluster, type TestDatabaseUrls } from './cluster.ts';
import type { TestSite } from './site.ts';
import { metricsToken } from './stack.ts';

/** The built product as several machines run it: each process with a home of its own, one database and one bucket for all. */
export type Fleet = {
  webs: FleetWeb[];
  workers: FleetProcess[];
  owner: Database;
  urls: TestDatabaseUrls;
  secret: string;
  /** What helpers for one site want to know of it, as the web process `web` serves it. */
  siteOf(web: Pick<FleetWeb, 'origin' | 'home'>): TestSite;
  stop(): Promise<void>;
};

export type FleetProcess = {
  /** `settings` for this run alone. */
  start(settings?: Environment): Promise<void>;
  /** Asks it to end; resolves to its exit status. */
  terminate(): Promise<number | null>;
  /** With -9, as a machine that loses its power. */
  kill(): Promise<void>;
  log(): string;
};
export type FleetWeb = FleetProcess & { origin: string; home: string };

const root = join(import.meta.dirname, '..');

export async function startFleet(
  cluster: TestCluster,
  s3: S3Place,
  count: { webs: number; workers: number },
): Promise<Fleet> {
  const urls = await createTestDatabase(cluster);
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-fleet-'));
  const owner = openDatabase(urls.ownerUrl, { name: 'test-owner' });
  const secret = randomBytes(32).toString('hex');
  const base: Environment = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    ROSTRUM_MODE: 'production',
    ROSTRUM_DEMO: '0',
    // One address for people, whichever process answers.
    ROSTRUM_URL: 'http://127.0.0.1:3000',
    ROSTRUM_SECRET: secret,
    ROSTRUM_S3_URL: s3.endpoint,
    ROSTRUM_S3_BUCKET: s3.bucket,
    ROSTRUM_S3_KEY_ID: s3.keyId,
    ROSTRUM_S3_SECRET: s3.secret,
    LOG_LEVEL: 'info',
    METRICS_TOKEN: metricsToken,
  };
  const webs = await Promise.all(
    Array.from({ length: count.webs }, async (_, i): Promise<FleetWeb> => {
      const port = String(await freePort('127.0.0.1'));
      const home = join(folder, `web-${i}`);
      const environment = { ...base, PORT: port, ROSTRUM_HOME: home, DATABASE_URL_WEB: urls.webUrl };
      return { ...aProcess('server', environment, `${home}.log`), origin: `http://127.0.0.1:${port}`, home };
    }),
  );
  const workers = Array.from({ length: count.workers }, (_, i) => {
    const home = join(folder, `worker-${i}`);
    return aProcess('worker', { ...base, ROSTRUM_HOME: home, DATABASE_URL_SCORER: urls.scorerUrl }, `${home}.log`);
  });
  const all = [...webs, ...workers];
  const stop = async () => {
    await Promise.all(all.map((one) => one.kill()));
    await owner.$client.end();
    await dropTestDatabase(cluster, urls.name);
    rmSync(folder, { recursive: true, force: true });
  };
  const siteOf = ({ origin, home }: Pick<FleetWeb, 'origin' | 'home'>) =>
    ({ origin, home, owner, urls, secret }) as TestSite;
  return { webs, workers, owner, urls, secret, siteOf, stop };
}

/** Not started yet. */
function aProcess(name: 'server' | 'worker', environment: Environment, logFile: string): FleetProcess {
  let running: ChildProcess | null = null;
  return {
    async start(settings = {}) {
      const output = openSync(logFile, 'a');
      const child = fork(join(root, 'dist', `${name}.mjs`), [], {
        cwd: root,
        env: { ...environment, ...settings } as NodeJS.ProcessEnv,
        stdio: ['ignore', output, output, 'ipc'],
      });
      closeSync(output);
      running = child;
      const ended = once(child, 'exit').then(([code]) => {
        throw new Error(`${name} ended with ${code} before it was ready:\n${readFileSync(logFile, 'utf8')}`);
      });
      ended.catch(() => {});
      await Promise.race([once(child, 'message'), ended]);
    },
    async terminate() {
      if (running === null) return null;
      const ended = once(running, 'exit');
      running.kill('SIGTERM');
      const [code] = await ended;
      return code;
    },
    async kill() {
      if (running === null || running.exitCode !== null || running.signalCode !== null) return;
      const ended = once(running, 'exit');
      running.kill('SIGKILL');
      await ended;
    },
    log: () => readFileSync(logFile, 'utf8'),
  };
}
