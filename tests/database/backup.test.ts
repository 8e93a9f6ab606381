import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { manifestName } from '#lib/backup/manifest.ts';
import { withBackup } from '#lib/backup/read.ts';
import { listTar } from '#lib/backup/tar.ts';
import { writeBackup } from '#lib/backup/write.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { restoreTables } from '#lib/db/backup-restore.ts';
import { openDatabase } from '#lib/db/client.ts';
import { listWithoutLabels } from '#lib/db/installation.ts';
import { getQueueOverview } from '#lib/db/overview.ts';
import { competitions, users, utterances } from '#lib/db/schema.ts';
import { getSubmissionFor } from '#lib/db/submission-views.ts';
import { readOwnerEnv } from '#lib/env.ts';
import { hashPassword, verifyPassword } from '#lib/identity/password-hash.ts';
import { log } from '#lib/log.ts';
import { translator } from '#lib/messages/translate.ts';
import { recordingPath } from '#lib/objects/folder.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { paddingOf, tarEnd, tarHeader } from '#lib/tar.mjs';
import { withArchive } from '#lib/zip-reader.ts';
import { checkInstallation } from '../../bin/commands/doctor/checks.ts';
import { tenUtterances } from '../builders.ts';
import { aCanary, holdsCanary } from '../canary.ts';
import { createTestDatabase, dropTestDatabase, type TestDatabaseUrls } from '../cluster.ts';
import { rostrum } from '../command.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { findViolations } from '../invariants.ts';
import { restoreKept } from '../releases/kept.ts';
import { readReleases } from '../releases/read.ts';
import { asSuperuser } from '../superuser.ts';

