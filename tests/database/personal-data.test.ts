import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { toCamelCase, toSnakeCase } from 'drizzle-orm/casing';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { beginUpload, writePart } from '#lib/archive-uploads.ts';
import { createArchiveUpload } from '#lib/db/archive-uploads.ts';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { removeDroppedSlides } from '#lib/db/dropped-slides.ts';
import { erasePerson } from '#lib/db/erasure.ts';
import { findMentions } from '#lib/db/mentions.ts';
import { beginExport } from '#lib/db/personal-data.ts';
import { notExported, personalSections } from '#lib/db/personal-sections.ts';
import { events, submissions, teamMembers, users } from '#lib/db/schema.ts';
import { getSubmittedFile } from '#lib/db/scoring.ts';
import { saveSlides } from '#lib/db/talks.ts';
import { log } from '#lib/log.ts';
import { recordingPath } from '#lib/objects/folder.ts';
import { sweepLeftovers } from '#lib/objects/leftovers.ts';
import { partName, scratchPrefix } from '#lib/objects/unfinished.ts';
import { inFolder, objectStore, storeRecording } from '#lib/objects.ts';
import { writePersonalArchive } from '#lib/personal-archive.ts';
import { sweepArchiveUploads } from '#scoring/jobs/import-dataset.ts';
import { aTeam, aUser } from '../builders.ts';
import { testUrl } from '../cluster.ts';
import { rostrum } from '../command.ts';
import { aContest, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { filesHolding } from '../files-holding.ts';
import { aPdf } from '../pdf-files.ts';
import { keptPlaces, listForgotten, listPersonalColumns } from '../personal-columns.ts';
import { aWellKnownPerson, knownEmail, knownName } from '../well-known-person.ts';
import { eventually } from '../workers.ts';
import { aZip, unzip } from '../zip-files.ts';

const home = mkdtempSync(join(tmpdir(), 'rostrum-personal-'));
/** With the name where people write it: on the first page. */
const itsSlides = Buffer.concat([aPdf(), Buffer.from(`\n% ${knownName}\n`)]);
let db: TestDatabase;
let known: Awaited<ReturnType<typeof aWellKnownPerson>>;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  known = await aWellKnownPerson(db);
  const slides = { ...(await storeRecording(inFolder(home), itsSlides)), name: 'канарейка.pdf' };
  await saveSlides(db.web, known.competition.id, known.canary.id, slides);
  await leaveUnfinished();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** An archive that they never sent to its end, and what a process that was killed had begun to write of theirs. */
async function leaveUnfinished(): Promise<void> {
  const archive = aZip([{ name: `${knownName}.txt`, content: knownEmail }]);
  const about = { competitionId: known.competition.id, requestedBy: known.canary.id, fileName: `${knownName}.zip` };
  const { id } = await createArchiveUpload(db.web, { ...about, bytes: archive.length + 1 });
  await beginUpload(inFolder(home), id, archive.length + 1, 0);
  await writePart(inFolder(home), id, 0, archive);
  const { pid } = spawnSync('true');
  const mark = partName().replace(`-${process.pid}-`, `-${pid}-`);
  mkdirSync(join(home, 'archives'));
  writeFileSync(join(home, 'archives', mark), knownEmail);
  mkdirSync(join(home, 'scratch', scratchPrefix().replace(`-${process.pid}-`, `-${pid}-`)), { recursive: true });
  writeFileSync(join(home, 'scratch', scratchPrefix().replace(`-${process.pid}-`, `-${pid}-`), 'object'), knownName);
}

/** The archive as the web gives it out, unpacked: what it holds by the names of its files. */
async function exported(personId: string): Promise<Map<string, Buffer>> {
  const pieces: Buffer[] = [];
  for await (const piece of writePersonalArchive(db.web, inFolder(home), personId)) pieces.push(piece);
  return unpacked(Buffer.concat(pieces));
}

async function unpacked(archive: Buffer): Promise<Map<string, Buffer>> {
  const folder = mkdtempSync(join(home, 'unpacked-'));
  await unzip(archive, folder);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path)] as const)
      .filter(([name]) => name !== 'all.zip'),
  );
}

