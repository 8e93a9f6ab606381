import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { recordEvent } from '#lib/db/audit.ts';
import { chainEvents, checkChain, findHead, findLastCheck, listHeads, recordCheck } from '#lib/db/log-chain.ts';
import { aCompetition } from '../builders.ts';
import { rostrum } from '../command.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { asSuperuser } from '../superuser.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

/** A competition with so many events, chained. */
async function aLog(events: number): Promise<{ slug: string; chain: string; ids: string[] }> {
  const { id: competitionId, slug } = await aCompetition(db.owner);
  for (let i = 0; i < events; i += 1) await happen(db, competitionId, i);
  await chainEvents(db.scorer);
  const { rows } = await db.owner.execute<{ id: string }>(
    sql`select id::text from events where competition_id = ${competitionId} order by id`,
  );
  return { slug, chain: competitionId, ids: rows.map(({ id }) => id) };
}

async function happen({ web }: Pick<TestDatabase, 'web'>, competitionId: string, i: number): Promise<void> {
  const details = { from: `«${i}», "quoted"`, n: i, deep: { list: [1.5, null, true] } };
  await recordEvent(web, {
    actorId: randomUUID(),
    competitionId,
    kind: 'rules-accepted',
    reason: 'Йод 🙂',
    details,
  });
}

describe('the log', () => {
  test('is chained by the database as it is checked here', async () => {
    const { slug, chain } = await aLog(5);
    const head = await findHead(db.web, chain);
    expect(head).toMatchObject({ position: 5, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const { head: read, fault } = await checkChain(db.scorer, chain, head!.hash);
    expect({ ...read, fault }).toEqual({ position: 5, hash: head!.hash, fault: null });
    expect(await rostrum(db.ownerUrl, 'admin', 'verify', '--log', '--competition', slug)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining(`5 events, none altered, removed or put in between; head ${head!.hash}`),
    });
  });

  test('takes an event that commits after a later one, and waits for nobody', async () => {
    const { chain } = await aLog(1);
    await db.owner.transaction(async (slow) => {
      await happen({ web: slow as unknown as TestDatabase['web'] }, chain, 1);
      await happen(db, chain, 2);
      expect(await chainEvents(db.scorer)).toBe(1);
      expect(await checkChain(db.scorer, chain)).toMatchObject({ head: { position: 2 }, fault: null });
    });
    expect(await chainEvents(db.web)).toBe(1);
    expect(await checkChain(db.scorer, chain)).toMatchObject({ head: { position: 3 }, fault: null });
  });

  test('is chained once by many who ask for it at once', async () => {
    const { chain } = await aLog(0);
    for (let i = 0; i < 40; i += 1) await happen(db, chain, i);
    const chained = await Promise.all([db.web, db.scorer, db.web, db.scorer, db.owner].map(chainEvents));
    expect(chained.reduce((sum, count) => sum + count)).toBe(40);
    expect(await checkChain(db.scorer, chain)).toMatchObject({ head: { position: 40 }, fault: null });
  });

  test('has no hash that the web or the scoring side could write', async () => {
    const { chain } = await aLog(1);
    const forged = sql`insert into event_chain (chain, position, event_id, hash)
      values (${chain}, 2, 1000000, decode(repeat('00', 32), 'hex'))`;
    const removed = sql`delete from unchained_events`;
    for (const role of [db.web, db.scorer]) {
      for (const act of [forged, removed]) {
        await expect(role.execute(act)).rejects.toMatchObject({ cause: { code: '42501' } });
      }
    }
    for (const act of [sql`update event_chain set position = 9`, sql`delete from event_chain`]) {
      await expect(db.owner.execute(act)).rejects.toMatchObject({ cause: { code: '42501' } });
    }
  });
});

describe('whoever goes past the triggers is found (control)', () => {
  const damages: [string, string, (ids: string[]) => string, RegExp][] = [
    [
      'alters a reason',
      'altered',
      (ids) => `update events set reason = 'other' where id = ${ids[2]}`,
      /:3:0: log-altered/,
    ],
    [
      'moves an instant by a microsecond',
      'altered',
      (ids) => `update events set at = at + interval '1 microsecond' where id = ${ids[1]}`,
      /:2:0: log-altered/,
    ],
    [
      'moves words from one field to the next',
      'altered',
      (ids) => `update events set kind = 'rules', subject = '-accepted' || subject where id = ${ids[0]}`,
      /:1:0: log-altered/,
    ],
    ['deletes an event', 'missing', (ids) => `delete from events where id = ${ids[3]}`, /:4:0: log-missing/],
    ['deletes a place', 'gap', (ids) => `delete from event_chain where event_id = ${ids[1]}`, /:2:0: log-gap/],
  ];

  test.each(damages)('%s: %s', async (_what, kind, damage, printed) => {
    const { slug, chain, ids } = await aLog(5);
    await asSuperuser(db, damage(ids));
    expect((await checkChain(db.owner, chain)).fault).toMatchObject({ kind });
    const { code, err } = await rostrum(db.ownerUrl, 'admin', 'verify', '--log', '--competition', slug);
    expect(code).toBe(1);
    expect(err).toMatch(printed);
  });

  test('inserts an event', async () => {
    const { chain, slug } = await aLog(3);
    await asSuperuser(db, `insert into events (competition_id, kind) values ('${chain}', 'rules-accepted')`);
    expect((await checkChain(db.owner, chain)).fault).toMatchObject({ kind: 'inserted' });
    const { code, err } = await rostrum(db.ownerUrl, 'admin', 'verify', '--log', '--competition', slug);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('log-inserted') });
  });

  test('deletes an event before it was chained', async () => {
    const { chain } = await aLog(3);
    await happen(db, chain, 4);
    await asSuperuser(
      db,
      `delete from events where id = (select max(id) from events where competition_id = '${chain}')`,
    );
    expect((await checkChain(db.owner, chain)).fault).toMatchObject({ kind: 'inserted' });
  });

  test('cuts off the end: by who noted a head, and by the check before', async () => {
    const { chain, slug, ids } = await aLog(5);
    // As the worker says it into its output, which is collected elsewhere.
    const noted = (await listHeads(db.scorer)).find((head) => head.chain === chain)!.hash;
    expect(noted).toBe((await findHead(db.web, chain))!.hash);
    expect((await recordCheck(db.scorer, chain)).fault).toBeNull();
    const verify = () => rostrum(db.ownerUrl, 'admin', 'verify', '--log', '--competition', slug, '--head', noted);
    expect((await verify()).code).toBe(0);
    await asSuperuser(
      db,
      `delete from events where id >= ${ids[3]} and competition_id = '${chain}'`,
      `delete from event_chain where position >= 4 and chain = '${chain}'`,
    );
    // What is left hangs together.
    expect((await checkChain(db.owner, chain)).fault).toBeNull();
    expect((await checkChain(db.owner, chain, noted)).fault).toEqual({ kind: 'head-unknown', head: noted });
    expect(await verify()).toMatchObject({ code: 1, err: expect.stringContaining('log-head-unknown') });
    expect((await recordCheck(db.scorer, chain)).fault).toMatchObject({ kind: 'head-unknown' });
    expect(await findLastCheck(db.web, chain)).toMatchObject({ fault: { kind: 'head-unknown', head: noted } });
  });

  test('--head is of one competition', async () => {
    expect((await rostrum(db.ownerUrl, 'admin', 'verify', '--log', '--head', 'a'.repeat(64))).code).toBe(2);
    expect((await rostrum(db.ownerUrl, 'admin', 'verify')).code).toBe(2);
  });
});
