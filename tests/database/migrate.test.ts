import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { migrate } from '#lib/db/migrate.ts';
import { createTestDatabase, dropTestDatabase, type TestDatabaseUrls } from '../cluster.ts';

const shipped = join(import.meta.dirname, '../../migrations');
let database: TestDatabaseUrls;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase(inject('cluster'), 'empty');
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
});

afterEach(async () => {
  await dropTestDatabase(inject('cluster'), database.name);
  rmSync(folder, { recursive: true });
});

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function write(name: string, sql: string): void {
  writeFileSync(join(folder, name), sql);
}

test('an empty database gets every migration, in the order of their numbers', async () => {
  const names = readdirSync(shipped).sort();
  expect(await migrate(database.ownerUrl, shipped)).toEqual({ status: 'migrated', applied: names });
  expect(await query('select name from rostrum_migrations order by applied_at')).toEqual(
    names.map((name) => ({ name })),
  );
});

test('migrating again applies only what is new', async () => {
  write('0001_first.sql', 'create table first (id int)');
  await migrate(database.ownerUrl, folder);
  expect(await migrate(database.ownerUrl, folder)).toEqual({ status: 'migrated', applied: [] });
  write('0002_second.sql', 'create table second (id int)');
  expect(await migrate(database.ownerUrl, folder)).toEqual({ status: 'migrated', applied: ['0002_second.sql'] });
});

test('an applied file that reads differently now is refused, and nothing else is applied', async () => {
  write('0001_first.sql', 'create table first (id int)');
  await migrate(database.ownerUrl, folder);
  write('0001_first.sql', 'create table first (id bigint)');
  write('0002_second.sql', 'create table second (id int)');
  expect(await migrate(database.ownerUrl, folder)).toEqual({ status: 'edited', name: '0001_first.sql' });
  expect(await query("select to_regclass('second') as second")).toEqual([{ second: null }]);
});

test('a database that knows a migration of a newer Rostrum is refused', async () => {
  cpSync(shipped, folder, { recursive: true });
  write('9999_from_the_future.sql', 'create table future (id int)');
  await migrate(database.ownerUrl, folder);
  expect(await migrate(database.ownerUrl, shipped)).toEqual({ status: 'newer', name: '9999_from_the_future.sql' });
});

test('a migration that fails leaves nothing of itself and names its line', async () => {
  write('0001_first.sql', 'create table first (id int);\n\ncreate table first_too (id nothing);');
  await expect(migrate(database.ownerUrl, folder)).rejects.toThrow(/^migrations\/0001_first\.sql:3: /);
  expect(await query("select to_regclass('first') as first")).toEqual([{ first: null }]);
});

test('two processes that migrate at once apply each file once', async () => {
  write('0001_first.sql', 'create table first (id int); select pg_sleep(0.2)');
  const outcomes = await Promise.all([migrate(database.ownerUrl, folder), migrate(database.ownerUrl, folder)]);
  expect(outcomes.map((outcome) => (outcome.status === 'migrated' ? outcome.applied.length : outcome)).sort()).toEqual([
    0, 1,
  ]);
});

test('two files with one number are refused before anything is applied', async () => {
  write('0001_first.sql', 'create table first (id int)');
  write('0001_other.sql', 'create table other (id int)');
  await expect(migrate(database.ownerUrl, folder)).rejects.toThrow('the same number');
});
