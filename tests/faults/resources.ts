import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, get, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { median } from '../bench/measure.ts';
import { find } from '../bench/processes.ts';
import { withSite } from '../bench/site.ts';
import { aCompetition, aPredictionsFile, aTestSplit, hoursFromNow, tenUtterances } from '../builders.ts';
import type { Acknowledged } from '../invariants.ts';
import type { Report } from '../report.ts';
import { sending, type TestSite } from '../site.ts';
import { eventually } from '../workers.ts';
import { anEntrant, type Entrant, handInFile, reportInvariants } from './entrants.ts';

/*
 * Faults of the web: no connection to the database left, no file descriptor left, people on lines of one byte a second, and processes
 * whose clock is an hour off.
 */

/** Of the web's pool (lib/db/web.ts). */
const poolConnections = 20;

export async function reportResources(report: Report): Promise<void> {
  await withSite(async (site) => {
    await exhaustPool(site, report);
    await exhaustDescriptors(site, report);
    await sendSlowly(site, report);
  });
  await withSite((site) => sendFirst(site, report), { LOG_LEVEL: 'info' });
  for (const hours of [1, -1]) await skewClock(report, hours);
}

async function aContestOn({ owner }: TestSite, given: Parameters<typeof aCompetition>[1] = {}): Promise<Competition> {
  return aTestSplit(owner, await aCompetition(owner, { dailyQuota: 200, ...given }));
}

/** One team's lock is held by somebody, and its uploads take every connection while they wait for it. */
async function exhaustPool(site: TestSite, report: Report): Promise<void> {
  const competition = await aContestOn(site);
  const [crowd, neighbour] = [await entrant(site, competition), await entrant(site, competition)];
  const elsewhere = await aContestOn(site);
  const taken = await postPlainly(site, await entrant(site, elsewhere), elsewhere);
  report.atMost(
    '(control) connections left: a neighbour is told anything but 201',
    taken === 201 ? 0 : 1,
    0,
    'answers',
  );
  let release = () => {};
  const held = site.owner.transaction(async (tx) => {
    await tx.execute(sql`select from teams where id = ${crowd.teamId} for update`);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  });
  const uploads = Array.from({ length: 2 * poolConnections }, () => handInFile(crowd, competition));
  await eventually(60, async () => {
    const { rows } = await site.owner.execute<{ waiting: number }>(sql`
      select count(*)::integer as waiting from pg_locks where not granted`);
    return rows[0]!.waiting >= poolConnections;
  });
  const begun = performance.now();
  const refused = await postPlainly(site, neighbour, competition);
  report.atMost('no connection left: a neighbour is told "not now" after', (performance.now() - begun) / 1000, 15, 's');
  report.atMost('no connection left: a neighbour is told anything but 503', refused === 503 ? 0 : 1, 0, 'answers');
  release();
  await held;
  const acknowledged = await Promise.all([...uploads, handInFile(neighbour, competition)]);
  await settled(site, competition);
  await reportInvariants(report, 'no connection left', site.owner, competition, acknowledged);
}

/** The web may open no further file or connection for a while. */
async function exhaustDescriptors(site: TestSite, report: Report): Promise<void> {
  const competition = await aContestOn(site);
  const people = await Promise.all(Array.from({ length: 10 }, () => entrant(site, competition)));
  const { pid } = find('dist/server.mjs');
  const given = /^Max open files +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))![1];
  if (!leave(pid, 3)) {
    return console.log('  skipped: no prlimit here to take file descriptors away');
  }
  const uploads = people.map((person) => handInFile(person, competition));
  await sleep(3000);
  const { port, hostname } = new URL(site.origin);
  const sockets = Array.from({ length: 100 }, () => connect(Number(port), hostname).on('error', () => {}));
  await sleep(3000);
  leave(pid, 0);
  const answered = (await isAnswered(site)) ? 1 : 0;
  report.atMost('(control) no file descriptor left: somebody new is answered', answered, 0, 'answers');
  for (const socket of sockets) socket.destroy();
  spawnSync('prlimit', ['--pid', String(pid), `--nofile=${given}:`]);
  const acknowledged = await Promise.all(uploads);
  await settled(site, competition);
  report.atMost('no file descriptor left: the web was not', find('dist/server.mjs').pid === pid ? 0 : 1, 0, 'restarts');
  await reportInvariants(report, 'no file descriptor left', site.owner, competition, acknowledged);
}

