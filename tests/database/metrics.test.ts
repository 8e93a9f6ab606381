import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordEvent } from '#lib/db/audit.ts';
import { recordHeartbeat } from '#lib/db/workers.ts';
import { readWebEnv } from '#lib/env.ts';
import { log } from '#lib/log.ts';
import { readFigures } from '#scoring/figures.ts';
import { aContest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { type Family, lintFamilies, parseExposition } from '../exposition.ts';
import { aServer, metricsToken, type TestServer } from '../server.ts';
import { readExpressions, selectedBy } from '../watched-metrics.ts';

/*
 * What /metrics tells, to whom, and whether those who watch ask for what there is.
 */

const root = join(import.meta.dirname, '../..');
let db: TestDatabase;
let server: TestServer;
let families: Family[];

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  server = await aServer(db);
  families = await aBusyInstallation();
});
afterAll(() => server.close());

function ask(headers: Record<string, string> = { Authorization: `Bearer ${metricsToken}` }): Promise<Response> {
  return fetch(`${server.origin}/metrics`, { headers });
}

async function read(): Promise<Family[]> {
  return parseExposition(await (await ask()).text());
}

function figureOf(families: Family[], name: string, labels: Record<string, string> = {}): number | undefined {
  const samples = families.flatMap((family) => family.samples).filter((sample) => sample.name === name);
  return samples.find((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))?.value;
}

/** Everything that there is: a scored file, a worker that tells of it, a mail that cannot be, a backup. */
async function aBusyInstallation(): Promise<Family[]> {
  const { competition, author } = await aContest(db);
  await send(db, { competition, author }, 3);
  await scoreAll(db);
  await recordHeartbeat(db.scorer, {
    id: '00000000-0000-4000-8000-000000000001',
    process: 'host:7',
    deskUrl: null,
    disk: { freeBytes: 5e11, bytes: 9e12 },
    figures: await readFigures(),
  });
  await recordEvent(db.owner, { actorId: null, kind: 'backup-made', details: {} });
  await fetch(`${server.origin}/c/${competition.slug}/board`);
  return read();
}

test('is for whoever has the token, since it counts what a freeze hides', async () => {
  const told = async (headers: Record<string, string>) => {
    const answer = await ask(headers);
    return { status: answer.status, tells: /rostrum_/.test(await answer.text()) };
  };
  const refused = { status: 401, tells: false };
  expect(await told({})).toEqual(refused);
  expect(await told({ Authorization: 'Bearer another' })).toEqual(refused);
  expect(await told({ Authorization: `Basic ${metricsToken}` })).toEqual(refused);
  expect(await told({ Authorization: `Bearer ${metricsToken}` })).toEqual({ status: 200, tells: true });
});

test('is off where others can ask and no token is set', async () => {
  const off = await aServer(db, { figuresFor: 'nobody' });
  const answer = await fetch(`${off.origin}/metrics`, { headers: { Authorization: `Bearer ${metricsToken}` } });
  expect([answer.status, await answer.text()]).toEqual([404, 'off: METRICS_TOKEN is not set\n']);
  await off.close();
});

test('is open without a token on the machine of the demo, which nobody else reaches', async () => {
  const secret = 'of a test, and as long as it has to be';
  const env = { HOST: '127.0.0.1', DATABASE_URL_WEB: 'postgres://web@127.0.0.1/rostrum', ROSTRUM_SECRET: secret };
  expect(readWebEnv({ ...env, ROSTRUM_MODE: 'demo' }).figuresFor).toBe('all');
  const reached = { ...env, ROSTRUM_MODE: 'production', ROSTRUM_URL: 'https://asr.example' };
  expect(readWebEnv(reached).figuresFor).toBe('nobody');
  expect(readWebEnv({ ...reached, METRICS_TOKEN: metricsToken }).figuresFor).toEqual({ token: metricsToken });
  const open = await aServer(db, { figuresFor: 'all' });
  const answer = await fetch(`${open.origin}/metrics`);
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('rostrum_workers 1')]);
  await open.close();
});

test('tells what there is to do and what was done, in the format and the names that Prometheus wants', () => {
  expect(lintFamilies(families.filter(({ name }) => name.startsWith('rostrum_')))).toEqual([]);
  expect(figureOf(families, 'rostrum_workers')).toBe(1);
  expect(figureOf(families, 'rostrum_submissions_waiting')).toBe(0);
  expect(figureOf(families, 'rostrum_submission_result_seconds_count', { worker: 'host:7' })).toBeGreaterThan(0);
  const done = { worker: 'host:7', kind: 'score-submission', outcome: 'done' };
  expect(figureOf(families, 'rostrum_worker_jobs_total', done)).toBeGreaterThan(0);
  expect(figureOf(families, 'rostrum_worker_disk_free_bytes', { worker: 'host:7' })).toBe(5e11);
  expect(figureOf(families, 'rostrum_last_backup_timestamp_seconds')).toBeCloseTo(Date.now() / 1000, -2);
  expect(figureOf(families, 'rostrum_database_up')).toBe(1);
  expect(figureOf(families, 'rostrum_http_requests_in_progress')).toBe(0);
});

