import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { withBackup } from '#lib/backup/read.ts';
import { restoreBackup } from '#lib/backup/restore.ts';
import { openDatabase } from '#lib/db/client.ts';
import { utterances } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { createTestDatabase, dropTestDatabase, type TestDatabaseUrls } from '../cluster.ts';
import { rostrum } from '../command.ts';
import { aContest, scoreAll, send } from '../contest.ts';
import { aDatabase } from '../db.ts';
import { asSuperuser } from '../superuser.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'rostrum-restore-'));
const [file, keyFile, home] = [join(folder, 'all.tar'), join(folder, 'key'), join(folder, 'home')];
/** Of the time that an undisturbed restore takes. ROSTRUM_TEST_KILLS asks for so many at random instead. */
const wanted = Number(process.env.ROSTRUM_TEST_KILLS ?? 0);
const moments = wanted === 0 ? [0.5, 0.9] : Array.from({ length: wanted }, () => Math.random());
const secret = Buffer.from('what nobody guesses in a lifetime');

beforeAll(async () => {
  log.level = 'silent';
  writeFileSync(keyFile, secret);
  const db = await aDatabase();
  const contest = await aContest(db);
  await db.owner.update(utterances).set(await storeRecording(inFolder(home), Buffer.from('RIFF')));
  for (const wrong of [3, 1]) await send(db, contest, wrong);
  await scoreAll(db);
  vi.stubEnv('ROSTRUM_HOME', home);
  expect(await rostrum(db.ownerUrl, 'admin', 'backup', file, '--key-file', keyFile)).toMatchObject({ code: 0 });
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environmentOf = ({ webUrl, scorerUrl }: TestDatabaseUrls, at: string) => ({
  ROSTRUM_HOME: join(folder, at),
  DATABASE_URL_WEB: webUrl,
  DATABASE_URL_SCORER: scorerUrl,
});

/** In this process. */
function restore(to: TestDatabaseUrls) {
  for (const [name, value] of Object.entries(environmentOf(to, 'there'))) vi.stubEnv(name, value);
  return rostrum(to.ownerUrl, 'admin', 'restore', file, '--key-file', keyFile);
}

/** In a process of its own, killed after so many milliseconds. Returns its exit status. */
async function restoreUntil(to: TestDatabaseUrls, milliseconds: number | null): Promise<number | null> {
  const env = { ...process.env, ...environmentOf(to, 'killed'), DATABASE_URL: to.ownerUrl };
  const args = ['dist/rostrum.mjs', 'admin', 'restore', file, '--key-file', keyFile];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'ignore' });
  const timer = milliseconds === null ? undefined : setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const [code] = await once(child, 'exit');
  clearTimeout(timer);
  return code;
}

/** 'some' is what must never be: of the tables that have rows in the backup, not all have them and not all are without. */
async function standOf({ ownerUrl }: TestDatabaseUrls): Promise<'nothing' | 'all' | 'some'> {
  const { tables } = await withBackup(file, secret, async ({ manifest }) => manifest);
  const owner = openDatabase(ownerUrl, { connections: 1 });
  try {
    const parts = new Set<boolean>();
    for (const { schema, name, rows } of tables.filter(({ rows }) => rows > 0)) {
      const table = `${schema}.${name}`;
      const there = await owner.execute<{ there: boolean }>(sql`select to_regclass(${table}) is not null as there`);
      const found = there.rows[0]!.there
        ? await owner.execute<{ count: number }>(sql`select count(*)::integer as count from ${sql.raw(table)}`)
        : null;
      const count = found?.rows[0]?.count ?? 0;
      if (count > 0 && count < rows) return 'some';
      parts.add(count > 0);
    }
    return parts.size > 1 ? 'some' : parts.has(true) ? 'all' : 'nothing';
  } finally {
    await owner.$client.end();
  }
}

test('a restore that ended before its proof is proven by the next try, unless something was added since', async () => {
  const half = await createTestDatabase(inject('cluster'), 'empty');
  const target = { ownerUrl: half.ownerUrl, place: inFolder(home), migrationsFolder: join(root, 'migrations') };
  await withBackup(file, secret, (backup) => restoreBackup(backup, target));
  await asSuperuser(
    half,
    "insert into mails (recipient, language, subject, body_text, body_html) values ('a@b.c', 'ru', 's', 't', 't')",
  );
  // The control: with a row more it is an installation of its own.
  expect(await restore(half)).toMatchObject({ code: 3, err: expect.stringContaining('nothing to lose') });
  await asSuperuser(half, "delete from mails where recipient = 'a@b.c'");
  const next = await restore(half);
  expect(next).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/here already.*drawn again, the same/s) });
  expect(await restore(half)).toMatchObject({ code: 3, err: expect.stringContaining('nothing to lose') });
  await dropTestDatabase(inject('cluster'), half.name);
}, 240_000);

test('a restore that is killed leaves nothing or all, at whatever moment, and the next try comes to its end', async () => {
  const undisturbed = await createTestDatabase(inject('cluster'), 'empty');
  const began = performance.now();
  expect(await restoreUntil(undisturbed, null)).toBe(0);
  const whole = performance.now() - began;
  expect(await standOf(undisturbed)).toBe('all');
  // The control: a table without a row is seen.
  await asSuperuser(undisturbed, 'delete from submission_files');
  expect(await standOf(undisturbed)).toBe('some');
  await dropTestDatabase(inject('cluster'), undisturbed.name);

  const killed = await createTestDatabase(inject('cluster'), 'empty');
  for (const part of moments) {
    await restoreUntil(killed, part * whole);
    expect(await standOf(killed)).not.toBe('some');
  }
  const last = await restore(killed);
  // The last of them may have come through before it was killed.
  if (last.code !== 0) expect(last.err).toContain('nothing to lose');
  expect(await standOf(killed)).toBe('all');
  await dropTestDatabase(inject('cluster'), killed.name);
}, 240_000);