/** The very first file that a web is sent, over a connection that it has, while it can open none and no file either. */
export async function sendFirst(site: TestSite, report: Report): Promise<void> {
  const competition = await aContestOn(site);
  const { token } = await entrant(site, competition);
  await eventually(60, async () => readFileSync(join(site.home, 'server.log'), 'utf8').includes('Next has been asked'));
  const { pid } = find('dist/server.mjs');
  const given = /^Max open files +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))![1];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const path = `/api/v1/competitions/${competition.slug}/submissions?split=test`;
  const send = () =>
    new Promise<string>((resolve, reject) => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' };
      const posted = request(site.origin + path, { method: 'POST', agent, headers }, (answer) => {
        answer
          .resume()
          .on('end', () => resolve(`${answer.statusCode} ${answer.headers['content-type']?.split(';')[0]}`));
      });
      posted.on('error', reject).end(aPredictionsFile(tenUtterances, 1));
    });
  await new Promise((resolve) =>
    get(`${site.origin}/healthz`, { agent }, (answer) => answer.resume().on('end', resolve)),
  );
  if (!leave(pid, 0)) return console.log('  skipped: no prlimit here to take file descriptors away');
  const first = await send();
  report.atMost(
    '(control) the first file and no file descriptor: somebody new is answered',
    (await isAnswered(site)) ? 1 : 0,
    0,
    'answers',
  );
  spawnSync('prlimit', ['--pid', String(pid), `--nofile=${given}:`]);
  console.log(`  the first file and no file descriptor: ${first}`);
  const isTold = first === '503 application/problem+json';
  report.atMost(
    'the first file and no file descriptor: told anything but 503 with a reason',
    isTold ? 0 : 1,
    0,
    'answers',
  );
  report.atMost(
    '(control) descriptors again: told anything but 201',
    (await send()).startsWith('201 ') ? 0 : 1,
    0,
    'answers',
  );
  agent.destroy();
}

