import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { readClock } from '#lib/db/client.ts';
import { getQuota } from '#lib/db/quota.ts';
import { listFailures, retrySubmissions } from '#lib/db/retries.ts';
import { events, submissions } from '#lib/db/schema.ts';
import { recordScores } from '#lib/db/score-records.ts';
import { attemptsPerTry, recordFailure, sweepSubmissions } from '#lib/db/scoring.ts';
import { createSubmission, type SubmissionRow } from '#lib/db/submissions.ts';
import { setVoided } from '#lib/db/voiding.ts';
import { log } from '#lib/log.ts';
import { anUpload, aPredictionsFile, aUser, type TestUser, tenUtterances } from '../builders.ts';
import { aContest, type Contest, claimOf, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
let organiser: TestUser;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  organiser = await aUser(db.owner);
});

const retry = ({ competition }: Pick<Contest, 'competition'>, which: 'all' | { id: string }) =>
  retrySubmissions(db.web, competition.id, which, { actorId: organiser.id });

/** What a team sends again. */
const bytes = aPredictionsFile(tenUtterances, 4);
const sameBytes = { bytes, sha256: createHash('sha256').update(bytes).digest() };

/** A contest whose one file the platform could not score. */
async function aFailure(): Promise<{ contest: Contest; failed: SubmissionRow }> {
  const contest = await aContest(db);
  const failed = await send(db, contest, 4, sameBytes);
  await recordFailure(db.scorer, await claimOf(db, failed.id), 'limits');
  return { contest, failed };
}

const rowOf = async (id: string) => (await db.owner.select().from(submissions).where(eq(submissions.id, id)))[0]!;
const usedBy = async ({ competition, team }: Contest) =>
  (await getQuota(db.web, competition, team.id, await readClock(db.web))).used;
const eventsOf = async (id: string) => {
  const rows = await db.owner
    .select({ kind: events.kind })
    .from(events)
    .where(eq(events.subject, id))
    .orderBy(events.id);
  return rows.map(({ kind }) => kind);
};
const jobsOf = async (id: string) => {
  const open = sql`select from pgboss.job where data->>'id' = ${id} and state < 'completed'`;
  return (await db.owner.execute(open)).rowCount;
};

