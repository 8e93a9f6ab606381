import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, inArray, sql } from 'drizzle-orm';
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { readSnapshot } from '#lib/board.ts';
import { getBoard } from '#lib/db/boards.ts';
import { endAllLeases } from '#lib/db/jobs.ts';
import type { UsableRung } from '#lib/db/schema.ts';
import { counts, submissions } from '#lib/db/schema.ts';
import { attemptsPerTry } from '#lib/db/scoring.ts';
import { listSubmissionsOf } from '#lib/db/submission-views.ts';
import { listRuntimes, recordRuntime } from '#lib/db/workers.ts';
import { inspectRuntime } from '#scoring/jobs/inspect-runtime.ts';
import { type ProcessPlan, type SupervisedProcess, supervise } from '../../bin/start/supervise.ts';
import { testUrl } from '../cluster.ts';
import { aContest, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aServer, follow } from '../server.ts';
import { aWorker, eventually, root, type TestProcess, workerEnvironment } from '../workers.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

describe('two workers', () => {
  const workers: TestProcess[] = [];
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop('SIGKILL')));
  });

  test('score each of many submissions once', async () => {
    const { competition, team, author } = await aContest(db, { dailyQuota: 100 });
    workers.push(await aWorker(db), await aWorker(db));
    const sent = [];
    for (let i = 0; i < 12; i += 1) sent.push(await send(db, { competition, author }, 1 + (i % 5)));
    const scored = await eventually(20, async () => {
      const views = await listSubmissionsOf(db.web, team.id);
      return views.every(({ status }) => status.state === 'scored') && views;
    });
    expect(scored).toHaveLength(sent.length);
    const rows = await db.owner.execute(sql`
      select s.attempt, (select count(*)::integer from hidden.counts c where c.submission_id = s.id) as counts
      from submissions s where s.team_id = ${team.id}`);
    expect(rows.rows).toEqual(sent.map(() => ({ attempt: 1, counts: 2 })));
    const board = readSnapshot((await getBoard(db.web, competition)).body);
    expect(board).toMatchObject({ rows: [{ entries: sent.length }] });
    // What comes close together is one board (tests/unit/recorder.test.ts): how much does, the machine decides.
    expect(board.version).toBeLessThanOrEqual(sent.length);
  }, 60_000);

  test('of whom one is killed in the middle still score what it held, each once, when its leases have ended', async () => {
    const { competition, team, author } = await aContest(db);
    const doomed = await aWorker(db);
    workers.push(doomed);
    // Held up where it writes results, so that it dies with the claims in its hand.
    let release = () => {};
    const held = db.owner.transaction(async (tx) => {
      await tx.execute(sql`select from competitions where id = ${competition.id} for no key update`);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    const ids: string[] = [];
    for (const wrong of [4, 5, 6]) ids.push((await send(db, { competition, author }, wrong)).id);
    const rowsOf = () => db.owner.select().from(submissions).where(eq(submissions.teamId, team.id));
    // Two have a thread each; that the third was claimed says that a result waits to be written.
    await eventually(10, async () => (await rowsOf()).every(({ state }) => state === 'scoring'));
    await doomed.stop('SIGKILL');
    release();
    await held;
    // Sooner than by themselves.
    await db.owner.execute(sql`update submissions set lease_until = clock_timestamp() where state = 'scoring'`);
    workers.push(await aWorker(db));
    await eventually(30, async () => (await rowsOf()).every(({ state }) => state === 'scored'));
    expect((await rowsOf()).map(({ attempt }) => attempt)).toEqual([2, 2, 2]);
    const kept = await db.owner.select().from(counts).where(inArray(counts.submissionId, ids));
    expect(kept).toHaveLength(2 * ids.length);
    expect(readSnapshot((await getBoard(db.web, competition)).body)).toMatchObject({ rows: [{ entries: ids.length }] });
  }, 60_000);

  describe('of whom one is killed under its supervisor', () => {
    let supervised: SupervisedProcess | undefined;
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'rostrum-supervised-'));
    });
    afterEach(async () => {
      await supervised?.stop(100);
      rmSync(folder, { recursive: true });
    });

    /** Killed with a file in its hands that is leased for an hour, and started again; what it left is held up until `then` is through. */
    const killed = async (prepare: ProcessPlan['prepare'], then: (id: string) => Promise<void>) => {
      const { competition, author } = await aContest(db);
      const { id } = await send(db, { competition, author }, 4);
      await db.owner.transaction(async (tx) => {
        await tx.execute(sql`select from competitions where id = ${competition.id} for no key update`);
        supervised = superviseWorker(folder, prepare);
        await supervised.ready;
        await eventually(20, async () => (await rowOf(id)).state === 'scoring');
        await db.owner.execute(
          sql`update submissions set lease_until = clock_timestamp() + interval '1 hour' where id = ${id}`,
        );
        const { rows } = await db.owner.execute<{ process: string }>(
          sql`select process from workers order by started_at desc limit 1`,
        );
        process.kill(Number(rows[0]!.process.split(':').at(-1)), 'SIGKILL');
        await then(id);
      });
      return id;
    };
    const rowOf = async (id: string) => (await db.owner.select().from(submissions).where(eq(submissions.id, id)))[0]!;

    test('the next one begins what it left without waiting for a lease, and the attempt stays spent', async () => {
      const id = await killed(
        () => endAllLeases(db.ownerUrl),
        async (left) => {
          await eventually(60, async () => (await rowOf(left)).attempt === 2);
        },
      );
      await eventually(20, async () => (await rowOf(id)).state === 'scored');
      expect(await rowOf(id)).toMatchObject({ attempt: 2, attemptLimit: attemptsPerTry });
    }, 120_000);

    test('(control) which waits where nobody ends its leases', async () => {
      const id = await killed(undefined, async () => {
        const later = await send(db, await aContest(db), 4);
        await eventually(60, async () => (await rowOf(later.id)).state === 'scored');
      });
      expect(await rowOf(id)).toMatchObject({ state: 'scoring', attempt: 1 });
    }, 120_000);
  });

  test('go on after the database has dropped every connection', async () => {
    const { competition, team, author } = await aContest(db);
    const server = await aServer(db);
    workers.push(await aWorker(db));
    const reader = await follow(server.origin, competition);
    await dropConnections(['rostrum-worker', 'rostrum-queue', 'rostrum-live']);
    await send(db, { competition, author }, 4);
    await eventually(20, async () => (await listSubmissionsOf(db.web, team.id))[0]?.status.state === 'scored');
    await eventually(20, async () => reader.events.at(-1)?.id === '1');
    reader.close();
    await server.close();
  }, 60_000);

  test('end within three seconds of a TERM, and with the process that started them', async () => {
    const first = await aWorker(db);
    const second = await aWorker(db);
    const asked = performance.now();
    expect(await first.stop('SIGTERM')).toBe(0);
    second.child.disconnect();
    // By its own hand, as nobody is there to read a status.
    expect(await second.stop('SIGCONT')).toBeNull();
    expect(performance.now() - asked).toBeLessThan(3000);
  }, 30_000);
});

