import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openDatabase } from '#lib/db/client.ts';
import { aCompetition } from '../builders.ts';
import {
  anInstallation,
  answers,
  aUsedInstallation,
  type Installation,
  kill,
  type Launched,
  npmStart,
  processesOf,
  processOf,
  removeInstallations,
  removeUsedInstallation,
  until,
} from './installation.ts';

// Whole installations on the built program, without the demo.

afterEach(removeInstallations);
afterAll(removeUsedInstallation);

const ready = 'Rostrum is ready at';
/** What is promised of Ctrl-C and TERM. Of a supervisor that is killed it is only that nothing stays. */
const stopLimitMs = 5_000;
const supervisor = /^node bin\/start\.mjs/;

async function aRunningOne(more: Record<string, string> = {}): Promise<{ installation: Installation; npm: Launched }> {
  const installation = await aUsedInstallation(more);
  const npm = npmStart(installation);
  await Promise.race([npm.saying(ready), npm.ended.then(() => Promise.reject(new Error(npm.output())))]);
  return { installation, npm };
}

/** Resolves when no process of the installation is left; says which are, where that takes longer. */
function nothingLeft(home: string, limitMs?: number): Promise<void> {
  const left = () => processesOf(home);
  const what = () => `nothing is left: ${JSON.stringify(left())}`;
  return until(() => left().length === 0, what, limitMs);
}

function ownerUrlOf({ home }: Installation): string {
  const { postgres } = JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8'));
  const port = readFileSync(join(home, 'postgres/port'), 'utf8').trim();
  return `postgres://rostrum_owner:${postgres.owner}@127.0.0.1:${port}/rostrum`;
}

/** Open when its head has arrived, until the server ends it. */
function anEventStream(url: string): Promise<{ isOpen(): boolean }> {
  return new Promise((resolve, reject) => {
    const request = get(url, (response) => {
      let open = response.statusCode === 200;
      for (const end of ['end', 'error', 'close']) response.on(end, () => (open = false));
      response.resume();
      resolve({ isOpen: () => open });
    });
    request.on('error', reject);
  });
}

async function refusalOf(installation: Installation): Promise<string> {
  const npm = npmStart(installation, '--silent');
  expect(await npm.ended).toBe(1);
  return npm.output();
}

describe('stopping', () => {
  test('a TERM to npm ends everything within five seconds, also with open connections', async () => {
    const { installation, npm } = await aRunningOne();
    const owner = openDatabase(ownerUrlOf(installation));
    const { slug } = await aCompetition(owner);
    await owner.$client.end();
    const streams = await Promise.all(
      Array.from({ length: 20 }, () => anEventStream(`${installation.url}/api/v1/competitions/${slug}/events`)),
    );
    const silent = connect(installation.port, '127.0.0.1');
    silent.on('error', () => {});
    expect(streams.every(({ isOpen }) => isOpen())).toBe(true);

    kill(npm.process.pid!, 'SIGTERM');
    await nothingLeft(installation.home, stopLimitMs);
    expect(streams.some(({ isOpen }) => isOpen())).toBe(false);
    silent.destroy();
  });

  test('Ctrl-C, which reaches every process of the terminal, ends everything in its order', async () => {
    const { installation, npm } = await aRunningOne();
    process.kill(-npm.process.pid!, 'SIGINT');
    await nothingLeft(installation.home, stopLimitMs);
    await npm.saying('Stopped.');
    expect(npm.output()).not.toContain('starting it again');
  });

  test('killing the supervisor leaves no orphan, and the next start has everything again', async () => {
    const { installation } = await aRunningOne();
    kill(processOf(installation.home, supervisor));
    await nothingLeft(installation.home);
    await npmStart(installation).saying(ready);
  });

  test('a stop while it is still starting leaves nothing either', async () => {
    const installation = await anInstallation();
    const npm = npmStart(installation);
    await until(() => processesOf(installation.home).some(({ command }) => command.includes('initdb')), 'initdb runs');
    kill(npm.process.pid!, 'SIGTERM');
    await nothingLeft(installation.home, stopLimitMs);
    await npmStart(installation).saying(ready);
  });
});

describe('keeping it up', () => {
  test('a killed database comes back, and the web with it', async () => {
    const { installation, npm } = await aRunningOne();
    kill(processOf(installation.home, 'bin/postgres'));
    await npm.saying('PostgreSQL is running again');
    await until(() => answers(`${installation.url}/readyz`), 'it is ready');
  });

  test('a killed web and a killed worker come back', async () => {
    const { installation, npm } = await aRunningOne();
    kill(processOf(installation.home, 'dist/server.mjs'));
    kill(processOf(installation.home, 'dist/worker.mjs'));
    await npm.saying('web is running again');
    await npm.saying('worker is running again');
    await until(() => answers(`${installation.url}/readyz`), 'it is ready');
  });

  test('the supervisor is killed together with the keeper: the next start adopts the database that is left', async () => {
    const { installation } = await aRunningOne();
    const postgres = processOf(installation.home, 'bin/postgres');
    kill(processOf(installation.home, 'rostrum-keeper'));
    kill(processOf(installation.home, supervisor));
    await npmStart(installation).saying(ready);
    expect(processOf(installation.home, 'bin/postgres')).toBe(postgres);
  });
});

