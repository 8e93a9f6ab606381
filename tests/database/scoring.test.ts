import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readSnapshot, writeSnapshot } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import { createSnapshot, drawBoard, findBoardAt, getBoard, listOverdueBoards } from '#lib/db/boards.ts';
import { boardSnapshots, counts, publishedScores, submissions } from '#lib/db/schema.ts';
import { type Claim, claimSubmission, maxAttempts, recordScore, sweepSubmissions } from '#lib/db/scoring.ts';
import { getSubmissionFor, listSubmissionsOf } from '#lib/db/submission-views.ts';
import { createSubmission, type Upload } from '#lib/db/submissions.ts';
import { log } from '#lib/log.ts';
import { scoreNextSubmission } from '#scoring/jobs/score-submission.ts';
import { keepReferences } from '#scoring/references.ts';
import {
  aCompetition,
  anUpload,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  aUser,
  hoursFromNow,
  type TestUser,
  tenUtterances,
} from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aWorker, eventually, type TestProcess } from '../workers.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

async function aContest(given: Parameters<typeof aCompetition>[1] = {}) {
  const competition = await aTestSplit(db.owner, await aCompetition(db.owner, { dailyQuota: 100, ...given }));
  const { team, people } = await aTeam(db.owner, competition, { name: `Team ${Math.random()}` });
  return { competition, team, author: people[0]! };
}

/** Sends a file with so many wrong words, the first of them on the public fold. */
async function send(competition: Competition, author: TestUser, wrong: number, given: Partial<Upload> = {}) {
  const bytes = aPredictionsFile(tenUtterances, wrong);
  return (await createSubmission(db.web, anUpload(competition, author, { bytes, ...given }))).submission;
}

async function scoreAll() {
  const references = keepReferences(db.scorer, 1e6);
  while (await scoreNextSubmission(db.scorer, references));
}

const boardOf = async (competition: Competition) => readSnapshot((await getBoard(db.web, competition)).body);

