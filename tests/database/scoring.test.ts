import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readSnapshot } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import { getBoard } from '#lib/db/boards.ts';
import type { Database } from '#lib/db/client.ts';
import { counts, submissions } from '#lib/db/schema.ts';
import { recordScores } from '#lib/db/score-records.ts';
import { attemptsPerTry, type Claim, claimSubmission, handBack, sweepSubmissions } from '#lib/db/scoring.ts';
import { listSubmissionsOf } from '#lib/db/submission-views.ts';
import { log } from '#lib/log.ts';
import { beginNextSubmission, leaseTimes } from '#scoring/jobs/score-submission.ts';
import type { Scorer } from '#scoring/score-in-thread.ts';
import { aTeam } from '../builders.ts';
import { aContest, scoreAll, scoreNext, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const boardOf = async (competition: Competition) => readSnapshot((await getBoard(db.web, competition)).body);

describe('a scored submission', () => {
  test('has exact hidden counts per fold, a rounded public score and a place', async () => {
    const { competition, team, author } = await aContest(db);
    const submission = await send(db, { competition, author }, 4);
    await scoreAll(db);
    const exact = await db.owner.select().from(counts).where(eq(counts.submissionId, submission.id));
    expect(exact.find((row) => row.fold === 'public')).toMatchObject({ hits: 21, substitutions: 4, deletions: 0 });
    expect(exact.find((row) => row.fold === 'private')).toMatchObject({ hits: 25, substitutions: 0 });
    expect(await listSubmissionsOf(db.web, team.id)).toMatchObject([
      { status: { state: 'scored', test: { werPermille: 160 }, dev: null } },
    ]);
    expect(await boardOf(competition)).toMatchObject({ version: 1, frozen: false, rows: [{ rank: 1, wer: 0.16 }] });
  });
});

describe('a claim', () => {
  const score = (errors: number) => {
    const measured = {
      counts: { hits: 25 - errors, substitutions: errors, deletions: 0, insertions: 0 },
      standardError: null,
    };
    const utterances = { errors: [errors], referenceWords: [50] };
    return {
      ...{ scorerVersion: '1', profileHash: 'a', split: 'test' as const },
      ...{ public: measured, private: measured, utterances },
    };
  };
  const recordScore = async (scorer: Database, claim: Claim, errors: number) =>
    (await recordScores(scorer, claim.competitionId, [{ claim, score: score(errors) }], async () => null))[0];
  const lapse = (id: string) =>
    db.owner.execute(sql`
      update submissions set lease_until = clock_timestamp() - interval '1 s' where id = ${id} and state = 'scoring'`);

  test('that ran out is taken over, and what the first holder still writes is refused', async () => {
    const { competition, author } = await aContest(db);
    const { id } = await send(db, { competition, author }, 4);
    const zombie = await claimed(id);
    await lapse(id);
    const successor = await claimed(id);
    expect(await recordScore(db.scorer, zombie, 9)).toBe(false);
    expect(await recordScore(db.scorer, successor, 4)).toBe(true);
    expect(await recordScore(db.scorer, zombie, 9)).toBe(false);
    expect(await recordScore(db.scorer, successor, 9)).toBe(false);
    expect(await db.owner.select().from(counts).where(eq(counts.submissionId, id))).toHaveLength(2);
    expect(await boardOf(competition)).toMatchObject({ version: 1, rows: [{ wer: 0.16, entries: 1 }] });
  });

  test('(control) without the fence would let the zombie write', async () => {
    const { competition, author } = await aContest(db);
    const { id } = await send(db, { competition, author }, 4);
    const zombie = await claimed(id);
    await lapse(id);
    const { attempt } = await claimed(id);
    expect(await recordScore(db.scorer, { ...zombie, attempt }, 9)).toBe(true);
  });

  test('that is given back costs no attempt, another may begin at once, and nothing more is written by it', async () => {
    const { competition, author } = await aContest(db);
    const { id } = await send(db, { competition, author }, 4);
    const given = await claimed(id);
    await handBack(db.scorer, given);
    const next = await claimed(id);
    expect(next).toMatchObject({ attempt: given.attempt + 1, attemptLimit: given.attemptLimit + 1 });
    // Twice, as one who noticed late: the claim is another's now.
    await handBack(db.scorer, given);
    expect(await recordScore(db.scorer, given, 9)).toBe(false);
    expect(await recordScore(db.scorer, next, 4)).toBe(true);
  });

  test('is given back amid scoring when the worker stops', async () => {
    const { competition, author } = await aContest(db);
    const { id } = await send(db, { competition, author }, 4);
    const stopping = new AbortController();
    // Never done by itself.
    const slow: Scorer = {
      score: (_, lost) =>
        new Promise((_resolve, reject) => {
          lost.addEventListener('abort', () => reject(lost.reason));
          stopping.abort();
        }),
      close: async () => {},
    };
    const begun = await beginNextSubmission(db.scorer, slow, async () => true, leaseTimes, stopping.signal);
    await begun!.recorded;
    const [row] = await db.owner.select().from(submissions).where(eq(submissions.id, id));
    expect(row).toMatchObject({ state: 'queued', attempt: 1, attemptLimit: attemptsPerTry + 1 });
  });

  test('on a label version that is gone by then writes nothing', async () => {
    const { competition, author } = await aContest(db);
    const { id } = await send(db, { competition, author }, 4);
    const claim = await claimed(id);
    await db.owner.execute(sql`update competitions set label_version = 2 where id = ${competition.id}`);
    expect(await recordScore(db.scorer, claim, 4)).toBe(false);
    expect(await claimed(id)).toMatchObject({ attempt: 2, labelVersion: 2 });
  });

  describe('among results that are written together', () => {
    const together = (scorer: Database, claims: readonly Claim[]) =>
      recordScores(
        scorer,
        claims[0]!.competitionId,
        claims.map((claim, i) => ({ claim, score: score(4 + i) })),
        async () => null,
      );
    const aHandful = async () => {
      const { competition, author } = await aContest(db);
      const { people } = await aTeam(db.owner, competition);
      const claims: Claim[] = [];
      for (const each of [author, people[0]!, author]) {
        const { id } = await send(db, { competition, author: each }, 4 + claims.length);
        claims.push(await claimed(id));
      }
      return { competition, claims };
    };

    test('that is held is written, one that was taken over is not, and all of it is one board', async () => {
      const { competition, claims } = await aHandful();
      const lost = claims[1]!;
      await lapse(lost.submissionId);
      await claimed(lost.submissionId);
      expect(await together(db.scorer, claims)).toEqual([true, false, true]);
      expect(await together(db.scorer, claims)).toEqual([false, false, false]);
      const rows = await db.owner.select({ id: counts.submissionId }).from(counts);
      const times = claims.map(({ submissionId }) => rows.filter(({ id }) => id === submissionId).length);
      expect(times).toEqual([2, 0, 2]);
      expect(await boardOf(competition)).toMatchObject({ version: 1, rows: [{ entries: 2, wer: 0.16 }] });
    });

    test('(control) that nobody took over is written', async () => {
      const { competition, claims } = await aHandful();
      expect(await together(db.scorer, claims)).toEqual([true, true, true]);
      expect(await boardOf(competition)).toMatchObject({ version: 1, rows: [{ entries: 2 }, { entries: 1 }] });
    });
  });

  test('is tried three times; then the submission fails, and its attempt is given back', async () => {
    const { competition, team, author } = await aContest(db);
    const { id } = await send(db, { competition, author }, 4);
    for (let attempt = 1; attempt <= attemptsPerTry; attempt += 1) {
      expect(await claimed(id)).toMatchObject({ attempt });
      await lapse(id);
    }
    expect(await sweepSubmissions(db.scorer)).toMatchObject({ failed: 1 });
    expect(await listSubmissionsOf(db.web, team.id)).toMatchObject([
      { charged: false, status: { state: 'failed', reason: 'internal' } },
    ]);
    expect(await sweepSubmissions(db.scorer)).toMatchObject({ failed: 0 });
  });

  describe('whose result the database does not take', () => {
    /** Each writing of counts fails so, until the end of the test. */
    const refuse = async (code: string) => {
      await db.owner.execute(
        sql.raw(`create function refuse_counts() returns trigger language plpgsql as $$
          begin raise exception 'refused' using errcode = '${code}'; end $$`),
      );
      await db.owner.execute(
        sql`create trigger refuse_counts before insert on hidden.counts for each row execute function refuse_counts()`,
      );
    };
    const accept = () => db.owner.execute(sql`drop function if exists refuse_counts cascade`);
    afterEach(accept);
    const rowOf = async (id: string) => (await db.owner.select().from(submissions).where(eq(submissions.id, id)))[0];
    const tryFourTimes = async (id: string) => {
      for (let i = 0; i < 4; i += 1) {
        await scoreNext(db.scorer);
        await lapse(id);
      }
    };

    test('for want of room is tried until there is some, at no cost', async () => {
      const { id } = await send(db, await aContest(db), 4);
      await refuse('53100');
      await tryFourTimes(id);
      expect(await rowOf(id)).toMatchObject({ state: 'scoring', attempt: 4, attemptLimit: attemptsPerTry + 4 });
      await accept();
      expect(await scoreNext(db.scorer)).toBe(true);
      expect(await rowOf(id)).toMatchObject({ state: 'scored', attempt: 5 });
    });

    test('(control) for any other reason fails after three', async () => {
      const { id } = await send(db, await aContest(db), 4);
      await refuse('XX000');
      await tryFourTimes(id);
      expect(await rowOf(id)).toMatchObject({ state: 'failed', attempt: attemptsPerTry, failure: 'internal' });
    });
  });

  test('goes to teams in turn, and their pages show the same order', async () => {
    const { competition, team, author } = await aContest(db);
    const { team: other, people } = await aTeam(db.owner, competition);
    const first = await send(db, { competition, author }, 1);
    const second = await send(db, { competition, author }, 2);
    const third = await send(db, { competition, author }, 3);
    const others = await send(db, { competition, author: people[0]! }, 1);
    const positions = async (id: string) =>
      (await listSubmissionsOf(db.web, id)).map(({ status }) => 'position' in status && status.position).reverse();
    expect([await positions(team.id), await positions(other.id)]).toEqual([[1, 3, 4], [2]]);
    const order = [];
    for (let claim = await claimSubmission(db.scorer, 60); claim; claim = await claimSubmission(db.scorer, 60)) {
      order.push(claim.submissionId);
    }
    expect(order).toEqual([first.id, others.id, second.id, third.id]);
  });

  async function claimed(id: string): Promise<Claim> {
    const claim = await claimSubmission(db.scorer, 60);
    expect(claim?.submissionId).toBe(id);
    return claim!;
  }

  afterEach(async () => {
    await db.owner.execute(sql`update submissions set state = 'failed', failure = 'test', lease_until = null
      where state in ('queued', 'scoring')`);
  });
});