describe('a retry', () => {
  test('sends a failed file back into the queue with its job and event, and it is scored', async () => {
    const { contest, failed } = await aFailure();
    await db.owner.execute(sql`delete from pgboss.job`);
    expect(await listFailures(db.web, contest.competition.id, 5)).toMatchObject({ total: 1, retriable: 1 });
    expect(await retry(contest, { id: failed.id })).toBe(1);
    expect(await rowOf(failed.id)).toMatchObject({ state: 'queued', failure: null, finishedAt: null });
    expect(await jobsOf(failed.id)).toBe(1);
    expect((await eventsOf(failed.id)).slice(-2)).toEqual(['submission-failed', 'submission-retried']);
    await scoreAll(db);
    expect(await rowOf(failed.id)).toMatchObject({ state: 'scored' });
    expect(await listFailures(db.web, contest.competition.id, 5)).toEqual({ total: 0, retriable: 0, shown: [] });
  });

  test('costs no attempt, and failing again gives none back that was never taken', async () => {
    const { contest, failed } = await aFailure();
    await send(db, contest, 7);
    expect(await usedBy(contest)).toBe(1);
    await retry(contest, { id: failed.id });
    expect(await usedBy(contest)).toBe(1);
    await recordFailure(db.scorer, await claimOf(db, failed.id), 'limits');
    expect(await usedBy(contest)).toBe(1);
    await retry(contest, { id: failed.id });
    await scoreAll(db);
    expect([await usedBy(contest), (await rowOf(failed.id)).quotaDay]).toEqual([1, null]);
  });

  test('pressed by ten at once is done once', async () => {
    const { contest, failed } = await aFailure();
    await db.owner.execute(sql`delete from pgboss.job`);
    const pressed = Array.from({ length: 10 }, (_, i) => retry(contest, i % 2 === 0 ? 'all' : { id: failed.id }));
    const counts = await Promise.all(pressed);
    expect(counts.sort()).toEqual([...new Array(9).fill(0), 1]);
    expect((await eventsOf(failed.id)).filter((kind) => kind === 'submission-retried')).toHaveLength(1);
    expect(await jobsOf(failed.id)).toBe(1);
  });

  test('gives the file as many attempts as it had, and no number of an attempt comes twice', async () => {
    const { contest, failed } = await aFailure();
    await retry(contest, { id: failed.id });
    for (let attempt = 1; attempt <= attemptsPerTry; attempt += 1) {
      expect((await claimOf(db, failed.id)).attempt).toBe(1 + attempt);
      await db.owner.execute(sql`
        update submissions set lease_until = clock_timestamp() - interval '1 s' where id = ${failed.id}`);
    }
    expect((await sweepSubmissions(db.scorer)).failed).toBe(1);
    expect(await rowOf(failed.id)).toMatchObject({ state: 'failed', failure: 'internal' });
    expect(await retry(contest, { id: failed.id })).toBe(1);
  });

  test('shuts out the worker that held the file before it failed', async () => {
    const { contest, failed } = await aFailure();
    await retry(contest, { id: failed.id });
    const zombie = await claimOf(db, failed.id);
    await recordFailure(db.scorer, zombie, 'limits');
    await retry(contest, { id: failed.id });
    const claim = await claimOf(db, failed.id);
    const measured = { counts: { hits: 25, substitutions: 0, deletions: 0, insertions: 0 }, standardError: null };
    const utterances = { errors: [0], referenceWords: [50] };
    const score = { scorerVersion: '1', profileHash: 'a', split: 'test' as const, public: measured, private: measured };
    const record = (held: typeof claim) => {
      const scored = { claim: held, score: { ...score, utterances } };
      return recordScores(db.scorer, contest.competition.id, [scored], async () => null);
    };
    expect([await record(zombie), await record(claim)]).toEqual([[false], [true]]);
  });

  test('leaves a file that the team sent again packed', async () => {
    const { contest, failed } = await aFailure();
    const packed = gzipSync(bytes);
    const again = { bytes: packed, sha256: createHash('sha256').update(packed).digest() };
    const parsed = { format: 'csv', warnings: [], unpackedSha256: sameBytes.sha256.toString('hex') };
    // The control: packed, and of another file.
    const other = { ...parsed, unpackedSha256: 'a'.repeat(64) };
    await send(db, contest, 4, { ...again, sha256: Buffer.alloc(32), parsed: other });
    expect(await listFailures(db.web, contest.competition.id, 5)).toMatchObject({ retriable: 1 });
    await send(db, contest, 4, { ...again, parsed });
    expect(await listFailures(db.web, contest.competition.id, 5)).toMatchObject({ retriable: 0 });
    expect(await retry(contest, { id: failed.id })).toBe(0);
  });

  test('of all leaves what was voided, what is of another competition, and what the team sent again', async () => {
    const { contest, failed } = await aFailure();
    const { failed: elsewhere } = await aFailure();
    const again = await send(db, contest, 4, sameBytes);
    expect(again.id).not.toBe(failed.id);
    expect(await listFailures(db.web, contest.competition.id, 5)).toMatchObject({
      retriable: 0,
      shown: [{ id: failed.id, isSentAgain: true, isVoided: false }],
    });
    expect(await retry(contest, 'all')).toBe(0);
    // The control: once the later file has failed too, that one is sent back, and it alone.
    await recordFailure(db.scorer, await claimOf(db, again.id), 'limits');
    expect(await retry(contest, 'all')).toBe(1);
    expect([(await rowOf(failed.id)).state, (await rowOf(again.id)).state]).toEqual(['failed', 'queued']);
    await recordFailure(db.scorer, await claimOf(db, again.id), 'limits');
    const key = { competitionId: contest.competition.id, submissionId: again.id };
    await setVoided(db.web, key, true, { actorId: organiser.id, reason: 'test', site: 'https://rostrum.example' });
    expect(await retry(contest, 'all')).toBe(0);
    expect((await rowOf(elsewhere.id)).state).toBe('failed');
  });

  test('and the same bytes sent at that moment never make two files of them', async () => {
    const live = async (sent: typeof sameBytes | null) => {
      const { contest, failed } = await aFailure();
      const upload = anUpload(contest.competition, contest.author, sent ?? {});
      await Promise.all([retry(contest, { id: failed.id }), createSubmission(db.web, upload)]);
      const rows = await db.owner.execute(sql`
        select from submissions where team_id = ${contest.team.id} and state in ('queued', 'scoring', 'scored')`);
      return rows.rowCount;
    };
    for (let round = 0; round < 8; round += 1) expect(await live(sameBytes)).toBe(1);
    // The control: other bytes are another file.
    expect(await live(null)).toBe(2);
  });
});

describe('the web', () => {
  test('moves a file out of failure, and no other way', async () => {
    const { contest, failed } = await aFailure();
    const scored = await send(db, contest, 9);
    await scoreAll(db);
    const set = sql`update submissions set state = 'scored', failure = null where id = ${failed.id}`;
    await expect(db.web.execute(set)).rejects.toMatchObject({ cause: { code: '42501' } });
    const requeued = await db.web.execute(sql`select requeue_failed_submission(${scored.id}, 3) as done`);
    expect(requeued.rows).toEqual([{ done: false }]);
    expect((await rowOf(scored.id)).state).toBe('scored');
  });
});
