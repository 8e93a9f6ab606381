import { Agent, createServer, get, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createRequestMeter } from '../../bin/server/request-metrics.ts';
import { createRouteNamer } from '../../bin/server/route-names.ts';
import { type Figure, median, secondsOf } from './measure.ts';

/*
 * What it costs to count a request: against the cheapest answer there is, a word from memory over a connection that stays.
 */

const root = join(import.meta.dirname, '../..');
const rounds = 21;
const perRound = 500;
const path = '/organise/open/desk/labels';

export async function metering(): Promise<Figure[]> {
  const meter = createRequestMeter(new Registry(), createRouteNamer(root, ''), () => 0);
  const bare: RequestListener = (_, response) => response.end('ok\n');
  const counted: RequestListener = (request, response) => {
    meter.begin(request, response);
    bare(request, response);
  };
  const servers = { bare: await listen(bare), counted: await listen(counted) };
  const times: Record<keyof typeof servers, number[]> = { bare: [], counted: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of ['bare', 'counted'] as const) {
      const seconds = await secondsOf(() => askOften(servers[name]));
      // The first warms up.
      if (round > 0) times[name].push(seconds);
    }
  }
  for (const server of Object.values(servers)) server.close();
  const [without, counting] = [median(times.bare), median(times.counted)];
  return [
    { what: 'the cheapest answer, counted against not', value: counting / without, unit: '×', most: 1.3 },
    { what: 'to count one', value: ((counting - without) / perRound) * 1000, unit: 'ms' },
  ];
}

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function askOften(server: Server): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent }, (response) => response.resume().on('end', resolve)).on(
        'error',
        reject,
      );
    });
  for (let i = 0; i < perRound; i += 1) await ask();
  agent.destroy();
}
