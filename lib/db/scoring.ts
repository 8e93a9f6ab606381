import { and, asc, eq, lt, or, type Placeholder, sql } from 'drizzle-orm';
import type { ErrorCounts } from '#lib/counts.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { enqueue } from '#lib/db/jobs.ts';
import { prepareSql } from '#lib/db/prepared.ts';
import { refundQuota } from '#lib/db/quota.ts';
import { scoringQueue, submissionFiles, submissions } from '#lib/db/schema.ts';
import type { UtteranceErrors } from '#lib/db/utterance-errors.ts';
import type { Mapping } from '#lib/mapping.ts';
import type { DevScore } from '#lib/scores.ts';

/*
 * The scoring side of a submission: a worker claims the row for a while, renews its claim while it works, and writes a result
 * only if the row is still its own. A claim that ran out is anybody's; what comes of it later is refused.
 */

/** A lease is real time, not the installation's clock: rehearsals move that one. */
const leaseFrom = (seconds: number | Placeholder) => sql`clock_timestamp() + make_interval(secs => ${seconds}::float8)`;

/** How often a submission is tried before it fails; so often again, once an organiser sends it back into the queue. */
export const attemptsPerTry = 3;

/** A submission and the rules that it is scored by. */
export type ScoringTask = {
  submissionId: string;
  competitionId: string;
  split: 'dev' | 'test';
  /** How the file was read when it came; null where it was detected. */
  format: string | null;
  profile: string;
  mapping: Mapping | null;
  labelVersion: number;
};

/**
 * `attempt` is the last one where it is `attemptLimit`. `waitedSeconds`: from the receipt to this claim. `isFollowed`: another one
 * waited.
 */
export type Claim = ScoringTask & { attempt: number; attemptLimit: number; waitedSeconds: number; isFollowed: boolean };

const mayBeTried = lt(scoringQueue.attempt, scoringQueue.attemptLimit);
const unclaimed = or(eq(scoringQueue.state, 'queued'), lt(scoringQueue.leaseUntil, sql`clock_timestamp()`));

/** `standardError` is that of the error rate, by unit. */
type Measured = { counts: ErrorCounts; standardError: number | null };

/** Of the test split both folds and every utterance: none of it leaves schema hidden but by publishing. */
export type TestScore = { split: 'test'; public: Measured; private: Measured; utterances: UtteranceErrors };

/** What scoring came to. */
export type Score = { scorerVersion: string; profileHash: string } & (TestScore | { split: 'dev'; dev: DevScore });

const claimNext = prepareSql<{ leaseSeconds: number }, Claim | { submissionId: null }>('claim', (place, db) => {
  const waiting = db
    .select()
    .from(scoringQueue)
    .where(and(unclaimed, mayBeTried))
    .orderBy(asc(scoringQueue.place))
    .limit(2);
  return sql`
    with waiting as materialized (${waiting}), next as (select * from waiting order by place limit 1), claimed as (
      update submissions s set state = 'scoring', attempt = s.attempt + 1, lease_until = ${leaseFrom(place('leaseSeconds'))}
      from next, competitions c
      where s.id = next.id and s.attempt = next.attempt and c.id = s.competition_id
        and (s.state = 'queued' or s.lease_until < clock_timestamp())
      returning s.id as "submissionId", s.attempt, s.attempt_limit as "attemptLimit", s.competition_id as "competitionId", s.split,
        extract(epoch from rostrum_now() - s.received_at)::float8 as "waitedSeconds", s.format, c.profile, c.mapping, c.label_version as "labelVersion")
    select claimed.*, (select count(*) > 1 from waiting) as "isFollowed" from next left join claimed on true`;
});

/** Takes the submission whose turn it is, or null when nothing waits. The claim counts as an attempt, so a worker that dies spends one. */
export async function claimSubmission(db: Connection, leaseSeconds: number): Promise<Claim | null> {
  for (;;) {
    const [claim] = await claimNext(db, { leaseSeconds });
    if (claim === undefined) return null;
    // Where another worker was faster, the row's attempt has moved on: look again.
    if (claim.submissionId !== null) return claim;
  }
}

