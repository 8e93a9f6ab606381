import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { toCamelCase, toSnakeCase } from 'drizzle-orm/casing';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { erasePerson } from '#lib/db/erasure.ts';
import { findMentions } from '#lib/db/mentions.ts';
import { beginExport } from '#lib/db/personal-data.ts';
import { notExported, personalSections } from '#lib/db/personal-sections.ts';
import { events, submissions, users } from '#lib/db/schema.ts';
import { getSubmittedFile } from '#lib/db/scoring.ts';
import { saveSlides } from '#lib/db/talks.ts';
import { log } from '#lib/log.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { writePersonalArchive } from '#lib/personal-archive.ts';
import { aUser } from '../builders.ts';
import { testUrl } from '../cluster.ts';
import { rostrum } from '../command.ts';
import { send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aPdf } from '../pdf-files.ts';
import { keptPlaces, listForgotten, listPersonalColumns } from '../personal-columns.ts';
import { aWellKnownPerson, knownEmail, knownName } from '../well-known-person.ts';
import { unzip } from '../zip-files.ts';

const home = mkdtempSync(join(tmpdir(), 'rostrum-personal-'));
let db: TestDatabase;
let known: Awaited<ReturnType<typeof aWellKnownPerson>>;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  known = await aWellKnownPerson(db);
  const slides = { ...(await storeRecording(inFolder(home), aPdf())), name: 'канарейка.pdf' };
  await saveSlides(db.web, known.competition.id, known.canary.id, slides);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

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
    expect(files.get(`slides/${known.team.id}.pdf`)).toEqual(aPdf());
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
});

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
