import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import type { DatasetUtterance } from '#lib/datasets/prepare.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { getSalt, recordDataset } from '#lib/db/datasets.ts';
import { listDevReferences, listTestReferences } from '#lib/db/labels.ts';
import { listUtterances, sumSplits } from '#lib/db/utterances.ts';
import { aCompetition, aTeam } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let database: TestDatabase;
let competition: Competition;

const act = { actorId: null, reason: 'test' };

beforeAll(async () => {
  database = await aDatabase();
});

async function withoutData(): Promise<Competition> {
  return aCompetition(database.owner, { publicFoldPercent: 50 });
}

function anUtterance(number: number, given: Partial<DatasetUtterance> = {}): DatasetUtterance {
  return {
    id: `u${number}`,
    split: 'test',
    position: number,
    seconds: 1 + number / 10,
    bytes: 1000 + number,
    sha256: Buffer.alloc(32, number),
    fileName: `u${number}.wav`,
    mediaType: 'audio/wav',
    reference: `сказано ${'абвгдежзиклмнопрст'[number % 18]!.repeat(6)} ${number}`,
    alternatives: [],
    speaker: `s${number % 3}`,
    group: null,
    slices: { room: 'hall' },
    ...given,
  };
}

function aDataset(count = 20) {
  const utterances = [
    anUtterance(0, { id: 'open', split: 'dev', position: 0 }),
    ...Array.from({ length: count }, (_, i) => anUtterance(i)),
  ];
  return { utterances, archives: [{ split: 'dev' as const, sha256: Buffer.alloc(32, 9), bytes: 7 }] };
}

async function record(as: 'owner' | 'scorer', dataset: ReturnType<typeof aDataset>) {
  return recordDataset(database[as], competition.id, dataset, act);
}

test('references of test are hidden, those of dev are open, and the test split is divided', async () => {
  competition = await withoutData();
  expect(await record('owner', aDataset())).toEqual({ outcome: 'recorded', labelVersion: 1 });
  const open = await listUtterances(database.web, competition.id, 'test');
  expect(open).toHaveLength(20);
  expect(open[0]).toMatchObject({ id: 'u0', reference: null, speaker: null, slices: {} });
  const labels = await listTestReferences(database.scorer, competition.id, 1);
  expect(labels[0]).toMatchObject({ id: 'u0', references: [anUtterance(0).reference], speaker: 's0' });
  const inPublic = labels.filter(({ fold }) => fold === 'public').length;
  expect(Math.abs(inPublic - 10)).toBeLessThanOrEqual(2);
  expect(await listDevReferences(database.web, competition.id)).toHaveLength(1);
  expect(await getCompetition(database.web, competition.slug)).toMatchObject({ labelVersion: 1, unit: 'text' });
});

test('importing the same again changes nothing', async () => {
  competition = await withoutData();
  await record('owner', aDataset());
  const before = await listTestReferences(database.owner, competition.id, 1);
  expect(await record('owner', aDataset())).toEqual({ outcome: 'unchanged', labelVersion: 1 });
  expect(await listTestReferences(database.owner, competition.id, 1)).toEqual(before);
});

test('the worker imports, too, and replaces what nobody was scored against', async () => {
  competition = await withoutData();
  await record('scorer', aDataset());
  const corrected = aDataset(19);
  corrected.utterances[1] = anUtterance(0, { reference: 'исправлено' });
  expect(await record('scorer', corrected)).toEqual({ outcome: 'recorded', labelVersion: 2 });
  const labels = await listTestReferences(database.scorer, competition.id, 2);
  expect(labels).toHaveLength(19);
  expect(labels[0]!.references).toEqual(['исправлено']);
  expect(await listTestReferences(database.scorer, competition.id, 1)).toEqual([]);
});