const folder = mkdtempSync(join(tmpdir(), 'rostrum-backup-'));
const [home, elsewhere] = [join(folder, 'home'), join(folder, 'elsewhere')];
const [file, keyFile, otherKeyFile] = ['all.tar', 'key', 'other-key'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const migrations = join(import.meta.dirname, '../../migrations');
const canary = aCanary();
const sound = Buffer.from('RIFF, or whatever was recorded');
const password = 'correct horse battery staple';
let db: TestDatabase;
let contest: Contest;
let target: TestDatabaseUrls;

beforeAll(async () => {
  log.level = 'silent';
  writeFileSync(keyFile, 'what nobody guesses in a lifetime\n');
  writeFileSync(otherKeyFile, 'what somebody else does not guess\n');
  db = await aDatabase();
  target = await createTestDatabase(inject('cluster'), 'empty');
  const split = tenUtterances.map((utterance) => ({ ...utterance, reference: `${utterance.reference} ${canary}` }));
  contest = await aContest(db, {}, split);
  const { sha256, bytes } = await storeRecording(inFolder(home), sound);
  await db.owner.update(utterances).set({ sha256, bytes }).where(eq(utterances.competitionId, contest.competition.id));
  await db.owner
    .update(users)
    .set({ passwordHash: await hashPassword(password), name: 'Таб\tи \\N "кавычки"\n' })
    .where(eq(users.id, contest.author.id));
  for (const wrong of [3, 1]) await send(db, contest, wrong);
  await scoreAll(db);
  vi.stubEnv('ROSTRUM_HOME', home);
  expect(await rostrum(db.ownerUrl, 'admin', 'backup', file, '--key-file', keyFile)).toMatchObject({ code: 0 });
}, 60_000);

afterAll(async () => {
  await dropTestDatabase(inject('cluster'), target.name);
  rmSync(folder, { recursive: true, force: true });
});

/** As somebody restores on another machine; its roles are there already. */
function restore(
  to: Pick<TestDatabaseUrls, 'ownerUrl' | 'webUrl' | 'scorerUrl'>,
  from: string,
  key: string | null = keyFile,
  ...more: string[]
) {
  vi.stubEnv('ROSTRUM_HOME', elsewhere);
  vi.stubEnv('DATABASE_URL_WEB', to.webUrl);
  vi.stubEnv('DATABASE_URL_SCORER', to.scorerUrl);
  return rostrum(to.ownerUrl, 'admin', 'restore', from, ...(key === null ? [] : ['--key-file', key]), ...more);
}

/** The database as its roles see it. */
async function withRoles(urls: TestDatabaseUrls, act: (there: TestDatabase) => Promise<void>): Promise<void> {
  const [owner, web, scorer] = [urls.ownerUrl, urls.webUrl, urls.scorerUrl].map((url) => openDatabase(url));
  try {
    await act({ ...urls, owner: owner!, web: web!, scorer: scorer! });
  } finally {
    for (const each of [owner, web, scorer]) await each!.$client.end();
  }
}

/** Every part with its name, gunzipped where it is gzip. */
async function partsOf(path: string): Promise<{ name: string; at: number; bytes: Buffer }[]> {
  const all = readFileSync(path);
  return withArchive(path, async (archive) => {
    const parts = [];
    for await (const { name, at, bytes } of listTar(archive)) {
      const content = all.subarray(at, at + bytes);
      const isPacked = content[0] === 0x1f && content[1] === 0x8b;
      parts.push({ name, at, bytes: isPacked ? gunzipSync(content) : content });
    }
    return parts;
  });
}

function damaged(at: number): string {
  const bytes = readFileSync(file);
  bytes[at]! ^= 1;
  const path = join(folder, `damaged-${at}.tar`);
  writeFileSync(path, bytes);
  return path;
}

/** The backup with another manifest, which is whole and is of the same parts. */
async function withManifest(change: (text: string) => string): Promise<string> {
  const { at, bytes } = (await partsOf(file)).at(-1)!;
  const text = Buffer.from(change(bytes.toString()));
  const name = manifestName(createHash('sha256').update(text).digest('hex'));
  const header = tarHeader(name, { bytes: text.length, mode: 0o600, writtenAtSeconds: 0 });
  const before = readFileSync(file).subarray(0, at - header.length);
  const path = join(folder, 'forged.tar');
  writeFileSync(path, Buffer.concat([before, header, text, Buffer.alloc(paddingOf(text.length)), tarEnd]));
  return path;
}

describe('a backup', () => {
  test('is one file for its owner alone, and nothing half written lies beside it', () => {
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('holds no label in the clear', async () => {
    const parts = await partsOf(file);
    expect(parts.filter(({ bytes }) => holdsCanary(canary, bytes)).map(({ name }) => name)).toEqual([]);
    const names = parts.map(({ name }) => name.split('/').slice(0, 2).join('/'));
    expect(names).toContain('sealed/hidden.test_references');
    expect(names.filter((name) => name.startsWith('tables/hidden.'))).toEqual([]);
    // The control: the same search finds it in the table itself.
    const { rows } = await db.owner.execute<{ row: string }>(sql`select t::text as row from hidden.test_references t`);
    expect(holdsCanary(canary, Buffer.from(rows.map(({ row }) => row).join()))).toBe(true);
  });

  test('asks for a key or for leaving labels out, and writes over nothing', async () => {
    const next = join(folder, 'next.tar');
    vi.stubEnv('ROSTRUM_HOME', home);
    expect(await rostrum(db.ownerUrl, 'admin', 'backup', next)).toMatchObject({ code: 2 });
    expect(await rostrum(db.ownerUrl, 'admin', 'backup', file, '--key-file', keyFile)).toMatchObject({ code: 3 });
    expect(readdirSync(folder)).not.toContain('next.tar');
  });

  test('names stored files that are gone', async () => {
    const next = join(folder, 'missing.tar');
    vi.stubEnv('ROSTRUM_HOME', join(folder, 'nowhere'));
    const outcome = await rostrum(db.ownerUrl, 'admin', 'backup', next, '--without-labels');
    expect(outcome).toMatchObject({ code: 3, err: expect.stringMatching(/recordings\/[0-9a-f]{64}/) });
  });
});

/** What `rostrum admin doctor` says of backups. */
async function diagnosisOf({ ownerUrl }: TestDatabaseUrls) {
  const env = readOwnerEnv({ DATABASE_URL: ownerUrl, ROSTRUM_HOME: elsewhere });
  return (await checkInstallation(env, translator('en'))).find(({ name }) => name === 'backup');
}

/** What its team reads of a file, and how many the organisers read to wait for labels. */
async function waitingIn(there: TestDatabase, id: string) {
  const { status } = await getSubmissionFor(there.web, id, { id: contest.author.id, isAdministrator: false });
  const { withoutLabels } = await getQueueOverview(there.web, contest.competition.id, new Date());
  return { status, count: withoutLabels };
}

test('`admin doctor` tells that no backup was made, and of one that is old when it was and what to do', async () => {
  const there = await aDatabase();
  expect(await diagnosisOf(there)).toEqual({
    name: 'backup',
    status: 'note',
    message: 'No backup of this installation was made: rostrum admin backup FILE',
  });
  await there.owner.execute(sql`update installation set clock_offset = interval '-10 days -1 hour'`);
  await recordEvent(there.owner, { actorId: null, kind: 'backup-made', details: {} });
  await there.owner.execute(sql`update installation set clock_offset = interval '0'`);
  vi.stubEnv('ROSTRUM_HOME', elsewhere);
  const { out } = await rostrum(there.ownerUrl, 'admin', 'doctor');
  const day = new Date(Date.now() - 10 * 86_400_000 - 3_600_000).toISOString().slice(0, 10);
  expect(out).toMatch(new RegExp(`^· The last backup was made ${day} ..:.. UTC, 10 days ago\\. Make another`, 'm'));
  // The control.
  await recordEvent(there.owner, { actorId: null, kind: 'backup-made', details: {} });
  expect(await diagnosisOf(there)).toMatchObject({ status: 'ok', message: expect.stringContaining('less than a day') });
});

describe('a restore', () => {
  test('of a backup without labels shows the boards and lets files wait, until the labels are given back', async () => {
    const bare = await createTestDatabase(inject('cluster'), 'empty');
    const unlabelled = join(folder, 'unlabelled.tar');
    vi.stubEnv('ROSTRUM_HOME', home);
    expect(await rostrum(db.ownerUrl, 'admin', 'backup', unlabelled, '--without-labels')).toMatchObject({ code: 0 });
    const outcome = await restore(bare, unlabelled, null);
    expect(outcome).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/as in the backup.*wait until/s) });
    await withRoles(bare, async (there) => {
      const { id } = await send(there, contest, 2);
      await scoreAll(there);
      const state = await there.owner.execute(sql`select state from submissions where id = ${id}`);
      expect(state.rows).toEqual([{ state: 'queued' }]);
      expect(await waitingIn(there, id)).toEqual({
        status: { state: 'queued', position: null, waitsFor: 'labels' },
        count: 1,
      });
      const boards = sql`select version, body from board_snapshots order by version`;
      expect((await there.owner.execute(boards)).rows).toEqual((await db.owner.execute(boards)).rows);
    });
    expect(await listWithoutLabels(bare.ownerUrl)).toEqual([contest.competition.slug]);
    expect(await diagnosisOf(bare)).toMatchObject({
      status: 'problem',
      message: expect.stringContaining(contest.competition.slug),
    });
    expect(await restore(bare, unlabelled, null, '--labels')).toMatchObject({ code: 3 });
    const labelled = await restore(bare, file, keyFile, '--labels');
    expect(labelled).toMatchObject({ code: 0, err: '', out: expect.stringContaining('drawn again, the same') });
    expect(await restore(bare, file, keyFile, '--labels')).toMatchObject({
      code: 3,
      err: expect.stringContaining('here already'),
    });
    await withRoles(bare, async (there) => {
      // The control: with labels it has a place in the queue.
      const { rows } = await there.owner.execute<{ id: string }>(
        sql`select id from submissions where state = 'queued'`,
      );
      expect(await waitingIn(there, rows[0]!.id)).toEqual({
        status: { state: 'queued', position: 1, waitsFor: null },
        count: 0,
      });
      await scoreAll(there);
      expect(await findViolations(there.owner, contest.competition, [])).toEqual([]);
    });
    expect(await listWithoutLabels(bare.ownerUrl)).toEqual([]);
    expect(await diagnosisOf(bare)).toMatchObject({ status: 'ok' });
    await dropTestDatabase(inject('cluster'), bare.name);
  });

  test('that comes to another board than the backup was made of says which, and that it is not the same', async () => {
    const other = await createTestDatabase(inject('cluster'), 'empty');
    const forged = await withManifest((text) =>
      text.replace(/(?<="boards": \[[^\]]*"sha256": ")[0-9a-f]{64}/, '0'.repeat(64)),
    );
    const outcome = await restore(other, forged);
    expect(outcome).toMatchObject({
      code: 3,
      err: expect.stringMatching(/board of \S+: [0-9a-f]{64} instead of 0{64}/),
    });
    await dropTestDatabase(inject('cluster'), other.name);
  });

  test('refuses to give labels to rows that they do not belong to', async () => {
    const stranger = await createTestDatabase(inject('cluster'));
    const outcome = await restore(stranger, file, keyFile, '--labels');
    expect(outcome).toMatchObject({ code: 3, err: expect.stringContaining('another installation') });
    await withRoles(stranger, async ({ owner }) => {
      const rows = sql`select count(*)::int as count from hidden.test_references`;
      expect((await owner.execute(rows)).rows).toEqual([{ count: 0 }]);
    });
    await dropTestDatabase(inject('cluster'), stranger.name);
  });

  test('of a backup of an earlier version brings it up to this one, with the same boards', async () => {
    const earlier = await createTestDatabase(inject('cluster'), 'empty');
    const now = await createTestDatabase(inject('cluster'), 'empty');
    const [, kept] = readReleases().find(([name]) => name === 'milestone-0025')!;
    await restoreKept(earlier.ownerUrl, migrations, kept);
    // The competition that nobody held has no board that could be drawn again.
    await asSuperuser(earlier, "delete from board_snapshots where body = 'words-body'");
    const old = join(folder, 'old.tar');
    const options = { ownerUrl: earlier.ownerUrl, place: inFolder(home), version: '0.1.0', withRecordings: false };
    await writeBackup(old, { ...options, secret: readFileSync(keyFile).subarray(0, -1) });
    const outcome = await restore(now, old);
    expect(outcome).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/\d migrations applied/) });
    for (const { slug, sha256 } of kept.manifest.boards.filter(({ slug }) => slug !== 'words')) {
      expect(outcome.out).toMatch(new RegExp(`board of ${slug}, version \\d+: ${sha256}, drawn again, the same`));
    }
    for (const { name } of [earlier, now]) await dropTestDatabase(inject('cluster'), name);
  });

  test('refuses one flipped bit anywhere, naming the part', async () => {
    for (const { name, at } of await partsOf(file)) {
      if (!/users\/|test_references|recordings|manifest/.test(name)) continue;
      const outcome = await restore(target, damaged(at));
      expect(outcome).toMatchObject({ code: 3, out: '', err: expect.stringContaining(name) });
    }
  });

  test('refuses a file that was cut, another key, and what is no backup', async () => {
    const cut = join(folder, 'cut.tar');
    writeFileSync(cut, readFileSync(file).subarray(0, -4096));
    expect(await restore(target, cut)).toMatchObject({ code: 3, err: expect.stringContaining('nothing was restored') });
    expect(await restore(target, file, otherKeyFile)).toMatchObject({
      code: 3,
      err: expect.stringContaining('another key'),
    });
    expect(await restore(target, keyFile)).toMatchObject({ code: 3, err: expect.stringContaining('no backup') });
  });

  test('refuses where people or competitions are, or somebody works, and changes nothing', async () => {
    const before = await db.owner.select().from(users);
    expect(await restore(db, file)).toMatchObject({ code: 3, err: expect.stringMatching(/runs|people/) });
    expect(await db.owner.select().from(users)).toEqual(before);
  });

  test('that ends on its way leaves the database as it was, and can be begun again', async () => {
    const broken = async function* () {
      yield Buffer.from('half a row');
      throw new Error('killed');
    };
    const owner = openDatabase(target.ownerUrl);
    try {
      await withBackup(file, readFileSync(keyFile).subarray(0, -1), async ({ manifest, textOf }) => {
        const last = manifest.tables.findLast(({ rows }) => rows > 0)!;
        const text = (table: typeof last) => (table === last ? broken() : textOf(table));
        await expect(restoreTables(target.ownerUrl, migrations, manifest, text)).rejects.toThrow('killed');
      });
      const tables = sql`select count(*)::int as tables from pg_class where relnamespace = 'public'::regnamespace`;
      expect((await owner.execute(tables)).rows).toEqual([{ tables: 0 }]);
    } finally {
      await owner.$client.end();
    }
    const outcome = await restore(target, file);
    expect(outcome).toMatchObject({ code: 0, err: '' });
    expect(outcome.out).toMatch(/board of \S+, version \d+: [0-9a-f]{64}, drawn again, the same/);
  });

  test('that was done once is not done over it', async () => {
    expect(await restore(target, file)).toMatchObject({ code: 3, err: expect.stringContaining('nothing to lose') });
  });

  test('brings the same boards, log, files and people, and the competition goes on', async () => {
    const { sha256 } = await storeRecording(inFolder(home), sound);
    expect(readFileSync(recordingPath(elsewhere, sha256))).toEqual(sound);
    for (const check of ['--log', '--boards']) {
      expect(await rostrum(target.ownerUrl, 'admin', 'verify', check)).toMatchObject({ code: 0 });
    }
    await withRoles(target, async (there) => {
      const [author] = await there.owner.select().from(users).where(eq(users.id, contest.author.id));
      expect(author).toEqual((await db.owner.select().from(users).where(eq(users.id, contest.author.id)))[0]);
      expect(await verifyPassword(author!.passwordHash!, password)).toBe(true);
      const boards = sql`select version, body from board_snapshots order by version`;
      expect((await there.owner.execute(boards)).rows).toEqual((await db.owner.execute(boards)).rows);
      const [competition] = await there.owner.select().from(competitions);
      const sent = await send(there, { competition: competition!, author: contest.author }, 2);
      await scoreAll(there);
      const scored = await there.owner.execute(sql`select state from submissions where id = ${sent.id}`);
      expect(scored.rows).toEqual([{ state: 'scored' }]);
    });
  });
});
