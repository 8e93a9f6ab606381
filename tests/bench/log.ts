import { sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { chainEvents, checkChain } from '#lib/db/log-chain.ts';
import { aCompetition } from '../builders.ts';
import { createTestDatabase, startTestCluster } from '../cluster.ts';
import { type Figure, median, secondsOf } from './measure.ts';

const writers = 16;
const rounds = 5;
const eventsARound = 800;
const longLog = 50_000;

/** What the chain of the log costs who writes events of one competition at once, and what it costs to make and to check. */
export async function log(): Promise<Figure[]> {
  const { cluster, stop } = await startTestCluster('durable');
  const urls = await createTestDatabase(cluster);
  const owner = openDatabase(urls.ownerUrl);
  const web = openDatabase(urls.webUrl, { name: 'bench', connections: writers });
  try {
    const { id } = await aCompetition(owner);
    const times = { plain: [] as number[], chained: [] as number[], locked: [] as number[] };
    const trigger = (state: 'enable' | 'disable') =>
      owner.execute(sql.raw(`alter table events ${state} trigger events_are_to_be_chained`));
    for (let round = 0; round < rounds; round += 1) {
      times.chained.push(await write(web, id, false));
      await trigger('disable');
      times.plain.push(await write(web, id, false));
      times.locked.push(await write(web, id, true));
      await trigger('enable');
    }
    const of = (values: number[]) => (1000 * median(values)) / eventsARound;
    const { chain, check } = await longTimes(owner);
    return [
      { what: `an event of ${writers} writers at once, without a chain`, value: of(times.plain), unit: 'ms' },
      { what: 'the same, to be chained after the commit', value: of(times.chained), unit: 'ms' },
      {
        what: 'chained after the commit against without',
        value: of(times.chained) / of(times.plain),
        unit: '×',
        most: 2,
      },
      {
        what: 'one after another, as a chain within the transaction needs',
        value: of(times.locked) / of(times.plain),
        unit: '×',
      },
      { what: `chain ${longLog} events`, value: chain, unit: 's', most: 20 },
      { what: `check a chain of ${longLog} events`, value: check, unit: 's', most: 10 },
    ];
  } finally {
    await Promise.all([owner.$client.end(), web.$client.end()]);
    await stop();
  }
}

/** Seconds. Each event is a transaction of its own; `locked`: under the lock that its hash would need to the commit. */
async function write(web: Database, competitionId: string, locked: boolean): Promise<number> {
  let left = eventsARound;
  const writer = async () => {
    while (left > 0) {
      left -= 1;
      await web.transaction(async (tx) => {
        if (locked) await tx.execute(sql`select pg_advisory_xact_lock(1)`);
        await recordEvent(tx, { actorId: null, competitionId, kind: 'rules-accepted', details: { rulesVersion: 1 } });
      });
    }
  };
  return secondsOf(() => Promise.all(Array.from({ length: writers }, writer)));
}

async function longTimes(owner: Database): Promise<{ chain: number; check: number }> {
  const { id } = await aCompetition(owner);
  await chainEvents(owner);
  await owner.execute(sql`
    insert into events (competition_id, kind, subject, details)
    select ${id}, 'rules-accepted', gen_random_uuid()::text, '{"rulesVersion": 1}' from generate_series(1, ${longLog})`);
  const chain = await secondsOf(() => chainEvents(owner));
  const check = await secondsOf(async () => {
    const { fault } = await checkChain(owner, id);
    if (fault !== null) throw new Error(`the chain is broken: ${JSON.stringify(fault)}`);
  });
  return { chain, check };
}
