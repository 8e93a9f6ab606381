import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { getListRevisions } from '#lib/db/utterances.ts';
import { expectedUtterances } from '#lib/expected-utterances.ts';
import { aCompetition, aTestSplit } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

const change = (statement: ReturnType<typeof sql>) => db.owner.execute(statement);

test('whatever changes the list of a split gives it another revision, and no other list', async () => {
  const competition = await aTestSplit(db.owner, await aCompetition(db.owner));
  const other = await aTestSplit(db.owner, await aCompetition(db.owner));
  const revision = async () => (await getListRevisions(db.web, competition.id)).test;
  const seen = [await revision()];
  const untouched = await getListRevisions(db.web, other.id);
  const of = sql`competition_id = ${competition.id} and split = 'test'`;
  for (const statement of [
    sql`update utterances set seconds = 9 where ${of} and position = 0`,
    sql`insert into utterances (competition_id, id, split, position, bytes, sha256, file_name, media_type)
      values (${competition.id}, 'one-more', 'test', 99, 1, sha256(''), 'one-more.wav', 'audio/wav')`,
    sql`delete from utterances where ${of} and id = 'one-more'`,
  ]) {
    await change(statement);
    seen.push(await revision());
  }
  expect(seen.every((each) => each !== undefined)).toBe(true);
  expect(new Set(seen).size).toBe(4);
  await change(sql`update utterances set seconds = 1 where ${of} and id = 'nobody'`);
  expect(await revision()).toBe(seen.at(-1));
  expect(await getListRevisions(db.web, other.id)).toEqual(untouched);
});

test('what a file has to name is what the list says now', async () => {
  const competition = await aTestSplit(db.owner, await aCompetition(db.owner));
  const before = await expectedUtterances(db.web, competition, 'test');
  expect(await expectedUtterances(db.web, competition, 'test')).toBe(before);
  await change(sql`update utterances set seconds = 42 where competition_id = ${competition.id} and position = 0`);
  const after = await expectedUtterances(db.web, competition, 'test');
  expect(after).toEqual([{ ...before[0], seconds: 42 }, ...before.slice(1)]);
});

test('(control) a revision that was read before the change keeps the list of then', async () => {
  const competition = await aTestSplit(db.owner, await aCompetition(db.owner));
  const revisions = await getListRevisions(db.web, competition.id);
  const before = await expectedUtterances(db.web, competition, 'test', revisions);
  await change(sql`update utterances set seconds = 42 where competition_id = ${competition.id} and position = 0`);
  expect(await expectedUtterances(db.web, competition, 'test', revisions)).toBe(before);
});