describe('what leads to a person', () => {
  test('is in their export, or stands in the list with the reason why not', async () => {
    expect(await listForgotten(db.owner)).toEqual([]);
    const columns = await listPersonalColumns(db.owner);
    expect(Object.keys(notExported).filter((place) => !columns.includes(place) && place !== 'rate_limits.key')).toEqual(
      [],
    );
  });

  test('is missed where somebody adds it and forgets the export: by a key, by a name, among hidden tables', async () => {
    await db.owner
      .transaction(async (tx) => {
        await tx.execute(
          sql`create table planted (id integer primary key, fan uuid references users, home_address text)`,
        );
        await tx.execute(sql`alter table competitions add column changed_by uuid`);
        await tx.execute(sql`create table hidden.planted (work uuid references submissions)`);
        const planted = ['competitions.changed_by', 'hidden.planted.work', 'planted.fan', 'planted.home_address'];
        expect(await listForgotten(tx)).toEqual(planted);
        tx.rollback();
      })
      .catch((error: Error) => expect(error.message).toBe('Rollback'));
  });

  test('is no secret: neither digests of what opens an account nor texts with links', () => {
    const given = personalSections.flatMap(({ name, given }) =>
      Object.keys(given(known.canary)).map((key) => `${name}.${key}`),
    );
    expect(given.filter((key) => /hash|secret|password|body|(?<!tokens)\.token/i.test(key)).sort()).toEqual([
      'account.hasPassword',
      'published-grades.body',
      'questions.body',
      'questions.publicBody',
      'scores.profileHash',
    ]);
  });
});

describe('an export', () => {
  test('has a file for every section that there is something of, and each file as it was sent', async () => {
    const files = await exported(known.canary.id);
    const index = JSON.parse(files.get('index.json')!.toString());
    expect(index).toMatchObject({ format: 1, personId: known.canary.id });
    expect(index.files.map(({ name }: { name: string }) => name).sort()).toEqual(
      [...files.keys()].filter((name) => name !== 'index.json').sort(),
    );
    const empty = ['role-offers', 'picked-finals', 'extensions'];
    const sections = personalSections.map(({ name }) => name).filter((name) => !empty.includes(name));
    expect(sections.filter((name) => !files.has(`data/${name}.json`))).toEqual([]);
    const read = (name: string) => JSON.parse(files.get(`data/${name}.json`)!.toString());
    expect(read('account')).toMatchObject([{ name: knownName, email: knownEmail, hasPassword: true }]);
    expect(read('questions')).toMatchObject([{ body: `Это ${knownName}, а где данные?` }]);
    const [sent] = await db.owner.select().from(submissions).where(eq(submissions.authorId, known.canary.id));
    expect(files.get(`submissions/${sent!.id}.csv`)).toEqual(await getSubmittedFile(db.owner, sent!.id));
    expect(read('submissions')).toMatchObject([{ id: sent!.id, sha256: sent!.sha256.toString('hex') }]);
    expect(files.get(`slides/${known.team.id}.pdf`)).toEqual(itsSlides);
  });

  test('goes on without slides that are gone or spoilt, and says so', async () => {
    const name = `slides/${known.team.id}.pdf`;
    const path = recordingPath(home, createHash('sha256').update(itsSlides).digest());
    const about = { name, bytes: itsSlides.length, sha256: createHash('sha256').update(itsSlides).digest('hex') };
    const told = async () => {
      const files = await exported(known.canary.id);
      const { missing } = JSON.parse(files.get('index.json')!.toString());
      return { missing, has: files.has(name), account: files.has('data/account.json') };
    };
    // The control: all is there.
    expect(await told()).toEqual({ missing: [], has: true, account: true });
    writeFileSync(path, Buffer.alloc(itsSlides.length));
    expect(await told()).toEqual({ missing: [{ ...about, reason: 'unreadable' }], has: false, account: true });
    rmSync(path);
    expect(await told()).toEqual({ missing: [{ ...about, reason: 'missing' }], has: false, account: true });
    writeFileSync(path, itsSlides);
  });

  test('says nothing of others, though they are in the same team', async () => {
    const { mate, canary, competition } = known;
    await db.owner.update(users).set({ name: 'Соседка Тайная' }).where(eq(users.id, mate.id));
    const of = async (id: string) => Buffer.concat([...(await exported(id)).values()]).toString();
    await send(db, { competition, author: mate }, 5, { note: 'соседская заметка' });
    const theirs = await of(canary.id);
    for (const needle of ['Соседка Тайная', mate.email, mate.id, 'соседская заметка']) {
      expect(theirs).not.toContain(needle);
      // The control: they are there to be found.
      if (needle !== mate.id) expect(await of(mate.id)).toContain(needle);
    }
  });

  test('comes in parts where there is much of something, whole and each row once', async () => {
    const { id } = await aUser(db.owner);
    await db.owner.execute(sql`insert into events (kind, actor_id, subject)
      select 'team-created', ${id}, n::text from generate_series(1, 250) n`);
    const files = await exported(id);
    const parts = ['events', 'events-2', 'events-3'].map((name) =>
      JSON.parse(files.get(`data/${name}.json`)!.toString()),
    );
    expect(parts.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(new Set(parts.flat().map(({ subject }) => subject)).size).toBe(250);
    expect(parts.flat().every(({ byThePerson }) => byThePerson)).toBe(true);
  });

  test('is one at a time, and five within an hour, and each is an event', async () => {
    const { id } = await aUser(db.owner);
    const two = await Promise.allSettled([beginExport(db.web, id), beginExport(db.web, id)]);
    expect(two.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(beginExport(db.web, id)).rejects.toMatchObject({ code: 'export-running' });
    for (const begun of two) if (begun.status === 'fulfilled') await begun.value();
    for (let i = 2; i <= 5; i += 1) await (await beginExport(db.web, id))();
    // Refused for being the sixth, it leaves the way free for the next hour's.
    for (let i = 0; i < 2; i += 1) {
      await expect(beginExport(db.web, id)).rejects.toMatchObject({ code: 'too-many-attempts' });
    }
    const told = await db.owner.select().from(events).where(eq(events.subject, id));
    expect(told.map(({ kind }) => kind)).toEqual(Array(5).fill('data-exported'));
  });

  test('is made by the command of the owner, for whoever asks by letter', async () => {
    const out = join(home, 'asked.zip');
    vi.stubEnv('ROSTRUM_HOME', home);
    const { code, out: said } = await rostrum(db.ownerUrl, 'admin', 'users', 'export', knownEmail, '--out', out);
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining(out) });
    const files = await unpacked(readFileSync(out));
    expect(JSON.parse(files.get('data/account.json')!.toString())).toMatchObject([{ email: knownEmail }]);
    expect((await rostrum(db.ownerUrl, 'admin', 'users', 'export', 'nobody@example.org', '--out', out)).code).toBe(3);
  });
});