test('a worker says what it computes on, and why not on what would be faster', async () => {
  const [id, other] = ['00000000-0000-4000-8000-000000000051', '00000000-0000-4000-8000-000000000052'];
  const found = await inspectRuntime({ backend: null }, { folders: [] });
  // Only now: who has not been heard of for a while is not listed, and to inspect takes that long on a busy machine.
  await db.owner.execute(sql`insert into workers (id, process) values (${id}, 'host:1'), (${other}, 'host:2')`);
  await recordRuntime(db.scorer, id, found);
  const told = await listRuntimes(db.web);
  expect(told.find(({ process }) => process === 'host:2')).toMatchObject({ runtime: null });
  const { runtime } = told.find(({ process }) => process === 'host:1')!;
  expect(runtime).toEqual(found);
  expect(runtime!.rungs.map((rung) => [rung.backend, 'code' in rung ? rung.code : rung.isGpu])).toEqual([
    ['tfjs-node-gpu', 'not-installed'],
    ['webgpu', 'not-installed'],
    ['tfjs-node', 'not-installed'],
    ['wasm', false],
  ]);
  const [, , , wasm] = runtime!.rungs as UsableRung[];
  for (const figure of [wasm!.gigaflops, wasm!.bootstrapRatio]) expect(figure).toBeGreaterThan(0);
  await expect(recordRuntime(db.web, id, found)).rejects.toMatchObject({ cause: { code: '42501' } });
  await db.owner.execute(sql`update workers set seen_at = clock_timestamp() - interval '20 s' where id = ${id}`);
  expect((await listRuntimes(db.web)).map(({ process }) => process)).not.toContain('host:1');
}, 60_000);

function superviseWorker(folder: string, prepare: ProcessPlan['prepare']): SupervisedProcess {
  const plan: ProcessPlan = {
    name: 'worker',
    file: join(root, 'dist/worker.mjs'),
    cwd: root,
    environment: () => workerEnvironment(db),
    logFile: join(folder, 'worker.log'),
    heapMegabytes: 1024,
    ...(prepare === undefined ? {} : { prepare }),
  };
  return supervise(plan, { restarting: () => {}, runningAgain: () => {} });
}

async function dropConnections(names: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: testUrl(inject('cluster'), 'postgres', 'postgres') });
  await client.connect();
  const { rowCount } = await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = any($2)',
    [db.name, names],
  );
  await client.end();
  expect(rowCount).toBeGreaterThanOrEqual(names.length);
}
