import { inject } from 'vitest';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { createTestDatabase, dropTestDatabase, type TestDatabaseUrls } from './cluster.ts';

export type TestDatabase = TestDatabaseUrls & {
  owner: Database;
  /** As the web process sees it: role rostrum_web. */
  web: Database;
  /** As the scoring worker sees it: role rostrum_scorer. */
  scorer: Database;
};

const opened: TestDatabase[] = [];

/** A fresh, migrated database with a pool for each role. It is dropped when the test file is through. */
export async function aDatabase(): Promise<TestDatabase> {
  const database = openTestDatabase(await createTestDatabase(inject('cluster')));
  opened.push(database);
  return database;
}

/** A pool on it for each role. */
export function openTestDatabase(urls: TestDatabaseUrls): TestDatabase {
  const database = {
    ...urls,
    owner: openDatabase(urls.ownerUrl, { name: 'test-owner' }),
    web: openDatabase(urls.webUrl, { name: 'test-web', connections: 30 }),
    scorer: openDatabase(urls.scorerUrl, { name: 'test-scorer' }),
  };
  // Hundreds of queries at once wait their turn; how long, on a machine that other files keep busy, is not what is tested.
  for (const { $client } of [database.owner, database.web, database.scorer]) {
    $client.options.connectionTimeoutMillis = 60_000;
  }
  return database;
}

/** Of the test file that is through (each-database-file.ts). */
export async function dropDatabases(): Promise<void> {
  for (const database of opened.splice(0)) {
    await closeTestDatabase(database);
    await dropTestDatabase(inject('cluster'), database.name);
  }
}

export async function closeTestDatabase({ owner, web, scorer }: TestDatabase): Promise<void> {
  await Promise.all([owner, web, scorer].map((pool) => pool.$client.end()));
}
