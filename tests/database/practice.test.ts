import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { getBoard } from '#lib/db/boards.ts';
import { findResults } from '#lib/db/results.ts';
import { findWholeScore } from '#lib/db/revealed-counts.ts';
import { counts } from '#lib/db/schema.ts';
import { getSubmissionFor } from '#lib/db/submission-views.ts';
import { freeUploads } from '#lib/db/submissions.ts';
import { log } from '#lib/log.ts';
import { recordDueResults } from '#scoring/results.ts';
import { aUser, hoursFromNow } from '../builders.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
let contest: Contest;
/** In time: one wrong word on the public fold. */
let entry: string;

beforeEach(async () => {
  log.level = 'silent';
  db ??= await aDatabase();
  contest = await aContest(db);
  entry = (await send(db, contest, 1)).id;
  await scoreAll(db);
  await close();
});

async function close(): Promise<void> {
  await db.owner.execute(sql`
    update competitions set submissions_start_at = rostrum_now() - interval '2 hours',
      submissions_end_at = rostrum_now() - interval '2 seconds' where id = ${contest.competition.id}`);
}

async function reveal(mode: 'at-once' | 'staged' = 'at-once'): Promise<void> {
  await db.owner.execute(sql`
    update competitions set reveals_at = rostrum_now() - interval '1 second', reveal_mode = ${mode}
    where id = ${contest.competition.id}`);
  await recordDueResults(db.scorer);
}

/** A file that comes after the close, seven wrong words in all: five on the public fold are those of u1, two of u2. */
const practise = () => send(db, contest, 7, { receivedAt: hoursFromNow(0) });
const seenBy = (id: string) => getSubmissionFor(db.web, id, { ...contest.author, isAdministrator: false });

describe('a file after the close', () => {
  test('waits for the reveal, and is scored for practice then', async () => {
    const { id } = await practise();
    await scoreAll(db);
    expect(await seenBy(id)).toMatchObject({ late: true, status: { state: 'queued', position: null }, whole: null });
    await reveal();
    await scoreAll(db);
    expect(await seenBy(id)).toMatchObject({
      late: true,
      charged: false,
      status: { state: 'scored' },
      whole: {
        public: { counts: { hits: 18, substitutions: 7, deletions: 0, insertions: 0 } },
        private: { counts: { hits: 25, substitutions: 0, deletions: 0, insertions: 0 } },
        whole: { counts: { hits: 43, substitutions: 7, deletions: 0, insertions: 0 } },
      },
    });
  });

  test('is scored at once after the reveal, and moves neither board nor result', async () => {
    await reveal();
    const before = [await getBoard(db.web, contest.competition), await findResults(db.web, contest.competition.id)];
    const { id } = await send(db, contest, 0, { receivedAt: hoursFromNow(0) });
    await scoreAll(db);
    await recordDueResults(db.scorer);
    expect((await seenBy(id)).whole?.whole.counts).toMatchObject({ hits: 50, substitutions: 0 });
    const after = [await getBoard(db.web, contest.competition), await findResults(db.web, contest.competition.id)];
    expect(after).toEqual(before);
  });

  test('costs no attempt, but there are only so many an hour', async () => {
    await reveal();
    await db.owner.execute(sql`
      insert into rate_limits (key, window_start, count)
      values (${`${freeUploads.late.name}:${contest.team.id}`}, clock_timestamp(), ${freeUploads.late.attempts - 1})`);
    expect((await practise()).quotaDay).toBeNull();
    await expect(practise()).rejects.toMatchObject({ code: 'too-many-attempts', status: 429 });
  });
});

describe('what a file came to on both folds', () => {
  test('is seen by its team from the end of the reveal on, and by no other', async () => {
    expect((await seenBy(entry)).whole).toBeNull();
    await reveal();
    expect((await seenBy(entry)).whole?.private.counts.hits).toBe(25);
    const stranger = { ...(await aUser(db.owner)), isAdministrator: false };
    await expect(getSubmissionFor(db.web, entry, stranger)).rejects.toMatchObject({ status: 404 });
  });

  test('is still hidden while a staged reveal goes on', async () => {
    await reveal('staged');
    expect(await findWholeScore(db.web, entry)).toBeNull();
    await db.owner.execute(sql`
      update competitions set reveal_ended_at = rostrum_now() where id = ${contest.competition.id}`);
    expect(await findWholeScore(db.web, entry)).not.toBeNull();
  });

  test('(control) is there all the while, in the schema that the web cannot read', async () => {
    expect((await db.scorer.select().from(counts)).length).toBeGreaterThan(0);
    await expect(db.web.select().from(counts)).rejects.toThrow();
  });
});