/** On a connection of its own. */
function isAnswered({ origin }: TestSite): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${origin}/healthz`, { agent: false, timeout: 2000 }, () => resolve(true));
    request.on('timeout', () => request.destroy()).on('error', () => resolve(false));
  });
}

/** From now on the process may open so many files and connections more; false where nobody may take them away here. */
function leave(pid: number, count: number): boolean {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  // What is limited is the number that the next one gets, and numbers that were closed are given again.
  let limit = 0;
  for (let free = count; free > 0 || open.has(limit); limit += 1) if (!open.has(limit)) free -= 1;
  return spawnSync('prlimit', ['--pid', String(pid), `--nofile=${limit}:`]).status === 0;
}

const slowPeople = 200;
const slowBytes = 1000;
const rounds = 15;

/** Each sends a byte a second, and hangs up before the end. */
async function sendSlowly(site: TestSite, report: Report): Promise<void> {
  const competition = await aContestOn(site);
  const neighbour = await entrant(site, competition);
  const slow = await entrant(site, competition);
  const acknowledged: Acknowledged[] = [];
  const timed = async () => {
    const seconds: number[] = [];
    for (let i = 0; i < rounds; i += 1) {
      const one = await handInFile(neighbour, competition);
      acknowledged.push(one);
      seconds.push((one.answeredAt.getTime() - one.sentAt.getTime()) / 1000);
    }
    return median(seconds);
  };
  await timed();
  const alone = await timed();
  const sockets = Array.from({ length: slowPeople }, () => aSlowUpload(site, slow, competition));
  const elsewhere = await aContestOn(site);
  const patient = await entrant(site, elsewhere);
  const last = aSlowUpload(site, patient, elsewhere);
  await sleep(2000);
  const beside = await timed();
  finish(last);
  for (const { timer, socket } of sockets) {
    clearInterval(timer);
    socket.destroy();
  }
  console.log(
    `  an upload alone ${alone.toFixed(3)} s, beside ${slowPeople} of one byte a second ${beside.toFixed(3)} s`,
  );
  report.atMost('slow senders: a neighbour’s upload beside them against alone', beside / alone, 2, '×');
  await settled(site, competition);
  const storedOf = async ({ teamId }: Entrant) =>
    (await site.owner.execute(sql`select from submissions where team_id = ${teamId}`)).rows.length;
  report.atMost('slow senders who hung up: files stored of them', await storedOf(slow), 0, 'files');
  await eventually(30, async () => (await storedOf(patient)) > 0).catch(() => {});
  const stored = await storedOf(patient);
  report.atLeast('(control) a slow sender who did not: files stored of them', stored, 1, 'files');
  last.socket.destroy();
  await reportInvariants(report, 'slow senders', site.owner, competition, acknowledged);
}

function aSlowUpload({ origin }: TestSite, { token }: Entrant, { slug }: Competition) {
  const { port, hostname, host } = new URL(origin);
  const socket: Socket = connect(Number(port), hostname).on('error', () => {});
  const head = [
    `POST /api/v1/competitions/${slug}/submissions?split=test HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: text/csv',
    `Content-Length: ${slowBytes}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  let left = slowBytes;
  const send = (text: string) => {
    left -= text.length;
    socket.write(text);
  };
  return { socket, send, left: () => left, timer: setInterval(() => send('i'), 1000) };
}

/** All that is missing at once. It is no file of predictions, and is stored with its problems. */
function finish({ timer, send, left }: ReturnType<typeof aSlowUpload>): void {
  clearInterval(timer);
  send('i'.repeat(left()));
}

/** The database's clock is right; those of web and worker are not. */
async function skewClock(report: Report, hours: number): Promise<void> {
  const library = ['x86_64', 'aarch64']
    .map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketimeMT.so.1`)
    .find((path) => spawnSync('test', ['-e', path]).status === 0);
  if (library === undefined) return console.log('  skipped: no libfaketime here to turn a clock');
  const settings = {
    LD_PRELOAD: library,
    FAKETIME: `${hours > 0 ? '+' : ''}${hours}h`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  await withSite(async (site) => {
    const shown = Date.parse((await fetch(`${site.origin}/healthz`)).headers.get('date') ?? '');
    const off = Math.abs(shown - Date.now()) / 1000;
    const name = `clock of web and worker ${settings.FAKETIME}`;
    report.atLeast(`(control) ${name}: the web's own is off by`, off, 3500, 's');
    for (const closesIn of [0.5, -0.5]) {
      const window = { submissionsStartAt: hoursFromNow(-24), submissionsEndAt: hoursFromNow(closesIn) };
      const competition = await aContestOn(site, window);
      const acknowledged = [await handInFile(await entrant(site, competition), competition)];
      await settled(site, competition);
      const right = acknowledged[0]!.receipt.late === closesIn < 0 ? 1 : 0;
      report.atLeast(`${name}, ${closesIn > 0 ? 'before' : 'after'} the close: right lateness`, right, 1, 'receipts');
      await reportInvariants(report, name, site.owner, competition, acknowledged);
    }
  }, settings);
}

function entrant({ owner, origin }: TestSite, competition: Competition): Promise<Entrant> {
  return anEntrant(owner, origin, competition);
}

/** The status of one try, without the client's patience. */
async function postPlainly({ origin }: TestSite, { token }: Entrant, { slug }: Competition): Promise<number> {
  const init = sending(aPredictionsFile(tenUtterances, 1), { Authorization: `Bearer ${token}` });
  return (await fetch(`${origin}/api/v1/competitions/${slug}/submissions?split=test`, init)).status;
}

async function settled({ owner }: TestSite, { id }: Competition): Promise<void> {
  await eventually(120, async () => {
    const { rows } = await owner.execute(sql`
      select from submissions where competition_id = ${id} and not late and state in ('queued', 'scoring')`);
    return rows.length === 0;
  });
}
