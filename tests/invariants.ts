import { type SQL, sql } from 'drizzle-orm';
import type { ReceiptAnswer } from '#lib/api/answers.ts';
import { readSnapshot } from '#lib/board.ts';
import { type Competition, quotaDay } from '#lib/competition.ts';
import { getClose } from '#lib/db/adjustments.ts';
import { replayBoards } from '#lib/db/board-replay.ts';
import { getBoard } from '#lib/db/boards.ts';
import type { Database } from '#lib/db/client.ts';
import { chainEvents, checkChain, installationChain } from '#lib/db/log-chain.ts';
import { findTies } from '#scoring/board-ties.ts';

/*
 * What has to hold of a competition whatever was killed, filled or cut off while its teams handed in: asked of the rows alone, by the
 * owner. It is for competitions whose teams, labels and policy have not changed since the first file.
 */

/** What a client was promised. Instants bound when its file can have been received: before its first try, after its last. */
export type Acknowledged = {
  receipt: Pick<ReceiptAnswer, 'id' | 'sha256' | 'receivedAt' | 'late'>;
  sentAt: Date;
  answeredAt: Date;
};

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9';
export type Violation = { invariant: Invariant; problem: string };

/** In words, for who reads a report. */
export const invariants: Record<Invariant, string> = {
  I1: 'what was acknowledged is stored, as it was acknowledged',
  I2: 'every file is scored once, and no file is taken twice',
  I3: 'attempts used are the files that were charged, and no more than allowed',
  I4: 'every file was received between its sending and its answer, and is late exactly from the close on',
  I5: 'every board can be drawn again, and the last one has every scored file',
  I6: 'the chains of the log are whole',
  I7: 'nothing waits or is being scored for more than five minutes',
  I8: 'every file is there with the bytes of its SHA-256',
  I9: 'every failure gave its attempt back, and nothing else did',
};

type Contest = { db: Database; competition: Competition };

/** `isQuiet`: nothing is under way any more, so that everything has to have come to its end. */
export async function findViolations(
  db: Database,
  competition: Competition,
  acknowledged: readonly Acknowledged[],
  { isQuiet = true } = {},
): Promise<Violation[]> {
  const contest = { db, competition };
  const found: Violation[] = [];
  const add = (invariant: Invariant, problems: readonly string[]) =>
    found.push(...problems.map((problem) => ({ invariant, problem })));
  const unfinished = await findUnfinished(contest, isQuiet);
  add('I1', await findLost(contest, acknowledged));
  add('I2', await findScoredTwice(contest));
  add('I3', await findMiscounted(contest));
  add('I4', await findMistimed(contest, acknowledged));
  add('I5', await findWrongBoards(contest));
  add('I6', await findBrokenChains(contest));
  add('I7', unfinished);
  add('I8', await findDamaged(contest));
  add('I9', await findWrongRefunds(contest));
  return found;
}

