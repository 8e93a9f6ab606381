import { Agent, get } from 'node:http';
import { aCompetition } from '../builders.ts';
import { aSnapshotOf, publishSnapshot } from '../snapshots.ts';
import type { Figure } from './measure.ts';
import { cpuSeconds, find } from './processes.ts';
import { withSite } from './site.ts';

const teams = 100;

/** The board page at 100 rows: what one request costs the web process, against drawing it for each request. */
export async function board(): Promise<Figure[]> {
  return withSite(async (site) => {
    const { id, slug } = await aCompetition(site.owner, { slug: 'full' });
    await publishSnapshot(site.owner, id, aSnapshotOf(teams, 0));
    const kept = await cpuPerRequest(`${site.origin}/c/${slug}/board`, 600);
    // A query makes it another page to the server: Next draws it anew.
    const drawn = await cpuPerRequest(`${site.origin}/c/${slug}/board?again`, 60);
    return [
      { what: `board page at ${teams} rows, CPU per request`, value: kept * 1000, unit: 'ms', most: 3 },
      { what: 'the same drawn by Next for each request', value: drawn * 1000, unit: 'ms' },
      { what: 'kept against drawn', value: kept / drawn, unit: '×', most: 0.5 },
    ];
  });
}

async function cpuPerRequest(url: string, requests: number): Promise<number> {
  const { pid } = find('dist/server.mjs');
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      get(url, { agent, headers: { accept: 'text/html', 'accept-encoding': 'gzip' } }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
        response.resume().on('end', resolve);
      }).on('error', reject);
    });
  for (let i = 0; i < 10; i += 1) await ask();
  const before = cpuSeconds(pid);
  const worker = async () => {
    for (let i = 0; i < requests / 4; i += 1) await ask();
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  agent.destroy();
  return (cpuSeconds(pid) - before) / requests;
}
