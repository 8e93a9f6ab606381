import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantRole } from '#lib/db/competitions.ts';
import { findLastAudit } from '#lib/db/label-audits.ts';
import { log } from '#lib/log.ts';
import type { Desk } from '#scoring/desk.ts';
import { runLabelAudit } from '#scoring/jobs/audit-labels.ts';
import { aUser, hoursFromNow, type TestUser, tenUtterances } from '../builders.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aDesk } from '../desks.ts';
import { sessionCookie } from '../session.ts';

const secret = randomBytes(32).toString('hex');
let db: TestDatabase;
let desk: Desk;
let contest: Contest;
let cookie: string;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  desk = await aDesk(db.scorer, secret);
  contest = await aContest(db);
  cookie = await cookieOf('organiser');
});

afterAll(async () => {
  await desk?.close();
});

async function cookieOf(role: 'organiser' | 'assistant'): Promise<string> {
  const user: TestUser = await aUser(db.owner);
  await grantRole(db.owner, contest.competition.id, user.id, role, { actorId: null });
  return (await sessionCookie({ secret }, db.owner, user.id)).Cookie;
}

async function ask(path: string, init: RequestInit = {}, as = cookie): Promise<Response> {
  const headers = { 'Accept-Language': 'en', 'X-Rostrum-Address': '127.0.0.1', Cookie: as };
  return fetch(`${desk.url}/${contest.competition.slug}/labels/audit${path}`, { ...init, headers });
}

const post = (path: string, body: BodyInit = '', as = cookie) => ask(path, { method: 'POST', body }, as);
const lines = (last: string, slip: number) =>
  tenUtterances.map(({ id, reference }, i) => `${id} ${i === 9 ? last : i === slip ? 'раз' : reference}`).join('\n');

describe('the desk for audits of labels', () => {
  test('takes files that fit, says what is wrong with others, and needs two that differ', async () => {
    const wrong = await post('/file?name=short.txt', lines('раз', 1).replace('u4 ', 'u44 '));
    expect([wrong.status, (await wrong.json()).errors.map(({ code }: { code: string }) => code)]).toEqual([
      422,
      ['id-unknown', 'id-missing'],
    ]);
    for (const [name, slip] of [
      ['one.txt', 1],
      ['two.txt', 2],
      ['three.txt', 3],
    ] as const) {
      expect((await post(`/file?name=${name}`, lines('раз два три десять пять', slip))).status).toBe(204);
    }
    const state = await (await ask('')).json();
    expect(state).toMatchObject({ labelVersion: 1, last: null, systems: [], entries: 0 });
    expect(state.outputs.map(({ name, format }: { name: string; format: string }) => [name, format])).toEqual([
      ['one.txt', 'kaldi'],
      ['two.txt', 'kaldi'],
      ['three.txt', 'kaldi'],
    ]);
  });

  test('shows who hears what, word by word: files by name, entries by number until the reveal', async () => {
    await send(db, contest, 3);
    await scoreAll(db);
    expect((await post('/start', '', await cookieOf('assistant'))).status).toBe(404);
    expect((await post('/start')).status).toBe(204);
    expect((await post('/start')).status).toBe(409);
    await runLabelAudit(db.scorer, (await findLastAudit(db.scorer, contest.competition.id))!.id);
    const { systems, last, counts } = await (await ask('')).json();
    expect(last).toMatchObject({ state: 'done', audited: 10 });
    expect(counts).toEqual({ open: 1, changed: 0, dismissed: 0 });
    expect(systems.filter(({ kind }: { kind: string }) => kind === 'entry')).toEqual([
      { kind: 'entry', number: 1, team: null },
    ]);
    const { items, total } = await (await ask('/questions')).json();
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({ id: 'u10', state: 'open', evidence: { consensus: 'раз два три десять пять' } });
    expect(items[0].evidence.steps[3]).toEqual({ kind: 'substitution', reference: 'четыре', hypothesis: 'десять' });
    expect(items[0].evidence.sayings.map((saying: { systems: number[] }) => saying.systems.length)).toEqual([3, 1]);
    await db.owner.execute(sql`
      update competitions set submissions_end_at = ${hoursFromNow(-2)}, reveals_at = ${hoursFromNow(-1)}
      where id = ${contest.competition.id}`);
    const revealed = await (await ask('')).json();
    expect(revealed.systems.map(({ team }: { team?: string }) => team)).toContain(contest.team.name);
  });

  test('takes an answer once, with a reason, from organisers alone', async () => {
    const answer = (reason: string, as = cookie) =>
      post('/answer', JSON.stringify({ id: 'u10', label: null, reason }), as);
    expect((await answer('heard it', await cookieOf('assistant'))).status).toBe(404);
    expect((await answer(' ')).status).toBe(422);
    expect((await answer('heard it')).status).toBe(204);
    const { items } = await (await ask('/questions?only=dismissed')).json();
    expect(items).toMatchObject([{ id: 'u10', dismissal: { reason: 'heard it' } }]);
    const missing = await post('/answer', JSON.stringify({ id: 'u1', label: null, reason: 'x' }));
    expect(missing.status).toBe(404);
  });

  test('forgets a file that is removed', async () => {
    const { outputs } = await (await ask('')).json();
    expect((await post('/file/remove', JSON.stringify({ id: outputs[0].id }))).status).toBe(204);
    expect((await (await ask('')).json()).outputs).toEqual(outputs.slice(1));
  });
});
