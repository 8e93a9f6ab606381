import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '#lib/db/client.ts';
import { closeDeskOf, openDeskOf } from '#lib/db/desk-openings.ts';
import { routes } from '#scoring/desk/routes.ts';
import type { Desk } from '#scoring/desk.ts';
import { aUser } from '../builders.ts';
import { rostrum } from '../command.ts';
import { aContest, type Contest, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aDesk } from '../desks.ts';
import { sessionCookie } from '../session.ts';

/*
 * The drill: somebody runs any code they like in the web process, so they have its connection to the database and write their own SQL.
 * What the catalogue grants is asked for everything that there is, so that a new table or function is looked at, too.
 */

let db: TestDatabase;
let contest: Contest;
beforeAll(async () => {
  db = await aDatabase();
  contest = await aContest(db);
  await send(db, contest, 3);
});

/** Tables, views, columns and sequences of the two secret schemas that the role may read in any way. */
async function readableSecrets(reader: Database): Promise<string[]> {
  const { rows } = await reader.execute<{ name: string }>(sql`
    select distinct format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname in ('hidden', 'pgboss') and case
      when c.relkind = 'S' then has_sequence_privilege(c.oid, 'usage, select')
      when c.relkind in ('r', 'v', 'm', 'p', 'f') then has_any_column_privilege(c.oid, 'select')
        or has_table_privilege(c.oid, 'delete, truncate, references, trigger') or has_column_privilege(c.oid, a.attnum, 'update')
      else false end
    order by 1`);
  return rows.map(({ name }) => name);
}

/** Functions that run with somebody else's rights, and whether the role may call them or hang them on a table of its own. */
async function borrowedRights(reader: Database): Promise<{ name: string; callable: boolean; path: string }[]> {
  const { rows } = await reader.execute<{ name: string; callable: boolean; path: string }>(sql`
    select p.proname as name, has_function_privilege(p.oid, 'execute') as callable, coalesce(array_to_string(p.proconfig, ' '), '') as path
    from pg_proc p where p.prosecdef and p.pronamespace::regnamespace::text !~ '^(pg_catalog|information_schema)$' order by 1`);
  return rows;
}

/** Reviewed: what each can be made to do by somebody who may call it with anything. */
const lendable = {
  chain_events: 'chains what is committed, and takes a number alone',
  enqueue_job: 'puts a job of a known kind into the queue, for a row that exists',
  forget_files_of_erased: 'takes nothing, and clears what people wrote who are erased',
  forget_log_checks:
    'drops checks of the log older than a day that found the same as those around them, and counts them',
  requeue_failed_submission: 'sends a failed file back into the queue, which answers yes or no',
  rostrum_now: 'tells the time',
};

