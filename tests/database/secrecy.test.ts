import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { enqueue } from '#lib/db/jobs.ts';
import { counts } from '#lib/db/schema.ts';
import { aCompetition, aTestSplit } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
  await aTestSplit(db.owner, await aCompetition(db.owner));
});

const secretSchemas = ['hidden', 'pgboss'];

async function secretTables(): Promise<string[]> {
  const { rows } = await db.owner.execute<{ name: string }>(sql`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema in ('hidden', 'pgboss') order by 1`);
  return rows.map(({ name }) => name);
}

const refused = { cause: { code: '42501' } };

describe('the web', () => {
  test('can read no row of any table that is hidden, and none of the queue', async () => {
    const tables = await secretTables();
    expect(tables).toEqual(expect.arrayContaining(['hidden.counts', 'hidden.test_references', 'pgboss.job']));
    for (const table of tables) {
      const statements = [
        `select 1 from ${table}`,
        `select count(*) from ${table}`,
        `copy ${table} to stdout`,
        `delete from ${table}`,
        `truncate ${table}`,
        `insert into ${table} default values returning *`,
        `create view peek as select * from ${table}`,
      ];
      for (const statement of statements) {
        await expect(db.web.execute(sql.raw(statement)), statement).rejects.toMatchObject(refused);
      }
    }
  });

  test('learns nothing of them from statistics', async () => {
    const { rows } = await db.web.execute(
      sql`select from pg_stats where schemaname = any(${sql.param(secretSchemas)})`,
    );
    expect(rows).toEqual([]);
  });

  test('(control) reads what is public by the same statements', async () => {
    expect((await db.web.execute(sql`select 1 from competitions`)).rows).toHaveLength(1);
  });

  test('cannot write a score, a published number or a board', async () => {
    const statements = [
      `insert into published_scores (submission_id, label_version, scorer_version, profile) values (gen_random_uuid(), 1, '1', 'raw')`,
      `insert into board_snapshots (competition_id, version, body) select id, 1, '{}' from competitions`,
      `update submissions set state = 'scored'`,
      `insert into workers (id, process) values (gen_random_uuid(), 'x')`,
    ];
    for (const statement of statements) {
      await expect(db.web.execute(sql.raw(statement)), statement).rejects.toMatchObject(refused);
    }
    await expect(db.web.select().from(counts)).rejects.toMatchObject(refused);
  });

  test('can put a job of a known kind into the queue, for a row that exists, and nothing else', async () => {
    await expect(db.web.execute(sql`select pgboss.insert_score_submission('[]')`)).rejects.toMatchObject(refused);
    await expect(
      enqueue(db.web, { kind: 'score-submission', id: '00000000-0000-0000-0000-000000000000' }),
    ).rejects.toMatchObject({ cause: { code: '23503' } });
    await expect(db.web.execute(sql`select enqueue_job('drop-everything', gen_random_uuid())`)).rejects.toMatchObject({
      cause: { code: '20000' },
    });
  });
});

test('a job that is not committed was never there', async () => {
  const { rows: imports } = await db.owner.execute<{ id: string }>(
    sql`insert into imports (competition_id, path) select id, 'x' from competitions returning id`,
  );
  const job = { kind: 'import-dataset', id: imports[0]!.id } as const;
  const jobs = async () => (await db.owner.execute(sql`select from pgboss.job where data->>'id' = ${job.id}`)).rowCount;
  const interrupted = db.web.transaction(async (tx) => {
    await enqueue(tx, job);
    throw new Error('the power went');
  });
  await expect(interrupted).rejects.toThrow('the power went');
  expect(await jobs()).toBe(0);
  await db.web.transaction((tx) => enqueue(tx, job));
  await db.web.transaction((tx) => enqueue(tx, job));
  expect(await jobs()).toBe(1);
});
