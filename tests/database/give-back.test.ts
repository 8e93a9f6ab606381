import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { log } from '#lib/log.ts';
import { askedTogether, lastAsked, lockWhatIsRead, type WorkRow, waysToAsk } from '../asked-work.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aWorker, eventually, type TestProcess } from '../workers.ts';

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-give-back-'));
const environment = { ROSTRUM_HOME: join(folder, 'home'), ROSTRUM_IMPORT_DIR: folder, DRAIN_SECONDS: '1' };
let db: TestDatabase;
let asks: Record<string, () => Promise<unknown>>;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  asks = await waysToAsk(db, folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Ends a worker that is in the middle of all of it: what it would read next is locked. Returns what stands while it is still locked. */
async function endedInTheMiddle(tables: readonly string[], signal: NodeJS.Signals): Promise<WorkRow[]> {
  return db.owner.transaction(async (tx) => {
    await lockWhatIsRead(tx);
    const worker = await aWorker(db, environment);
    await eventually(30, async () => (await lastAsked(tx, tables)).every(({ state }) => state === 'running'));
    await worker.stop(signal);
    return lastAsked(tx, tables);
  });
}

describe.each(askedTogether.map((tables) => [tables]))('a worker that ends in the middle of %j', (tables) => {
  let successor: TestProcess;

  test('gives it back at once, at no cost, and the next one does it without waiting for a lease', async () => {
    for (const table of tables) await asks[table]!();
    const given = await endedInTheMiddle(tables, 'SIGTERM');
    expect(given).toEqual(tables.map(() => ({ state: 'queued', attempt: 1, isLeased: false, attemptLimit: 4 })));
    successor = await aWorker(db, environment);
    await eventually(60, async () => (await lastAsked(db.owner, tables)).every(({ attempt }) => attempt === 2));
    await eventually(60, async () =>
      (await lastAsked(db.owner, tables)).every(({ state }) => state === 'done' || state === 'failed'),
    );
    await successor.stop();
  }, 120_000);

  test('and is killed keeps it until its lease ends, which is the control', async () => {
    for (const table of tables) await asks[table]!();
    const kept = await endedInTheMiddle(tables, 'SIGKILL');
    expect(kept).toEqual(tables.map(() => ({ state: 'running', attempt: 1, isLeased: true, attemptLimit: 3 })));
    for (const table of tables) await db.owner.execute(sql`delete from ${sql.raw(table)} where state = 'running'`);
  }, 60_000);
});