/** Keeps a claim alive; false if it is no longer this attempt's, and the work may stop. */
export async function renewClaim(db: Connection, claim: Claim, leaseSeconds: number): Promise<boolean> {
  const renewed = await db
    .update(submissions)
    .set({ leaseUntil: leaseFrom(leaseSeconds) })
    .where(held(claim))
    .returning({ id: submissions.id });
  return renewed.length > 0;
}

/** Gives a claim up: the attempt stays spent, and the next may begin after a pause. */
export async function releaseClaim(db: Connection, claim: Claim, pauseSeconds: number): Promise<void> {
  await renewClaim(db, claim, pauseSeconds);
}

/** Gives a claim up of which nothing could be written: the attempt costs nothing, and the next may begin after a pause. */
export async function postponeClaim(db: Connection, claim: Claim, pauseSeconds: number): Promise<void> {
  await db
    .update(submissions)
    .set({ leaseUntil: leaseFrom(pauseSeconds), attemptLimit: sql`${submissions.attemptLimit} + 1` })
    .where(held(claim));
}

/** Gives a claim back that ends without its own fault: the attempt costs nothing, and another worker may begin at once. */
export async function handBack(db: Connection, claim: Claim): Promise<void> {
  await db.transaction(async (tx) => {
    const given = await tx
      .update(submissions)
      .set({ state: 'queued', leaseUntil: null, attemptLimit: sql`${submissions.attemptLimit} + 1` })
      .where(held(claim))
      .returning({ id: submissions.id });
    for (const { id } of given) await enqueue(tx, { kind: 'score-submission', id });
  });
}

/** The bytes as the team sent them. */
export async function getSubmittedFile(db: Connection, submissionId: string): Promise<Buffer> {
  const rows = await db
    .select({ content: submissionFiles.content })
    .from(submissionFiles)
    .where(eq(submissionFiles.submissionId, submissionId));
  return one(rows, 'submission', submissionId).content;
}

/** Ends a submission that the platform could not score: with its reason, and its attempt given back. */
export async function recordFailure(db: Connection, claim: Claim, reason: string): Promise<boolean> {
  return db.transaction((tx) => fail(tx, held(claim), reason));
}

/**
 * Looks after what fell through: what waits without a job or with a dead worker is called again (a few at a time: whoever comes
 * goes on to the rest), and what has used up its attempts fails. Cheap when there is nothing to do.
 */
export async function sweepSubmissions(db: Connection): Promise<{ called: number; failed: number }> {
  const rows = await db.select().from(scoringQueue).where(unclaimed).orderBy(asc(scoringQueue.place));
  const waiting = rows.filter(({ attempt, attemptLimit }) => attempt < attemptLimit).slice(0, 10);
  for (const { id } of waiting) await enqueue(db, { kind: 'score-submission', id });
  let failed = 0;
  for (const { id, attempt } of rows.filter(({ attempt, attemptLimit }) => attempt >= attemptLimit)) {
    if (await db.transaction((tx) => failExhausted(tx, id, attempt))) failed += 1;
  }
  return { called: waiting.length, failed };
}

/** The row is still this attempt's. */
export function held(claim: Claim) {
  return and(
    eq(submissions.id, claim.submissionId),
    eq(submissions.attempt, claim.attempt),
    eq(submissions.state, 'scoring'),
  );
}

async function failExhausted(tx: Connection, id: string, attempt: number): Promise<boolean> {
  const still = sql`${submissions.id} = ${id} and ${submissions.attempt} = ${attempt}
    and (${submissions.state} = 'queued' or ${submissions.leaseUntil} < clock_timestamp())`;
  return fail(tx, still, 'internal');
}

async function fail(tx: Connection, which: ReturnType<typeof and>, reason: string): Promise<boolean> {
  const rows = await tx
    .update(submissions)
    .set({ state: 'failed', leaseUntil: null, failure: reason, finishedAt: sql`rostrum_now()` })
    .where(which)
    .returning({ id: submissions.id, competitionId: submissions.competitionId });
  const failed = rows[0];
  if (failed === undefined) return false;
  const refunded = await refundQuota(tx, failed.id);
  await recordEvent(tx, {
    actorId: null,
    competitionId: failed.competitionId,
    kind: 'submission-failed',
    subject: failed.id,
    reason,
    details: { refunded },
  });
  return true;
}