test.skipIf(spawnSync('promtool', ['--version']).error !== undefined)('promtool finds nothing in it', async () => {
  const input = await (await ask()).text();
  const checked = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
  expect(checked.stderr.split('\n').filter((line) => /rostrum_/.test(line))).toEqual([]);
});

test.each([
  ['a sample without its family', 'rostrum_a_bytes 1\n'],
  ['a name that comes twice', '# HELP a something\n# TYPE a gauge\n# HELP a something\n# TYPE a gauge\n'],
  ['a quotation that does not end', '# HELP a something\n# TYPE a gauge\na{b="c} 1\n'],
  ['a word for a number', '# HELP a something\n# TYPE a gauge\na one\n'],
  ['a sample that comes twice', '# HELP a something\n# TYPE a gauge\na{b="c"} 1\na{b="c"} 2\n'],
  ['a last line without an end', '# HELP a something\n# TYPE a gauge\na 1'],
])('(control) Prometheus would not read %s', (_, text) => {
  expect(() => parseExposition(text)).toThrow();
});

test('(control) names and histograms against the conventions are found', () => {
  const family = (name: string, type: string, lines: string[] = []) =>
    `# HELP ${name} what it means to people\n# TYPE ${name} ${type}\n${lines.map((line) => `${line}\n`).join('')}`;
  const buckets = ['h_seconds_bucket{le="1"} 3', 'h_seconds_bucket{le="+Inf"} 2', 'h_seconds_count 2'];
  const text = [family('a', 'counter'), family('b_total', 'gauge'), family('c_milliseconds', 'gauge')].join('');
  expect(lintFamilies(parseExposition(text + family('h_seconds', 'histogram', buckets)))).toEqual([
    'a: _total is for counters, and for all of them',
    'b_total: _total is for counters, and for all of them',
    'c_milliseconds: no base unit',
    'h_seconds: its buckets do not add up',
  ]);
});

test('addresses are counted by their route, whoever asks for how many', async () => {
  const routes = async () => {
    const samples = (await read()).find(({ name }) => name === 'rostrum_http_requests_total')!.samples;
    return new Set(samples.map(({ labels }) => `${labels.method} ${labels.route}`));
  };
  const before = await routes();
  for (let i = 0; i < 30; i += 1) {
    await fetch(`${server.origin}/nothing/${i}/${'x'.repeat(i)}`);
    await fetch(`${server.origin}/api/v1/competitions/made-up-${i}/events`);
    await fetch(`${server.origin}/healthz?${i}`, { method: i % 2 ? 'PROPFIND' : 'MKCOL' }).catch(() => {});
  }
  const added = [...(await routes())].filter((route) => !before.has(route));
  expect(added.toSorted()).toEqual(['GET /api/v1/competitions/[slug]/events', 'GET unknown', 'other /healthz']);
});

test('dashboard and alerts ask for figures and labels that there are, and every figure is asked for', () => {
  const watched = readExpressions().flatMap(selectedBy);
  const known = new Map(families.flatMap(namesOf));
  expect(watched.filter(({ name, labels }) => !labels.every((label) => known.get(name)?.has(label)))).toEqual([]);
  const asked = new Set(watched.map(({ name }) => name.replace(/_bucket$/, '')));
  const ours = families.map(({ name }) => name).filter((name) => name.startsWith('rostrum_'));
  expect(ours.filter((name) => !asked.has(name))).toEqual([]);
});

/** What can be selected of a family, and by which labels; Prometheus itself adds where it read them. */
function namesOf({ name, type, samples }: Family): [string, Set<string>][] {
  const names = type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
  const labels = samples.flatMap((sample) => Object.keys(sample.labels));
  return names.map((each) => [each, new Set(['job', 'instance', ...labels])]);
}

test('(control) an expression that asks for what there is not, or is none, is found', () => {
  expect(selectedBy({ from: '', text: 'rate(rostrum_gone_total{kind="x"}[5m]) > 3' })).toEqual([
    { name: 'rostrum_gone_total', labels: ['kind'] },
  ]);
  expect(() => selectedBy({ from: '', text: 'sum by (le (rate(a[5m]))' })).toThrow('no expression');
});

test.each(['en', 'ru'])('every figure and every alert is explained in %s', (language) => {
  const page = readFileSync(join(root, `docs/${language}/operators/monitoring.md`), 'utf8');
  const ours = families.map(({ name }) => name).filter((name) => name.startsWith('rostrum_'));
  const alerts = readExpressions().flatMap(({ from }) => (from.startsWith('Rostrum') ? [from] : []));
  expect([...ours, ...alerts].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  const named = page.match(/`rostrum_\w+`/g)!.map((name) => name.slice(1, -1));
  expect(named.filter((name) => !ours.includes(name))).toEqual([]);
});
