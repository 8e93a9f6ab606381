import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimImport, sweepImports } from '#lib/db/import-jobs.ts';
import { createImport, type Import, listImports } from '#lib/db/imports.ts';
import { sumSplits } from '#lib/db/utterances.ts';
import { log } from '#lib/log.ts';
import { runImport } from '#scoring/jobs/import-dataset.ts';
import { aCompetition, aUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aWav } from '../wav-files.ts';

let db: TestDatabase;
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-import-'));
const folders = { home: join(folder, 'home'), importFolder: join(folder, 'import') };

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
    await sweepImports(db.scorer);
  }
  expect(await stateOf(wanted)).toMatchObject({ state: 'failed', failure: 'internal' });
});
