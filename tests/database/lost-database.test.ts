import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, type Database, openDatabase } from '#lib/db/client.ts';
import { isConnectionLost } from '#lib/db/lost-connection.ts';
import { counts, submissions } from '#lib/db/schema.ts';
import { recordScores, type Scored } from '#lib/db/score-records.ts';
import { attemptsPerTry, claimSubmission } from '#lib/db/scoring.ts';
import { log } from '#lib/log.ts';
import { findTies } from '#scoring/board-ties.ts';
import { beginNextSubmission } from '#scoring/jobs/score-submission.ts';
import { askedTogether, lastAsked, lockWhatIsRead, waysToAsk } from '../asked-work.ts';
import { createTestDatabase, startTestCluster, testUrl } from '../cluster.ts';
import { aContest, scoreNext, send, withoutThreads } from '../contest.ts';
import { aCutLine, type CutLine } from '../cut-line.ts';
import { closeTestDatabase, openTestDatabase, type TestDatabase } from '../db.ts';
import { aWorker, eventually, type TestProcess } from '../workers.ts';

/*
 * What a worker holds when its database is killed. That it was given back is told by its attempts: one more is allowed than before.
 */

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-lost-database-'));
const environment = { ROSTRUM_HOME: join(folder, 'home'), ROSTRUM_IMPORT_DIR: folder, DRAIN_SECONDS: '1' };
let server: Awaited<ReturnType<typeof startTestCluster>>;
let db: TestDatabase;
let superuser: Database;
const workers: TestProcess[] = [];

beforeAll(async () => {
  log.level = 'silent';
  server = await startTestCluster();
  db = openTestDatabase(await createTestDatabase(server.cluster));
  superuser = openDatabase(testUrl(server.cluster, 'postgres', db.name), { connections: 1 });
});
afterAll(async () => {
  await superuser.$client.end();
  await closeTestDatabase(db);
  await server.stop();
  rmSync(folder, { recursive: true });
});

const claimable = [
  'submissions',
  'imports',
  'baseline_runs',
  'hidden.team_comparisons',
  'hidden.label_audits',
  'hidden.rescores',
];

/**
 * Kills the database, and `also` something with it, when a new worker waits for `lock` as `isWaiting` says. Leases last for an hour by
 * then: nobody can wait for their end.
 */
async function crashAmid(
  lock: (tx: Connection) => Promise<unknown>,
  isWaiting: (tx: Connection) => Promise<boolean>,
  also: (worker: TestProcess) => Promise<unknown> = async () => {},
): Promise<void> {
  const holding = db.owner.transaction(async (tx) => {
    await lock(tx);
    const worker = await aWorker(db, environment);
    workers.push(worker);
    await eventually(30, () => isWaiting(tx));
    for (const table of claimable) {
      const inAnHour = sql`lease_until = clock_timestamp() + interval '1 hour'`;
      await db.owner.execute(sql`update ${sql.raw(table)} set ${inAnHour} where lease_until is not null`);
    }
    await also(worker);
    await server.crash();
  });
  await expect(holding).rejects.toSatisfy(isConnectionLost);
}

/**
 * Whether the worker has heard all answers and waits for locks or for work: a claim whose own answer is lost is nobody's to give back. An
 * import has to wait, too: it reads files before it asks for the first row that is locked, and meanwhile would not notice.
 */
async function isSettled(withImport: boolean): Promise<boolean> {
  const { rows } = await superuser.execute<{ application: string; isLocked: boolean; isIdle: boolean }>(sql`
    select application_name as application, coalesce(wait_event_type = 'Lock', false) as "isLocked",
      coalesce(wait_event = 'ClientRead', false) as "isIdle"
    from pg_stat_activity
    where datname = current_database() and application_name in ('rostrum-worker', 'rostrum-import')`);
  const isImportLocked = rows.some(({ application, isLocked }) => application === 'rostrum-import' && isLocked);
  return rows.every(({ isLocked, isIdle }) => isLocked || isIdle) && (isImportLocked || !withImport);
}