// The last: nothing is left of them afterwards.
describe('whatever a person could have written their name into', () => {
  test('is clean of it once they are erased, but for what is kept with a reason', async () => {
    const before = await nameEverywhere(known.canary);
    const named = async () => (await findMentions(db.owner, [knownName, knownEmail])).map(({ place }) => place);
    // The control: it stands wherever a column takes it.
    expect(await named()).toEqual(expect.arrayContaining(before));
    await erasePerson(db.web, known.canary.id, null);
    const kept = keptPlaces();
    expect((await named()).filter((place) => !kept.includes(place))).toEqual([]);
    expect(await named()).toEqual(expect.arrayContaining(before.filter((place) => kept.includes(place))));
  });

  test('stands in no file either, but in slides of a team that others are in, until they replace them or go, too', async () => {
    const { competition, mate } = known;
    const slidesAt = recordingPath(home, createHash('sha256').update(itsSlides).digest());
    rmSync(join(home, 'asked.zip'));
    for (const name of readdirSync(home))
      if (name.startsWith('unpacked-')) rmSync(join(home, name), { recursive: true });
    // The control: an archive that was begun, a file and a scratch folder are found as well, before they are looked through.
    const places = () => filesNaming(home).map((path) => relative(home, path).split('/')[0]);
    expect(places().sort()).toEqual(['archives', 'recordings', 'scratch', 'uploads']);
    await sweepArchiveUploads(db.scorer, inFolder(home));
    await sweepLeftovers(home, new Date());
    await sweepSlides();
    expect(filesNaming(home)).toEqual([slidesAt]);
    const others = { ...(await storeRecording(inFolder(home), aPdf())), name: 'ours.pdf' };
    await saveSlides(db.web, competition.id, mate.id, others);
    // Whoever downloads it now comes to an end.
    expect(await removeDroppedSlides(db.scorer, () => expect.unreachable('within the hour'))).toBe(0);
    expect(await sweepSlides()).toBe(1);
    expect(filesNaming(home)).toEqual([]);
    const left = () => objectStore(inFolder(home)).findLength('recordings', others.sha256);
    expect(await left()).toBe(aPdf().length);
    for (const { userId } of await db.owner.select().from(teamMembers).where(eq(teamMembers.teamId, known.team.id))) {
      if (userId !== mate.id) await erasePerson(db.web, userId, null);
    }
    await erasePerson(db.web, mate.id, null);
    expect(await sweepSlides()).toBe(1);
    expect(await left()).toBeNull();
  });

  test('is not removed from under somebody who has the same slides, or sends them meanwhile', async () => {
    const contest = await aContest(db);
    const slides = { ...(await storeRecording(inFolder(home), aPdf())), name: 'a.pdf' };
    const { author, competition } = contest;
    const second = (await aTeam(db.owner, competition)).people[0]!;
    for (const { id } of [author, second]) await saveSlides(db.web, competition.id, id, slides);
    await saveSlides(db.web, competition.id, author.id, null);
    expect(await sweepSlides()).toBe(0);
    await saveSlides(db.web, competition.id, second.id, null);
    await db.owner.execute(sql`update dropped_slides set dropped_at = dropped_at - interval '61 minutes'`);
    let isSaved = false;
    let saving: Promise<unknown> | undefined;
    await removeDroppedSlides(db.scorer, async (sha256) => {
      saving = saveSlides(db.web, competition.id, author.id, slides).then(() => {
        isSaved = true;
      });
      await someoneWaits();
      expect(isSaved).toBe(false);
      await objectStore(inFolder(home)).remove('recordings', sha256);
    });
    await saving;
    // As the route does once its row refers to it.
    await storeRecording(inFolder(home), aPdf());
    expect(await sweepSlides()).toBe(0);
    expect(await objectStore(inFolder(home)).findLength('recordings', slides.sha256)).toBe(aPdf().length);
  });
});

