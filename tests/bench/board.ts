import { Agent, get } from 'node:http';
import { type BoardRow, writeSnapshot } from '#lib/board.ts';
import { boardSnapshots } from '#lib/db/schema.ts';
import { aCompetition } from '../builders.ts';
import type { TestSite } from '../site.ts';
import type { Figure } from './measure.ts';
import { cpuSeconds, find } from './processes.ts';
import { withSite } from './site.ts';

const teams = 100;

/** The board page at 100 rows: what one request costs the web process, against drawing it for each request. */
export async function board(): Promise<Figure[]> {
  return withSite(async (site) => {
    const slug = await aFullBoard(site);
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

/** A published competition whose newest snapshot has a hundred teams. */
export async function aFullBoard(site: TestSite): Promise<string> {
  const competition = await aCompetition(site.owner, { slug: 'full' });
  await site.owner.insert(boardSnapshots).values({ competitionId: competition.id, version: 1, body: fullSnapshot(1) });
  return competition.slug;
}

export function fullSnapshot(version: number): string {
  const at = new Date().toISOString();
  const rows = Array.from({ length: teams }, (_, i): BoardRow => {
    const wer = Math.round(80 + i * 4.1) / 1000;
    return {
      rank: i + 1,
      team: `Команда номер ${i + 1}`,
      isBaseline: false,
      wer,
      interval: [wer - 0.012, wer + 0.013],
      tied: null,
      entries: (i % 30) + 1,
      lastAt: at,
      change: i % 3 === 0 ? -0.004 : null,
      history: Array.from(
        { length: 8 },
        (_unused, k) => [new Date(Date.now() - (9 - k) * 86_400_000).toISOString(), wer + (8 - k) * 0.01] as const,
      ),
      teamId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      kind: 'team',
      isGuest: false,
      isDemo: false,
      members: (i % 4) + 1,
    };
  });
  return writeSnapshot({ version, at, frozen: false, ties: null, rows });
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
