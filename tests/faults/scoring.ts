import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { median } from '../bench/measure.ts';
import { find } from '../bench/processes.ts';
import { withSite } from '../bench/site.ts';
import { aCompetition, aTestSplit } from '../builders.ts';
import type { Acknowledged } from '../invariants.ts';
import type { Report } from '../report.ts';
import type { TestSite } from '../site.ts';
import { aWorker, eventually } from '../workers.ts';
import { anEntrant, handInFile, reportInvariants } from './entrants.ts';

/*
 * Faults of the scoring side: a worker that stands still amid a result and wakes up later, jobs that come twice, and files that are as hard
 * to score as a file may be.
 */

export async function reportScoring(report: Report): Promise<void> {
  await withSite(async (site) => {
    await deliverTwice(site, report);
    await overload(site, report);
    await stopWorker(site, report);
  });
}

async function aContestOn({ owner }: TestSite): Promise<Competition> {
  return aTestSplit(owner, await aCompetition(owner, { dailyQuota: 100 }));
}

async function statesOf({ owner }: TestSite, { id }: Competition): Promise<string[]> {
  const { rows } = await owner.execute<{ state: string }>(sql`
    select state from submissions where competition_id = ${id} order by sequence`);
  return rows.map(({ state }) => state);
}

/** All jobs of files that have been scored come once more, as from a queue that forgot. */
async function deliverTwice(site: TestSite, report: Report): Promise<void> {
  const competition = await aContestOn(site);
  const entrant = await anEntrant(site.owner, site.origin, competition);
  const acknowledged: Acknowledged[] = [];
  for (let i = 0; i < 10; i += 1) acknowledged.push(await handInFile(entrant, competition));
  await eventually(60, async () => (await statesOf(site, competition)).every((state) => state === 'scored'));
  const again = await site.owner.execute(sql`
    update pgboss.job set state = 'created', start_after = now(), completed_on = null, started_on = null
    where name = 'score-submission' and state = 'completed'`);
  await eventually(60, async () => {
    const { rows } = await site.owner.execute<{ left: number }>(sql`
      select count(*)::integer as left from pgboss.job where name = 'score-submission' and state < 'completed'`);
    return rows[0]?.left === 0;
  });
  report.atLeast('jobs that were delivered twice', again.rowCount ?? 0, 1, 'jobs');
  await reportInvariants(report, 'duplicate delivery', site.owner, competition, acknowledged);
}

const hardWords = 100_000;
const rounds = 15;

/** One utterance of two and a half hours, all of whose words are the same: the worst there is for an aligner. */
async function overload(site: TestSite, report: Report): Promise<void> {
  const word = 'раз';
  const reference = Array(hardWords).fill(word).join(' ');
  const hard = await aCompetition(site.owner, { dailyQuota: 100 });
  const competition = await aTestSplit(site.owner, hard, [
    { id: 'long', reference, fold: 'public' },
    { id: 'short', reference: word, fold: 'private' },
  ]);
  await site.owner.execute(sql`update utterances set seconds = 9000 where competition_id = ${hard.id}`);
  const neighbour = await aContestOn(site);
  const one = await anEntrant(site.owner, site.origin, neighbour);
  const scoreOne = async () => {
    const { receipt, answeredAt } = await handInFile(one, neighbour);
    await eventually(120, async () => {
      const { rows } = await site.owner.execute(
        sql`select from submissions where id = ${receipt.id} and state = 'scored'`,
      );
      return rows.length === 1;
    });
    return Date.now() - answeredAt.getTime();
  };
  const alone: number[] = [];
  for (let i = 0; i < rounds; i += 1) alone.push(await scoreOne());
  const acknowledged: Acknowledged[] = [];
  const hardFrom = Date.now();
  for (let i = 0; i < 6; i += 1) {
    const text = Array.from({ length: hardWords }, (_, k) => (i % 2 === 0 || k % 2 === 0 ? word : 'два')).join(' ');
    const hardOne = await anEntrant(site.owner, site.origin, competition);
    const body = Buffer.from(`id,text\nlong,${text}\nshort,${word} ${i}\n`);
    acknowledged.push(await handInFile(hardOne, competition, body));
  }
  const beside: number[] = [];
  for (let i = 0; i < rounds; i += 1) beside.push(await scoreOne());
  const states = await eventually(280, async () => {
    const all = await statesOf(site, competition);
    return all.every((state) => state === 'scored' || state === 'failed') && all;
  });
  const hardest = (await lastFinishOf(site, competition)) - hardFrom;
  report.atLeast(
    '(control) scorer overload: until the last of them ended, against one alone',
    hardest / median(alone),
    5,
    '×',
  );
  const scored = states.filter((state) => state === 'scored').length;
  console.log(
    `  hypotheses of ${hardWords} words: ${scored} scored, ${states.length - scored} over the limits; a neighbour alone ` +
      `${median(alone)} ms, beside them ${median(beside)} ms`,
  );
  report.atMost(
    'scorer overload: a neighbour’s score beside them against alone',
    median(beside) / median(alone),
    2,
    '×',
  );
  await reportInvariants(report, 'scorer overload', site.owner, competition, acknowledged);
}

/** In milliseconds since 1970. */
async function lastFinishOf({ owner }: TestSite, { id }: Competition): Promise<number> {
  const { rows } = await owner.execute<{ at: string }>(sql`
    select max(finished_at) as at from submissions where competition_id = ${id}`);
  return Date.parse(rows[0]!.at);
}

/** Stopped with the competition's lock in its hand, which is the worst moment; another worker is there. */
async function stopWorker(site: TestSite, report: Report): Promise<void> {
  const competition = await aContestOn(site);
  const entrant = await anEntrant(site.owner, site.origin, competition);
  const { pid } = find('dist/worker.mjs');
  let release = () => {};
  const held = site.owner.transaction(async (tx) => {
    await tx.execute(sql`select from competitions where id = ${competition.id} for no key update`);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  });
  const acknowledged = [await handInFile(entrant, competition)];
  await eventually(30, async () => (await statesOf(site, competition))[0] === 'scoring');
  // Until the worker waits for the lock.
  await sleep(1000);
  process.kill(pid, 'SIGSTOP');
  const stoppedAt = Date.now();
  release();
  await held;
  const other = await aWorker({ scorerUrl: site.urls.scorerUrl });
  try {
    await eventually(600, async () => (await statesOf(site, competition))[0] === 'scored');
    report.atMost('a stopped worker’s file is scored by another one after', (Date.now() - stoppedAt) / 1000, 300, 's');
    process.kill(pid, 'SIGCONT');
    // It finds its connection cut off, or its claim gone.
    await sleep(5000);
    await reportInvariants(report, 'zombie worker', site.owner, competition, acknowledged);
  } finally {
    process.kill(pid, 'SIGCONT');
    await other.stop();
  }
}
