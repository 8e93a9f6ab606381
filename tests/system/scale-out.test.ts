import { createHash } from 'node:crypto';
import { request as startRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { listImports } from '#lib/db/imports.ts';
import { listSessions, revokeSession } from '#lib/db/sessions.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, aUser, tenUtterances } from '../builders.ts';
import { startTestCluster } from '../cluster.ts';
import { type Fleet, type FleetProcess, type FleetWeb, startFleet } from '../fleet.ts';
import { hasPrometheus, startPrometheus } from '../prometheus.ts';
import { startS3, type TestS3 } from '../s3.ts';
import { follow } from '../server.ts';
import { sessionCookie } from '../session.ts';
import { caller } from '../site.ts';
import { metricsToken } from '../stack.ts';
import { asGrafanaAsks, readPanels } from '../watched-metrics.ts';
import { aWav, samples16 } from '../wav-files.ts';
import { eventually } from '../workers.ts';
import { aZip } from '../zip-files.ts';

/*
 * Two web processes and two workers on one PostgreSQL and one S3-compatible server, with no folder in common, as several machines run
 * them. Whatever is asked of one has to hold for the other.
 */

let s3: TestS3;
let fleet: Fleet;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  s3 = await startS3();
  closing.push(s3.stop);
  const { cluster, stop } = await startTestCluster();
  closing.push(stop);
  fleet = await startFleet(cluster, s3.place, { webs: 2, workers: 2 });
  closing.push(fleet.stop);
  await Promise.all([...fleet.webs, ...fleet.workers].map((one) => one.start()));
}, 120_000);

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

const web = (i: number) => fleet.webs[i % 2]!;

/** Other bytes than any other's, with so many wrong words. */
const fileOf = (n: number, wrong = 3) => `${aPredictionsFile(tenUtterances, wrong)}`.replace(/\n$/, ` x${n}\n`);

async function openCompetition(given: Parameters<typeof aCompetition>[1]): Promise<Competition> {
  return aTestSplit(fleet.owner, await aCompetition(fleet.owner, given));
}

async function tokenOf(competition: Competition): Promise<string> {
  const { people } = await aTeam(fleet.owner, competition);
  return (await caller(fleet.siteOf(web(0)), people[0]!)).token;
}

function upload(to: FleetWeb, slug: string, token: string, body: string, key?: string): Promise<Response> {
  return fetch(`${to.origin}/api/v1/competitions/${slug}/submissions?split=test`, {
    method: 'POST',
    body,
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'text/csv',
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    },
  });
}

const boardOf = async (of: FleetWeb, slug: string) =>
  (await (await fetch(`${of.origin}/api/v1/competitions/${slug}/leaderboard`)).json()) as {
    version: number;
    rows: { team: string; entries: number }[];
  };

test('an archive that comes in parts to one web and the other is imported by a worker, and both give it out', async () => {
  const competition = await aCompetition(fleet.owner, { slug: 'data' });
  const organiser = await aUser(fleet.owner);
  await grantRole(fleet.owner, competition.id, organiser.id, 'organiser', { actorId: null });
  const { token } = await caller(fleet.siteOf(web(0)), organiser);
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' };
  const ask = (i: number, path: string, init: RequestInit) =>
    fetch(`${web(i).origin}/organise/data/archives${path}`, { headers, ...init });
  const sound = aWav({ data: samples16(Array.from({ length: 80_000 }, (_, i) => ((i * 7) % 20_011) - 10_000)) });
  const archive = aZip([
    { name: 'manifest.csv', content: 'id,audio,text,split\nu1,1.wav,с добрым утром,train\n' },
    { name: '1.wav', content: sound },
  ]);
  const { id } = await (await ask(0, `?file=speech.zip&bytes=${archive.length}`, { method: 'POST' })).json();
  for (const [i, at] of [0, 100_000].entries()) {
    const body = archive.subarray(at, i === 0 ? 100_000 : undefined) as BodyInit;
    expect((await ask(i, `/${id}?offset=${at}`, { method: 'PUT', body })).status).toBe(200);
  }
  expect((await ask(1, `/${id}`, { method: 'POST' })).status).toBe(201);
  const done = await eventually(30, async () => {
    const [newest] = await listImports(fleet.owner, competition.id);
    return newest !== undefined && ['done', 'failed'].includes(newest.state) && newest;
  });
  expect(done).toMatchObject({ state: 'done', report: { copied: 1 } });
  const member = await tokenOf(competition);
  const url = '/api/v1/competitions/data/data/files/train/u1';
  const given = await Promise.all(
    fleet.webs.map(({ origin }) => fetch(origin + url, { headers: { Authorization: `Bearer ${member}` } })),
  );
  for (const answer of given) {
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(createHash('sha256').update(sound).digest('hex'));
  }
  const part = await fetch(web(1).origin + url, {
    headers: { Authorization: `Bearer ${member}`, Range: 'bytes=40-47' },
  });
  expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, Buffer.from(sound.subarray(40, 48))]);
});

