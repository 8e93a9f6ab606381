import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { openDatabase } from '#lib/db/client.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

test('a connection that breaks between two queries of a transaction fails that transaction and nothing else', async () => {
  const transaction = db.owner.transaction(async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await db.owner.execute(sql`select pg_terminate_backend(${rows[0]!.pid})`);
    // Its end is told while nobody waits for an answer. An error that no one hears would fail this whole run.
    await sleep(200);
    await tx.execute(sql`select 1`);
  });
  await expect(transaction).rejects.toThrow();
  const { rows } = await db.owner.execute<{ one: number }>(sql`select 1 as one`);
  expect(rows).toEqual([{ one: 1 }]);
});

test('a connection that breaks before a transaction has begun makes room in its pool', async () => {
  const alone = openDatabase(db.ownerUrl, { connections: 1 });
  await alone.execute(sql`select 1`);
  alone.$client.once('acquire', (client) => {
    client.connection.stream.destroy();
  });
  await expect(alone.transaction(async () => {})).rejects.toThrow();
  expect(alone.$client.totalCount).toBe(0);
  expect((await alone.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  await alone.$client.end();
});
