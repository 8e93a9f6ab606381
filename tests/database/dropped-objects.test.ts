import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginUpload, removeUpload, writePart } from '#lib/archive-uploads.ts';
import {
  createArchiveUpload,
  deleteUpload,
  dropUpload,
  importUpload,
  type OwnUpload,
} from '#lib/db/archive-uploads.ts';
import { removeDroppedSlides } from '#lib/db/dropped-slides.ts';
import { erasePerson } from '#lib/db/erasure.ts';
import { findMentions } from '#lib/db/mentions.ts';
import { archiveUploads, imports } from '#lib/db/schema.ts';
import { saveSlides } from '#lib/db/talks.ts';
import { sumSplits } from '#lib/db/utterances.ts';
import { log } from '#lib/log.ts';
import { type ObjectPlace, objectStore, storeRecording } from '#lib/objects.ts';
import { runImport, sweepArchiveUploads } from '#scoring/jobs/import-dataset.ts';
import { aCompetition, aUser } from '../builders.ts';
import { aContest, type Contest } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { filesHolding } from '../files-holding.ts';
import { aPdf } from '../pdf-files.ts';
import { startS3, type TestS3 } from '../s3.ts';
import { aWav, samples16 } from '../wav-files.ts';
import { aZip } from '../zip-files.ts';

let db: TestDatabase;
let s3: TestS3;
const home = mkdtempSync(join(tmpdir(), 'rostrum-dropped-'));

beforeAll(async () => {
  log.level = 'silent';
  [db, s3] = await Promise.all([aDatabase(), startS3()]);
});
afterAll(async () => {
  await s3.stop();
  rmSync(home, { recursive: true });
});

/** What is in the bytes of one object alone, and nowhere in the names of files. */
let made = 0;
function aNeedle(): string {
  made += 1;
  return `канарейка ${made}`;
}
const found = (needle: string) => [home, s3.folder].flatMap((folder) => filesHolding(folder, [needle]));

const slidesOf = (needle: string) => Buffer.concat([aPdf(), Buffer.from(`\n% ${needle}\n`)]);

async function aTalk(place: ObjectPlace, needle: string): Promise<Contest> {
  const contest = await aContest(db);
  await sendSlides(place, contest, needle);
  return contest;
}

async function sendSlides(place: ObjectPlace, { competition, author }: Contest, needle: string): Promise<void> {
  const slides = { ...(await storeRecording(place, slidesOf(needle))), name: 'talk.pdf' };
  await saveSlides(db.web, competition.id, author.id, slides);
}

/** A dataset of three recordings, with a note that no import takes. */
async function anUploadOf(place: ObjectPlace, needle: string): Promise<OwnUpload> {
  const [competition, organiser] = [await aCompetition(db.owner), await aUser(db.owner)];
  const rows = ['train', 'dev', 'test'].map((split) => `${split}-1,${split}.wav,раз два три,${split}`);
  const archive = aZip([
    { name: 'manifest.csv', content: `id,audio,text,split\n${rows.join('\n')}\n` },
    ...['train', 'dev', 'test'].map((split, i) => ({
      name: `${split}.wav`,
      content: aWav({ data: samples16([made, i, ...Array.from({ length: 400 }, (_, at) => at % 97)]) }),
    })),
    { name: 'notes.txt', content: needle },
  ]);
  const about = { competitionId: competition.id, requestedBy: organiser.id };
  const { id } = await createArchiveUpload(db.web, { ...about, fileName: `${needle}.zip`, bytes: archive.length });
  await beginUpload(place, id, archive.length, 0);
  for (let at = 0; at < archive.length; at += 1_000) await writePart(place, id, at, archive.subarray(at, at + 1_000));
  await db.owner.execute(sql`update archive_uploads set received = bytes where id = ${id}`);
  return { id, ...about };
}

/** As the worker does, an hour later. */
async function sweepSlides(place: ObjectPlace): Promise<void> {
  await db.owner.execute(sql`update dropped_slides set dropped_at = dropped_at - interval '61 minutes'`);
  await removeDroppedSlides(db.scorer, (sha256) => objectStore(place).remove('recordings', sha256));
}

async function namesOfArchives(): Promise<string[]> {
  const rows = await db.owner.select().from(archiveUploads);
  return rows.map(({ fileName }) => fileName).sort((a, b) => a.localeCompare(b, 'ru', { numeric: true }));
}

const sweepArchives = (place: ObjectPlace) => sweepArchiveUploads(db.scorer, place);