describe('a scored submission', () => {
  test('has exact hidden counts per fold, a rounded public score and a place', async () => {
    const { competition, team, author } = await aContest();
    const submission = await send(competition, author, 4);
    await scoreAll();
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
      interval: null,
      standardError: null,
    };
    return { scorerVersion: '1', split: 'test' as const, public: measured, private: measured };
  };
  const lapse = (id: string) =>
    db.owner.execute(sql`update submissions set lease_until = clock_timestamp() - interval '1 s' where id = ${id}`);

  test('that ran out is taken over, and what the first holder still writes is refused', async () => {
    const { competition, author } = await aContest();
    const { id } = await send(competition, author, 4);
    const zombie = await claimed(id);
    await lapse(id);
    const successor = await claimed(id);
    expect(await recordScore(db.scorer, zombie, score(9))).toBe(false);
    expect(await recordScore(db.scorer, successor, score(4))).toBe(true);
    expect(await recordScore(db.scorer, zombie, score(9))).toBe(false);
    expect(await recordScore(db.scorer, successor, score(9))).toBe(false);
    expect(await db.owner.select().from(counts).where(eq(counts.submissionId, id))).toHaveLength(2);
    expect(await boardOf(competition)).toMatchObject({ version: 1, rows: [{ wer: 0.16, entries: 1 }] });
  });

  test('(control) without the fence would let the zombie write', async () => {
    const { competition, author } = await aContest();
    const { id } = await send(competition, author, 4);
    const zombie = await claimed(id);
    await lapse(id);
    const { attempt } = await claimed(id);
    expect(await recordScore(db.scorer, { ...zombie, attempt }, score(9))).toBe(true);
  });

  test('on a label version that is gone by then writes nothing', async () => {
    const { competition, author } = await aContest();
    const { id } = await send(competition, author, 4);
    const claim = await claimed(id);
    await db.owner.execute(sql`update competitions set label_version = 2 where id = ${competition.id}`);
    expect(await recordScore(db.scorer, claim, score(4))).toBe(false);
    expect(await claimed(id)).toMatchObject({ attempt: 2, labelVersion: 2 });
  });

  test('is tried three times; then the submission fails, and its attempt is given back', async () => {
    const { competition, team, author } = await aContest();
    const { id } = await send(competition, author, 4);
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      expect(await claimed(id)).toMatchObject({ attempt });
      await lapse(id);
    }
    expect(await sweepSubmissions(db.scorer)).toMatchObject({ failed: 1 });
    expect(await listSubmissionsOf(db.web, team.id)).toMatchObject([
      { charged: false, status: { state: 'failed', reason: 'internal' } },
    ]);
    expect(await sweepSubmissions(db.scorer)).toMatchObject({ failed: 0 });
  });

  test('goes to teams in turn, and their pages show the same order', async () => {
    const { competition, team, author } = await aContest();
    const { team: other, people } = await aTeam(db.owner, competition);
    const first = await send(competition, author, 1);
    const second = await send(competition, author, 2);
    const third = await send(competition, author, 3);
    const others = await send(competition, people[0]!, 1);
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

describe('the board', () => {
  test('recomputed from scratch is the stored snapshot, at every version', async () => {
    const { competition, author } = await aContest();
    const { people } = await aTeam(db.owner, competition);
    const sends: [TestUser, number][] = [
      [author, 6],
      [people[0]!, 4],
      [author, 9],
      [author, 4],
    ];
    for (const [who, wrong] of sends) {
      await send(competition, who, wrong);
      await scoreAll();
    }
    const stored = await db.owner
      .select()
      .from(boardSnapshots)
      .where(eq(boardSnapshots.competitionId, competition.id))
      .orderBy(boardSnapshots.version);
    expect(stored.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    for (const { body, version, at } of stored) {
      const rows = await drawBoard(db.scorer, competition, at);
      expect(writeSnapshot({ version, at: at.toISOString(), frozen: false, rows })).toBe(body);
    }
    const { rows: exact } = await db.owner.execute<{ team: string; wer: number }>(sql`
      select s.team_id as team, round(1000.0 * min(c.substitutions + c.deletions + c.insertions) / 25) / 1000 as wer
      from submissions s join hidden.counts c on c.submission_id = s.id and c.fold = 'public'
      where s.competition_id = ${competition.id} group by 1`);
    const shown = (await boardOf(competition)).rows.map((row) => ({ team: row.teamId, wer: String(row.wer) }));
    expect(shown).toHaveLength(2);
    expect(exact.map(({ team, wer }) => ({ team, wer: String(Number(wer)) }))).toEqual(expect.arrayContaining(shown));
  });

  test('of a moment is the newest snapshot that stood then', async () => {
    const { competition, author } = await aContest();
    expect(await findBoardAt(db.web, competition.id, new Date())).toBeNull();
    await send(competition, author, 6);
    await scoreAll();
    const between = new Date();
    await send(competition, author, 3);
    await scoreAll();
    expect((await findBoardAt(db.web, competition.id, between))?.version).toBe(1);
    expect((await findBoardAt(db.web, competition.id, new Date()))?.version).toBe(2);
  });

  test('stands still from the freeze to the reveal, while a team sees its own new score and nobody else does', async () => {
    const { competition, team, author } = await aContest();
    const organiser = await aUser(db.owner, { isAdministrator: true });
    await send(competition, author, 6);
    await scoreAll();
    const frozenAt = new Date();
    await setWindows(competition, { freezes_at: frozenAt });
    const hidden = await send(competition, author, 2);
    await scoreAll();
    expect(await listOverdueBoards(db.scorer)).toEqual([]);
    const board = await boardOf(competition);
    expect(board).toMatchObject({
      version: 2,
      frozen: true,
      at: frozenAt.toISOString(),
      rows: [{ wer: 0.24, entries: 1 }],
    });
    expect((await listSubmissionsOf(db.web, team.id))[0]).toMatchObject({ status: { test: { werPermille: 80 } } });
    expect(await getSubmissionFor(db.web, hidden.id, organiser)).toMatchObject({
      status: { state: 'scored', test: null },
    });

    await send(competition, author, 1);
    await scoreAll();
    expect((await getBoard(db.web, competition)).version).toBe(2);
    await setWindows(competition, { submissions_end_at: new Date(), reveals_at: new Date() });
    expect(await listOverdueBoards(db.scorer)).toEqual([competition.id]);
    await db.scorer.transaction((tx) => createSnapshot(tx, competition.id));
    expect(await boardOf(competition)).toMatchObject({ version: 3, frozen: false, rows: [{ wer: 0.04, entries: 3 }] });
  });

  test('is overdue when a change since yesterday is of the day before', async () => {
    const { competition, author } = await aContest({ submissionsStartAt: hoursFromNow(-100) });
    await send(competition, author, 6, { receivedAt: hoursFromNow(-30) });
    await send(competition, author, 4, { receivedAt: hoursFromNow(-24 + 1 / 3600) });
    await scoreAll();
    expect(await boardOf(competition)).toMatchObject({ rows: [{ change: -0.08 }] });
    await eventually(5, async () => (await listOverdueBoards(db.scorer)).includes(competition.id));
    await db.scorer.transaction((tx) => createSnapshot(tx, competition.id));
    expect(await boardOf(competition)).toMatchObject({ rows: [{ change: 0 }] });
    expect(await listOverdueBoards(db.scorer)).toEqual([]);
  });

  test('has no late and no voided entry', async () => {
    const { competition, author } = await aContest();
    await send(competition, author, 6);
    const voided = await send(competition, author, 1);
    await scoreAll();
    await db.owner.update(submissions).set({ voidedAt: new Date() }).where(eq(submissions.id, voided.id));
    await setWindows(competition, { submissions_end_at: hoursFromNow(-0.1), reveals_at: hoursFromNow(-0.05) });
    const late = await send(competition, author, 0);
    await scoreAll();
    expect(await db.owner.select().from(publishedScores).where(eq(publishedScores.submissionId, late.id))).toHaveLength(
      1,
    );
    await db.scorer.transaction((tx) => createSnapshot(tx, competition.id));
    expect(await boardOf(competition)).toMatchObject({ rows: [{ wer: 0.24, entries: 1 }] });
  });

  async function setWindows(competition: Competition, instants: Record<string, Date>) {
    for (const [column, instant] of Object.entries(instants)) {
      await db.owner.execute(
        sql`update competitions set ${sql.identifier(column)} = ${instant} where id = ${competition.id}`,
      );
    }
  }
});

describe('two workers', () => {
  const workers: TestProcess[] = [];
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop('SIGKILL')));
  });

  test('score each of many submissions once', async () => {
    const { competition, team, author } = await aContest();
    workers.push(await aWorker(db), await aWorker(db));
    const sent = [];
    for (let i = 0; i < 12; i += 1) sent.push(await send(competition, author, 1 + (i % 5)));
    const scored = await eventually(20, async () => {
      const views = await listSubmissionsOf(db.web, team.id);
      return views.every(({ status }) => status.state === 'scored') && views;
    });
    expect(scored).toHaveLength(sent.length);
    const rows = await db.owner.execute(sql`
      select s.attempt, (select count(*)::integer from hidden.counts c where c.submission_id = s.id) as counts
      from submissions s where s.team_id = ${team.id}`);
    expect(rows.rows).toEqual(sent.map(() => ({ attempt: 1, counts: 2 })));
    expect(await boardOf(competition)).toMatchObject({ version: sent.length, rows: [{ entries: sent.length }] });
  }, 60_000);

  test('of whom one is killed in the middle still score its submission, within 30 seconds', async () => {
    const { competition, team, author } = await aContest();
    const doomed = await aWorker(db);
    workers.push(doomed);
    // Held up where it writes the result, so that it dies with the claim in its hand.
    let release = () => {};
    const held = db.owner.transaction(async (tx) => {
      await tx.execute(sql`select from competitions where id = ${competition.id} for no key update`);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    const { id } = await send(competition, author, 4);
    await eventually(10, async () => {
      const [row] = await db.owner.select().from(submissions).where(eq(submissions.id, id));
      return row?.state === 'scoring';
    });
    await doomed.stop('SIGKILL');
    release();
    await held;
    const killedAt = performance.now();
    workers.push(await aWorker(db));
    await eventually(30, async () => (await listSubmissionsOf(db.web, team.id))[0]?.status.state === 'scored');
    expect((performance.now() - killedAt) / 1000).toBeLessThan(30);
    const [row] = await db.owner.select().from(submissions).where(eq(submissions.id, id));
    expect(row?.attempt).toBe(2);
    expect(await db.owner.select().from(counts).where(eq(counts.submissionId, id))).toHaveLength(2);
  }, 60_000);

  test('end within three seconds of a TERM, and with the process that started them', async () => {
    const first = await aWorker(db);
    const second = await aWorker(db);
    const asked = performance.now();
    expect(await first.stop('SIGTERM')).toBe(0);
    second.child.disconnect();
    expect(await second.stop('SIGCONT')).toBe(0);
    expect(performance.now() - asked).toBeLessThan(3000);
  }, 30_000);
});
