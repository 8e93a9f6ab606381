import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { databaseName, ensureOwnDatabase, ownerRole } from '#lib/db/cluster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../bin/start/postgres.ts';
import { restoreKept } from '../releases/kept.ts';
import { readReleases } from '../releases/read.ts';
import { anInstallation, npmStart, processesOf, removeInstallations, root, until } from './installation.ts';

// A server that somebody else runs, as far as the installation can tell.
let postgres: EmbeddedPostgres;
let superuserUrl: string;
const folder = mkdtempSync(join(tmpdir(), 'rostrum-given-'));

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ folder, logFile: join(folder, 'log'), password: 'super' });
  superuserUrl = postgres.urlFor('postgres', 'super', 'postgres');
  await ensureOwnDatabase(superuserUrl, 'owner');
});

afterEach(removeInstallations);

afterAll(async () => {
  await postgres.release(10_000);
  rmSync(folder, { recursive: true });
});

async function asSuperuser(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

const given = (role: string, password: string) => ({
  DATABASE_URL: postgres.urlFor(role, password, databaseName),
  ROSTRUM_URL: 'https://rostrum.example.org',
});

test('an owner who may not create roles is handed the SQL for the administrator', async () => {
  await asSuperuser("create role guest login password 'guest'");
  const npm = npmStart(await anInstallation(given('guest', 'guest')), '--silent');
  expect(await npm.ended).toBe(1);
  expect(npm.output()).toMatch('may not create roles');
  expect(npm.output()).toMatch(/create role rostrum_web login password '.{40,}';/);
  expect(npm.output()).toMatch(/create role rostrum_scorer login password '.{40,}';/);
});

test('a database that does not answer is named, without its password', async () => {
  const npm = npmStart(
    await anInstallation({ ...given('rostrum_owner', 'owner'), DATABASE_URL: 'postgres://o:hush@127.0.0.1:9/rostrum' }),
    '--silent',
  );
  expect(await npm.ended).toBe(1);
  expect(npm.output()).toMatch('The database at 127.0.0.1:9/rostrum does not answer');
  expect(npm.output()).not.toContain('hush');
});

test('a given database means production: no embedded one, no demo, and one link for the first administrator', async () => {
  const installation = await anInstallation({ ...given('rostrum_owner', 'owner'), ROSTRUM_DEMO: '' });
  const npm = npmStart(installation);
  await npm.saying('Ctrl-C stops it');
  expect(npm.output()).toMatch(/first administrator:\n\s+https:\/\/rostrum\.example\.org\/\S{20,}/);
  expect(npm.output()).toContain('Rostrum is ready at https://rostrum.example.org');
  expect(npm.output()).not.toContain('Sign in');
  expect(existsSync(join(installation.home, 'postgres'))).toBe(false);
  process.kill(-npm.process.pid!, 'SIGTERM');
  await until(() => processesOf(installation.home).length === 0, 'nothing is left', 5_000);
  expect(postgres.isAlive()).toBe(true);
});

test('the database of the oldest release is brought up by the start, and its board is shown', async () => {
  const passwords = { rostrum_web: 'web', rostrum_scorer: 'scorer' };
  for (const [role, password] of Object.entries(passwords))
    await asSuperuser(`alter role ${role} password '${password}'`);
  await asSuperuser(`create database earlier owner ${ownerRole}`);
  const url = (role: string, password: string) => postgres.urlFor(role, password, 'earlier');
  const [, kept] = readReleases()[0]!;
  await restoreKept(url(ownerRole, 'owner'), join(root, 'migrations'), kept);
  const { environment, ...installation } = await anInstallation();
  const given = {
    ROSTRUM_URL: installation.url,
    DATABASE_URL: url(ownerRole, 'owner'),
    DATABASE_URL_WEB: url('rostrum_web', 'web'),
    DATABASE_URL_SCORER: url('rostrum_scorer', 'scorer'),
  };
  const npm = npmStart({ ...installation, environment: { ...environment, ...given } });
  await npm.saying('Rostrum is ready at');
  const page = await fetch(`${installation.url}/c/spring/board`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Шум и ярость');
  process.kill(-npm.process.pid!, 'SIGTERM');
  await until(() => processesOf(installation.home).length === 0, 'nothing is left', 5_000);
});