describe('one sentence and what to do', () => {
  test('a second start on the same home says where the first one is, and leaves it alone', async () => {
    const { installation } = await aRunningOne();
    const second = await refusalOf({ ...installation, environment: { ...installation.environment, PORT: '0' } });
    expect(second).toMatch(`already running on this home at ${installation.url}`);
    expect(second.trim().split('\n')).toHaveLength(1);
    expect(await answers(`${installation.url}/readyz`)).toBe(true);
  });

  test('a port in use', async () => {
    const installation = await anInstallation();
    const other = createServer().listen(installation.port, '127.0.0.1');
    expect(await refusalOf(installation)).toMatch(
      `Port ${installation.port} on 127.0.0.1 is in use by another program.`,
    );
    other.close();
  });

  test('the same in Russian for a Russian terminal', async () => {
    const installation = await anInstallation({ LANG: 'ru_RU.UTF-8' });
    const other = createServer().listen(installation.port, '127.0.0.1');
    expect(await refusalOf(installation)).toMatch(`Порт ${installation.port} на 127.0.0.1 занят другой программой.`);
    other.close();
  });

  test('a data directory of a newer PostgreSQL', async () => {
    const installation = await anInstallation();
    mkdirSync(join(installation.home, 'postgres/data'), { recursive: true });
    writeFileSync(join(installation.home, 'postgres/data/PG_VERSION'), '99\n');
    expect(await refusalOf(installation)).toMatch('was made by PostgreSQL 99');
  });

  test('a database of a newer Rostrum', async () => {
    const { installation, npm } = await aRunningOne();
    const client = new pg.Client({ connectionString: ownerUrlOf(installation) });
    await client.connect();
    await client.query("insert into rostrum_migrations (name, sha256) values ('9999_from_the_future.sql', '')");
    await client.end();
    kill(npm.process.pid!, 'SIGTERM');
    await nothingLeft(installation.home);
    expect(await refusalOf(installation)).toMatch('migrated by a newer Rostrum (9999_from_the_future.sql');
  });

  test('settings that production refuses, all at once', async () => {
    const installation = await anInstallation({ HOST: '0.0.0.0', ROSTRUM_SECRET: 'change-me' });
    const said = await refusalOf(installation);
    expect(said).toMatch('ROSTRUM_URL: is required');
    expect(said).toMatch('ROSTRUM_SECRET: is too short');
  });

  test('a home that is no folder', async () => {
    const installation = await anInstallation();
    const file = join(installation.home, 'file');
    writeFileSync(file, '');
    const there = { ...installation, environment: { ...installation.environment, ROSTRUM_HOME: file } };
    expect(await refusalOf(there)).toMatch(/cannot be read and written by this user \((EEXIST|ENOTDIR)\)/);
  });

  test.runIf(process.getuid?.() === 0)('a full disk', async () => {
    const installation = await anInstallation();
    const small = join(installation.home, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', small]);
    try {
      const there = { ...installation, environment: { ...installation.environment, ROSTRUM_HOME: small } };
      expect(await refusalOf(there)).toMatch(/The disk that holds .* is full \(\d+ MB free/);
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

describe('secrets', () => {
  test('passwords are in a file for their owner alone, and no process has more than its own', async () => {
    const { installation } = await aRunningOne({ SMTP_URL: 'smtp://mail.example.org' });
    const file = join(installation.home, 'secrets.json');
    const { postgres } = JSON.parse(readFileSync(file, 'utf8'));
    expect(statSync(file).mode & 0o077).toBe(0);
    const environmentOf = (part: string) => readFileSync(`/proc/${processOf(installation.home, part)}/environ`, 'utf8');
    const [web, worker] = [environmentOf('dist/server.mjs'), environmentOf('dist/worker.mjs')];
    expect([web.includes(postgres.web), web.includes(postgres.scorer)]).toEqual([true, false]);
    expect([worker.includes(postgres.scorer), worker.includes(postgres.web)]).toEqual([true, false]);
    expect([web, worker].some((text) => text.includes(postgres.owner) || text.includes(postgres.superuser))).toBe(
      false,
    );
    expect([web.includes('mail.example.org'), worker.includes('mail.example.org')]).toEqual([true, false]);
  });
});