test('other wordings are kept with the labels, and a change of them is one of the labels', async () => {
  competition = await withoutData();
  await record('owner', aDataset());
  const reworded = aDataset();
  reworded.utterances[0] = { ...reworded.utterances[0]!, alternatives: ['иначе', ''] };
  reworded.utterances[1] = anUtterance(0, { alternatives: ['по-другому'] });
  expect(await record('scorer', reworded)).toEqual({ outcome: 'recorded', labelVersion: 2 });
  expect(await record('owner', reworded)).toEqual({ outcome: 'unchanged', labelVersion: 2 });
  const { reference } = anUtterance(0);
  const labels = await listTestReferences(database.scorer, competition.id, 2);
  expect(labels.map(({ references }) => references.length)).toEqual([2, ...new Array(19).fill(1)]);
  expect(labels[0]!.references).toEqual([reference, 'по-другому']);
  expect((await listDevReferences(database.web, competition.id))[0]!.references).toEqual([reference, 'иначе', '']);
  const open = await listUtterances(database.web, competition.id, 'test');
  expect(open.every(({ alternatives }) => alternatives.length === 0)).toBe(true);
});

test('a split that the dataset does not have stays as it was', async () => {
  competition = await withoutData();
  await record('owner', aDataset());
  const train = { utterances: [anUtterance(90, { split: 'train', position: 0 })], archives: [] };
  expect(await record('owner', train)).toEqual({ outcome: 'recorded', labelVersion: 1 });
  const sizes = await sumSplits(database.web, competition.id);
  expect(sizes.map(({ split, utterances }) => [split, utterances])).toEqual([
    ['train', 1],
    ['dev', 1],
    ['test', 20],
  ]);
});

test('an id of a split that stays is refused', async () => {
  competition = await withoutData();
  await record('owner', aDataset());
  const train = { utterances: [anUtterance(3, { split: 'train', position: 0 })], archives: [] };
  await expect(record('owner', train)).rejects.toMatchObject({ code: 'dataset-id-taken', status: 409 });
});

test('a split that was scored against stays, but for train', async () => {
  competition = await withoutData();
  await record('owner', aDataset());
  const { team } = await aTeam(database.owner, competition);
  await database.owner.execute(sql`
    insert into submissions (competition_id, team_id, split, state, received_at, bytes, sha256)
    values (${competition.id}, ${team.id}, 'test', 'queued', now(), 1, ${Buffer.alloc(32)})`);
  await expect(record('owner', aDataset(19))).rejects.toMatchObject({ code: 'dataset-in-use', status: 409 });
  expect(await record('owner', aDataset())).toMatchObject({ outcome: 'unchanged' });
  const train = { utterances: [anUtterance(90, { split: 'train', position: 0 })], archives: [] };
  expect(await record('owner', train)).toMatchObject({ outcome: 'recorded' });
});

test('a salt is made once, even where two begin at the same time', async () => {
  competition = await withoutData();
  const salts = await Promise.all([1, 2, 3, 4].map(() => getSalt(database.scorer, competition.id)));
  expect(salts[0]).toHaveLength(32);
  for (const salt of salts) expect(salt.equals(salts[0]!)).toBe(true);
  const other = await withoutData();
  expect((await getSalt(database.owner, other.id)).equals(salts[0]!)).toBe(false);
});

test('the web can neither read a salt nor import', async () => {
  competition = await withoutData();
  await expect(getSalt(database.web, competition.id)).rejects.toMatchObject({ cause: { code: '42501' } });
  await expect(recordDataset(database.web, competition.id, aDataset(), act)).rejects.toMatchObject({
    cause: { code: '42501' },
  });
});

test('more utterances than one statement holds are recorded, all of them', async () => {
  competition = await withoutData();
  const utterances = Array.from({ length: 2500 }, (_, i) =>
    anUtterance(i, { sha256: Buffer.alloc(32, i % 251), speaker: `s${i % 50}` }),
  );
  await record('owner', { utterances, archives: [] });
  expect(await listTestReferences(database.scorer, competition.id, 1)).toHaveLength(2500);
  expect(await getCompetition(database.web, competition.slug)).toMatchObject({ unit: 'speaker' });
});
