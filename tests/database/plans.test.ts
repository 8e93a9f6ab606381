import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { aDatabase, type TestDatabase } from '../db.ts';
import { hotQueries } from '../hot-queries.ts';
import { fillMany, type Many } from '../many.ts';
import { planOf, scannedWhole, statementsOf } from '../plans.ts';

// How PostgreSQL goes about what is asked most, where 4,000 files of 50 competitions are: `npm run bench million` takes the time.

let db: TestDatabase;
let many: Many;

beforeAll(async () => {
  db = await aDatabase();
  many = await fillMany(db.owner, { competitions: 50, teamsEach: 8, filesEach: 10 });
});

/** What is read from one end to the other, by the query that reads it. */
async function wholeScans(): Promise<string[]> {
  const found: string[] = [];
  for (const { what, db: role, ask } of hotQueries(db, many)) {
    for (const statement of await statementsOf(role, ask)) {
      for (const table of scannedWhole(await planOf(role, statement, 'wanted'))) found.push(`${what}: ${table}`);
    }
  }
  return [...new Set(found)];
}

describe('what is asked most', () => {
  test('reads no growing table from one end to the other', async () => {
    expect(await wholeScans()).toEqual([]);
  });

  test('is noticed where an index is gone', async () => {
    await db.owner.execute(sql`drop index submissions_of_team, submissions_by_content`);
    await db.owner.execute(sql`alter table submissions drop constraint one_answer_per_key`);
    expect(await wholeScans()).toEqual(
      expect.arrayContaining([expect.stringContaining('a team’s own files: submissions')]),
    );
  });
});
