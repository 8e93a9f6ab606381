import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { listTables } from '#lib/db/backup-tables.ts';
import { hashOfBoard } from '#lib/db/boards.ts';
import { openDatabase } from '#lib/db/client.ts';
import { listCompetitions } from '#lib/db/competitions.ts';
import { migrate } from '#lib/db/migrate.ts';
import { log } from '#lib/log.ts';
import { createQueueSchema } from '#lib/queue.ts';
import { createTestDatabase, dropTestDatabase, type TestDatabaseUrls } from '../cluster.ts';
import { scoreAll } from '../contest.ts';
import type { TestDatabase } from '../db.ts';
import { findViolations } from '../invariants.ts';
import { type Digests, digestsOf } from '../releases/digests.ts';
import { fillTables, findChanged, type Made } from '../releases/fill-tables.ts';
import { type Kept, restoreKept } from '../releases/kept.ts';
import { readReleases } from '../releases/read.ts';

// What earlier versions left in a database, and what later ones make of it.

const shipped = join(import.meta.dirname, '../../migrations');
let target: TestDatabaseUrls;
let client: pg.Client;

beforeEach(async () => {
  log.level = 'silent';
  target = await createTestDatabase(inject('cluster'), 'empty');
  client = new pg.Client({ connectionString: target.ownerUrl });
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await dropTestDatabase(inject('cluster'), target.name);
});

describe.each(readReleases())('the database of %s', (_name, kept) => {
  test('keeps every row and every board, and the competition goes on', async () => {
    expect(await restoreKept(target.ownerUrl, shipped, kept)).toEqual({ status: 'restored' });
    const tables = await listTables(client);
    const before = await digestsOf(client, tables);
    const newer = readdirSync(shipped).sort().slice(kept.manifest.migrations.length);
    expect(await migrate(target.ownerUrl, shipped)).toEqual({ status: 'migrated', applied: newer });
    expect(await digestsOf(client, tables)).toEqual(before);
    await createQueueSchema(target.ownerUrl);
    await goOn(kept);
  });
});

/** Its boards by hash; then what waited is scored, and everything holds that has to. */
async function goOn({ manifest }: Kept): Promise<void> {
  const [owner, web, scorer] = [target.ownerUrl, target.webUrl, target.scorerUrl].map((url) => openDatabase(url));
  try {
    const db = { ...target, owner: owner!, web: web!, scorer: scorer! } satisfies TestDatabase;
    expect(manifest.boards.length).toBeGreaterThanOrEqual(2);
    for (const { competitionId, version, sha256 } of manifest.boards) {
      expect(await hashOfBoard(db.owner, competitionId, version)).toBe(sha256);
    }
    const waiting = sql`select count(*)::int as count from scoring_queue`;
    expect((await db.owner.execute(waiting)).rows).toEqual([{ count: 1 }]);
    await scoreAll(db);
    expect((await db.owner.execute(waiting)).rows).toEqual([{ count: 0 }]);
    for (const competition of await listCompetitions(db.owner)) {
      if (competition.slug === 'words') continue;
      expect(await findViolations(db.owner, competition, [])).toEqual([]);
    }
  } finally {
    for (const each of [owner, web, scorer]) await each!.$client.end();
  }
}

test('every migration finds rows in all tables before it, and they say the same after all that follow', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  const made: Made = new Map();
  let refused: string[] = [];
  for (const name of readdirSync(shipped).sort()) {
    copyFileSync(join(shipped, name), join(folder, name));
    expect(await migrate(target.ownerUrl, folder)).toEqual({ status: 'migrated', applied: [name] });
    refused = await fillTables(client, made);
  }
  // Where this fails, fillTables needs to be told what a new table wants (`known` in tests/releases/fill-tables.ts).
  expect(refused.length, refused.join('\n')).toBeLessThan(made.size / 20);
  expect(await findChanged(client, made)).toEqual([]);
  // The control: one that forgets something, and one that puts other words into a mouth.
  writeFileSync(join(folder, '9999_lose.sql'), "delete from mail_mutes; update questions set body = 'otherwise'");
  await migrate(target.ownerUrl, folder);
  expect((await findChanged(client, made)).sort()).toEqual(['mail_mutes', 'questions']);
  rmSync(folder, { recursive: true });
});

describe('an upgrade of a filled database', () => {
  const run = promisify(execFile);
  const [, oldest] = readReleases()[0]!;
  const home = mkdtempSync(join(tmpdir(), 'rostrum-upgrade-'));
  let before: Digests;
  let tables: Awaited<ReturnType<typeof listTables>>;
  afterAll(() => rmSync(home, { recursive: true }));

  beforeEach(async () => {
    await restoreKept(target.ownerUrl, shipped, oldest);
    // Which mode it runs in is noted by every start.
    tables = (await listTables(client)).filter(({ name }) => name !== 'installation');
    before = await digestsOf(client, tables);
  });

  /** `rostrum admin migrate`, which starts do as well. */
  const upgrade = () =>
    run(process.execPath, [join(shipped, '../dist/rostrum.mjs'), '--language', 'en', 'admin', 'migrate'], {
      env: {
        NODE_ENV: 'production',
        PATH: process.env.PATH,
        ROSTRUM_HOME: home,
        ROSTRUM_URL: 'https://rostrum.example.org',
        DATABASE_URL: target.ownerUrl,
        DATABASE_URL_WEB: target.webUrl,
        DATABASE_URL_SCORER: target.scorerUrl,
      },
    }).then(
      () => ({ code: 0, said: '' }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr }),
    );
  const applied = async () =>
    (await client.query<{ name: string }>('select name from rostrum_migrations order by applied_at')).rows.map(
      ({ name }) => name,
    );

  test('that the database refuses midway says where and why, leaves all as it was, and is made once the reason is gone', async () => {
    await client.query('create table courses (id integer)');
    const refused = await upgrade();
    expect(refused.code).toBe(3);
    expect(refused.said).toMatch(
      /migrations\/0019_grade_a_course\.sql .*relation "courses" already exists.*upgrade\.md/s,
    );
    expect(await applied()).toEqual(oldest.manifest.migrations.map(({ name }) => name));
    expect(await digestsOf(client, tables)).toEqual(before);
    await client.query('drop table courses');
    expect(await upgrade()).toEqual({ code: 0, said: '' });
    expect(await applied()).toEqual(readdirSync(shipped).sort());
    expect(await digestsOf(client, tables)).toEqual(before);
  });

  test('that several processes begin at once is made once, and all of them say that it is done', async () => {
    expect(await Promise.all([upgrade(), upgrade()])).toEqual(Array(2).fill({ code: 0, said: '' }));
    expect(await applied()).toEqual(readdirSync(shipped).sort());
    expect(await digestsOf(client, tables)).toEqual(before);
  });

  test('is refused by an older program, which says what to do and changes nothing', async () => {
    await client.query("insert into rostrum_migrations (name, sha256) values ('9999_from_the_future.sql', '')");
    const { code, said } = await upgrade();
    expect(code).toBe(3);
    expect(said).toMatch(/newer Rostrum \(9999_from_the_future\.sql.*restore the backup/s);
    expect(await digestsOf(client, tables)).toEqual(before);
  });
});
