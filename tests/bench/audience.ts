import { setTimeout as sleep } from 'node:timers/promises';
import { writeSnapshot } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import { messageOf } from '../../bin/server/events.ts';
import { aCompetition } from '../builders.ts';
import type { TestSite } from '../site.ts';
import { aSnapshotOf, publishSnapshot } from '../snapshots.ts';
import { type Figure, median, quantile } from './measure.ts';
import { find, residentMegabytes } from './processes.ts';
import { withSite } from './site.ts';
import { aHallOf, type Hall } from './viewers.ts';

const viewers = 10_000;
const comePerSecond = 1_500;
const rounds = 5;
const teams = 40;

/**
 * Ten thousand viewers of a board of forty teams, behind a proxy: when they are told, what they cost the web process, and how long
 * after it was killed all have what was committed meanwhile. The viewers share the machine, and take about as much of it.
 */
export async function audience(): Promise<Figure[]> {
  return withSite(
    async (site) => {
      const competition = await aCompetition(site.owner, { slug: 'hall' });
      const hall = aHallOf(viewers, new URL(`${site.origin}/api/v1/competitions/hall/events`), comePerSecond);
      const show = shower(site, competition, hall);
      await show(0, (1000 * viewers) / comePerSecond + 30_000);
      const delays: number[][] = [];
      for (let round = 1; round <= rounds; round += 1) {
        await sleep(2000);
        delays.push(await show(round, 30_000));
      }
      const memory = residentMegabytes(find('dist/server.mjs').pid);
      process.kill(find('dist/server.mjs').pid, 'SIGKILL');
      const back = await show(rounds + 1, 60_000);
      hall.leave();
      const figure = (what: string, value: number): Figure => ({ what, value, unit: 's' });
      return [
        { ...figure(`${viewers} viewers: commit to told, p99, median of ${rounds}`, median(delays.map(p99))), most: 2 },
        figure('commit to the last one told, median', median(delays.map((each) => Math.max(...each)))),
        { what: 'memory of the web process', value: memory, unit: 'MB', most: 300 },
        { ...figure('killed to all have what was committed then', Math.max(...back)), most: 15 },
      ];
    },
    { TRUSTED_PROXIES: '127.0.0.1' },
  );
}

const p99 = (seconds: readonly number[]) => quantile(seconds, 0.99);

/** Commits the next board and waits until everybody was told; gives the seconds that it took for each. */
function shower(site: TestSite, competition: Competition, hall: Hall) {
  return async (round: number, withinMs: number): Promise<number[]> => {
    const snapshot = aSnapshotOf(teams, round);
    const { version } = snapshot;
    const event = messageOf(`event: board\nid: ${version}\ndata: ${writeSnapshot(snapshot)}\n\n`).compressed;
    // As HTTP sends a part of an answer of unknown length.
    const news = Buffer.concat([event, Buffer.from('\r\n')]);
    await publishSnapshot(site.owner, competition.id, snapshot);
    const committed = performance.now();
    for (;;) {
      const told = hall.toldOf(news);
      if (told.length === viewers) return told.map((at) => Math.max(0, at - committed) / 1000);
      if (performance.now() - committed > withinMs) {
        throw new Error(`${told.length} of ${viewers} viewers were told of board ${version} in ${withinMs / 1000} s`);
      }
      await sleep(50);
    }
  };
}
