import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ownerRole } from '#lib/db/cluster.ts';
import { migrate } from '#lib/db/migrate.ts';
import { ensureRoles } from '#lib/db/roles.ts';
import { isAlive } from '#lib/processes.mjs';
import { createQueueSchema } from '#lib/queue.ts';
import { lockHolder, takeLock } from '../bin/start/lock.mjs';
import { startEmbeddedPostgres } from '../bin/start/postgres.ts';
import { findPostmaster } from '../bin/start/postgres-server.ts';
import { descendants } from './bench/processes.ts';
import { kill, until } from './system/installation.ts';

/** All that a test needs to make databases of its own; plain data, so that it can be handed to other processes. */
export type TestCluster = { port: number };
export type TestRole = 'postgres' | 'rostrum_owner' | 'rostrum_web' | 'rostrum_scorer';
export type TestDatabaseUrls = { name: string; ownerUrl: string; webUrl: string; scorerUrl: string };

const password = 'a password for tests';
const template = 'rostrum_template';
const migrations = join(import.meta.dirname, '../migrations');
const prefix = 'rostrum-test-';
/** What a test stores need not survive a power cut; what a benchmark stores must cost what it costs in earnest. */
const settings = {
  forgetful: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  durable: { max_connections: '200' },
};

export function testUrl({ port }: TestCluster, role: TestRole, database: string): string {
  return `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/**
 * A PostgreSQL of its own for a test run, with a migrated database to copy from. It stops with the process that started it,
 * however that ends; the folder of a killed run is removed by the next one.
 */
export async function startTestCluster(
  kind: keyof typeof settings = 'forgetful',
): Promise<{ cluster: TestCluster; crash(): Promise<void>; stop(): Promise<void> }> {
  removeLeftovers();
  const folder = mkdtempSync(join(realpathSync(tmpdir()), prefix));
  takeLock(join(folder, 'holder.json'));
  const start = () =>
    startEmbeddedPostgres({
      folder: join(folder, 'postgres'),
      logFile: join(folder, 'postgres.log'),
      password,
      settings: settings[kind],
    });
  let postgres = await start();
  const cluster = { port: postgres.port };
  await makeTemplate(cluster);
  return {
    cluster,
    /** Every process of the server is killed at once, and the server started again, on the same port. */
    async crash() {
      const all = [postgres.pid, ...descendants(postgres.pid).map(({ pid }) => pid)];
      for (const pid of all) kill(pid);
      // Started while one of them lives, it would take what that one still holds for lost.
      await until(() => !all.some(isAlive), 'the server is gone');
      const before = postgres;
      postgres = await start();
      await before.release(0);
    },
    async stop() {
      await postgres.release(10_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A new database: a copy of the migrated one, or an empty one. */
export async function createTestDatabase(
  cluster: TestCluster,
  from: 'migrated' | 'empty' = 'migrated',
): Promise<TestDatabaseUrls> {
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await runAsSuperuser(
    cluster,
    `create database ${name} owner ${ownerRole} template ${from === 'migrated' ? template : 'template0'}`,
  );
  return {
    name,
    ownerUrl: testUrl(cluster, 'rostrum_owner', name),
    webUrl: testUrl(cluster, 'rostrum_web', name),
    scorerUrl: testUrl(cluster, 'rostrum_scorer', name),
  };
}

export async function dropTestDatabase(cluster: TestCluster, name: string): Promise<void> {
  await runAsSuperuser(cluster, `drop database if exists ${name} with (force)`);
}

async function makeTemplate(cluster: TestCluster): Promise<void> {
  await runAsSuperuser(cluster, `create role ${ownerRole} login createrole password '${password}'`);
  await runAsSuperuser(cluster, `create database ${template} owner ${ownerRole}`);
  const ownerUrl = testUrl(cluster, 'rostrum_owner', template);
  await ensureRoles(ownerUrl, { rostrum_web: password, rostrum_scorer: password });
  const outcome = await migrate(ownerUrl, migrations);
  if (outcome.status !== 'migrated') throw new Error(`the template was not migrated: ${outcome.status}`);
  await createQueueSchema(ownerUrl);
}

async function runAsSuperuser(cluster: TestCluster, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: testUrl(cluster, 'postgres', 'postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(realpathSync(tmpdir()), name);
    const holder = join(folder, 'holder.json');
    // A folder without one is a run that is just beginning.
    if (!existsSync(holder) || lockHolder(holder) !== null) continue;
    if (findPostmaster(join(folder, 'postgres/data')) === null) rmSync(folder, { recursive: true, force: true });
  }
}
