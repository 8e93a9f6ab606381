import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandOf, isAlive } from '#lib/processes.mjs';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../bin/start/postgres.ts';
import { kill, type Launched, launch, processesOf, processOf, until } from './installation.ts';

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'rostrum-postgres-'));
  folder = join(parent, 'postgres');
});

afterEach(async () => {
  for (const { pid } of processesOf(parent)) kill(pid);
  await until(() => processesOf(parent).length === 0, 'leftovers are gone');
  rmSync(parent, { recursive: true });
});

function start(): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ folder, logFile: `${folder}.log`, password: 'super' });
}

type Held = { holder: Launched; pid: number; port: number; adopted: boolean };

/** The same in another process, which can be killed. */
async function startElsewhere(environment: Record<string, string> = {}, ...before: string[]): Promise<Held> {
  const script = join(import.meta.dirname, 'hold-postgres.ts');
  const [file, ...args] = [...before, process.execPath, '--import', 'tsx', script, folder];
  const holder = launch(file!, args, environment);
  await holder.saying('}\n');
  return { holder, ...(JSON.parse(holder.output()) as Omit<Held, 'holder'>) };
}

async function query(postgres: { port: number }, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: `postgres://postgres:super@127.0.0.1:${postgres.port}/postgres` });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('whoever holds the server is killed: the server and its keeper are gone a moment later', async () => {
  const { holder, pid } = await startElsewhere();
  expect(processesOf(parent).length).toBeGreaterThan(5);
  kill(holder.process.pid!);
  await until(() => processesOf(parent).length === 0, 'nothing runs', 3_000);
  expect(isAlive(pid)).toBe(false);
});

test('control: without its keeper a server outlives its killed starter, and the next start adopts it', async () => {
  const { holder, pid, port } = await startElsewhere();
  kill(processOf(parent, 'rostrum-keeper'));
  kill(holder.process.pid!);
  await holder.ended;
  expect(isAlive(pid)).toBe(true);

  const adopted = await start();
  expect(adopted).toMatchObject({ pid, port, adopted: true });
  expect(await adopted.release(5_000)).toBe(true);
  expect(processesOf(parent)).toEqual([]);
});

test('a second process shares the server, and it stays until the last one lets go', async () => {
  const { holder, pid } = await startElsewhere();
  const second = await start();
  expect(second).toMatchObject({ pid, adopted: true });
  kill(holder.process.pid!);
  await holder.ended;
  expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await second.release(5_000)).toBe(true);
  expect(isAlive(pid)).toBe(false);
});

test('the log of the server says what failed, and nothing of what people had written', async () => {
  const postgres = await start();
  await query(postgres, 'create table people (email text unique, age int check (age > 0))');
  await query(postgres, `insert into people values ('canary@example.org', 1)`);
  const broken = [`insert into people values ($1, 2)`, `insert into people values ($1 || 'x', -1)`];
  const fail = async (settings = '') => {
    const client = new pg.Client({ connectionString: postgres.urlFor('postgres', 'super', 'postgres') });
    await client.connect();
    await client.query(settings);
    for (const text of broken) await client.query(text, ['canary@example.org']).catch(() => {});
    await client.end();
  };
  await fail();
  const said = () => readFileSync(`${folder}.log`, 'utf8');
  await until(() => said().includes('people_age_check'), 'both are logged');
  expect(said()).toContain('people_email_key');
  expect(said()).not.toContain('canary@example.org');
  // The control: as PostgreSQL would have it.
  // Quoted: the bare word would mean what the server was started with.
  await fail("set log_error_verbosity = 'default'");
  await until(() => said().includes('canary@example.org'), 'a detail quotes the row');
  await postgres.release(5_000);
});

test('two first starts at once make one data directory and share one server', async () => {
  const [first, second] = await Promise.all([startElsewhere(), startElsewhere()]);
  expect(first.pid).toBe(second.pid);
  expect([first.adopted, second.adopted].sort()).toEqual([false, true]);
});

