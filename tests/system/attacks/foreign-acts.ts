import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { findCompetition, grantRole } from '#lib/db/competitions.ts';
import { previewSheet } from '#lib/db/course-sheets.ts';
import { findCourse } from '#lib/db/courses.ts';
import { writeDueMails } from '#lib/db/due-mails.ts';
import { aUser } from '../../builders.ts';
import { sessionCookie } from '../../session.ts';
import { type Row, watchRows } from '../../table-rows.ts';
import { eventually } from '../../workers.ts';
import type { Act, By, Now, Route } from './act.ts';
import { actionsByFile, builtAction, changingRoutes, encodeReply } from './actions.ts';
import { acts, actsOfNobody } from './acts.ts';
import type { Attacked } from './attacked.ts';
import { aFurnishedTeam, anEvent, type Ids, type Person, type Side } from './event.ts';

/*
 * Accounts that are alike, each with one of everything. Whatever changes something is done by the one with the ids of the other: with all of
 * them, and with each alone among its own. It is refused, and no row of any table is another than before. What takes no id is done for its
 * own with all ids of the other beside, and nothing of the other's changes.
 */

/** What passes by itself, counts who knocks, or is drawn by the worker alone from what is looked at here. */
const passing = [
  'hidden.utterance_errors',
  ...['rate_limits', 'workers', 'event_chain', 'unchained_events', 'log_checks', 'board_snapshots'].map(
    (name) => `public.${name}`,
  ),
];
/** What boards are drawn from follows from what is somebody's own to do. */
const following = ['hidden.board_inputs'];
/** What says that an act is not for whoever asks, or not about that id. That a form does not fit is no such answer. */
const refusals = /^(not-found|forbidden|team|captain-only|not-a-member|not-registered|erase-not-confirmed)$/;
/** They answer to what is not there as to what was done before: pressed twice, it has been done once. */
const silent = ['revokeToken', 'endOneSession', 'disconnect', 'retry', 'typeResults'];
/** Every captain may take part in any competition that is open. */
const everybodys = ['slug', 'competition'];
/** Acts that tell, or have been done: they change nothing. */
const idle = ['previewText', 'accept', 'openCourse', 'POST reveal/preview', 'retryMail', 'retryAllMails'];

type Attacker = { who: string; person: Person; own: Ids; tries: readonly By[] };
type Attempt = { act: Act; by: Attacker; with: string; ids: Ids };
type Answer = { status: number; code: string | null };

