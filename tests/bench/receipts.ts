import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as startRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { aTeam } from '../builders.ts';
import { caller, type TestSite } from '../site.ts';
import { type Figure, quantile } from './measure.ts';
import { cpuSeconds, descendants } from './processes.ts';
import { aCompetitionOf, idOf, textsOf, withSite } from './site.ts';

const hypotheses = 1_000;
const teams = 100;
const perSecond = 50;
const warmSeconds = 5;
const seconds = 20;
const count = seconds * perSecond;

/** A request to be sent at its time, whatever has become of those before it. */
type Arrival = { url: URL; headers: Record<string, string>; body: Buffer };

/**
 * Fifty uploads a second from a hundred teams, each a file of its own of 1,000 hypotheses: from the instant at which it is due to the
 * last byte of its receipt, while the worker scores them. The peer stores the same bytes and does nothing else.
 */
export async function receipts(): Promise<Figure[]> {
  return withSite(async (site) => {
    const texts = textsOf(hypotheses);
    const competition = await aCompetitionOf(site, texts);
    const tokens: string[] = [];
    for (let i = 0; i < teams; i += 1) {
      const { people } = await aTeam(site.owner, competition);
      tokens.push((await caller(site, people[0]!)).token);
    }
    const url = new URL(`${site.origin}/api/v1/competitions/${competition.slug}/submissions?split=test`);
    const arrival = (n: number): Arrival => ({
      url,
      headers: { Authorization: `Bearer ${tokens[n % teams]}`, 'Content-Type': 'text/csv' },
      body: fileOf(texts, n),
    });
    await arrive(warmSeconds * perSecond, (n) => arrival(1_000_000 + n));
    const before = { ...busyOf(), scored: await countScored(site) };
    const begun = performance.now();
    const times = await arrive(count, arrival);
    const lasted = (performance.now() - begun) / 1000;
    const scored = (await countScored(site)) - before.scored;
    const costs = [
      ...costsSince(before, count, ['the web process', 'PostgreSQL']),
      ...costsSince(before, scored, ['the worker']),
    ];
    // The peer would share the processors with what waits to be scored.
    await site.worker.stop(3_000);
    const { bare, bareCosts } = await withBareServer(site, async (address) => {
      const beforeBare = busyOf();
      const bare = await arrive(count, (n) => ({ url: address, headers: {}, body: fileOf(texts, n) }));
      return { bare, bareCosts: costsSince(beforeBare, count, ['the peer', 'PostgreSQL']) };
    });
    return [
      {
        what: `${perSecond} uploads a second of ${(fileOf(texts, 0).length / 1000).toFixed(0)} kB: receipt, p50`,
        value: quantile(times, 0.5),
        unit: 'ms',
      },
      { what: 'receipt, p95', value: quantile(times, 0.95), unit: 'ms', most: 150 },
      { what: 'receipt, p99', value: quantile(times, 0.99), unit: 'ms' },
      { what: 'node:http and one INSERT of the same bytes, p50', value: quantile(bare, 0.5), unit: 'ms' },
      { what: 'the same, p95', value: quantile(bare, 0.95), unit: 'ms' },
      { what: 'the same, p99', value: quantile(bare, 0.99), unit: 'ms' },
      { what: 'receipt against it, p95', value: quantile(times, 0.95) / quantile(bare, 0.95), unit: '×' },
      { what: `first upload to last receipt, of ${seconds} s in which they were sent`, value: lasted, unit: 's' },
      ...costs.map(({ name, milliseconds }) => ({
        what: `processor time of ${name} for each`,
        value: milliseconds,
        unit: 'ms' as const,
      })),
      ...bareCosts.map(({ name, milliseconds }) => ({
        what: `the peer: of ${name} for each`,
        value: milliseconds,
        unit: 'ms' as const,
      })),
      { what: 'files scored by the end of the last upload', value: (100 * scored) / count, unit: '%' },
    ];
  });
}

/** Sends `count` requests at their times and waits for all. Milliseconds of each from when it was due; all have to be taken. */
async function arrive(count: number, arrival: (n: number) => Arrival): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const begun = performance.now() + 100;
  const answers: Promise<number>[] = [];
  for (let n = 0; n < count; n += 1) {
    const dueMs = begun + (1000 * n) / perSecond;
    const next = arrival(n);
    await sleep(Math.max(0, dueMs - performance.now()));
    answers.push(send(next, agent).then(() => performance.now() - dueMs));
  }
  const times = await Promise.all(answers);
  agent.destroy();
  return times;
}

function send({ url, headers, body }: Arrival, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = { method: 'POST', agent, headers: { ...headers, 'Content-Length': body.length } };
    const request = startRequest(url, sent, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
      });
      response.on('end', () => (response.statusCode === 201 ? resolve() : reject(new Error(answer))));
    });
    request.on('error', reject).end(body);
  });
}

/** The n-th file: other bytes than any other's, with an inserted word in 20 to 60 % of its lines. */
function fileOf(texts: readonly string[], n: number): Buffer {
  const lines = texts.map(
    (text, i) => `${idOf(i)},${i === 0 ? `${n} ` : ''}${(i * 31) % 100 < 20 + (n % 40) ? 'мимо ' : ''}${text}`,
  );
  return Buffer.from(`id,text\n${lines.join('\n')}\n`);
}

/** Processor seconds so far, by part of the product. */
function busyOf(): Record<string, number> {
  const sum = (part: RegExp) =>
    descendants()
      .filter(({ command }) => part.test(command))
      .reduce((total, { pid }) => total + cpuSeconds(pid), 0);
  return {
    'the web process': sum(/dist\/server\.mjs/),
    'the worker': sum(/dist\/worker\.mjs/),
    'the peer': sum(/bare-receipts/),
    PostgreSQL: sum(/\bpostgres\b/),
  };
}

type Cost = { name: string; milliseconds: number };

/** Processor time for each of `pieces` since then. */
function costsSince(before: Record<string, number>, pieces: number, names: readonly string[]): Cost[] {
  const now = busyOf();
  return names.map((name) => ({ name, milliseconds: (1000 * (now[name]! - before[name]!)) / pieces }));
}

async function countScored(site: TestSite): Promise<number> {
  const { rows } = await site.owner.execute<{ count: number }>(
    sql`select count(*)::integer as count from submissions where state = 'scored'`,
  );
  return rows[0]!.count;
}

async function withBareServer<T>(site: TestSite, use: (address: URL) => Promise<T>): Promise<T> {
  const file = join(import.meta.dirname, 'bare-receipts.ts');
  const server = fork(file, [site.urls.ownerUrl], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const [port] = await once(server, 'message');
    return await use(new URL(`http://127.0.0.1:${port}/`));
  } finally {
    server.kill();
    await once(server, 'exit');
  }
}