describe('when the database is killed and comes back', () => {
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop('SIGKILL')));
  });

  const aHandful = async () => {
    const contest = await aContest(db);
    const rowsOf = (at: Connection) =>
      at.select().from(submissions).where(eq(submissions.competitionId, contest.competition.id));
    const lock = (tx: Connection) =>
      tx.execute(sql`select from competitions where id = ${contest.competition.id} for no key update`);
    const isClaimed = async (tx: Connection) => {
      const rows = await rowsOf(tx);
      return rows.length === 3 && rows.every(({ state }) => state === 'scoring') && isSettled(false);
    };
    for (const wrong of [4, 5, 6]) await send(db, contest, wrong);
    return { rowsOf, lock, isClaimed };
  };

  test('a living worker gives the files in its hands back, and all are scored once, at no cost', async () => {
    const { rowsOf, lock, isClaimed } = await aHandful();
    await crashAmid(lock, isClaimed);
    await eventually(60, async () => (await rowsOf(db.owner)).every(({ state }) => state === 'scored'));
    for (const { attempt, attemptLimit } of await rowsOf(db.owner))
      expect(attemptLimit - attempt).toBe(attemptsPerTry - 1);
    for (const { id } of await rowsOf(db.owner)) {
      expect(await db.owner.select().from(counts).where(eq(counts.submissionId, id))).toHaveLength(2);
    }
  }, 120_000);

  test('(control) the files of a worker that is killed with it stay claimed', async () => {
    const { rowsOf, lock, isClaimed } = await aHandful();
    await crashAmid(lock, isClaimed, (doomed) => doomed.stop('SIGKILL'));
    expect(await rowsOf(db.owner)).toMatchObject(
      [1, 2, 3].map(() => ({
        state: 'scoring',
        attempt: 1,
        attemptLimit: attemptsPerTry,
        leaseUntil: expect.any(Date),
      })),
    );
    await db.owner.execute(
      sql`update submissions set state = 'failed', failure = 'internal', lease_until = null where state = 'scoring'`,
    );
  }, 60_000);

  test.each(askedTogether.map((tables) => [tables]))(
    'so it does with %j, which begin anew',
    async (tables) => {
      const asks = await waysToAsk(db, folder);
      for (const table of tables) await asks[table]!();
      await crashAmid(lockWhatIsRead, async (tx) => {
        const isBegun = (await lastAsked(tx, tables)).every(({ state }) => state === 'running');
        return isBegun && isSettled(tables.includes('imports'));
      });
      const ended = await eventually(60, async () => {
        const rows = await lastAsked(db.owner, tables);
        return rows.every(({ state }) => state === 'done' || state === 'failed') && rows;
      });
      expect(ended.map(({ attempt, attemptLimit }) => ({ attempt, attemptLimit }))).toEqual(
        tables.map(() => ({ attempt: 2, attemptLimit: 4 })),
      );
    },
    120_000,
  );
});

describe('a result whose connection breaks at the COMMIT', () => {
  let line: CutLine;
  let scorer: Database;
  beforeAll(async () => {
    line = await aCutLine(server.cluster.port);
    scorer = openDatabase(testUrl({ port: line.port }, 'rostrum_scorer', db.name));
  });
  afterAll(async () => {
    await scorer.$client.end();
    line.close();
  });

  const rowOf = async (id: string) => (await db.owner.select().from(submissions).where(eq(submissions.id, id)))[0]!;
  const countsOf = (id: string) => db.owner.select().from(counts).where(eq(counts.submissionId, id));
  const scoreOver = async (before: (scored: Scored) => Promise<unknown>) => {
    const begun = await beginNextSubmission(scorer, withoutThreads, async (scored) => {
      await before(scored);
      return (await recordScores(scorer, scored.claim.competitionId, [scored], findTies))[0]!;
    });
    await begun!.recorded;
  };

  test('is written where only the answer was lost, and there is nothing to give back', async () => {
    const { id } = await send(db, await aContest(db), 4);
    await scoreOver(async () => line.cutAtCommit('answer'));
    expect(await rowOf(id)).toMatchObject({ state: 'scored', attempt: 1, attemptLimit: attemptsPerTry });
    expect(await countsOf(id)).toHaveLength(2);
    expect(await scoreNext(db.scorer)).toBe(false);
  });

  test('(control) is given back at once where nothing had come through, and scored by the next attempt', async () => {
    const { id } = await send(db, await aContest(db), 4);
    await scoreOver(async () => line.cutAtCommit('question'));
    expect(await rowOf(id)).toMatchObject({
      state: 'queued',
      attempt: 1,
      attemptLimit: attemptsPerTry + 1,
      leaseUntil: null,
    });
    expect(await countsOf(id)).toHaveLength(0);
    expect(await scoreNext(db.scorer)).toBe(true);
    expect(await rowOf(id)).toMatchObject({ state: 'scored', attempt: 2 });
    expect(await countsOf(id)).toHaveLength(2);
  });

  test('is not given back by one whose lease had run out, when another holds it', async () => {
    const { id } = await send(db, await aContest(db), 4);
    await scoreOver(async () => {
      await db.owner.execute(sql`update submissions set lease_until = clock_timestamp() where id = ${id}`);
      expect(await claimSubmission(db.scorer, 60)).toMatchObject({ submissionId: id, attempt: 2 });
      line.cutAtCommit('question');
    });
    expect(await rowOf(id)).toMatchObject({ state: 'scoring', attempt: 2, attemptLimit: attemptsPerTry });
    expect(await countsOf(id)).toHaveLength(0);
  });
});
