import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginUpload, uploadPath } from '#lib/archive-uploads.ts';
import { createArchiveUpload, importUpload } from '#lib/db/archive-uploads.ts';
import { claimImport } from '#lib/db/import-jobs.ts';
import { createImport, type Import, listImports } from '#lib/db/imports.ts';
import { sumSplits } from '#lib/db/utterances.ts';
import { sweepWork } from '#lib/db/work-claims.ts';
import { log } from '#lib/log.ts';
import { runImport, sweepArchiveUploads } from '#scoring/jobs/import-dataset.ts';
import { aCompetition, aUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aWav, samples16 } from '../wav-files.ts';
import { aWorker, eventually } from '../workers.ts';

let db: TestDatabase;
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-import-'));
const folders = { home: join(folder, 'home'), s3: null, importFolder: join(folder, 'import') };

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  const speech = join(folders.importFolder, 'speech');
  mkdirSync(speech, { recursive: true });
  const rows = ['train', 'dev', 'test'].map((split) => {
    writeFileSync(join(speech, `${split}.wav`), aWav());
    return `${split}-1,${split}.wav,раз два три,${split}`;
  });
  writeFileSync(join(speech, 'manifest.csv'), `id,audio,text,split\n${rows.join('\n')}\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function anImport(path: string): Promise<Import> {
  const [competition, organiser] = [await aCompetition(db.owner), await aUser(db.owner)];
  return createImport(db.web, { competitionId: competition.id, path, options: {} }, organiser.id);
}

const stateOf = async ({ id, competitionId }: Import) =>
  (await listImports(db.web, competitionId)).find((row) => row.id === id);

test('an import that was asked for becomes the data of the competition', async () => {
  const wanted = await anImport(join(folders.importFolder, 'speech'));
  await runImport(db.scorer, db.scorerUrl, wanted.id, folders);
  expect(await stateOf(wanted)).toMatchObject({ state: 'done', failure: null, attempt: 1 });
  expect(await sumSplits(db.web, wanted.competitionId)).toMatchObject([
    { split: 'train', utterances: 1 },
    { split: 'dev', utterances: 1 },
    { split: 'test', utterances: 1 },
  ]);
});

test('what is wrong with it, or where it lies, is told', async () => {
  const outside = join(folder, 'outside');
  mkdirSync(outside, { recursive: true });
  symlinkSync(outside, join(folders.importFolder, 'link'));
  const missing = join(folders.importFolder, 'missing');
  const broken = join(folders.importFolder, 'broken.csv');
  writeFileSync(broken, 'id,audio,text,split\na,none.wav,раз,test\n');
  const expected: [string, object][] = [
    [missing, { failure: 'dataset-not-found' }],
    [join(folders.importFolder, 'link'), { failure: 'import-outside' }],
    [broken, { failure: 'problems', problems: [expect.objectContaining({ line: 2 })] }],
  ];
  for (const [path, outcome] of expected) {
    const wanted = await anImport(path);
    await runImport(db.scorer, db.scorerUrl, wanted.id, folders);
    expect(await stateOf(wanted)).toMatchObject({ state: 'failed', ...outcome });
  }
});

test('one whose worker died is taken over, three times at most', async () => {
  const wanted = await anImport(join(folders.importFolder, 'speech'));
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    expect(await claimImport(db.scorer, wanted.id, 30)).toMatchObject({ attempt });
    expect(await claimImport(db.scorer, wanted.id, 30)).toBeNull();
    await db.owner.execute(sql`update imports set lease_until = clock_timestamp() where id = ${wanted.id}`);
    await sweepWork(db.scorer);
  }
  expect(await stateOf(wanted)).toMatchObject({ state: 'failed', failure: 'internal' });
});

test('an import whose worker is killed goes on with what is kept, and says how much that was', async () => {
  const count = 600;
  const home = join(folder, 'killed');
  const speech = join(folders.importFolder, 'many');
  mkdirSync(speech);
  const rows = Array.from({ length: count }, (_, i) => {
    const noise = Array.from({ length: 400 }, (_, at) => ((at * 997 + i * 31) % 8_001) - 4_000);
    writeFileSync(join(speech, `${i}.wav`), aWav({ data: samples16([i, ...noise]) }));
    return `u${i},${i}.wav,слово ${i},${['train', 'dev', 'test'][i % 3]}`;
  });
  writeFileSync(join(speech, 'manifest.csv'), `id,audio,text,split\n${rows.join('\n')}\n`);
  const environment = {
    ROSTRUM_HOME: home,
    ROSTRUM_IMPORT_DIR: folders.importFolder,
  };
  const wanted = await anImport(speech);

  const first = await aWorker(db, environment);
  await eventually(30, async () => storedIn(home).size > 100);
  await first.stop('SIGKILL');
  const kept = storedIn(home);
  // The control: it was killed in the middle.
  expect(kept.size).toBeLessThan(count);
  expect((await stateOf(wanted))?.state).toBe('running');
  await db.owner.execute(sql`update imports set lease_until = clock_timestamp() where id = ${wanted.id}`);

  const second = await aWorker(db, environment);
  const done = await eventually(60, async () => {
    const now = await stateOf(wanted);
    return now?.state === 'done' && now;
  });
  await second.stop();
  expect(done).toMatchObject({ attempt: 2, report: { kept: kept.size, copied: count - kept.size } });
  const after = storedIn(home);
  expect(after.size).toBe(count);
  expect([...kept].filter(([name, written]) => after.get(name) !== written)).toEqual([]);
}, 120_000);

/** The recordings kept under a home, and the file and moment each was written in. */
function storedIn(home: string): Map<string, string> {
  const root = join(home, 'recordings');
  if (!existsSync(root)) return new Map();
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}$/.test(name));
  return new Map(
    names.map((name) => {
      const { ino, mtimeMs } = statSync(join(root, name));
      return [name, `${ino} ${mtimeMs}`];
    }),
  );
}

test('an archive that nobody goes on with is forgotten after hours, one under way is not, and neither are files of others', async () => {
  const [competition, organiser] = [await aCompetition(db.owner), await aUser(db.owner)];
  const about = { competitionId: competition.id, requestedBy: organiser.id, fileName: 'a.zip', bytes: 10 };
  const uploads = [];
  for (let i = 0; i < 4; i += 1) {
    const upload = await createArchiveUpload(db.web, about);
    await beginUpload(folders, upload.id, 10, 0);
    uploads.push(upload);
  }
  const [fresh, old, waiting, over] = uploads.map(({ id }) => id);
  await db.owner.execute(sql`update archive_uploads set touched_at = touched_at - interval '7 hours', received = bytes
    where id <> ${fresh}`);
  const own = { competitionId: competition.id, requestedBy: organiser.id };
  const done = await importUpload(db.web, { id: over!, ...own }, {});
  await db.owner.execute(sql`update imports set state = 'failed' where id = ${done.id}`);
  await importUpload(db.web, { id: waiting!, ...own }, {});
  const orphan = uploadPath(folders.home, randomUUID());
  writeFileSync(orphan, 'PK');

  await sweepArchiveUploads(db.scorer, folders);
  const left = [fresh, old, waiting, over].map((id) => existsSync(uploadPath(folders.home, id!)));
  expect(left).toEqual([true, false, true, false]);
  expect(existsSync(orphan)).toBe(false);
});

test('recordings of an import are warned of where they stand in another split already, naming ids alone', async () => {
  const competition = await aCompetition(db.owner);
  const organiser = await aUser(db.owner);
  const once = async (name: string, rows: string) => {
    const path = join(folders.importFolder, 'speech', name);
    writeFileSync(path, `id,audio,text,split\n${rows}\n`);
    const wanted = await createImport(db.web, { competitionId: competition.id, path, options: {} }, organiser.id);
    await runImport(db.scorer, db.scorerUrl, wanted.id, folders);
    return stateOf(wanted);
  };
  await once('test.csv', 'x1,test.wav,тайная фраза из контрольной части,test');
  const after = await once('train.csv', 'y1,test.wav,тайная фраза из контрольной части,train');
  expect(after?.report?.warnings.filter(({ line }) => line === 0)).toMatchObject([
    { code: 'warning-dataset-test-recording-elsewhere', values: { count: 1, ids: 'x1' } },
    { code: 'warning-dataset-test-text-elsewhere', values: { count: 1, ids: 'x1' } },
  ]);
  expect(JSON.stringify(after)).not.toContain('тайная');
});