/** Resolves once a statement waits for a lock of another. */
async function someoneWaits(): Promise<void> {
  await eventually(30, async () => {
    const { rows } = await db.owner.execute(sql`
      select from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()`);
    return rows.length > 0;
  });
}

/** Files of the home folder that hold the name or the address, or are called by it. */
const filesNaming = (folder: string) => filesHolding(folder, [knownName, knownEmail, 'канарейка']);

/** An hour later, as the worker does. */
async function sweepSlides(): Promise<number> {
  await db.owner.execute(sql`update dropped_slides set dropped_at = dropped_at - interval '61 minutes'`);
  return removeDroppedSlides(db.scorer, (sha256) => objectStore(inFolder(home)).remove('recordings', sha256));
}

/** Writes the name into every free text of every row that is theirs, past all rules but those of the tables; returns the columns. */
async function nameEverywhere({
  id,
  email,
  emailKey,
}: {
  id: string;
  email: string;
  emailKey: string;
}): Promise<string[]> {
  const superuser = openDatabase(testUrl(inject('cluster'), 'postgres', db.name), { connections: 1 });
  try {
    const places: string[] = [];
    await superuser.execute(sql`set session_replication_role = replica`);
    for (const { table, of } of personalSections) {
      const { name: tableName } = getTableConfig(table);
      for (const [key, column] of Object.entries(getTableColumns(table))) {
        const type = column.getSQLType();
        const isFree = (type === 'text' && !column.enumValues?.length) || type === 'jsonb';
        if (!isFree || tableName === 'users' || /_key$/.test(toSnakeCase(key))) continue;
        const mine = of({ id, email, emailKey });
        if (await writeInto(superuser, table, toSnakeCase(key), mine))
          places.push(`public.${tableName}.${toSnakeCase(key)}`);
      }
    }
    return places;
  } finally {
    await superuser.$client.end();
  }
}

/** Whether the column took it: some hold only what a rule of the table lets them. */
async function writeInto(superuser: Database, table: PgTable, column: string, mine: SQL): Promise<boolean> {
  const cell = sql.identifier(column);
  const type = getTableColumns(table)[toCamelCase(column)]!.getSQLType();
  const text = type === 'jsonb' ? sql`to_jsonb(${knownName}::text)` : sql`${knownName}`;
  try {
    const { rowCount } = await superuser.execute(sql`update ${table} set ${cell} = ${text} where ${mine}`);
    return (rowCount ?? 0) > 0;
  } catch {
    return false;
  }
}