test('what was committed is there after the server was killed', async () => {
  const first = await start();
  await query(first, 'create table kept (id int); insert into kept select generate_series(1, 1000)');
  kill(first.pid);
  await until(() => !first.isAlive(), 'it is dead');
  const second = await start();
  expect(second.adopted).toBe(false);
  expect(await query(second, 'select count(*)::int as rows from kept')).toEqual([{ rows: 1000 }]);
  await Promise.all([first.release(0), second.release(5_000)]);
});

test('the file of a dead server is no obstacle, even where its number is another program’s by now', async () => {
  const first = await start();
  await first.release(5_000);
  const file = join(folder, 'data', 'postmaster.pid');
  writeFileSync(
    file,
    `${process.pid}\n${join(folder, 'data')}\n1700000000\n${first.port}\n\n127.0.0.1\n  1 2\nready   \n`,
  );
  const second = await start();
  expect(second.adopted).toBe(false);
  await second.release(5_000);
});

test('the port stays the same from start to start, unless somebody else has taken it', async () => {
  const first = await start();
  await first.release(5_000);
  const second = await start();
  expect(second.port).toBe(first.port);
  await second.release(5_000);

  const other = createServer().listen(first.port, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const third = await start();
  expect(third.port).not.toBe(first.port);
  await third.release(5_000);
  other.close();
});

test('a first start that was interrupted is made anew', async () => {
  mkdirSync(join(folder, 'data.unfinished'), { recursive: true });
  writeFileSync(join(folder, 'data.unfinished', 'PG_VERSION'), '18\n');
  const postgres = await start();
  expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  await postgres.release(5_000);
});

test.each([
  ['99', 'Update Rostrum'],
  ['9.6', 'Make a backup'],
])('the data directory of PostgreSQL %s is refused in one sentence: %s', async (version, advice) => {
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'data', 'PG_VERSION'), `${version}\n`);
  await expect(start()).rejects.toThrow(advice);
});

test('no other user can read the data, and only this machine can connect', async () => {
  const postgres = await start();
  expect(statSync(join(folder, 'data')).mode & 0o077).toBe(0);
  expect(await query(postgres, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  expect(await query(postgres, 'show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
  expect(readFileSync(join(folder, 'data', 'pg_hba.conf'), 'utf8')).not.toContain('trust');
  await postgres.release(5_000);
});

describe.runIf(process.getuid?.() === 0)('root where user namespaces are forbidden', () => {
  /** A path on which there is no unshare. */
  function somePrograms(): string {
    const programs = join(parent, 'programs');
    mkdirSync(programs);
    for (const name of ['chown', 'mkfifo', 'sleep', 'setpriv']) symlinkSync(`/usr/bin/${name}`, join(programs, name));
    return programs;
  }

  test.each([
    ['in a folder that everybody may pass', 0o711],
    ['in a folder of its own, as /root is', 0o700],
  ])('runs it as nobody, %s', async (_, mode) => {
    chmodSync(parent, mode);
    const { pid, port } = await startElsewhere({ PATH: somePrograms() });
    expect(commandOf(pid)).toContain('postgres');
    expect(statSync(`/proc/${pid}`).uid).toBe(65_534);
    expect(await query({ port }, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('what one way has made, another goes on with', async () => {
    const first = await start();
    await query(first, 'create table kept as select 1 as one');
    await first.release(5_000);
    const { holder, pid, port } = await startElsewhere({ PATH: somePrograms() });
    expect(await query({ port }, 'select one from kept')).toEqual([{ one: 1 }]);
    kill(holder.process.pid!);
    await until(() => !isAlive(pid), 'it is gone');
    const third = await start();
    expect(await query(third, 'select one from kept')).toEqual([{ one: 1 }]);
    await third.release(5_000);
  });
});

test.runIf(process.getuid?.() === 0)('a user without a name, as in a container, runs it all the same', async () => {
  chownSync(parent, 54_321, 54_321);
  const asNobodyKnown = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];
  const { pid, port } = await startElsewhere({ TMPDIR: parent, HOME: parent }, ...asNobodyKnown);
  expect(statSync(`/proc/${pid}`).uid).toBe(54_321);
  expect(await query({ port }, 'select 1 as one')).toEqual([{ one: 1 }]);
});
