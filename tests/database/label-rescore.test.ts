import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { getBoard } from '#lib/db/boards.ts';
import { editLabels, findDraft, type LabelVersion } from '#lib/db/label-drafts.ts';
import { applyDraft, findLastRescore, requestRescore } from '#lib/db/label-rescores.ts';
import { log } from '#lib/log.ts';
import { findTies } from '#scoring/board-ties.ts';
import { aContest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aWorker, eventually } from '../workers.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const act = { actorId: null, reason: 'listened to it' };

describe('a worker that is killed in the middle of a rescore', () => {
  test('leaves the old board, and another one rescores anew', async () => {
    const contest = await aContest(db);
    const { competition } = contest;
    await send(db, contest, 1);
    await send(db, contest, 2);
    await scoreAll(db);
    const board = async () => (await getBoard(db.web, competition)).body;
    const before = await board();
    await editLabels(db.scorer, competition.id, [{ id: 'u2', reference: 'раз' }], act);
    const draft = (await findDraft(db.scorer, competition.id))!;
    await requestRescore(db.web, competition.id, null).then(
      () => expect.unreachable('the web may not ask for it'),
      (error) => expect(error).toMatchObject({ cause: { code: '42501' } }),
    );
    await requestRescore(db.scorer, competition.id, null);
    await killedWhileItCounts(draft);
    expect(await board()).toBe(before);
    await expect(applyDraft(db.scorer, competition.id, act, findTies)).rejects.toMatchObject({
      code: 'rescore-running',
    });
    const successor = await aWorker(db);
    await db.owner.execute(sql`update hidden.rescores set lease_until = clock_timestamp()`);
    const done = await eventually(20, async () => {
      const rescore = await findLastRescore(db.scorer, draft);
      return rescore?.state === 'done' && rescore;
    });
    expect(done).toMatchObject({ attempt: 2, done: 2, total: 2 });
    expect(await board()).toBe(before);
    await applyDraft(db.scorer, competition.id, act, findTies);
    expect(await board()).not.toBe(before);
    await successor.stop();
  });

  /** What a file comes to cannot be written while a reader holds the table: the worker is then in the middle of it. */
  async function killedWhileItCounts(draft: LabelVersion): Promise<void> {
    await db.owner.transaction(async (tx) => {
      await tx.execute(sql`lock table hidden.utterance_errors in share mode`);
      const worker = await aWorker(db);
      await eventually(20, async () => {
        const { rows } = await tx.execute(sql`
          select from pg_locks where relation = 'hidden.utterance_errors'::regclass and not granted`);
        return rows.length > 0;
      });
      expect((await findLastRescore(db.scorer, draft))?.state).toBe('running');
      await worker.stop('SIGKILL');
    });
  }
});
