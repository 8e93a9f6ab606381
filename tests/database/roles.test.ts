import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '#lib/db/client.ts';
import { databaseName, ensureOwnDatabase, ownerRole } from '#lib/db/cluster.ts';
import { ensureRoles, whyUnreachable } from '#lib/db/roles.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../bin/start/postgres.ts';

// A server of its own: roles belong to the whole server, and the shared one has them already.
let postgres: EmbeddedPostgres;
const folder = mkdtempSync(join(tmpdir(), 'rostrum-roles-'));
const passwords = { rostrum_web: "the web's own", rostrum_scorer: 'the scorer’s own' };

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ folder, logFile: join(folder, 'log'), password: 'super' });
  await ensureOwnDatabase(postgres.urlFor('postgres', 'super', 'postgres'), 'owner');
});

afterAll(async () => {
  await postgres.release(10_000);
  rmSync(folder, { recursive: true });
});

const urlOf = (role: string, password: string) => postgres.urlFor(role, encodeURIComponent(password), databaseName);

async function queryAs(role: string, password: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: urlOf(role, password) });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('roles are made only by who may; anybody else gets the SQL to hand on, which does the same', async () => {
  await queryAs('postgres', 'super', "create role guest login password 'guest'");
  const refused = await ensureRoles(urlOf('guest', 'guest'), passwords);
  expect(refused.status).toBe('not-permitted');
  expect(await queryAs('postgres', 'super', "select from pg_roles where rolname like 'rostrum\\_web'")).toEqual([]);

  const sql = refused.status === 'not-permitted' ? refused.sql : '';
  await queryAs('postgres', 'super', sql);
  expect(await ensureRoles(urlOf('guest', 'guest'), passwords)).toEqual({ status: 'ready', created: [] });
  expect(await whyUnreachable(urlOf('rostrum_scorer', passwords.rostrum_scorer))).toBeNull();
  await queryAs('postgres', 'super', 'drop role rostrum_web; drop role rostrum_scorer');
});

test('the owner is no superuser, and makes both roles, each with its own password', async () => {
  expect(await queryAs(ownerRole, 'owner', 'select rolsuper from pg_roles where rolname = current_user')).toEqual([
    { rolsuper: false },
  ]);
  const outcome = await ensureRoles(urlOf(ownerRole, 'owner'), passwords);
  expect(outcome).toEqual({ status: 'ready', created: ['rostrum_web', 'rostrum_scorer'] });
  expect(await whyUnreachable(urlOf('rostrum_web', passwords.rostrum_web))).toBeNull();
  expect(await whyUnreachable(urlOf('rostrum_web', passwords.rostrum_scorer))).toMatchObject({ code: '28P01' });
});

test('a receipt waits for the disk also on a server that is set not to', async () => {
  await queryAs('postgres', 'super', `alter database ${databaseName} set synchronous_commit = off`);
  const show = 'show synchronous_commit';
  const on = [{ synchronous_commit: 'on' }];
  // The control: whoever asks for nothing does not wait.
  expect(await queryAs(ownerRole, 'owner', show)).toEqual([{ synchronous_commit: 'off' }]);
  // By the role that we made, and by each connection where an administrator made the roles.
  expect(await queryAs('rostrum_web', passwords.rostrum_web, show)).toEqual(on);
  const pool = openDatabase(urlOf(ownerRole, 'owner'), { connections: 1 });
  expect((await pool.$client.query(show)).rows).toEqual(on);
  await pool.$client.end();
});

test('nobody gets in without a password, not even from this machine', async () => {
  expect(await whyUnreachable(urlOf('postgres', ''))).not.toBeNull();
  expect(await whyUnreachable(urlOf('postgres', 'guess'))).toMatchObject({ code: '28P01' });
});

test('making the database again changes nothing', async () => {
  await ensureOwnDatabase(postgres.urlFor('postgres', 'super', 'postgres'), 'another password');
  expect(await whyUnreachable(urlOf(ownerRole, 'owner'))).toBeNull();
});