async function runTheImport(place: ObjectPlace, upload: OwnUpload): Promise<void> {
  const { id } = await importUpload(db.web, upload, {});
  await runImport(db.scorer, db.scorerUrl, id, { ...place, importFolder: home });
  const [row] = await db.owner.select().from(imports).where(eq(imports.id, id));
  expect(row).toMatchObject({ state: 'done' });
}

/** Every way by which the product lets an object go. */
const slidesGo: [how: string, drop: (place: ObjectPlace, contest: Contest) => Promise<void>][] = [
  ['that a team replaced', (place, contest) => sendSlides(place, contest, 'others')],
  ['that a team took back', (_, { competition, author }) => saveSlides(db.web, competition.id, author.id, null)],
  ['of somebody who was erased', (_, { author }) => erasePerson(db.web, author.id, author.id)],
];
const archivesGo: [how: string, drop: (place: ObjectPlace, upload: OwnUpload) => Promise<void>][] = [
  ['that was given up', (place, upload) => dropUpload(db.web, upload, () => removeUpload(place, upload.id))],
  ['that was imported', runTheImport],
  ['of somebody who was erased', (_, { requestedBy }) => erasePerson(db.web, requestedBy, null)],
  ['that nobody went on with for hours', (_, { id }) => outlive(id)],
  ['whose row alone went, as where a web was killed', (_, { id }) => deleteUpload(db.web, id)],
];

async function outlive(id: string): Promise<void> {
  await db.owner.execute(sql`update archive_uploads set touched_at = touched_at - interval '7 hours' where id = ${id}`);
}

const places: [name: string, place: () => ObjectPlace][] = [
  ['a folder', () => ({ home, s3: null })],
  ['a bucket', () => ({ home, s3: s3.place })],
];

describe.each(places)('in %s there is nothing left', (_, place) => {
  test.each(slidesGo)('of slides %s, and others stay', async (_, drop) => {
    const [theirs, others] = [aNeedle(), aNeedle()];
    const contest = await aTalk(place(), theirs);
    await aTalk(place(), others);
    await sweepSlides(place());
    // The control: what is somebody's is there, and no sweep takes it.
    expect(found(theirs)).toHaveLength(1);
    await drop(place(), contest);
    await sweepSlides(place());
    expect(found(theirs)).toEqual([]);
    expect(found(others)).toHaveLength(1);
  });

  test.each(archivesGo)('of an archive %s, and others stay', async (_, drop) => {
    const [theirs, others] = [aNeedle(), aNeedle()];
    const upload = await anUploadOf(place(), theirs);
    const other = await anUploadOf(place(), others);
    await sweepArchives(place());
    // The control: it is called by it, and it holds it.
    expect(await namesOfArchives()).toEqual([`${theirs}.zip`, `${others}.zip`]);
    expect(found(theirs)).toHaveLength(1);
    await drop(place(), upload);
    await sweepArchives(place());
    expect(await namesOfArchives()).toEqual([`${others}.zip`]);
    expect(found(theirs)).toEqual([]);
    expect(found(others)).toHaveLength(1);
    await dropUpload(db.web, other, () => removeUpload(place(), other.id));
  });

  test('of an archive of somebody who was erased while it was imported, once it is', async () => {
    const needle = aNeedle();
    const upload = await anUploadOf(place(), needle);
    const { id } = await importUpload(db.web, upload, {});
    expect((await findMentions(db.owner, [needle])).map((mention) => mention.place)).toEqual([
      'public.archive_uploads.file_name',
      'public.imports.path',
    ]);
    await erasePerson(db.web, upload.requestedBy, null);
    await sweepArchives(place());
    expect(await findMentions(db.owner, [needle])).toEqual([]);
    // The control: it goes on, for those who organise the competition now.
    expect(found(needle)).toHaveLength(1);
    await runImport(db.scorer, db.scorerUrl, id, { ...place(), importFolder: home });
    expect(await sumSplits(db.web, upload.competitionId)).toHaveLength(3);
    expect(found(needle)).toEqual([]);
  });
});

test('a store that is away for a moment loses no removal', async () => {
  const place = { home, s3: s3.place };
  const needle = aNeedle();
  const { competition, author } = await aTalk(place, needle);
  await saveSlides(db.web, competition.id, author.id, null);
  await s3.kill();
  const sweeping = sweepSlides(place);
  await sleep(300);
  expect(found(needle)).toHaveLength(1);
  await s3.start();
  await sweeping;
  expect(found(needle)).toEqual([]);
});
