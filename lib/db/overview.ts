import { sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { countRetriable } from '#lib/db/retries.ts';
import type { DiskSpace } from '#lib/disk-space.ts';

/*
 * How a competition is doing, for those who run it: who takes part, what waits, what failed, what happened. Nothing here is, or
 * follows from, a private result.
 */

export type QueueOverview = {
  /** Files waiting or being scored: of this competition, and of the installation, whose workers they share. */
  waiting: number;
  waitingEverywhere: number;
  /** Of this competition's, those that have no place in the queue, since a restore left the labels out. */
  withoutLabels: number;
  oldestSeconds: number | null;
  /** In 24 hours, and how long the middle one of those took that arrived in the last hour. */
  scoredToday: number;
  medianSeconds: number | null;
};

/** Files that arrived in one minute of the last hour, and those of them that were refused for their problems. */
export type Arrivals = { taken: number; rejected: number };

/** `disk`: what is left where it keeps recordings; null where it could not tell. */
export type WorkerOverview = { process: string; startedAt: Date; seenSecondsAgo: number; disk: DiskSpace | null };

export type PinnedBaseline = {
  id: string;
  name: string;
  fileName: string;
  note: string;
  codeLink: string | null;
  state: 'queued' | 'scoring' | 'scored' | 'rejected' | 'failed';
};

/** What waits for an organiser: questions without an answer, what teams reported of recordings, failed files to be sent back. */
export type Waiting = { questions: number; flags: number; failures: number };

export type People = { accepted: number; inTeams: number };

export async function countPeople(db: Connection, competitionId: string): Promise<People> {
  const { rows } = await db.execute<People>(sql`
    select
      (select count(distinct user_id)::integer from rule_acceptances where competition_id = ${competitionId}) as accepted,
      (select count(*)::integer from team_members where competition_id = ${competitionId}) as "inTeams"`);
  return rows[0] ?? { accepted: 0, inTeams: 0 };
}

/** Each part asks an index of its own: most of a season's files wait for nothing any more. */
export async function getQueueOverview(db: Connection, competitionId: string, now: Date): Promise<QueueOverview> {
  const { rows } = await db.execute<QueueOverview>(sql`
    with waiting as (
      select competition_id = ${competitionId} as here, received_at, id, state from submissions
      where state in ('queued', 'scoring') and not late and voided_at is null),
    scored as (
      select received_at, finished_at from submissions
      where competition_id = ${competitionId} and state = 'scored' and finished_at > ${now}::timestamptz - interval '1 day')
    select
      (select count(*)::integer from waiting where here) as waiting,
      (select count(*)::integer from waiting) as "waitingEverywhere",
      (select count(*)::integer from waiting w where here and state = 'queued'
        and not exists (select from scoring_queue q where q.id = w.id)) as "withoutLabels",
      (select extract(epoch from ${now}::timestamptz - min(received_at))::integer from waiting where here) as "oldestSeconds",
      (select count(*)::integer from scored) as "scoredToday",
      (select percentile_cont(0.5) within group (order by extract(epoch from finished_at - received_at))
        from scored where received_at > ${now}::timestamptz - interval '1 hour')::double precision as "medianSeconds"`);
  const none = {
    waiting: 0,
    waitingEverywhere: 0,
    withoutLabels: 0,
    oldestSeconds: null,
    scoredToday: 0,
    medianSeconds: null,
  };
  return rows[0] ?? none;
}

/** The last sixty minutes before `now`, the oldest first. */
export async function listArrivals(db: Connection, competitionId: string, now: Date): Promise<Arrivals[]> {
  const { rows } = await db.execute<Arrivals>(sql`
    select count(s.id) filter (where s.state <> 'rejected')::integer as taken,
      count(s.id) filter (where s.state = 'rejected')::integer as rejected
    from generate_series(59, 0, -1) as minute
    left join submissions s on s.competition_id = ${competitionId}
      and s.received_at > ${now}::timestamptz - make_interval(mins => minute + 1)
      and s.received_at <= ${now}::timestamptz - make_interval(mins => minute)
    group by minute order by minute desc`);
  return rows;
}

/** What the database takes of its disk, in bytes. */
export async function getDatabaseBytes(db: Connection): Promise<number> {
  const { rows } = await db.execute<{ bytes: string }>(sql`select pg_database_size(current_database()) as bytes`);
  return Number(rows[0]?.bytes ?? 0);
}

export async function countWaiting(db: Connection, competitionId: string): Promise<Waiting> {
  const { rows } = await db.execute<Omit<Waiting, 'failures'>>(sql`
    select
      (select count(*)::integer from questions where competition_id = ${competitionId} and answered_at is null) as questions,
      (select count(*)::integer from label_flags where competition_id = ${competitionId} and looked_at is null) as flags`);
  const failures = await countRetriable(db, competitionId);
  return { questions: 0, flags: 0, ...rows[0], failures };
}

/** The baseline's file for a split as it was pinned last, or last before an instant; null where there is none. */
export async function findBaseline(
  db: Connection,
  competitionId: string,
  split: 'test' | 'dev',
  before: Date | null = null,
): Promise<PinnedBaseline | null> {
  const { rows } = await db.execute<PinnedBaseline>(sql`
    select s.id, t.name, s.file_name as "fileName", s.note, s.code_link as "codeLink", s.state
    from teams t join submissions s on s.team_id = t.id
    where t.competition_id = ${competitionId} and t.kind = 'baseline' and s.split = ${split}
      and (${before}::timestamptz is null or s.received_at < ${before})
    order by s.sequence desc limit 1`);
  return rows[0] ?? null;
}

/** Scoring workers, in real time: rehearsals move the clock of rules. */
export async function listWorkers(db: Connection): Promise<WorkerOverview[]> {
  type Row = {
    process: string;
    startedAt: string;
    seenSecondsAgo: number;
    freeBytes: string | null;
    bytes: string | null;
  };
  const { rows } = await db.execute<Row>(sql`
    select process, started_at as "startedAt", disk_free_bytes as "freeBytes", disk_bytes as bytes,
      greatest(0, extract(epoch from clock_timestamp() - seen_at))::integer as "seenSecondsAgo"
    from workers order by seen_at desc limit 20`);
  return rows.map(({ freeBytes, bytes, ...row }) => ({
    ...row,
    startedAt: new Date(row.startedAt),
    disk: freeBytes === null || bytes === null ? null : { freeBytes: Number(freeBytes), bytes: Number(bytes) },
  }));
}