export function testForeignActs(attacked: () => Attacked): void {
  let theirs: Side;
  let attackers: Attacker[];
  let administrator: Person;
  let rows: Awaited<ReturnType<typeof watchRows>>;

  beforeAll(async () => {
    const { stack, owner } = attacked();
    theirs = await anEvent(stack, owner, 'theirs');
    const ours = await anEvent(stack, owner, 'ours');
    const rival = await aFurnishedTeam(owner, (await findCompetition(owner, 'theirs'))!);
    administrator = { userId: (await aUser(owner, { isAdministrator: true })).id };
    attackers = [
      {
        who: 'rival',
        person: rival,
        own: { ...theirs.ids, ...rival.ids },
        tries: ['captain', 'organiser', 'administrator'],
      },
      { who: 'organiser elsewhere', person: ours.organiser, own: ours.ids, tries: ['organiser', 'administrator'] },
      { who: 'captain elsewhere', person: ours.captain, own: ours.ids, tries: ['captain'] },
      { who: 'juror elsewhere', person: ours.juror, own: ours.ids, tries: ['juror'] },
      { who: 'helper elsewhere', person: ours.helper, own: ours.ids, tries: ['helper'] },
    ];
    for (const attacker of attackers) attacker.person = { cookie: await cookieOf(attacker.person) };
    await settle();
    rows = await watchRows(owner, passing);
  }, 120_000);

  test('are asked of every action and every route that changes something', () => {
    const ofActions = Object.entries(actionsByFile()).flatMap(([file, names]) =>
      names.map((name) => `${file} ${name}`),
    );
    // Its desk's are asked each.
    const passedOn = 'app/organise/[slug]/desk/[...path]/route.ts POST';
    const found = [...ofActions, ...changingRoutes()].filter((name) => name !== passedOn);
    expect(found.length).toBeGreaterThan(140);
    const named = [...acts.map(({ file, name }) => `${file} ${name}`), ...actsOfNobody];
    expect(named.toSorted()).toEqual(found.toSorted());
  });

  test('are refused with the ids of others, and change no row', async () => {
    expect(rows.tables.length).toBeGreaterThan(70);
    const attempts = attackers.flatMap(attemptsOf);
    expect(attempts.length).toBeGreaterThan(250);
    expect(await holesAmong(attempts)).toEqual([]);
  }, 300_000);

  test('(control) are found where somebody may, and where one row changes behind a refusal', async () => {
    const { owner } = attacked();
    const [rival, elsewhere] = [attackers[0]!, attackers[1]!];
    const of = (attacker: Attacker, name: string) => attemptsOf(attacker).filter(({ act }) => act.name === name);
    const planted = () => owner.execute(sql`update teams set name = name || '!' where id = ${theirs.ids.team}`);
    expect(await holesAmong(of(rival, 'withdrawNews'), planted)).toEqual([
      expect.stringMatching(/^rival, withdrawNews of .* with all: 200 not-found, changed .*public\.teams/),
    ]);
    const { rows: session } = await owner.execute<{ userId: string }>(
      sql`select user_id as "userId" from competition_roles where competition_id = ${elsewhere.own.competition} and role = 'organiser'`,
    );
    const act = { actorId: null };
    await grantRole(owner, theirs.ids.competition!, session[0]!.userId, 'organiser', act);
    await rows.changes();
    const [found] = await holesAmong(of(elsewhere, 'publishNews'));
    expect(found).toMatch(/^organiser elsewhere, publishNews .* with all: 200, changed .*public\.announcements/);
    await owner.execute(
      sql`delete from competition_roles where user_id = ${session[0]!.userId} and competition_id = ${theirs.ids.competition}`,
    );
  });

  test('that take nobody’s id change nothing of others’, whatever ids are sent beside', async () => {
    rows = await watchRows(attacked().owner, [...passing, ...following]);
    const taken: string[] = [];
    for (const { who, person, own, tries } of attackers) {
      const strays = Object.fromEntries(Object.entries(theirs.ids).filter(([key, id]) => own[key] !== id));
      const alone = acts.filter((act) => act.by === tries[0] && foreignKeys(act, theirs.ids, own).length === 0);
      for (const act of alone) {
        const answer = await perform(act, person, own, strays);
        const changes = (await rows.changes()).filter(({ text }) =>
          Object.values(strays).some((id) => text.includes(id)),
        );
        if (answer.status >= 500 || changes.length > 0)
          taken.push(sentence(who, { act, with: 'own', answer, changes }));
      }
    }
    expect(taken).toEqual([]);
  }, 300_000);

  test('that would take or end an account need a sign-in of late, and change no row without', async () => {
    const { owner } = attacked();
    const cookie = await cookieOf(theirs.captain);
    const age = (hours: number) =>
      owner.execute(sql`update sessions set created_at = created_at - make_interval(hours => ${hours})`);
    await age(5);
    await rows.changes();
    const guarded = acts.filter(({ name }) => name === 'eraseAccount' || name === 'disconnect');
    expect(guarded).toHaveLength(2);
    for (const act of guarded) {
      const { code } = await perform(act, { cookie }, theirs.ids);
      expect([act.name, code, await rows.changes()]).toEqual([act.name, 'confirm-yourself', []]);
    }
    await age(-5);
    await rows.changes();
  });

  test('(control) go through for who may, or are refused for another reason', async () => {
    const refused: string[] = [];
    for (const act of acts) {
      const cookie = await cookieOf(act.by === 'administrator' ? administrator : theirs[act.by]);
      await rows.changes();
      const answer = await perform(act, { cookie }, theirs.ids);
      const changes = await rows.changes();
      const wentThrough = answer.code === null && (changes.length > 0 || idle.includes(act.name));
      const isAsExpected = act.refusedTo === undefined ? wentThrough : answer.code === act.refusedTo;
      if (!isAsExpected) refused.push(sentence('who may', { act, with: 'own', answer, changes }));
    }
    expect(refused).toEqual([]);
  }, 300_000);

  /** Until all is scored and promised, every mail that is due is written, and nothing moves by itself. */
  async function settle(): Promise<void> {
    const { owner, stack } = attacked();
    await eventually(60, async () => {
      const { rows: waiting } = await owner.execute(sql`
        select from submissions where state in ('queued', 'scoring') union all
        select from competitions c where label_version > 0
          and not exists (select from label_commitments l where l.competition_id = c.id and l.label_version = c.label_version)`);
      return waiting.length === 0;
    });
    await writeDueMails(owner, stack.origin);
    const moving = await watchRows(owner, passing);
    await eventually(60, async () => {
      await setTimeout(1_000);
      return (await moving.changes()).length === 0;
    });
  }

  function attemptsOf(by: Attacker): Attempt[] {
    return acts
      .filter((act) => by.tries.includes(act.by))
      .flatMap((act) => {
        const keys = foreignKeys(act, theirs.ids, by.own);
        const all = { act, by, with: 'all', ids: theirs.ids };
        // Not their part at all: then nothing of their own is taken, either.
        if (act.by !== by.tries[0]) return act.by === 'organiser' && by.who !== 'rival' ? [] : [all];
        const alone = keys.map((key) => ({ act, by, with: key, ids: { ...by.own, [key]: theirs.ids[key]! } }));
        return keys.length === 0 ? [] : [all, ...(keys.length === 1 ? [] : alone)];
      });
  }

  async function holesAmong(attempts: readonly Attempt[], after?: () => Promise<unknown>): Promise<string[]> {
    const holes: string[] = [];
    for (const { act, by, with: what, ids } of attempts) {
      const answer = await perform(act, by.person, ids);
      await after?.();
      const changes = await rows.changes();
      const isRefused =
        answer.code === null ? silent.includes(act.name) && answer.status === 200 : refusals.test(answer.code);
      if (!isRefused || changes.length > 0) holes.push(sentence(by.who, { act, with: what, answer, changes }));
    }
    return holes;
  }

  /** As that person's browser; `strays` are fields that the form does not have. */
  async function perform(act: Act, person: Person, ids: Ids, strays: Ids = {}): Promise<Answer> {
    const { stack, owner } = attacked();
    await owner.execute(sql`delete from rate_limits`);
    const headers = { Cookie: await cookieOf(person), Origin: stack.origin };
    const sent = act.sent(ids, await nowOf(act, ids.slug!));
    const { path, ...init } = 'path' in sent ? requestTo(sent) : await callOf(act, ids, withStrays(sent, strays));
    const response = await fetch(`${stack.origin}${path}`, {
      ...init,
      headers: { ...headers, ...init.headers },
      redirect: 'manual',
    });
    const body = Buffer.from(await response.arrayBuffer()).toString('utf8');
    return { status: response.status, code: codeIn(response.status, body) };
  }

  async function cookieOf(person: Person): Promise<string> {
    if ('cookie' in person) return person.cookie;
    const { stack, owner } = attacked();
    return (await sessionCookie(stack, owner, person.userId)).Cookie;
  }

  async function nowOf({ name }: Act, slug: string): Promise<Now> {
    const { owner } = attacked();
    const { rows: versions } = await owner.execute<{ version: number; stage: number }>(sql`
      select coalesce(p.version, 0)::int as version, coalesce(s.version, 0)::int as stage from competitions c
      left join defence_plans p on p.competition_id = c.id left join stages s on s.competition_id = c.id where c.slug = ${slug}`);
    const sheet = name === 'publishGrades' ? await previewSheet(owner, (await findCourse(owner, slug))!) : null;
    return { ...versions[0]!, digest: sheet?.digest ?? '', unique: `u-${randomUUID()}` };
  }
}