async function findLost({ db, competition }: Contest, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const rows = await ask<{ id: string; sha256: string; receivedAt: string; late: boolean }>(
    db,
    sql`select id, encode(sha256, 'hex') as sha256, late,
      to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "receivedAt"
    from submissions where competition_id = ${competition.id}`,
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  return acknowledged.flatMap(({ receipt }) => {
    const row = stored.get(receipt.id);
    if (row === undefined) return [`receipt ${receipt.id} is of nothing`];
    const differing = (['sha256', 'late', 'receivedAt'] as const).filter((key) => row[key] !== receipt[key]);
    return differing.map((key) => `receipt ${receipt.id} says ${key} ${receipt[key]}, its row ${row[key]}`);
  });
}

async function findScoredTwice({ db, competition }: Contest): Promise<string[]> {
  const rows = await ask<{ id: string; what: string; count: number }>(
    db,
    sql`
    with of_test as (select * from submissions where competition_id = ${competition.id} and split = 'test'),
      wanted as (select id, case when state = 'scored' then 1 else 0 end as times from of_test)
    select w.id, found.what, found.count from wanted w cross join lateral (
      select 'public counts' as what, w.times as wanted,
        (select count(*)::integer from hidden.counts c where c.submission_id = w.id and c.fold = 'public') as count
      union all select 'private counts', w.times,
        (select count(*)::integer from hidden.counts c where c.submission_id = w.id and c.fold = 'private')
      union all select 'lists of errors', w.times,
        (select count(*)::integer from hidden.utterance_errors e where e.submission_id = w.id)
      union all select 'scores on the way to the board', w.times,
        (select count(*)::integer from hidden.board_inputs i where i.subject = w.id and i.kind = 'published')
    ) found
    where found.count <> found.wanted`,
  );
  const twice = await ask<{ id: string; count: number }>(
    db,
    sql`
    select min(id::text) as id, count(*)::integer as count from submissions
    where competition_id = ${competition.id} and state in ('queued', 'scoring', 'scored')
    group by team_id, split, coalesce(unpacked_sha256, sha256) having count(*) > 1`,
  );
  return [
    ...rows.map(({ id, what, count }) => `submission ${id} has ${count} ${what}`),
    ...twice.map(({ id, count }) => `the bytes of submission ${id} were taken ${count} times`),
  ];
}

async function findMiscounted({ db, competition }: Contest): Promise<string[]> {
  // Attempts follow people, and nobody has changed teams: a team's own and those of its members are the same.
  const rows = await ask<{ teamId: string; day: string; used: number; charged: number; allowed: number }>(
    db,
    sql`
    with charges as (
      select team_id, quota_day as day, count(*)::integer as charged from submissions
      where competition_id = ${competition.id} and quota_day is not null group by team_id, quota_day),
    counters as (
      select q.* from quota_days q join teams t on t.id = q.team_id where t.competition_id = ${competition.id})
    select * from (
      select team_id as "teamId", day::text, coalesce(used, 0) as used, coalesce(charged, 0) as charged,
        ${competition.dailyQuota}::integer + (
          select coalesce(sum(a.attempts), 0)::integer from team_adjustments a
          where a.team_id = both_sides.team_id and a.kind = 'attempts' and a.revoked_at is null
            and (a.day is null or a.day = both_sides.day)) as allowed
      from (charges full join counters using (team_id, day)) as both_sides) counted
    where used <> charged or charged > allowed`,
  );
  return rows.map(
    ({ teamId, day, used, charged, allowed }) =>
      `team ${teamId} on ${day}: ${used} used, ${charged} charged, ${allowed} allowed`,
  );
}

async function findMistimed({ db, competition }: Contest, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const impossible = acknowledged.flatMap(({ receipt, sentAt, answeredAt }) => {
    const at = Date.parse(receipt.receivedAt);
    const within = at >= sentAt.getTime() - clockStepMs && at <= answeredAt.getTime() + clockStepMs;
    const between = `${sentAt.toISOString()} and ${answeredAt.toISOString()}`;
    return within ? [] : [`receipt ${receipt.id} says ${receipt.receivedAt}, and its client ${between}`];
  });
  const rows = await ask<{ id: string; teamId: string; receivedAt: string; late: boolean; day: string | null }>(
    db,
    sql`select id, team_id as "teamId", received_at as "receivedAt", late, quota_day::text as day
    from submissions where competition_id = ${competition.id} and split = 'test' and author_id is not null`,
  );
  const problems: string[] = [];
  for (const { id, teamId, receivedAt, late, day } of rows) {
    const at = new Date(receivedAt);
    const { closesAt } = await getClose(db, competition, teamId);
    if (late !== at >= closesAt) problems.push(`submission ${id} of ${receivedAt} is ${late ? 'late' : 'in time'}`);
    if (day !== null && day !== quotaDay(competition, at)) problems.push(`submission ${id} was charged to ${day}`);
  }
  return [...impossible, ...problems];
}

async function findWrongBoards({ db, competition }: Contest): Promise<string[]> {
  const { fault } = await replayBoards(db, competition.id, findTies);
  const board = readSnapshot((await getBoard(db, competition)).body);
  const rows = await ask<{ team: string; scored: number }>(
    db,
    sql`select t.name as team, count(*)::integer as scored from submissions s join teams t on t.id = s.team_id
    where s.competition_id = ${competition.id} and s.split = 'test' and s.state = 'scored' and not s.late
      and s.voided_at is null and t.kind = 'team' group by t.id`,
  );
  const shown = new Map(board.rows.map((row) => [row.team, row.entries]));
  const unseen = board.frozen ? [] : rows.filter(({ team, scored }) => (shown.get(team) ?? 0) !== scored);
  return [
    ...(fault === null ? [] : [JSON.stringify(fault)]),
    ...unseen.map(({ team, scored }) => `${scored} files of ${team} are scored, ${shown.get(team) ?? 0} on the board`),
  ];
}

async function findBrokenChains({ db, competition }: Contest): Promise<string[]> {
  await chainEvents(db);
  const problems: string[] = [];
  for (const chain of [competition.id, installationChain]) {
    const { fault } = await checkChain(db, chain);
    if (fault !== null) problems.push(`chain ${chain}: ${JSON.stringify(fault)}`);
  }
  return problems;
}

async function findUnfinished({ db, competition }: Contest, isQuiet: boolean): Promise<string[]> {
  const tooOld = isQuiet ? sql`true` : sql`received_at < clock_timestamp() - interval '5 min'`;
  const rows = await ask<{ id: string; state: string; attempt: number }>(
    db,
    sql`select id, state, attempt from submissions
    where competition_id = ${competition.id} and state in ('queued', 'scoring') and not late and ${tooOld}`,
  );
  return rows.map(({ id, state, attempt }) => `submission ${id} is ${state} in attempt ${attempt}`);
}

async function findDamaged({ db, competition }: Contest): Promise<string[]> {
  const rows = await ask<{ id: string; stored: number | null }>(
    db,
    sql`select s.id, octet_length(f.content) as stored
    from submissions s left join submission_files f on f.submission_id = s.id
    where s.competition_id = ${competition.id}
      and (f.content is null or sha256(f.content) <> s.sha256 or octet_length(f.content) <> s.bytes)`,
  );
  return rows.map(({ id, stored }) => `submission ${id}: ${stored === null ? 'its file is gone' : 'other bytes'}`);
}

async function findWrongRefunds({ db, competition }: Contest): Promise<string[]> {
  const rows = await ask<{ id: string; state: string; failures: number; retries: number; charged: boolean }>(
    db,
    sql`
    select * from (
      select s.id, s.state, s.quota_day is not null as charged, s.split = 'test' and not s.late and t.kind = 'team' as costs,
        (select count(*)::integer from events e where e.subject = s.id::text and e.kind = 'submission-failed') as failures,
        (select count(*)::integer from events e where e.subject = s.id::text and e.kind = 'submission-retried') as retries
      from submissions s join teams t on t.id = s.team_id where s.competition_id = ${competition.id}) told
    where failures - retries <> case when state = 'failed' then 1 else 0 end
      or charged <> (costs and state in ('queued', 'scoring', 'scored') and failures = 0)`,
  );
  return rows.map(
    ({ id, state, failures, retries, charged }) =>
      `submission ${id} is ${state}${charged ? ', charged' : ', free'}, after ${failures} failures and ${retries} retries`,
  );
}

/** Clients and the database have the same clock, and each reads it to the millisecond. */
const clockStepMs = 2;

async function ask<Row extends Record<string, unknown>>(db: Database, query: SQL): Promise<Row[]> {
  const { rows } = await db.execute<Record<string, unknown>>(query);
  return rows as Row[];
}
