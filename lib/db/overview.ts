import { sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';

/*
 * How a competition is doing, for those who run it: who takes part, what waits, what failed, what happened. Nothing here is, or
 * follows from, a private result.
 */

export type TeamOverview = {
  id: string;
  name: string;
  members: string[];
  isGuest: boolean;
  isDemo: boolean;
  /** Files for test that were accepted, and those that came to nothing. */
  accepted: number;
  rejected: number;
  failed: number;
  lastAt: Date | null;
};

export type QueueOverview = {
  /** Files waiting or being scored: of this competition, and of the installation, whose workers they share. */
  waiting: number;
  waitingEverywhere: number;
  oldestSeconds: number | null;
  scoredToday: number;
};

export type WorkerOverview = { process: string; startedAt: Date; seenSecondsAgo: number };

export type FailureOverview = { id: string; team: string; fileName: string; reason: string; finishedAt: Date };

export type LoggedEvent = {
  id: string;
  at: Date;
  /** Null for the platform and its owner's command line. */
  actor: string | null;
  kind: string;
  reason: string;
  details: Record<string, unknown>;
};

export type PinnedBaseline = {
  id: string;
  name: string;
  fileName: string;
  note: string;
  codeLink: string | null;
  state: 'queued' | 'scoring' | 'scored' | 'rejected' | 'failed';
};

/** What waits for an organiser: questions without an answer, and what teams reported of recordings. */
export type Waiting = { questions: number; flags: number };

export type People = { accepted: number; inTeams: number };

export async function listTeamOverviews(db: Connection, competitionId: string): Promise<TeamOverview[]> {
  const { rows } = await db.execute<TeamOverview & { lastAt: string | null }>(sql`
    select t.id, t.name, t.is_guest as "isGuest", t.is_demo as "isDemo",
      coalesce((
        select array_agg(u.name order by m.joined_at) from team_members m join users u on u.id = m.user_id
        where m.team_id = t.id), '{}') as members,
      count(s.id) filter (where s.split = 'test' and s.state not in ('rejected', 'failed'))::integer as accepted,
      count(s.id) filter (where s.state = 'rejected')::integer as rejected,
      count(s.id) filter (where s.state = 'failed')::integer as failed,
      max(s.received_at) as "lastAt"
    from teams t left join submissions s on s.team_id = t.id
    where t.competition_id = ${competitionId} and t.kind = 'team' and t.disbanded_at is null
    group by t.id order by t.name, t.id`);
  return rows.map((row) => ({ ...row, lastAt: row.lastAt === null ? null : new Date(row.lastAt) }));
}

export async function countPeople(db: Connection, competitionId: string): Promise<People> {
  const { rows } = await db.execute<People>(sql`
    select
      (select count(distinct user_id)::integer from rule_acceptances where competition_id = ${competitionId}) as accepted,
      (select count(*)::integer from team_members where competition_id = ${competitionId}) as "inTeams"`);
  return rows[0] ?? { accepted: 0, inTeams: 0 };
}

export async function getQueueOverview(db: Connection, competitionId: string): Promise<QueueOverview> {
  const { rows } = await db.execute<QueueOverview>(sql`
    select
      count(*) filter (where competition_id = ${competitionId} and state in ('queued', 'scoring') and not late)::integer
        as waiting,
      count(*) filter (where state in ('queued', 'scoring') and not late)::integer as "waitingEverywhere",
      extract(epoch from rostrum_now() - min(received_at)
        filter (where competition_id = ${competitionId} and state in ('queued', 'scoring') and not late))::integer
        as "oldestSeconds",
      count(*) filter (where competition_id = ${competitionId} and state = 'scored'
        and finished_at > rostrum_now() - interval '1 day')::integer as "scoredToday"
    from submissions`);
  return rows[0] ?? { waiting: 0, waitingEverywhere: 0, oldestSeconds: null, scoredToday: 0 };
}

export async function countWaiting(db: Connection, competitionId: string): Promise<Waiting> {
  const { rows } = await db.execute<Waiting>(sql`
    select
      (select count(*)::integer from questions where competition_id = ${competitionId} and answered_at is null) as questions,
      (select count(*)::integer from label_flags where competition_id = ${competitionId} and looked_at is null) as flags`);
  return rows[0] ?? { questions: 0, flags: 0 };
}

/** The baseline's file for a split as it was pinned last; null where there is none. */
export async function findBaseline(
  db: Connection,
  competitionId: string,
  split: 'test' | 'dev',
): Promise<PinnedBaseline | null> {
  const { rows } = await db.execute<PinnedBaseline>(sql`
    select s.id, t.name, s.file_name as "fileName", s.note, s.code_link as "codeLink", s.state
    from teams t join submissions s on s.team_id = t.id
    where t.competition_id = ${competitionId} and t.kind = 'baseline' and s.split = ${split}
    order by s.sequence desc limit 1`);
  return rows[0] ?? null;
}

/** Whether any file has been taken in to be scored, the baseline's included. */
export async function hasSubmissions(db: Connection, competitionId: string): Promise<boolean> {
  const { rows } = await db.execute(sql`
    select from submissions where competition_id = ${competitionId} and state <> 'rejected' limit 1`);
  return rows.length > 0;
}

/** Scoring workers, in real time: rehearsals move the clock of rules. */
export async function listWorkers(db: Connection): Promise<WorkerOverview[]> {
  const { rows } = await db.execute<WorkerOverview & { startedAt: string }>(sql`
    select process, started_at as "startedAt",
      greatest(0, extract(epoch from clock_timestamp() - seen_at))::integer as "seenSecondsAgo"
    from workers order by seen_at desc limit 20`);
  return rows.map((row) => ({ ...row, startedAt: new Date(row.startedAt) }));
}

export async function listFailures(db: Connection, competitionId: string): Promise<FailureOverview[]> {
  const { rows } = await db.execute<FailureOverview & { finishedAt: string }>(sql`
    select s.id, t.name as team, s.file_name as "fileName", s.failure as reason, s.finished_at as "finishedAt"
    from submissions s join teams t on t.id = s.team_id
    where s.competition_id = ${competitionId} and s.state = 'failed'
    order by s.finished_at desc limit 20`);
  return rows.map((row) => ({ ...row, finishedAt: new Date(row.finishedAt) }));
}

/** The end of the competition's log, newest first. Names are looked up: the log itself holds ids. */
export async function listLatestEvents(db: Connection, competitionId: string, limit: number): Promise<LoggedEvent[]> {
  const { rows } = await db.execute<LoggedEvent & { at: string }>(sql`
    select e.id::text, e.at, u.name as actor, e.kind, e.reason, e.details
    from events e left join users u on u.id = e.actor_id
    where e.competition_id = ${competitionId}
    order by e.id desc limit ${limit}`);
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}
