import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSnapshot } from '#lib/board.ts';
import { aCompetition } from '../builders.ts';
import { aSnapshotOf, publishSnapshot } from '../snapshots.ts';
import { type Figure, median } from './measure.ts';
import { find, residentMegabytes } from './processes.ts';
import { withSite } from './site.ts';

export const viewers = 1000;
const teams = 100;
const rounds = 5;

/** A thousand viewers of one board: when the last of them is told, against a bare node:http server that writes the same bytes. */
export async function events(): Promise<Figure[]> {
  return withSite(async (site) => {
    const competition = await aCompetition(site.owner, { slug: 'full' });
    await publishSnapshot(site.owner, competition.id, aSnapshotOf(teams, 0));
    const { pid } = find('dist/server.mjs');
    const before = residentMegabytes(pid);
    const hall = await aHall(`${site.origin}/api/v1/competitions/full/events`);
    const told: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // At most one event a second goes out: the next is not held back.
      await sleep(1200);
      told.push(await hall.lastTold(() => publishSnapshot(site.owner, competition.id, aSnapshotOf(teams, round + 1))));
    }
    const grown = residentMegabytes(pid) - before;
    hall.leave();
    const bare = await bareBroadcast();
    return [
      {
        what: `${viewers} viewers: change committed to the last one told, median`,
        value: median(told),
        unit: 's',
        most: 0.5,
      },
      { what: 'the same from a bare node:http server', value: bare, unit: 's' },
      { what: 'ours against the bare one', value: median(told) / bare, unit: '×' },
      { what: `memory that ${viewers} viewers cost the web process`, value: grown, unit: 'MB' },
    ];
  });
}

export type Hall = { lastTold(act: () => Promise<void> | void): Promise<number>; leave(): void };

/** Viewers who have all been told the first of a kind. `lastTold` is the time from the end of `act` to the last one's next event. */
export async function aHall(url: string, kind: 'board' | 'reveal' = 'board'): Promise<Hall> {
  let waiting = 0;
  let allTold = () => {};
  const requests = await Promise.all(
    Array.from({ length: viewers }, async (_, i) => {
      await sleep(Math.floor(i / 100) * 50);
      return new Promise<ReturnType<typeof get>>((resolve, reject) => {
        let tail = '';
        const request = get(url, { agent: false, headers: { accept: 'text/event-stream' } }, (response) => {
          response.setEncoding('utf8').on('data', (text: string) => {
            // Its name comes once per event, and may be cut in two by the network.
            tail = `${tail}${text}`.slice(-text.length - 40);
            if (!tail.includes(`event: ${kind}`)) return;
            tail = '';
            resolve(request);
            waiting -= 1;
            if (waiting === 0) allTold();
          });
        }).on('error', reject);
      });
    }),
  );
  await sleep(1000);
  return {
    async lastTold(act) {
      waiting = viewers;
      const told = new Promise<void>((resolve) => {
        allTold = resolve;
      });
      await act();
      const begun = performance.now();
      await told;
      return (performance.now() - begun) / 1000;
    },
    leave() {
      for (const request of requests) request.on('error', () => {}).destroy();
    },
  };
}

async function bareBroadcast(): Promise<number> {
  const responses = new Set<ServerResponse>();
  const event = Buffer.from(`id: 1\nevent: board\ndata: ${writeSnapshot(aSnapshotOf(teams, 0))}\n\n`);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(event);
    responses.add(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hall = await aHall(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    seconds.push(
      await hall.lastTold(() => {
        setImmediate(() => {
          for (const response of responses) response.write(event);
        });
      }),
    );
  }
  hall.leave();
  server.closeAllConnections();
  server.close();
  return median(seconds);
}
