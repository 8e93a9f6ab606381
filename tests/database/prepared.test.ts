import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { prepare, prepareSql } from '#lib/db/prepared.ts';
import { users } from '#lib/db/schema.ts';
import { aUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

const asking = prepareSql<{ number: number }, { role: string; number: number }>(
  'asking',
  (place) => sql`select current_user::text as role, ${place('number')}::integer + 1 as number`,
);

const countedUsers = prepare<Record<never, never>, { count: number }[]>('counted-users', (writer) =>
  writer.select({ count: sql<number>`count(*)::integer` }).from(users),
);

test('a statement is asked of the connection that it is given, with the values that it is given', async () => {
  expect(await asking(db.web, { number: 1 })).toEqual([{ role: 'rostrum_web', number: 2 }]);
  expect(await asking(db.scorer, { number: 2 })).toEqual([{ role: 'rostrum_scorer', number: 3 }]);
  const both = await Promise.all([asking(db.web, { number: 3 }), asking(db.scorer, { number: 4 })]);
  expect(both.flat().map(({ number }) => number)).toEqual([4, 5]);
});

test('within a transaction it sees what the transaction did, and outside of it nobody does', async () => {
  const [before] = await countedUsers(db.owner, {});
  const undone = db.owner.transaction(async (tx) => {
    await aUser(tx);
    expect(await countedUsers(tx, {})).toEqual([{ count: before!.count + 1 }]);
    expect(await countedUsers(db.owner, {})).toEqual([before]);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
});

test('a value that is missing is refused before anything is asked', async () => {
  await expect(asking(db.web, {} as { number: number })).rejects.toThrow('number');
});
