import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantRole } from '#lib/db/competitions.ts';
import { recordCommitment } from '#lib/db/label-commitments.ts';
import { utterances } from '#lib/db/schema.ts';
import { revokeSessions } from '#lib/db/sessions.ts';
import { findDesk, recordHeartbeat } from '#lib/db/workers.ts';
import { digestOfLabelFile } from '#lib/label-file.ts';
import { log } from '#lib/log.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import type { Desk } from '#scoring/desk.ts';
import { aUser, hoursFromNow, type TestUser } from '../builders.ts';
import { aContest, type Contest } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aDesk } from '../desks.ts';
import { sessionCookie } from '../session.ts';

const secret = randomBytes(32).toString('hex');
const home = mkdtempSync(join(tmpdir(), 'rostrum-desk-'));
const sound = Buffer.from('RIFF, or whatever was recorded');
let db: TestDatabase;
let desk: Desk;
let contest: Contest;
let organiser: TestUser;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  desk = await aDesk(db.scorer, secret, { home });
  contest = await aContest(db);
  organiser = await aUser(db.owner);
  await grantRole(db.owner, contest.competition.id, organiser.id, 'organiser', { actorId: null });
});

afterAll(async () => {
  await desk?.close();
  rmSync(home, { recursive: true, force: true });
});

async function cookieOf(user: TestUser): Promise<string> {
  return (await sessionCookie({ secret }, db.owner, user.id)).Cookie;
}

async function ask(path: string, cookie: string | null, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers({ 'Accept-Language': 'en', 'X-Rostrum-Address': '127.0.0.1' });
  if (cookie !== null) headers.set('Cookie', cookie);
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  return fetch(`${desk.url}/${contest.competition.slug}/${path}`, { ...init, headers });
}

