import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { createRandom, drawBelow } from '#scoring/statistics/random.ts';
import type { Server } from '../../bin/client/server.ts';
import { quantile } from '../bench/measure.ts';
import { withSite } from '../bench/site.ts';
import { aHallOf } from '../bench/viewers.ts';
import { aCompetition, aTestSplit } from '../builders.ts';
import { type Acknowledged, findViolations } from '../invariants.ts';
import type { Report } from '../report.ts';
import type { TestSite } from '../site.ts';
import { metricsToken } from '../stack.ts';
import { anEntrant, handInFile } from './entrants.ts';

/*
 * The last minute before the close: five hundred teams send a megabyte each, at random instants of it, and some a moment too late, while
 * a thousand people watch the board. Senders and viewers share the machine with the product.
 */

const teams = 500;
const tooLate = 20;
const viewers = 1000;
const lastSeconds = 60;
const utterances = 7_400;
const drainLimitMs = 300_000;

type Planned = { server: Server; body: Buffer; atMs: number };
type Sent = { acknowledged: Acknowledged[]; seconds: number[]; refused: string[]; again: number };

export async function reportBurst(report: Report, seed: number): Promise<void> {
  await withSite(
    async (site) => {
      const { competition, entrants } = await prepare(site, seed);
      const hall = aHallOf(viewers, new URL(`${site.origin}/api/v1/competitions/burst/events`), 500);
      await sleep(3000);
      const closesAt = await openLastMinute(site, competition);
      const sent = await sendAll(entrants, competition, closesAt.getTime() - lastSeconds * 1000);
      const drained = await secondsToDrain(site, competition, closesAt);
      const figures = await readFigures(site);
      hall.leave();
      const closed = { ...competition, submissionsEndAt: closesAt };
      const violations = await findViolations(site.owner, closed, sent.acknowledged);
      for (const { invariant, problem } of violations.slice(0, 10)) console.log(`  ${invariant}: ${problem}`);
      for (const refusal of sent.refused.slice(0, 10)) console.log(`  ${refusal}`);
      const late = sent.acknowledged.filter(({ receipt }) => receipt.late).length;
      const megabytes = entrants[0]!.body.length / 1e6;
      console.log(
        `  ${teams + tooLate} files of ${megabytes.toFixed(2)} MB, ${late} late, median ${quantile(sent.seconds, 0.5).toFixed(2)} s`,
      );
      report.atLeast('files with a receipt', sent.acknowledged.length, teams + tooLate, 'files');
      report.atMost('invariants that do not hold, lateness among them', violations.length, 0, 'violations');
      report.atMost('from the first byte sent to the receipt, p99', quantile(sent.seconds, 0.99), 3, 's');
      report.atMost('all that was in time is scored after the close by', drained, 120, 's');
      report.atMost(
        'answers of 5xx',
        sumOf(figures, /^rostrum_http_requests_total\{.*code="5..".*\} (\d+)$/gm) + sent.again,
        0,
        'answers',
      );
      report.atLeast('viewers still there', sumOf(figures, /^rostrum_event_streams (\d+)$/gm), viewers, 'viewers');
    },
    { TRUSTED_PROXIES: '127.0.0.1' },
  );
}

async function prepare(site: TestSite, seed: number): Promise<{ competition: Competition; entrants: Planned[] }> {
  const random = createRandom(seed);
  const words = ['раз', 'два', 'три', 'четыре', 'пять', 'шесть', 'семь', 'восемь', 'девять', 'десять'];
  const split = Array.from({ length: utterances }, (_, i) => ({
    id: `u${String(i).padStart(6, '0')}`,
    reference: Array.from({ length: 14 }, () => words[drawBelow(random, words.length)]).join(' '),
    fold: i % 2 === 0 ? ('public' as const) : ('private' as const),
  }));
  const competition = await aTestSplit(site.owner, await aCompetition(site.owner, { slug: 'burst' }), split);
  const lines = split.map(({ id, reference }) => `${id},${reference}`);
  const entrants: Planned[] = [];
  for (let i = 0; i < teams + tooLate; i += 1) {
    const { server } = await anEntrant(site.owner, site.origin, competition);
    const own = lines.with(0, `${lines[0]} команда ${i}`);
    entrants.push({
      server,
      body: Buffer.from(`id,text\n${own.join('\n')}\n`),
      atMs: i < teams ? drawBelow(random, lastSeconds * 1000) : lastSeconds * 1000 + 1 + drawBelow(random, 3000),
    });
  }
  return { competition, entrants };
}

/** The close is a minute from now, by the database's clock. */
async function openLastMinute({ owner }: TestSite, { id }: Competition): Promise<Date> {
  const { rows } = await owner.execute<{ at: string }>(sql`
    update competitions set submissions_end_at = date_trunc('milliseconds', clock_timestamp())
      + make_interval(secs => ${lastSeconds + 1}) where id = ${id} returning submissions_end_at as at`);
  return new Date(rows[0]!.at);
}

async function sendAll(entrants: readonly Planned[], competition: Competition, begunMs: number): Promise<Sent> {
  const sent: Sent = { acknowledged: [], seconds: [], refused: [], again: 0 };
  await Promise.all(
    entrants.map(async ({ server, body, atMs }) => {
      await sleep(Math.max(0, begunMs + atMs - Date.now()));
      server.onWaiting = () => {
        sent.again += 1;
      };
      try {
        const acknowledged = await handInFile({ server }, competition, body);
        sent.acknowledged.push(acknowledged);
        sent.seconds.push((acknowledged.answeredAt.getTime() - acknowledged.sentAt.getTime()) / 1000);
      } catch (error) {
        sent.refused.push(String(error));
      }
      server.close();
    }),
  );
  return sent;
}

async function secondsToDrain({ owner }: TestSite, { id }: Competition, closesAt: Date): Promise<number> {
  for (;;) {
    const { rows } = await owner.execute<{ left: number }>(sql`
      select count(*)::integer as left from submissions
      where competition_id = ${id} and not late and state in ('queued', 'scoring')`);
    const seconds = (Date.now() - closesAt.getTime()) / 1000;
    if (rows[0]?.left === 0 || seconds * 1000 > drainLimitMs) return seconds;
    await sleep(100);
  }
}

async function readFigures(site: TestSite): Promise<string> {
  const headers = { Authorization: `Bearer ${metricsToken}` };
  return (await fetch(`${site.origin}/metrics`, { headers })).text();
}

/** Of all that `pattern` finds. */
function sumOf(figures: string, pattern: RegExp): number {
  return [...figures.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
}