/** By the number of its class or its own: insufficient privilege, mostly. */
async function refusalOf(statement: string): Promise<string> {
  const attempt = db.web.transaction(async (tx) => {
    await tx.execute(sql.raw(statement));
    throw new Error('went through');
  });
  return attempt.then(
    () => 'went through',
    (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.message,
  );
}

const notPermitted = '42501';

describe('whoever has the web’s role in the database', () => {
  test('reads no table, view, column or number of what is hidden', async () => {
    expect(await readableSecrets(db.web)).toEqual([]);
  });

  test('(control) one granted column is found', async () => {
    await db.owner.execute(sql`grant usage on schema hidden to rostrum_web`);
    await db.owner.execute(sql`grant select (reference) on hidden.test_references to rostrum_web`);
    try {
      expect(await readableSecrets(db.web)).toEqual(['hidden.test_references']);
    } finally {
      await db.owner.execute(sql`revoke select (reference) on hidden.test_references from rostrum_web`);
      // As the migrations have it: the web inserts references, and reads none.
      expect(await readableSecrets(db.web)).toEqual([]);
    }
  });

  test('owns nothing, belongs to no other role and has no right over the server', async () => {
    const { rows } = await db.web.execute(sql`
      select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as mighty,
        (select count(*)::int from pg_auth_members where member = r.oid) as memberships,
        (select count(*)::int from pg_class where relowner = r.oid) as owned,
        has_database_privilege(current_database(), 'create') as creates,
        (select count(*)::int from pg_namespace n where n.nspname !~ '^pg_' and has_schema_privilege(n.oid, 'create')) as schemas
      from pg_roles r where rolname = current_user`);
    expect(rows).toEqual([{ mighty: false, memberships: 0, owned: 0, creates: false, schemas: 0 }]);
  });

  test('borrows the owner’s rights from reviewed functions alone, which look names up where nobody else writes', async () => {
    const found = await borrowedRights(db.web);
    expect(found.length).toBeGreaterThan(Object.keys(lendable).length);
    expect(found.filter(({ callable }) => callable).map(({ name }) => name)).toEqual(Object.keys(lendable));
    // pg_temp last: a table of somebody's own never stands in for one of ours.
    expect(
      found.filter(({ path }) => !/^search_path=(?:"?\w+"?, )*"?pg_temp"?$/.test(path)).map(({ name }) => name),
    ).toEqual([]);
  });

  test('cannot hang a trigger of ours on a table of their own, and so write what boards are drawn from', async () => {
    const planted = `
      create temp table mine (competition_id uuid, id uuid, team_id uuid, voided_at timestamptz);
      create trigger forged after insert on mine for each row execute function keep_voided();
      insert into mine values ('${contest.competition.id}', gen_random_uuid(), '${contest.team.id}', now());`;
    expect(await refusalOf(planted)).toBe(notPermitted);
    // The control: what everybody could do before that right was taken.
    await db.owner.execute(sql`grant execute on function keep_voided() to rostrum_web`);
    expect(await refusalOf(planted)).toBe('went through');
    await db.owner.execute(sql`revoke execute on function keep_voided() from rostrum_web`);
  });

  test.each([
    ['becomes the owner', 'set role rostrum_owner'],
    ['becomes the scorer', 'set role rostrum_scorer'],
    ['begins anew as the superuser', 'set session authorization postgres'],
    [
      'makes a function that others call',
      "create function public.rostrum_now() returns int language sql as 'select 1'",
    ],
    ['makes a table beside ours', 'create table public.mine (x int)'],
    ['makes a schema', 'create schema mine'],
    ['looks through a view', 'create temp view peek as select * from hidden.test_references; select * from peek'],
    [
      'lets a function of their own read',
      "create function pg_temp.f() returns bigint language sql security definer as 'select count(*) from hidden.counts'; select pg_temp.f()",
    ],
    ['makes an extension', 'create extension dblink'],
    ['makes a language', 'create language plpython3u'],
    ['reads a file', "select pg_read_file('/etc/passwd')"],
    ['lists a folder', "select pg_ls_dir('.')"],
    ['runs a program', "copy (select 1) to program 'id'"],
    ['writes a file', "copy (select 1) to '/tmp/rostrum-breach'"],
    ['reads a file into a table', "create temp table t (x text); copy t from '/etc/passwd'"],
    ['imports a file as a large object', "select lo_import('/etc/passwd')"],
    ['moves the clock of rules', "update installation set clock_offset = '1 day'"],
    ['turns off the log of the server', "set log_statement = 'none'"],
    [
      'ends the sessions of others',
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'rostrum_owner'",
    ],
    ['gives itself a right', 'grant select on hidden.counts to rostrum_web'],
    ['takes over a table', 'alter table hidden.counts owner to rostrum_web'],
    ['turns off a trigger', 'alter table events disable trigger all'],
    ['turns off all of them', "set session_replication_role = 'replica'"],
    ['changes the log', "update events set reason = 'x'"],
    ['writes its own hash', 'insert into event_chain select chain, position + 1, event_id, hash from event_chain'],
    ['reads what is prepared by others', 'select * from pg_authid'],
    ['reads statistics of columns', 'select * from pg_statistic'],
    ['copies references', 'copy hidden.test_references (reference) to stdout'],
    ['asks for them in an insert', 'insert into hidden.test_references select * from hidden.test_references'],
    ['asks the planner', 'select * from hidden.test_references where pg_sleep(0) is null'],
  ])('is refused where it %s', async (_what, statement) => {
    expect(await refusalOf(statement)).toBe(notPermitted);
  });

  test('sees of other roles’ statements that there are some, and not what they say', async () => {
    const { rows } = await db.web.execute<{ query: string }>(
      sql`select query from pg_stat_activity where usename <> current_user and query not in ('', '<insufficient privilege>')`,
    );
    expect(rows).toEqual([]);
    const said = await db.owner.execute(sql`select 1 from pg_stat_activity where query like '%pg_stat_activity%'`);
    // The control: its own is shown to who asks it.
    expect(said.rowCount).toBeGreaterThan(0);
  });
});

describe('whoever has the web’s role, and the secret of sessions with it,', () => {
  const secret = randomBytes(32).toString('hex');
  const desks: Partial<Record<'always' | 'on request', Desk>> = {};
  let headers: Record<string, string>;
  beforeAll(async () => {
    desks.always = await aDesk(db.scorer, secret, { home: '/nowhere' });
    desks['on request'] = await aDesk(db.scorer, secret, { home: '/nowhere', opensOnRequest: true });
    // Everything as the web: somebody of theirs becomes an organiser and is signed in; all that a reveal waits for is set.
    const { id: userId } = await aUser(db.web);
    const { id } = contest.competition;
    await db.web.execute(sql`insert into competition_roles values (${id}, ${userId}, 'organiser')`);
    await db.web.execute(sql`update competitions set submissions_end_at = now() - interval '2 hours',
      reveals_at = now() - interval '1 hour', reveal_mode = 'at-once' where id = ${id}`);
    await db.owner.execute(sql`insert into label_commitments values (${id}, 1, sha256('x'))`);
    headers = await sessionCookie({ secret }, db.web, userId);
  });
  afterAll(() => Promise.all([desks.always?.close(), desks['on request']?.close()]));

  /** What the desk says to each of its routes: its code, or that it answered. */
  async function ask(which: 'always' | 'on request', paths = Object.keys(routes)): Promise<string[]> {
    const answers = paths.map(async (route) => {
      const [method = '', path] = route.split(' ');
      const url = `${desks[which]!.url}/${contest.competition.slug}/${path}?version=1`;
      const response = await fetch(url, { method, headers });
      const text = await response.text();
      return response.ok ? 'answered' : String(JSON.parse(text).code);
    });
    return [...new Set(await Promise.all(answers))];
  }

  test('is answered by a desk that always answers', async () => {
    expect(await ask('always', ['GET labels', 'GET labels/published'])).toEqual(['answered']);
  });

  test('is refused by one that answers on request, and cannot open it', async () => {
    expect(await ask('on request')).toEqual(['desk-closed']);
    const { id } = contest.competition;
    const opening = `insert into hidden.desk_openings values ('${id}', now())`;
    expect(await refusalOf(opening)).toBe(notPermitted);
    await expect(db.scorer.execute(sql.raw(opening))).rejects.toThrow();
    expect(await refusalOf(`update hidden.desk_openings set closes_at = null`)).toBe(notPermitted);
  });

  test('(control) is answered by it for as long as the owner has opened it', async () => {
    const { id, slug } = contest.competition;
    const command = (...words: string[]) => rostrum(db.ownerUrl, 'admin', 'desk', ...words);
    expect(await command('open', slug, '--hours', '4')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/\d{4}-/),
    });
    expect(await ask('on request', ['GET labels', 'GET labels/published'])).toEqual(['answered']);
    await db.owner.execute(
      sql`update hidden.desk_openings set opened_at = now() - interval '4 hours', closes_at = now()`,
    );
    expect(await ask('on request')).toEqual(['desk-closed']);
    await openDeskOf(db.owner, id, null);
    expect(await ask('on request', ['GET labels'])).toEqual(['answered']);
    expect(await command('close', slug)).toMatchObject({ code: 0 });
    expect(await closeDeskOf(db.owner, id)).toBe(false);
    expect(await ask('on request')).toEqual(['desk-closed']);
    const { rows } = await db.owner.execute(sql`select kind from events where kind like 'desk-%' order by id`);
    expect(rows.map(({ kind }) => kind)).toEqual(['desk-opened', 'desk-opened', 'desk-closed']);
  });
});