/** What an act is about that is not the caller's own, by the names of the ids that it reads. */
function foreignKeys(act: Act, theirs: Ids, own: Ids): string[] {
  const read = new Set<string>();
  const reader = new Proxy(theirs, {
    get(ids, key: string) {
      read.add(key);
      return ids[key];
    },
  });
  act.sent(reader, { version: 0, stage: 0, digest: '', unique: '' });
  const isTheirs = (key: string) => act.by !== 'captain' || !everybodys.includes(key);
  return [...read].filter((key) => theirs[key] !== own[key] && isTheirs(key));
}

type Request = { path: string; method: string; body?: BodyInit; headers: Record<string, string> };

function requestTo({ path, method, body, type }: Route): Request {
  const headers = type === undefined ? {} : { 'Content-Type': type };
  return { path, method, headers, ...(body === undefined ? {} : { body }) };
}

async function callOf(act: Act, ids: Ids, sent: readonly unknown[]): Promise<Request> {
  const { id, page } = builtAction(act);
  const path = page.replace('[slug]', ids.slug!).replace('[id]', ids.team!);
  const body = await encodeReply(sent);
  const type = typeof body === 'string' ? { 'Content-Type': 'text/plain;charset=UTF-8' } : {};
  return { path, method: 'POST', body, headers: { 'Next-Action': id, ...type } };
}

/** Beside each id the names that columns have. */
function withStrays(sent: readonly unknown[], strays: Ids): readonly unknown[] {
  for (const typed of sent.filter((argument) => argument instanceof FormData)) {
    for (const [key, id] of Object.entries(strays)) {
      for (const name of [key, `${key}Id`, `${key}_id`]) if (!typed.has(name)) typed.set(name, id);
    }
    for (const name of ['id', 'userId', 'actorId']) if (!typed.has(name)) typed.set(name, strays.captain ?? '');
  }
  return sent;
}

/** Of a refusal; null where there is none. */
function codeIn(status: number, body: string): string | null {
  const refused =
    /"status":"refused","code":"([\w-]+)"/.exec(body) ?? (status >= 400 ? /"code":"([\w-]+)"/.exec(body) : null);
  return refused?.[1] ?? (status >= 400 ? `status-${status}` : null);
}

type Outcome = { act: Act; with: string; answer: Answer; changes: readonly Row[] };

function sentence(who: string, { act, with: what, answer: { status, code }, changes }: Outcome): string {
  const tables = [...new Set(changes.map(({ table }) => table))];
  const changed = tables.length === 0 ? '' : `, changed ${tables.join(' ')}`;
  return `${who}, ${act.name} of ${act.file} with ${what}: ${status}${code === null ? '' : ` ${code}`}${changed}`;
}