test('of 200 uploads at once over both webs exactly the five that a day allows are taken', async () => {
  const competition = await openCompetition({ slug: 'quota', dailyQuota: 5 });
  const token = await tokenOf(competition);
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => upload(web(i), 'quota', token, fileOf(i))));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  // They wait for one row; who has waited ten seconds for a connection is told to come again.
  expect([count(201), count(429) + count(503)]).toEqual([5, 195]);
});

test('a session that is ended on one web is ended on the other, and wrong passwords are counted together', async () => {
  const user = await aUser(fleet.owner);
  const cookie = await sessionCookie(fleet.siteOf(web(0)), fleet.owner, user.id);
  const account = (of: FleetWeb) => fetch(`${of.origin}/account`, { headers: cookie, redirect: 'manual' });
  expect((await Promise.all(fleet.webs.map(account))).map(({ status }) => status)).toEqual([200, 200]);
  const [session] = await listSessions(fleet.owner, user.id);
  await revokeSession(fleet.owner, user.id, session!.id);
  for (const { status } of await Promise.all(fleet.webs.map(account))) expect(status).not.toBe(200);
  // A network may try 200 tokens that do not exist, over both webs together.
  const wrong = await Promise.all(
    Array.from({ length: 240 }, (_, i) => upload(web(i), 'quota', `rst_wrong${i}`, fileOf(i))),
  );
  const count = (status: number) => wrong.filter((answer) => answer.status === status).length;
  expect([count(401), count(429)]).toEqual([200, 40]);
});

test('a web and a worker, then the other two, are killed while people upload and watch: nothing is lost', async () => {
  const competition = await openCompetition({ slug: 'crash', dailyQuota: 1000 });
  const tokens = await Promise.all(Array.from({ length: 6 }, () => tokenOf(competition)));
  const acknowledged = new Map<string, string>();
  let isOver = false;
  let n = 0;
  // As a client does it: the same key again, and the other web where this one is gone.
  const client = async (token: string) => {
    while (!isOver) {
      n += 1;
      const key = `file-${n}`;
      const body = fileOf(n, n % 9);
      for (let to = n; ; to += 1) {
        const answer = await upload(web(to), 'crash', token, body, key).catch(() => null);
        const receipt = answer?.status === 201 ? await answer.json().catch(() => null) : null;
        if (receipt !== null) {
          acknowledged.set(receipt.id, key);
          break;
        }
        await sleep(50);
      }
      await sleep(20);
    }
  };
  const clients = tokens.map(client);
  const moreThan = (count: number) => eventually(60, async () => acknowledged.size > count);
  await moreThan(10);
  for (const i of [0, 1]) {
    const killed = [fleet.webs[i]!, fleet.workers[i]!];
    await Promise.all(killed.map((one) => one.kill()));
    // The others go on alone.
    await moreThan(acknowledged.size + 10);
    await Promise.all(killed.map((one) => one.start()));
    await moreThan(acknowledged.size + 5);
  }
  const viewers = await Promise.all(fleet.webs.map(({ origin }) => follow(origin, competition)));
  isOver = true;
  await Promise.all(clients);
  const states = async () =>
    (
      await fleet.owner.execute<{ id: string; state: string; scores: number }>(sql`
      select s.id, s.state, (select count(*)::int from published_scores p where p.submission_id = s.id) as scores
      from submissions s where s.competition_id = ${competition.id}`)
    ).rows;
  // What a killed worker had begun is another's when its lease of 15 s is over.
  const rows = await eventually(60, async () => {
    const now = await states();
    return now.every(({ state }) => state === 'scored') && now;
  });
  // Keys were repeated after every break: as many rows as receipts, each receipt has its row, each row one score.
  expect(rows.map(({ id }) => id).sort()).toEqual([...acknowledged.keys()].sort());
  expect(new Set(acknowledged.values()).size).toBe(acknowledged.size);
  expect(rows.filter(({ scores }) => scores !== 1)).toEqual([]);
  // Every entry is on the board of either web, and its news has come to who watched either.
  const full = (board: { rows: { entries: number }[] }) =>
    board.rows.reduce((sum, { entries }) => sum + entries, 0) === rows.length;
  for (const of of fleet.webs) await eventually(30, async () => full(await boardOf(of, 'crash')));
  for (const { events } of viewers) {
    await eventually(30, async () => {
      const newest = events.findLast(({ name }) => name === 'board');
      return newest !== undefined && full(JSON.parse(newest.data));
    });
  }
  for (const viewer of viewers) viewer.close();
}, 180_000);

test('a page that each web keeps made is made anew on both when the board changes', async () => {
  const competition = await openCompetition({ slug: 'kept' });
  const page = (of: FleetWeb) => fetch(`${of.origin}/c/kept/board`).then((answer) => answer.text());
  await Promise.all(fleet.webs.map(page));
  const { team, people } = await aTeam(fleet.owner, competition);
  for (const text of await Promise.all(fleet.webs.map(page))) expect(text).not.toContain(team.name);
  const { token } = await caller(fleet.siteOf(web(0)), people[0]!);
  expect((await upload(web(0), 'kept', token, fileOf(0))).status).toBe(201);
  for (const of of fleet.webs) await eventually(30, async () => (await page(of)).includes(team.name));
});

