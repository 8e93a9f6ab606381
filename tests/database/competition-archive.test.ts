import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantRole } from '#lib/db/competitions.ts';
import { recordCommitment } from '#lib/db/label-commitments.ts';
import { competitions, users, utterances } from '#lib/db/schema.ts';
import { saveSlides, saveTalk } from '#lib/db/talks.ts';
import { log } from '#lib/log.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { writeZip } from '#lib/zip-writer.ts';
import { archiveFiles } from '#scoring/archive/files.ts';
import { recordDueResults } from '#scoring/results.ts';
import { aUser } from '../builders.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aDesk } from '../desks.ts';
import { aPdf } from '../pdf-files.ts';
import { sessionCookie } from '../session.ts';
import { unzip } from '../zip-files.ts';

const home = mkdtempSync(join(tmpdir(), 'rostrum-archive-'));
const sound = Buffer.from('RIFF, or whatever was recorded');
let db: TestDatabase;
let contest: Contest;
let sent: string;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  contest = await aContest(db, { nameEn: 'Speech', briefRu: 'Распознайте **речь**.' });
  const { id } = contest.competition;
  await db.owner.update(users).set({ name: 'Зинаида Тайная' }).where(eq(users.id, contest.author.id));
  const { sha256, bytes } = await storeRecording(inFolder(home), sound);
  await db.owner.update(utterances).set({ sha256, bytes }).where(eq(utterances.competitionId, id));
  await recordCommitment(db.owner, contest.competition);
  sent = (await send(db, contest, 3, { fileName: '=cmd.csv', note: '+1' })).id;
  await scoreAll(db);
  const slides = { ...(await storeRecording(inFolder(home), aPdf())), name: '=talk.pdf' };
  await saveTalk(db.web, id, contest.author.id, { title: 'Как мы это сделали', description: '', slidesLink: null });
  await saveSlides(db.web, id, contest.author.id, slides);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function reveal(): Promise<void> {
  await db.owner.execute(sql`
    update competitions set submissions_start_at = rostrum_now() - interval '2 hours',
      submissions_end_at = rostrum_now() - interval '2 seconds', reveals_at = rostrum_now() - interval '1 second'
    where id = ${contest.competition.id}`);
  await recordDueResults(db.scorer);
}

/** Writes the archive as the command does, and unpacks it; the folder that it is unpacked in. */
async function unpacked(withRecordings: boolean): Promise<string> {
  const [competition] = await db.owner.select().from(competitions).where(eq(competitions.id, contest.competition.id));
  const files = await archiveFiles(db.scorer, competition!, { place: inFolder(home), withRecordings });
  const pieces: Buffer[] = [];
  for await (const piece of writeZip(files)) pieces.push(piece);
  const folder = mkdtempSync(join(home, 'unpacked-'));
  await unzip(Buffer.concat(pieces), folder);
  return folder;
}

async function download(user: { id: string }): Promise<Response> {
  const secret = randomBytes(32).toString('hex');
  const desk = await aDesk(db.scorer, secret, { home });
  try {
    const cookie = await sessionCookie({ secret }, db.owner, user.id);
    const answer = await fetch(`${desk.url}/${contest.competition.slug}/archive`, {
      headers: { ...cookie, 'X-Rostrum-Address': '127.0.0.1' },
    });
    return new Response(await answer.arrayBuffer(), answer);
  } finally {
    await desk.close();
  }
}

describe('the archive of a competition', () => {
  test('is refused to its organisers before the reveal', async () => {
    const organiser = await aUser(db.owner);
    await grantRole(db.owner, contest.competition.id, organiser.id, 'organiser', { actorId: null });
    const answer = await download(organiser);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'not-revealed' });
  });

  test('is given to organisers from the reveal on, and to nobody else', async () => {
    await reveal();
    const [organiser, stranger] = [await aUser(db.owner), await aUser(db.owner)];
    await grantRole(db.owner, contest.competition.id, organiser.id, 'organiser', { actorId: null });
    const answer = await download(organiser);
    expect(answer.headers.get('content-type')).toBe('application/zip');
    expect(Buffer.from(await answer.arrayBuffer()).subarray(0, 4)).toEqual(Buffer.from('PK\x03\x04', 'latin1'));
    expect((await download(stranger)).status).toBe(404);
  });

  test('holds every file as its SHA256SUMS say, the recordings too where they are asked for', async () => {
    const folder = await unpacked(true);
    const checked = execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder }).toString();
    expect(checked).toContain('data/test/u1.wav: OK');
    expect(checked).toContain('labels/1.jsonl: OK');
    expect(checked).toContain(`submissions/${sent}.csv: OK`);
    expect(checked).toContain(`slides/${contest.team.id}.pdf: OK`);
    expect(readFileSync(join(folder, 'talks.json'), 'utf8')).toContain('Как мы это сделали');
    expect(readFileSync(join(folder, 'data/test/u1.wav'))).toEqual(sound);
  });

  test('(control) notices one changed byte by them', async () => {
    const folder = await unpacked(false);
    writeFileSync(join(folder, 'board.csv'), 'changed');
    expect(() => execFileSync('sha256sum', ['--check', '--status', 'SHA256SUMS'], { cwd: folder })).toThrow();
  });

  test('counts a file of a team under the labels, which it holds', async () => {
    const folder = await unpacked(false);
    const rows = readFileSync(join(folder, 'submissions.csv'), 'utf8').split('\r\n');
    const row = rows.find((line) => line.startsWith(sent))!.split(',');
    const header = rows[0]!.split(',');
    const cell = (name: string) => row[header.indexOf(name)];
    expect([cell('publicSubstitutions'), cell('publicHits'), cell('privateHits')]).toEqual(['3', '22', '25']);
    expect(readFileSync(join(folder, 'labels/1.jsonl'), 'utf8')).toContain('раз два три четыре пять');
    expect(readFileSync(join(folder, 'results.csv'), 'utf8')).toContain(contest.team.name);
  });

  test('names no person, and starts no formula', async () => {
    const folder = await unpacked(false);
    const texts = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.zip'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(texts.filter((text) => text.includes('Тайная') || text.includes('@example.org'))).toEqual([]);
    expect(
      texts.some((text) => text.includes(contest.team.name)),
      '(control) teams are named',
    ).toBe(true);
    expect(readFileSync(join(folder, 'submissions.csv'), 'utf8')).toContain("'=cmd.csv,'+1");
  });
});
