import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBaselineRun } from '#lib/db/baseline-runs.ts';
import type { Connection } from '#lib/db/client.ts';
import { createImport } from '#lib/db/imports.ts';
import { requestLabelAudit } from '#lib/db/label-audits.ts';
import { editLabels } from '#lib/db/label-drafts.ts';
import { requestRescore } from '#lib/db/label-rescores.ts';
import { requestComparison } from '#lib/db/team-comparisons.ts';
import { log } from '#lib/log.ts';
import { aUser } from '../builders.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aWav } from '../wav-files.ts';
import { aWorker, eventually, type TestProcess } from '../workers.ts';

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-give-back-'));
const environment = { ROSTRUM_HOME: join(folder, 'home'), ROSTRUM_IMPORT_DIR: folder, DRAIN_SECONDS: '1' };
let db: TestDatabase;
let contest: Contest;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  contest = await aContest(db);
  await send(db, contest, 1);
  await scoreAll(db);
  writeFileSync(join(folder, 'dev-1.wav'), aWav());
  writeFileSync(join(folder, 'manifest.csv'), 'id,audio,text,split\ndev-1,dev-1.wav,раз два,dev\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Tables of work by the way that an organiser asks for some. */
const asked: Record<string, () => Promise<unknown>> = {
  imports: async () => {
    const wanted = { competitionId: contest.competition.id, path: folder, options: {} };
    await createImport(db.web, wanted, (await aUser(db.owner)).id);
  },
  baseline_runs: async () => {
    const { id: competitionId } = contest.competition;
    const wanted = { competitionId, split: 'test', model: 'none', decoding: 'greedy', name: 'Baseline' } as const;
    await createBaselineRun(db.web, wanted, (await aUser(db.owner)).id);
  },
  'hidden.team_comparisons': () => requestComparison(db.scorer, contest.competition.id, null),
  'hidden.label_audits': () => requestLabelAudit(db.scorer, contest.competition.id, null),
  'hidden.rescores': async () => {
    const act = { actorId: null, reason: 'listened to it' };
    await editLabels(db.scorer, contest.competition.id, [{ id: 'u2', reference: 'раз' }], act);
    await requestRescore(db.scorer, contest.competition.id, null);
  },
};

type Row = { state: string; attempt: number; isLeased: boolean };

async function rowsOf(at: Connection, tables: readonly string[]): Promise<Row[]> {
  const found: Row[] = [];
  for (const table of tables) {
    const { rows } = await at.execute<Row>(sql`
      select state, attempt, lease_until is not null as "isLeased" from ${sql.raw(table)} order by created_at desc limit 1`);
    found.push(rows[0]!);
  }
  return found;
}

/** Ends a worker that is in the middle of all of it: what it would read next is locked. Returns what stands while it is still locked. */
async function endedInTheMiddle(tables: readonly string[], signal: NodeJS.Signals): Promise<Row[]> {
  return db.owner.transaction(async (tx) => {
    await tx.execute(sql`lock table utterances, hidden.test_references in access exclusive mode`);
    const worker = await aWorker(db, environment);
    await eventually(30, async () => (await rowsOf(tx, tables)).every(({ state }) => state === 'running'));
    await worker.stop(signal);
    return rowsOf(tx, tables);
  });
}

// Not all at once: each holds a connection of the worker's while it waits.
describe.each([
  [['imports', 'baseline_runs', 'hidden.team_comparisons']],
  [['hidden.label_audits', 'hidden.rescores']],
])('a worker that ends in the middle of %j', (tables) => {
  let successor: TestProcess;

  test('gives it back at once, at no cost, and the next one does it without waiting for a lease', async () => {
    for (const table of tables) await asked[table]!();
    const given = await endedInTheMiddle(tables, 'SIGTERM');
    expect(given).toEqual(tables.map(() => ({ state: 'queued', attempt: 1, isLeased: false })));
    successor = await aWorker(db, environment);
    await eventually(60, async () => (await rowsOf(db.owner, tables)).every(({ attempt }) => attempt === 2));
    await eventually(60, async () =>
      (await rowsOf(db.owner, tables)).every(({ state }) => state === 'done' || state === 'failed'),
    );
    await successor.stop();
    for (const table of tables) {
      const { rows } = await db.owner.execute(sql`select from ${sql.raw(table)} where attempt_limit = 4`);
      expect(rows).toHaveLength(1);
    }
  }, 120_000);

  test('and is killed keeps it until its lease ends, which is the control', async () => {
    for (const table of tables) await asked[table]!();
    const kept = await endedInTheMiddle(tables, 'SIGKILL');
    expect(kept).toEqual(tables.map(() => ({ state: 'running', attempt: 1, isLeased: true })));
    for (const table of tables) await db.owner.execute(sql`delete from ${sql.raw(table)} where state = 'running'`);
  }, 60_000);
});
