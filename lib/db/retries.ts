import { sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import type { Connection } from '#lib/db/client.ts';
import { enqueue } from '#lib/db/jobs.ts';
import { attemptsPerTry } from '#lib/db/scoring.ts';

/*
 * Files that the platform could not score, and their way back into the queue. The attempt that such a file was charged was given back
 * when it failed, and a retry takes none: what went wrong was not the team's doing.
 */

export type Failure = {
  id: string;
  team: string;
  fileName: string;
  split: 'dev' | 'test';
  reason: string;
  finishedAt: Date;
  /** Why there is nothing to retry: it was voided, or the team has sent the same file again since. */
  isVoided: boolean;
  isSentAgain: boolean;
};

/** `total` are all, `retriable` those of them that a retry would send back, `shown` the last ones. */
export type Failures = { total: number; retriable: number; shown: Failure[] };

/** Whether the team's same file, plain or packed, waits, was scored, or failed later: the same file is scored only once. */
const isSentAgain = sql`exists (
  select from submissions o
  where o.team_id = s.team_id and o.split = s.split and o.id <> s.id
    and coalesce(o.unpacked_sha256, o.sha256) = coalesce(s.unpacked_sha256, s.sha256)
    and (o.state in ('queued', 'scoring', 'scored') or (o.state = 'failed' and o.sequence > s.sequence)))`;

/** Files that a retry of all would send back. */
export async function countRetriable(db: Connection, competitionId: string): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`
    select count(*)::integer as count from submissions s
    where s.competition_id = ${competitionId} and s.state = 'failed' and s.voided_at is null and not ${isSentAgain}`);
  return rows[0]?.count ?? 0;
}

export async function listFailures(db: Connection, competitionId: string, limit: number): Promise<Failures> {
  const failed = sql`s.competition_id = ${competitionId} and s.state = 'failed'`;
  const { rows } = await db.execute<Failure & { finishedAt: string }>(sql`
    select s.id, t.name as team, s.file_name as "fileName", s.split, s.failure as reason, s.finished_at as "finishedAt",
      s.voided_at is not null as "isVoided", ${isSentAgain} as "isSentAgain"
    from submissions s join teams t on t.id = s.team_id
    where ${failed} order by s.finished_at desc, s.id limit ${limit}`);
  const all = await db.execute<{ total: number }>(
    sql`select count(*)::integer as total from submissions s where ${failed}`,
  );
  const retriable = await countRetriable(db, competitionId);
  return {
    total: all.rows[0]?.total ?? 0,
    retriable,
    shown: rows.map((row) => ({ ...row, finishedAt: new Date(row.finishedAt) })),
  };
}

/**
 * Sends failed files of a competition back into the queue, one or all of them, and returns how many. Those that are no longer failed,
 * voided, or sent again by their team stay as they are: of two organisers who press at once, one sends the file back and the other
 * finds nothing to do. State, job and event are one transaction.
 */
export async function retrySubmissions(
  db: Connection,
  competitionId: string,
  which: 'all' | { id: string },
  { actorId }: { actorId: string },
): Promise<number> {
  const one = which === 'all' ? sql`true` : sql`s.id = ${which.id}`;
  const failed = sql`s.competition_id = ${competitionId} and s.state = 'failed' and s.voided_at is null and ${one}`;
  return db.transaction(async (tx) => {
    // Uploads of a team hold the same lock: the same file does not come between the question and the answer.
    await tx.execute(sql`
      select from teams t where exists (select from submissions s where s.team_id = t.id and ${failed})
      order by t.id for no key update`);
    const { rows } = await tx.execute<{ id: string }>(sql`
      select s.id from submissions s where ${failed} and not ${isSentAgain} order by s.sequence`);
    let count = 0;
    for (const { id } of rows) if (await requeue(tx, { competitionId, id, actorId })) count += 1;
    return count;
  });
}

async function requeue(tx: Connection, file: { competitionId: string; id: string; actorId: string }): Promise<boolean> {
  const { competitionId, id, actorId } = file;
  const { rows } = await tx.execute<{ isRequeued: boolean }>(
    sql`select requeue_failed_submission(${id}, ${attemptsPerTry}) as "isRequeued"`,
  );
  if (!rows[0]?.isRequeued) return false;
  await enqueue(tx, { kind: 'score-submission', id });
  await recordEvent(tx, { actorId, competitionId, kind: 'submission-retried', subject: id });
  return true;
}