/** What becomes of an upload whose end is sent only once its web, told to stop, has closed its door. */
async function uploadAtTheEnd(of: FleetWeb, competition: Competition, token: string, n: number) {
  const body = Buffer.from(fileOf(n));
  const request = startRequest(`${of.origin}/api/v1/competitions/${competition.slug}/submissions?split=test`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv', 'Content-Length': body.length },
  });
  const answered = new Promise<number | string | undefined>((resolve) => {
    request.on('response', ({ statusCode }) => resolve(statusCode));
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  request.write(body.subarray(0, 10));
  await eventually(30, async () => (await underWay(of)) > 0);
  const viewer = await follow(of.origin, competition);
  const code = of.terminate();
  await eventually(30, async () => viewer.isEnded());
  request.end(body.subarray(10));
  return { answered: await answered, code: await code };
}

async function underWay({ origin }: FleetWeb): Promise<number> {
  const headers = { Authorization: `Bearer ${metricsToken}` };
  const text = await (await fetch(`${origin}/metrics`, { headers })).text();
  return Number(/^rostrum_http_requests_in_progress (\d+)$/m.exec(text)?.[1]);
}

test('an upload under way when its web is told to stop gets its receipt; (control) without that time it is lost', async () => {
  const competition = await openCompetition({ slug: 'drain', dailyQuota: 10 });
  const token = await tokenOf(competition);
  const of = web(0);
  await of.kill();
  await of.start({ DRAIN_SECONDS: '120' });
  expect(await uploadAtTheEnd(of, competition, token, 1)).toEqual({ answered: 201, code: 0 });
  await of.start({ DRAIN_SECONDS: '0' });
  const { answered } = await uploadAtTheEnd(of, competition, token, 2);
  expect(answered).not.toBe(201);
  const { rows } = await fleet.owner.execute(
    sql`select count(*)::int as count from submissions where competition_id = ${competition.id}`,
  );
  expect(rows).toEqual([{ count: 1 }]);
  await of.start();
});

/** The lines of these processes in which all of `said` stands. */
function linesOf(processes: readonly FleetProcess[], said: Record<string, unknown>): Record<string, unknown>[] {
  const lines = processes.flatMap((one) => one.log().split('\n')).filter((line) => line.startsWith('{'));
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => Object.entries(said).every(([key, value]) => line[key] === value));
}

test('the id of an upload’s answer leads to the lines of the web, and from there to those of the worker that scored it', async () => {
  const competition = await openCompetition({ slug: 'logged' });
  const answer = await upload(web(0), 'logged', await tokenOf(competition), fileOf(1));
  const requestId = answer.headers.get('x-request-id');
  const { id: submissionId } = await answer.json();
  const received = await eventually(30, async () => linesOf(fleet.webs, { requestId })[0]);
  expect(received).toMatchObject({ submissionId, msg: 'submission received' });
  await eventually(30, async () => linesOf(fleet.workers, { submissionId, msg: 'submission scored' }).length === 1);
});

test('a page that fails is a line of the log, found by what its reader can quote', async () => {
  await fleet.owner.execute(sql`revoke select on courses from rostrum_web`);
  const answer = await fetch(`${web(0).origin}/course`);
  const page = await answer.text();
  await fleet.owner.execute(sql`grant select on courses to rostrum_web`);
  expect(answer.status).toBe(500);
  const requestId = answer.headers.get('x-request-id');
  const line = await eventually(30, async () => linesOf(fleet.webs, { requestId, msg: 'page failed' })[0]);
  expect(line).toMatchObject({ level: 50, method: 'GET', route: '/course' });
  expect(page).toContain(line.digest);
});

test.skipIf(!hasPrometheus())(
  'every panel of the dashboard shows something, where a Prometheus reads both webs',
  async () => {
    const competition = await openCompetition({ slug: 'watched', dailyQuota: 1000 });
    const token = await tokenOf(competition);
    await recordEvent(fleet.owner, { actorId: null, kind: 'backup-made', details: {} });
    const viewers = await Promise.all(fleet.webs.map(({ origin }) => follow(origin, competition)));
    const prometheus = await startPrometheus(fleet.webs.map(({ origin }) => origin));
    try {
      let n = 0;
      const shows = async (text: string) => (await prometheus.ask(asGrafanaAsks(text))).some(Number.isFinite);
      for (const { from, text } of readPanels()) {
        // People go on meanwhile: a rate is of what changes between two readings.
        const isShown = await eventually(30, async () => {
          n += 1;
          await Promise.all([upload(web(n), 'watched', token, fileOf(n)), fetch(`${web(n).origin}/c/watched/nothing`)]);
          return shows(text);
        });
        expect(isShown, `${from}: ${text}`).toBe(true);
      }
      // Control: a figure that there is not shows nothing.
      expect(await shows('max(rostrum_figures_of_nobody{job="$job"})')).toBe(false);
    } finally {
      await prometheus.stop();
      for (const viewer of viewers) viewer.close();
    }
  },
);