async function post(path: string, body: unknown, cookie: string | null): Promise<Response> {
  return ask(path, cookie, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const edit = { id: 'u1', reference: 'раз', alternatives: ['рас'], excluded: false, reason: 'listened' };

describe('the desk', () => {
  test('answers an organiser with a session that stands, and nobody else', async () => {
    const { id } = contest.competition;
    const [assistant, outsider] = [await aUser(db.owner), await aUser(db.owner)];
    const demo = await aUser(db.owner, { isDemo: true });
    await grantRole(db.owner, id, assistant.id, 'assistant', { actorId: null });
    await grantRole(db.owner, id, demo.id, 'organiser', { actorId: null });
    const statuses = async (cookie: string | null) => [
      (await ask('labels', cookie)).status,
      (await ask('labels/state', cookie)).status,
      (await ask('labels/history?id=u1', cookie)).status,
      (await post('labels/edit', edit, cookie)).status,
    ];
    expect(await statuses(null)).toEqual([401, 401, 401, 401]);
    expect(await statuses('rostrum-session=nonsense')).toEqual([401, 401, 401, 401]);
    for (const user of [assistant, outsider, contest.author]) {
      expect(await statuses(await cookieOf(user))).toEqual([404, 404, 404, 404]);
    }
    const cookie = await cookieOf(organiser);
    expect(await statuses(cookie)).toEqual([200, 200, 200, 200]);
    await revokeSessions(db.owner, organiser.id);
    expect(await statuses(cookie)).toEqual([401, 401, 401, 401]);
    const elsewhere = { headers: { 'X-Rostrum-Address': '203.0.113.9' } };
    expect((await ask('labels', await cookieOf(demo), elsewhere)).status).toBe(401);
    expect((await ask('labels', await cookieOf(demo))).status).toBe(200);
  });

  test('lets nothing that it says be kept', async () => {
    const response = await ask('labels?only=changed', await cookieOf(organiser));
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(await response.json()).toMatchObject({ total: 1, labels: [{ id: 'u1', reference: 'раз' }] });
  });

  test('plays the recording, in parts', async () => {
    const stored = await storeRecording(inFolder(home), sound);
    const { id: competitionId } = contest.competition;
    await db.owner.update(utterances).set(stored).where(eq(utterances.competitionId, competitionId));
    const cookie = await cookieOf(organiser);
    const response = await ask('labels/recording?id=u2', cookie, { headers: { Range: 'bytes=0-3' } });
    expect([response.status, await response.text()]).toEqual([206, 'RIFF']);
    expect((await ask('labels/recording?id=u99', cookie)).status).toBe(404);
  });

  test('takes a whole corrected file, and names everything that is wrong with another', async () => {
    const cookie = await cookieOf(organiser);
    const upload = (body: string, reason = 'proofread') =>
      ask(`labels/upload?${new URLSearchParams({ reason })}`, cookie, { method: 'POST', body });
    const lines = Array.from({ length: 10 }, (_, i) => `u${i + 1} ${i === 4 ? '{пять / пяти}' : 'раз'}`);
    const wrong = await upload([...lines.slice(1), 'u77 раз', 'u3 раз'].join('\n'));
    expect(wrong.status).toBe(422);
    expect((await wrong.json()).errors).toMatchObject([{ line: 11, column: 1, code: 'id-duplicate' }]);
    const unknown = await upload([...lines.slice(1), 'u77 раз'].join('\n'));
    expect((await unknown.json()).errors).toMatchObject([
      { line: 10, column: 1, code: 'id-unknown' },
      { code: 'id-missing', message: expect.stringContaining('u1') },
    ]);
    expect((await upload(lines.join('\n'), ' ')).status).toBe(422);
    expect(await (await upload(lines.join('\n'))).json()).toEqual({ changed: 10 });
    const found = await (await ask('labels?text=пяти', cookie)).json();
    expect(found.labels).toMatchObject([{ id: 'u5', reference: 'пять', alternatives: ['пяти'] }]);
  });

  test('says why it refuses, and asks for a reason', async () => {
    const cookie = await cookieOf(organiser);
    expect(await (await post('labels/apply', { reason: 'x' }, cookie)).json()).toMatchObject({
      code: 'labels-not-previewed',
    });
    expect((await post('labels/discard', { reason: '' }, cookie)).status).toBe(422);
    expect((await post('labels/edit', { ...edit, reference: 'a\nb' }, cookie)).status).toBe(400);
    expect((await post('labels/discard', { reason: 'enough' }, cookie)).status).toBe(204);
    expect((await ask('labels/edit', cookie)).status).toBe(404);
  });

  test('gives salt, labels and folds to everybody from the reveal on, and not a moment before', async () => {
    const { competition } = contest;
    await db.scorer.transaction((tx) => recordCommitment(tx, competition));
    const published = () => ask('labels/published?version=1', null);
    expect((await published()).status).toBe(404);
    const reveal = (hours: number) =>
      db.owner.execute(sql`
      update competitions set submissions_end_at = ${hoursFromNow(-2)}, reveals_at = ${hoursFromNow(hours)}
      where id = ${competition.id}`);
    await reveal(1);
    expect((await published()).status).toBe(404);
    await reveal(-1);
    const bytes = Buffer.from(await (await published()).arrayBuffer());
    const { rows } = await db.web.execute<{ sha256: Buffer }>(
      sql`select sha256 from label_commitments where competition_id = ${competition.id}`,
    );
    expect(digestOfLabelFile(bytes)).toEqual(rows[0]!.sha256);
    expect(digestOfLabelFile(Buffer.from(bytes.toString().replace('пять', 'пить')))).not.toEqual(rows[0]!.sha256);
    expect((await ask('labels/published?version=2', null)).status).toBe(404);
  });
});

test('the web finds the desk of the worker that began last, and none of a worker that is gone', async () => {
  const worker = (id: number, deskUrl: string | null) => ({
    id: `00000000-0000-4000-8000-00000000000${id}`,
    process: 'test',
    deskUrl,
    disk: null,
  });
  expect(await findDesk(db.web)).toBeNull();
  await recordHeartbeat(db.scorer, worker(1, 'http://127.0.0.1:1'));
  await recordHeartbeat(db.scorer, worker(2, 'http://127.0.0.1:2'));
  await recordHeartbeat(db.scorer, worker(3, null));
  expect(await findDesk(db.web)).toBe('http://127.0.0.1:2');
  await db.owner.execute(
    sql`update workers set seen_at = clock_timestamp() - interval '1 minute' where desk_url like '%:2'`,
  );
  expect(await findDesk(db.web)).toBe('http://127.0.0.1:1');
});
