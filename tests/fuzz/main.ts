import { parseArgs } from 'node:util';
import { type Route, routeNames, routes } from '#lib/api/routes.ts';
import { find, residentMegabytes } from '../bench/processes.ts';
import { startTestCluster } from '../cluster.ts';
import { startTestSite, type TestSite } from '../site.ts';
import { drive, type Outcome } from './drive.ts';
import { aWorld } from './world.ts';

/*
 * `npm run fuzz -- --minutes 10 [--seed N]`: asks the built product, with its worker and database, whatever the OpenAPI document
 * allows and forbids. Every answer has to be as the document says, and none may be a fault of ours.
 */

type Bound = { what: string; value: number; holds: boolean; bound: string };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } } });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 30));
  const minutes = Number(values.minutes);
  if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error('--minutes takes a number, --seed a whole number');
  console.log(`seed ${seed}, ${minutes} min`);
  const { cluster, stop } = await startTestCluster();
  const site = await startTestSite(cluster, { TRUSTED_PROXIES: '127.0.0.1' });
  try {
    const known = await aWorld(site);
    const endsAt = performance.now() + 60_000 * minutes;
    const outcome = await drive(site.origin, known, { seed, isOver: () => performance.now() > endsAt });
    report(outcome, await boundsOf(site, outcome));
  } finally {
    await site.stop();
    await stop();
  }
}

async function boundsOf(site: TestSite, outcome: Outcome): Promise<Bound[]> {
  const reached = routeNames.filter((name) => [...outcome.statuses.keys()].some((key) => key.startsWith(`${name} 20`)));
  const megabytes = residentMegabytes(find('dist/server.mjs').pid);
  const isReady = (await fetch(`${site.origin}/healthz`)).status === 200;
  return [
    {
      what: 'answers that fail (5xx, undeclared, none)',
      value: outcome.failure === null ? 0 : 1,
      holds: outcome.failure === null,
      bound: '0',
    },
    {
      what: 'routes that answered well',
      value: reached.length,
      holds: reached.length === routeNames.length,
      bound: `${routeNames.length}`,
    },
    { what: 'memory of the web process, MB', value: Math.round(megabytes), holds: megabytes < 900, bound: 'under 900' },
    { what: 'the server still answers', value: Number(isReady), holds: isReady, bound: '1' },
  ];
}

function report(outcome: Outcome, bounds: readonly Bound[]): void {
  console.log(`${outcome.asked} requests, the slowest ${(outcome.slowestMs / 1000).toFixed(1)} s`);
  for (const [key, count] of [...outcome.statuses].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`  ${key.padEnd(36)} ${count}`);
  }
  const unreached = routeNames.flatMap((name) => {
    const declared = (routes[name] as Route).answers.map(({ status }) => `${name} ${status}`);
    return declared.filter((key) => !outcome.statuses.has(key));
  });
  if (unreached.length > 0) console.log(`  never answered: ${unreached.join(', ')}`);
  if (outcome.failure !== null) console.log(outcome.failure);
  for (const { what, value, holds, bound } of bounds) {
    console.log(`${what.padEnd(48)} ${value}  (${bound}: ${holds ? 'passed' : 'failed'})`);
  }
  const failed = bounds.filter(({ holds }) => !holds).length;
  console.log(`${bounds.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
