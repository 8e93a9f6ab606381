import { chownSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { listImports } from '#lib/db/imports.ts';
import { createMail } from '#lib/db/mails.ts';
import { createApiToken } from '#lib/db/tokens.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, aUser, tenUtterances } from '../builders.ts';
import { sessionCookie } from '../session.ts';
import { aWav, samples16 } from '../wav-files.ts';
import { eventually } from '../workers.ts';
import { aZip } from '../zip-files.ts';
import { run } from './engine.ts';
import { type Answer, name, type Stream, type Trial } from './trial.ts';

/*
 * What people do with the installation, through Caddy.
 */

export type Contest = { competition: Competition; token: string };

export async function openContest({ owner }: Trial, slug: string): Promise<Contest> {
  const competition = await aTestSplit(owner, await aCompetition(owner, { slug, dailyQuota: 1000 }));
  const { people } = await aTeam(owner, competition);
  const token = await createApiToken(owner, people[0]!.id, { name: 'trial', scopes: ['read', 'submit'], days: null });
  return { competition, token };
}

const uploads = ({ competition }: Contest) => `/api/v1/competitions/${competition.slug}/submissions?split=test`;

export function upload(trial: Trial, contest: Contest, key: string): Promise<Answer> {
  const headers = { Authorization: `Bearer ${contest.token}`, 'Content-Type': 'text/csv', 'Idempotency-Key': key };
  const body = aPredictionsFile(tenUtterances, 2, key);
  return trial.ask(uploads(contest), { method: 'POST', headers }, (request) => request.end(body));
}

/** A file that comes so slowly that it takes `seconds`; `onBegun` is called when half of it is there. */
export function slowUpload(trial: Trial, contest: Contest, seconds: number, onBegun: () => void): Promise<Answer> {
  const headers = { Authorization: `Bearer ${contest.token}`, 'Content-Type': 'text/csv' };
  const body = aPredictionsFile(tenUtterances, 3);
  return trial.ask(
    uploads(contest),
    { method: 'POST', headers: { ...headers, 'Content-Length': body.length } },
    async (request) => {
      request.write(body.subarray(0, body.length / 2));
      await sleep(1000);
      onBegun();
      await sleep(seconds * 1000);
      request.end(body.subarray(body.length / 2));
    },
  );
}

/** How many of a competition's files there are, and how many have exactly one score. */
async function scoredOf({ owner }: Trial, { competition }: Contest): Promise<{ files: number; scored: number }> {
  const { rows } = await owner.execute<{ files: number; scored: number }>(sql`
    select count(*)::int as files, count(*) filter (where state = 'scored' and
      (select count(*) from published_scores p where p.submission_id = s.id) = 1)::int as scored
    from submissions s where competition_id = ${competition.id}`);
  return rows[0]!;
}

export async function everythingIsScored(trial: Trial, contest: Contest, files: number): Promise<void> {
  await eventually(60, async () => {
    const now = await scoredOf(trial, contest);
    return now.files === files && now.scored === files;
  });
}

export function watchers(trial: Trial, { competition }: Contest, count: number): Promise<Stream[]> {
  return Promise.all(
    Array.from({ length: count }, () => trial.watch(`/api/v1/competitions/${competition.slug}/events`)),
  );
}

/** Whether the newest board that a viewer was sent counts so many entries. */
export function sees(stream: Stream, entries: number): boolean {
  const boards = [...stream.text().matchAll(/^event: board\n(?:id: .*\n)?data: (.*)$/gm)];
  const newest = boards.at(-1)?.[1];
  if (newest === undefined) return false;
  const { rows } = JSON.parse(newest) as { rows: { entries: number }[] };
  return rows.reduce((sum, row) => sum + row.entries, 0) === entries;
}

/** An archive of recordings that comes through one web, is imported by a worker, and given out by the bucket. */
export async function importAndDownload(trial: Trial): Promise<void> {
  const { owner } = trial;
  const competition = await aCompetition(owner, { slug: 'data' });
  const organiser = await aUser(owner);
  await grantRole(owner, competition.id, organiser.id, 'organiser', { actorId: null });
  const token = await createApiToken(owner, organiser.id, { name: 'trial', scopes: ['read', 'submit'], days: null });
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' };
  const sound = aWav({ data: samples16(Array.from({ length: 80_000 }, (_, i) => ((i * 7) % 20_011) - 10_000)) });
  const manifest = 'id,audio,text,split\nu1,1.wav,с добрым утром,train\n';
  const archive = aZip([
    { name: 'manifest.csv', content: manifest },
    { name: '1.wav', content: sound },
  ]);
  const ask = async (path: string, method: string, body?: Uint8Array) => {
    const answer = await trial.ask(`/organise/data/archives${path}`, { method, headers }, (request) =>
      request.end(body),
    );
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return answer.body;
  };
  const { id } = JSON.parse(await ask(`?file=speech.zip&bytes=${archive.length}`, 'POST'));
  await ask(`/${id}?offset=0`, 'PUT', archive);
  await ask(`/${id}`, 'POST');
  const done = await eventually(60, async () => {
    const [newest] = await listImports(owner, competition.id);
    return newest !== undefined && ['done', 'failed'].includes(newest.state) && newest;
  });
  if (done.state !== 'done') throw new Error(`the import ended as ${JSON.stringify(done)}`);
  const { people } = await aTeam(owner, competition);
  const reader = await createApiToken(owner, people[0]!.id, { name: 'trial', scopes: ['read'], days: null });
  const given = await trial.ask('/api/v1/competitions/data/data/files/train/u1', {
    headers: { Authorization: `Bearer ${reader}` },
  });
  if (given.status !== 200 || Number(given.headers['content-length']) !== sound.length) {
    throw new Error(`the recording was answered with ${given.status}, ${given.headers['content-length']} bytes`);
  }
}

export async function sendMail(trial: Trial): Promise<void> {
  const user = await aUser(trial.owner);
  const letter = {
    recipient: user.email,
    language: 'en',
    subject: 'A trial',
    text: 'Of containers.',
    html: '<p>Of containers.</p>',
  } as const;
  await createMail(trial.owner, letter);
  await eventually(60, async () =>
    (await (await fetch(`${trial.mailOrigin}/api/v1/messages`)).text()).includes('A trial'),
  );
}

/** What an organiser reads of hidden references: the web passes it on from a worker, which looks at the session itself. */
export async function readHiddenReferences(trial: Trial, { competition }: Contest): Promise<void> {
  const { owner, secret } = trial;
  const organiser = await aUser(owner);
  await grantRole(owner, competition.id, organiser.id, 'organiser', { actorId: null });
  const statusFor = async (userId: string) => {
    const headers = await sessionCookie({ secret, origin: `https://${name}` }, owner, userId);
    const { status, body } = await trial.ask(`/organise/${competition.slug}/desk/labels`, { headers });
    return { status, tells: body.includes(tenUtterances[0]!.reference) };
  };
  const told = await statusFor(organiser.id);
  if (told.status !== 200 || !told.tells) throw new Error(`an organiser was answered with ${told.status}`);
  // Control: somebody else is not told.
  const other = await statusFor((await aUser(owner)).id);
  if (other.status === 200 || other.tells) throw new Error('somebody who is no organiser reads them, too');
}

/** By the command of the page for operators, into a folder of the image's user. */
export function backUp(trial: Trial): void {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-backup-'));
  try {
    writeFileSync(join(folder, 'key'), 'a key for a trial, long enough');
    for (const path of [folder, join(folder, 'key')]) chownSync(path, 10002, 10000);
    const command = ['node', 'dist/rostrum.mjs', 'admin', 'backup', '/backup/rostrum.tar', '--key-file', '/backup/key'];
    // The recordings of the test split are rows alone here.
    const options = ['run', '--rm', '--volume', `${folder}:/backup`];
    trial.compose(...options, 'migrate', ...command, '--without-recordings');
    const parts = run('tar', ['-tf', join(folder, 'rostrum.tar')]).split('\n');
    if (!parts.some((part) => part.startsWith('manifest'))) throw new Error(`no manifest among ${parts}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
