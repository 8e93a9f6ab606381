import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import type { DatasetUtterance } from '#lib/datasets/prepare.ts';
import { recordDataset } from '#lib/db/datasets.ts';
import { findBaselineRate, listFoldSizes, recordFoldSizes } from '#lib/db/fold-sizes.ts';
import { listTestReferences } from '#lib/db/labels.ts';
import { aCompetition } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let database: TestDatabase;
let competition: Competition;

const utterances = Array.from(
  { length: 60 },
  (_, i): DatasetUtterance => ({
    id: `u${i}`,
    split: 'test',
    position: i,
    seconds: 1 + i,
    bytes: 1000,
    sha256: Buffer.alloc(32, i),
    fileName: `u${i}.wav`,
    mediaType: 'audio/wav',
    reference: i === 7 ? '' : ` слово\n${'и  ещё '.repeat(i % 4)}`,
    alternatives: [],
    speaker: `s${i % 25}`,
    group: null,
    slices: {},
  }),
);

beforeAll(async () => {
  database = await aDatabase();
  competition = await aCompetition(database.owner, { publicFoldPercent: 50 });
  await recordDataset(database.scorer, competition.id, { utterances, archives: [] }, { actorId: null, reason: 'test' });
});

test('an import leaves the sizes of both folds where organisers see them, and nothing else of the folds', async () => {
  const labels = await listTestReferences(database.owner, competition.id, 1);
  const expected = (['public', 'private'] as const).map((fold) => {
    const inFold = labels.filter((label) => label.fold === fold);
    const words = inFold.flatMap(({ references }) => references[0].split(/\s+/).filter((word) => word !== ''));
    const units = new Set(inFold.map(({ unit }) => unit)).size;
    return { fold, utterances: inFold.length, units, words: words.length };
  });
  expect(await listFoldSizes(database.web, competition.id)).toEqual(expected);
  await expect(database.web.execute(sql`select * from hidden.folds`)).rejects.toMatchObject({
    cause: { code: '42501' },
  });
});

test('data that was imported before sizes were kept is counted by the migration', async () => {
  const migration = readFileSync(
    join(import.meta.dirname, '../../migrations/0015_keep_how_large_the_folds_are.sql'),
    'utf8',
  );
  const sizes = await listFoldSizes(database.web, competition.id);
  await database.owner.execute(sql`delete from fold_sizes`);
  await database.owner.execute(sql.raw(/^insert into[^;]*;/m.exec(migration)![0]));
  expect(await listFoldSizes(database.web, competition.id)).toEqual(sizes);
});

test('what is excluded from scoring is no longer counted, and counting again changes nothing else', async () => {
  const [before] = await listFoldSizes(database.web, competition.id);
  await database.owner.transaction(async (tx) => {
    await tx.execute(sql`alter table hidden.test_references disable trigger applied_labels_are_final`);
    await tx.execute(sql`
      update hidden.test_references r set excluded = true
      where competition_id = ${competition.id} and utterance_id = (
        select utterance_id from hidden.folds where competition_id = r.competition_id and fold = 'public' limit 1)`);
    await tx.execute(sql`alter table hidden.test_references enable trigger applied_labels_are_final`);
    await recordFoldSizes(tx, competition.id);
  });
  const [after] = await listFoldSizes(database.web, competition.id);
  expect(after!.utterances).toBe(before!.utterances - 1);
});

test('without a scored baseline there is no rate to go by', async () => {
  expect(await findBaselineRate(database.web, competition.id)).toBeNull();
});
